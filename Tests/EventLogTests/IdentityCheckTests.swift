import TestSupport
import Testing

@testable import EventLog

/// An id is in a log once: verifying finds those that are there twice, in memory that is bounded.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct IdentityCheckTests {
    @Test("An id that is there again is reported at its position, with the first", arguments: [2, 3, 7, 1_000_000])
    func reports(capacity: Int) throws {
        var texts = (0..<40).map { EntrySample.text(id: "e\($0)") }
        texts[20] = EntrySample.text(id: "e3", tags: ["other:1"])
        texts[31] = EntrySample.text(id: "\\u00653")
        texts[39] = EntrySample.text(id: "e30")
        // The same id of another source is another id.
        texts[35] = EntrySample.text(id: "e5", source: "//other")
        let report = try ForgedLedger(texts: texts).verify(identityCapacity: capacity)
        let found = report.problems.sorted { $0.position ?? 0 < $1.position ?? 0 }
        #expect(found.map(\.position) == [20, 31, 39], "\(report.problems)")
        #expect(found.allSatisfy { $0.part == .entries })
        #expect(found.map { $0.reason.contains("position 3;") } == [true, true, false])
        #expect(found.last?.reason.contains("position 30;") == true)
    }

    @Test("A log with each id once is sound, however few hashes are kept at once", arguments: [2, 5, 64])
    func sound(capacity: Int) throws {
        let report = try ForgedLedger(texts: (0..<300).map { EntrySample.text(id: "\($0)") }).verify(
            identityCapacity: capacity)
        #expect(report.isSound, "\(report.problems)")
        #expect(report.entries == 300)
    }

    @Test("No more than the report's limit is listed where every id is there twice")
    func many() throws {
        let texts = (0..<600).map { EntrySample.text(id: "\($0 / 2)") }
        let report = try ForgedLedger(texts: texts).verify()
        #expect(report.problems.count == VerificationReport.maximumProblems)
    }

    @Test("Over all passes each hash that was taken twice comes out, and no other", arguments: 1...30)
    func passes(seed: UInt64) {
        var dice = Dice(seed: seed)
        // Few values, so that many repeat; some at the ends of the range.
        let values: [UInt64] = (0..<dice.within(1..<60)).map { _ in
            dice.pick([0, 1, .max, .max - 1, dice.next(), dice.next(), dice.next()])
        }
        let taken = (0..<dice.within(1..<400)).map { _ in dice.pick(values) }
        var expected: [UInt64: Int] = [:]
        for value in taken { expected[value, default: 0] += 1 }
        var check = IdentityCheck(capacity: dice.within(2..<50))
        var found: Set<UInt64> = []
        repeat {
            for value in taken { check.take(value) }
            found.formUnion(check.repeated())
        } while check.beginNextPass()
        #expect(found == Set(expected.filter { $0.value > 1 }.keys), "seed \(seed)")
    }
}
