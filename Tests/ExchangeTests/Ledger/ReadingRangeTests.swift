import EventLog
import Foundation
import TestSupport
import Testing

@testable import Exchange

@Suite("What a reader is given of a range", .fewAtOnce)
struct ReadingRangeTests {
    private static func outcome(_ read: () async throws -> [Position]) async -> String {
        do {
            return "\(try await read())"
        } catch let error as ExchangeError {
            return "\(error.reason)"
        } catch let error as LogError {
            return "\(error.reason)"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "The positions are the log's, whatever the range, the limit and the direction, and what it refuses is refused")
    func ranges() async throws {
        let lab = try await LedgerLab()
        _ = try await lab.ledger.append((1...300).map { LedgerLab.declaration("\($0)") }, as: "CUS")
        let (ledger, head) = (lab.ledger, try lab.ledger.log.head)
        var dice = Dice(seed: 20_261_122)
        var ranges = [
            ReadRange(from: head), ReadRange(from: head + 1), ReadRange(from: 0, to: head + 1),
            ReadRange(from: head, to: head + 1), ReadRange(from: 0, to: head + 1, isBackwards: true),
            ReadRange(from: 3, to: 1), ReadRange(from: 3, to: 1, isBackwards: true), ReadRange(from: 0, to: 0),
        ]
        for _ in 0..<40 {
            ranges.append(
                ReadRange(
                    from: Position(dice.below(Int(head) + 1)),
                    to: dice.oneIn(2) ? nil : Position(dice.below(Int(head) + 1)),
                    isBackwards: dice.oneIn(2), limit: dice.oneIn(2) ? .max : 1 + dice.below(320)))
        }
        let readers = [Reader(.authority, agency: "CUS"), Reader(.public)]
        for range in ranges {
            let expected = await Self.outcome { try ledger.log.read(.all, range).map(\.position) }
            for reader in readers {
                let given = await Self.outcome { try await ledger.read(.all, range, for: reader).map(\.position) }
                #expect(given == expected, "\(range)")
            }
        }
        lab.close()
    }

    @Test("A key that was used before a subject was erased opens nothing afterwards")
    func keptKey() async throws {
        let lab = try await ErasureLab()
        _ = try await lab.fill()
        let ledger = lab.ledger
        let plan = try #require(
            try ledger.current { state throws(ExchangeError) in try state.schema(ErasureLab.lodged)?.plan })
        var opener = DisclosureOpener()
        func open(_ position: Position) throws -> FieldContent {
            let place = EventPlace(of: try EntryView(ledger.log.entry(at: position)))
            return try opener.open(
                ledger.log.disclosures(at: position)[1], ordinal: 1, of: plan, at: place, keys: ledger.keys)
        }
        let rows = try ledger.log.disclosures(at: 3)
        guard case .value = try open(1) else {
            Issue.record("it did not open before")
            return
        }
        _ = try await ledger.erase(ErasureLab.order(), as: "CUS")
        let place = EventPlace(of: try EntryView(ledger.log.entry(at: 3)))
        let after = try opener.open(rows[1], ordinal: 1, of: plan, at: place, keys: ledger.keys)
        #expect(after == .erased)
    }

    @Test("A damaged row fails the read of those who would be given what it holds, and of nobody else")
    func damagedRow() async throws {
        let lab = try await LedgerLab()
        for number in 1...5 {
            _ = try await lab.ledger.append([LedgerLab.declaration("\(number)", buyer: "b\(number)")], as: "CUS")
        }
        let row = try lab.ledger.log.disclosures(at: 3)[0]
        lab.close()
        let file = URL(fileURLWithPath: lab.path + "/log/data.mdb")
        var data = try Data(contentsOf: file)
        var start = data.startIndex
        while let range = data.range(of: Data(row.suffix(40)), in: start..<data.endIndex) {
            data[range.lowerBound] ^= 1
            start = range.upperBound
        }
        try data.write(to: file)
        try lab.reopen()
        let ledger = lab.ledger
        let everyone = try await ledger.read(.all, ReadRange(from: 1), for: Reader(.public))
        #expect(everyone.map(\.position) == [1, 2, 3, 4, 5])
        let error = await #expect(throws: ExchangeError.self) {
            try await ledger.read(.all, ReadRange(from: 1), for: Reader(.authority, agency: "CUS"))
        }
        #expect(error?.reason.contains("damaged") ?? false)
        lab.close()
    }
}
