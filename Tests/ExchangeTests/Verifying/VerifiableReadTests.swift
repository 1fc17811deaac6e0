import EventLog
import Foundation
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("Reads in verifiable form", .fewAtOnce)
struct VerifiableReadTests {
    /// Any range, forwards or backwards, perhaps with a limit.
    private static func range(_ head: Position, _ dice: inout Dice) -> ReadRange {
        let from = Position(dice.below(Int(head) + 1))
        let to = dice.oneIn(2) ? nil : Position(dice.within(Int(from)..<Int(head) + 1))
        return ReadRange(
            from: from, to: to, isBackwards: dice.oneIn(3), limit: dice.oneIn(3) ? dice.below(12) : .max)
    }

    private static func query(_ dice: inout Dice) throws -> Query {
        let types = ["sanhu.declaration.manifested", "sanhu.risk.seized", "sanhu.declaration.lodged"]
        return switch dice.below(4) {
        case 0: Query(types: [dice.pick(types)])
        case 1: Query(types: types, tags: [try Tag("declaration:\(dice.below(7))")])
        default: .all
        }
    }

    @Test("What the verifier puts together is what the merged read gives, for any reader, query and range")
    func mergedAlike() async throws {
        var dice = Dice(seed: 20_261)
        let world = try await VerifyingLab()
        try await world.append(60, &dice)
        let head = try world.ledger.log.head
        for round in 0..<120 {
            let reader = VerifyingLab.readers[round % VerifyingLab.readers.count]
            let (query, range) = (try Self.query(&dice), Self.range(head, &dice))
            let merged = try await world.ledger.read(query, range, for: reader)
            let proofs: ExchangeLedger.ReadProofs = dice.oneIn(2) ? .inclusion : .none
            let shown = try world.verify(try await world.lines(query, range, for: reader, proofs: proofs))
            #expect(shown.entries.map(\.seen) == merged, "seed \(dice.seed), round \(round), \(reader)")
            #expect(shown.read.entries == UInt64(merged.count))
            #expect(shown.read.stubs == UInt64(merged.count { if case .stub = $0 { true } else { false } }))
            #expect(shown.read.isComplete == query.matchesAll && (shown.read.checkpoint != nil) == (proofs != .none))
            if range.limit == .max {
                #expect(shown.read.from == range.from && shown.read.to == max(range.from, range.to ?? head))
            }
        }
    }

    @Test("Readers with different rights get the same entries and the same leaves")
    func sameLeaves() async throws {
        var dice = Dice(seed: 20_262)
        let world = try await VerifyingLab()
        try await world.append(40, &dice)
        let stored = try world.ledger.log.read(.all, ReadRange())
        var stubs = 0
        for reader in VerifyingLab.readers {
            let lines = try await world.lines(for: reader)
            let shown = try world.verify(lines)
            #expect(shown.entries.map(\.leaf) == stored.map(\.leafHash), "\(reader)")
            for (line, entry) in zip(lines.dropFirst(), stored) {
                let text = String(decoding: entry.bytes, as: UTF8.self)
                let isStub = line.contains(#""stub""#)
                stubs += isStub ? 1 : 0
                #expect(isStub ? !line.contains(#""entry""#) : line.contains(#""entry":"# + text), "\(reader)")
            }
        }
        #expect(stubs > 40)
    }

    @Test("Who may not see a field gets nothing of it, and who may see it gets it in RFC 9901's form")
    func disclosures() async throws {
        let world = try await VerifyingLab()
        _ = try await world.ledger.append([LedgerLab.declaration("d1", buyer: "CANARY-LI-HUA")], as: "CUS")
        func opened(_ reader: Reader) async throws -> (line: String, names: [String]) {
            let line = try await world.lines(.all, ReadRange(from: 2), for: reader)[1]
            let texts = try JSONDocument(parsing: Array(line.utf8)).root["disclosures"]?.elements ?? []
            let names = try texts.map { text in
                let json = try #require(Base64.decode(text.string ?? "", .url))
                return try #require(try JSONDocument(parsing: json).root.elements[1].string)
            }
            return (line, names)
        }
        let canary = String(Data("CANARY-LI-HUA".utf8).base64EncodedString().dropLast(4))
        let owner = try await opened(Reader(.authority, agency: "CUS"))
        #expect(owner.names == ["commercial", "buyer"])
        let tax = try await opened(Reader(.authority, agency: "TAX", purpose: "duty"))
        #expect(tax.names == ["commercial"] && tax.line.contains(#"{"path":"/buyer","class":"restricted""#))
        for reader in VerifyingLab.readers.dropFirst() {
            let line = try await opened(reader).line
            #expect(!line.contains("CANARY") && !line.contains(canary), "\(reader)")
        }
    }

    @Test("A decoy is told to who may see the field, and to others it looks like a value")
    func decoys() async throws {
        let world = try await VerifyingLab()
        _ = try await world.ledger.append(
            [LedgerLab.declaration("d1", buyer: "Li"), LedgerLab.declaration("d2")], as: "CUS")
        let owner = try world.verify(
            try await world.lines(.all, ReadRange(from: 2), for: Reader(.authority, agency: "CUS")))
        #expect(owner.entries.map(\.absent) == [[], ["/buyer"]])
        let tax = Reader(.authority, agency: "TAX", purpose: "duty")
        let lines = try await world.lines(.all, ReadRange(from: 2), for: tax, proofs: .none)
        #expect(try world.verify(lines).entries.map(\.absent) == [[], []])
        let withheld = lines[1...2].map { $0.components(separatedBy: #""withheld":"#).last }
        #expect(withheld[0] == withheld[1] && lines[1].utf8.count == lines[2].utf8.count)
    }

    @Test("An answer of many pages has one checkpoint, and each page is recorded before it is given")
    func pages() async throws {
        var dice = Dice(seed: 20_263)
        let world = try await VerifyingLab()
        for start in stride(from: 0, to: 700, by: 350) { try await world.append(350, &dice, from: start) }
        let tax = Reader(.authority, agency: "TAX", purpose: "duty")
        var records: [Position] = []
        var count = 0
        var lines: [String] = []
        try await world.ledger.readVerifiable(.all, for: tax, proofs: .inclusion) { line in
            if count % 256 == 1 { records.append((try? world.ledger.accessLog.head) ?? 0) }
            lines.append(String(decoding: line, as: UTF8.self))
            count += 1
        }
        #expect(records.count == 3 && records[0] > 0 && records[0] < records[1] && records[1] < records[2])
        #expect(lines.count { $0.contains(#""checkpoint""#) } == 1)
        #expect(try world.verify(lines).read.entries == 702)
        let backwards = try await world.lines(.all, ReadRange(isBackwards: true), for: tax)
        #expect(try world.verify(backwards).entries.map(\.seen.position) == (0..<702).reversed())
    }

    @Test("What is recorded of a verifiable read is what is recorded of a merged one")
    func accessRecords() async throws {
        var dice = Dice(seed: 20_264)
        let world = try await VerifyingLab()
        try await world.append(30, &dice)
        func records(_ read: () async throws -> Void) async throws -> [String] {
            let head = try world.ledger.accessLog.head
            try await read()
            return try world.ledger.accessLog.read(.all, ReadRange(from: head)).map { entry in
                let text = String(decoding: entry.bytes, as: UTF8.self)
                let start = try #require(text.range(of: #""data":"#)).upperBound
                return String(text[start...]).replacing(/"(from|to)":"[^"]*"/, with: "")
            }
        }
        var all = 0
        for reader in VerifyingLab.readers {
            let merged = try await records { _ = try await world.ledger.read(.all, for: reader) }
            let verifiable = try await records { _ = try await world.lines(for: reader) }
            #expect(merged == verifiable, "\(reader)")
            all += merged.count
        }
        #expect(all > 3)
    }

    @Test("With a proof of consistency, a reader sees that the log it knew was only added to")
    func consistency() async throws {
        var dice = Dice(seed: 20_265)
        let world = try await VerifyingLab()
        try await world.append(5, &dice)
        let known = try world.ledger.log.checkpoint()
        try await world.append(20, &dice, from: 5)
        let reader = Reader(.authority, agency: "BOR")
        let lines = try await world.lines(.all, ReadRange(from: 7), for: reader, proofs: .inclusionSince(7))
        let shown = try world.verify(lines, known: known)
        #expect(shown.read.known?.size == 7 && shown.read.checkpoint?.size == 27)
        // Without the proof, and with one for another size, it is not shown.
        let plain = try await world.lines(.all, ReadRange(from: 7), for: reader)
        #expect(try world.fault(plain, known: known)?.code == .inconsistent)
        let other = try await world.lines(.all, ReadRange(from: 7), for: reader, proofs: .inclusionSince(8))
        #expect(try world.fault(other, known: known)?.code == .inconsistent)
        let unproved = try await world.lines(.all, ReadRange(from: 7), for: reader, proofs: .none)
        #expect(try world.fault(unproved, known: known)?.code == .inconsistent)
        // The checkpoint of the answer itself needs none.
        #expect(try world.verify(plain, known: world.ledger.log.checkpoint()).read.known?.size == 27)
        // One that is later than the answer.
        try await world.append(1, &dice, from: 99)
        #expect(try world.fault(plain, known: world.ledger.log.checkpoint())?.code == .inconsistent)
        let fault = await #expect(throws: ExchangeError.self) {
            _ = try await world.lines(for: reader, proofs: .inclusionSince(1_000))
        }
        #expect(fault?.code == .log)
    }

    @Test("A read as of an earlier time gives the same in both forms")
    func asOf() async throws {
        var dice = Dice(seed: 20_266)
        let world = try await VerifyingLab()
        try await world.append(20, &dice)
        let time = try world.ledger.log.entry(at: 1).recorded
        for reader in VerifyingLab.readers {
            let merged = try await world.ledger.read(.all, for: reader, asOf: time)
            let shown = try world.verify(try await world.lines(for: reader, asOf: time))
            #expect(shown.entries.map(\.seen) == merged, "\(reader)")
        }
    }
}
