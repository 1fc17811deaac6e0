import EventLog
import Exchange
import TestSupport
import Testing

@Suite("Who saw what, against a list that the test keeps", .fewAtOnce)
struct AccessDifferentialTests {
    /// One field of one entry, given to one reader.
    private struct Look: Hashable {
        var agency: String
        var purpose: String?
        var caseName: String?
        var basis: AccessRecord.Basis
        var pointer: String
        var position: Position
        var isSecret: Bool
    }

    private static let readers: [(agency: String, purpose: String?)] = [
        ("CUS", nil), ("CUS", "probe"), ("TAX", "duty"), ("TAX", nil), ("BOR", "probe"), ("BOR", "duty"), ("AUD", nil),
    ]
    private static let enterprises = ["enterprise:A", "enterprise:B", "person:P1", "person:P2"]

    /// What a reader is given of an entry, by the charter of the lab.
    private static func given(_ agency: String, _ purpose: String?) -> [(String, AccessRecord.Basis)] {
        switch (agency, purpose) {
        case ("CUS", _): [("/commercial", .disclosed(.owner)), ("/buyer", .disclosed(.owner))]
        case ("TAX", "duty"): [("/commercial", .disclosed(.rule("price")))]
        case ("BOR", "probe"): [("/commercial", .disclosed(.rule("probe")))]
        default: []
        }
    }

    private static func looks(_ accesses: [Access]) -> Set<Look> {
        var looks: Set<Look> = []
        for access in accesses {
            guard case .fields(let fields, let ranges) = access.record.extent else { continue }
            for field in fields {
                for position in ranges.flatMap(Array.init) {
                    looks.insert(
                        Look(
                            agency: access.record.reader.agency ?? "", purpose: access.record.purpose,
                            caseName: access.record.caseName, basis: access.record.basis, pointer: field.pointer,
                            position: position, isSecret: access.record.isSecret))
                }
            }
        }
        return looks
    }

    private static let cases = ["C-1", "C-2", "李华案", nil]

    /// What was given out to whom, and whom the entries name.
    private struct Kept {
        var looks: Set<Look> = []
        var names: [Position: String] = [:]

        mutating func note(_ reader: Reader, _ positions: Range<Position>) {
            let agency = reader.agency ?? ""
            for position in positions {
                for (pointer, basis) in AccessDifferentialTests.given(agency, reader.purpose) {
                    looks.insert(
                        Look(
                            agency: agency, purpose: reader.purpose, caseName: reader.caseName, basis: basis,
                            pointer: pointer, position: position, isSecret: reader.purpose == "probe"))
                }
            }
        }
    }

    /// Declarations, and after every other one some readings of a part of the log at the same time.
    private static func fill(_ lab: LedgerLab, _ dice: inout Dice) async throws -> Kept {
        var kept = Kept()
        for number in 0..<60 {
            let name = dice.pick(enterprises)
            kept.names[try await lab.declare("d-\(number)", of: name)] = name
            guard dice.oneIn(2) else { continue }
            let tasks = (0..<1 + dice.below(4)).map { _ in
                let (agency, purpose) = dice.pick(readers)
                return Reader(
                    agency == "AUD" ? .auditor : .authority, agency: agency, purpose: purpose,
                    caseName: dice.pick(cases))
            }
            let head = try lab.ledger.log.head
            let from = Position(dice.within(2..<Int(head)))
            let range = ReadRange(from: from, to: Position(dice.within(Int(from)..<Int(head) + 1)))
            let ledger = lab.ledger
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in tasks { group.addTask { _ = try await ledger.read(.all, range, for: reader) } }
                try await group.waitForAll()
            }
            for reader in tasks { kept.note(reader, range.from..<(range.to ?? head)) }
        }
        return kept
    }

    /// A question by chance, and which of what was kept answers it.
    private static func question(_ kept: Kept, _ dice: inout Dice) throws -> (query: AccessQuery, wanted: Set<Look>) {
        var query = AccessQuery(limit: AccessQuery.maximumLimit)
        var wanted = kept.looks
        if dice.oneIn(3) {
            let pointer = dice.pick(["/commercial", "/buyer", "/commercial/price", ""])
            query.pointers = [pointer]
            wanted = wanted.filter { pointer.isEmpty || pointer.hasPrefix($0.pointer) }
        }
        if dice.oneIn(3), let name = dice.pick(cases) {
            query.caseName = name
            wanted = wanted.filter { $0.caseName == name }
        }
        if dice.oneIn(3) {
            let first = Position(dice.below(62))
            query.positions = [first...first + Position(dice.below(6)), 70...90]
            wanted = wanted.filter { look in query.positions.contains { $0.contains(look.position) } }
        }
        if dice.oneIn(3) {
            let name = dice.pick(enterprises)
            query.tags = [try Tag(name)]
            wanted = wanted.filter { kept.names[$0.position] == name }
        }
        return (query, wanted)
    }

    /// Someone who may ask, and what of an answer is for them.
    private static func asker(
        _ query: inout AccessQuery, _ wanted: inout Set<Look>, _ kept: Kept, _ dice: inout Dice
    ) throws -> Reader {
        switch dice.below(4) {
        case 0:
            guard dice.oneIn(2) else { return Reader(.auditor, agency: "AUD") }
            let agency = dice.pick(["CUS", "TAX", "BOR"])
            query.readers = [agency]
            wanted = wanted.filter { $0.agency == agency }
            return Reader(.auditor, agency: "AUD")
        case 1:
            return Reader(.authority, agency: "CUS")
        case 2:
            query.readers = ["TAX"]
            wanted = wanted.filter { $0.agency == "TAX" }
            return Reader(.authority, agency: "TAX")
        default:
            let name = dice.pick(enterprises)
            wanted = wanted.filter { kept.names[$0.position] == name && !$0.isSecret }
            return try LedgerLab.party(name)
        }
    }

    @Test("After random readings who-saw tells what was given out, to each what it may know", arguments: 0..<6)
    func differential(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let lab = try await LedgerLab.withProbe()
        let kept = try await Self.fill(lab, &dice)
        for trial in 0..<60 {
            var (query, wanted) = try Self.question(kept, &dice)
            let reader = try Self.asker(&query, &wanted, kept, &dice)
            let told = Self.looks(try await lab.ledger.accesses(query, for: reader))
            #expect(told == wanted, "seed \(seed), trial \(trial): \(query) for \(reader)")
        }
    }
}
