import Audit
import EventLog
import Exchange
import TestSupport
import Testing

@Suite("Moments", .fewAtOnce)
struct MomentTests {
    @Test func `a moment is read from a position, a time recorded, and a time occurred`() throws {
        let time = try #require(Timestamp("2026-03-01T08:15:00+08:00"))
        #expect(try Moment(known: nil) == .present)
        #expect(try Moment(known: "4711") == Moment(position: 4_711))
        #expect(try Moment(known: "2026-03-01T08:15:00+08:00") == Moment(recorded: time))
        #expect(
            try Moment(known: "4711", true: "2026-03-01T00:15:00Z") == Moment(position: 4_711, occurred: time))
        for text in ["", "-1", "yesterday", "2026-03-01", "4711 "] {
            #expect(throws: ReplayError.self, "\(text)") { _ = try Moment(known: text) }
        }
        #expect(throws: ReplayError.self) { _ = try Moment(known: nil, true: "4711") }
    }

    @Test func `a time has all that was recorded by then, a position alone is the time of the entry before it`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 10)
        let first = try await lab.lodge("1")
        let second = try await lab.lodge("2")
        lab.set(minutes: 20)
        let third = try await lab.lodge("3")
        lab.set(minutes: 30)
        func known(_ moment: Moment) throws -> KnownMoment { try moment.known(in: lab.ledger) }
        #expect(try known(Moment(recorded: ReplayLab.time(9))).position == first)
        #expect(try known(Moment(recorded: ReplayLab.time(10))).position == second + 1, "both of that time")
        #expect(try known(Moment(recorded: ReplayLab.time(20))).position == third + 1)
        #expect(try known(Moment(position: second)).time == ReplayLab.time(10))
        #expect(try known(Moment(position: second, recorded: ReplayLab.time(30))).position == second)
        #expect(try known(Moment(position: second, recorded: ReplayLab.time(30))).time == ReplayLab.time(30))
        #expect(try known(Moment(position: third + 1, recorded: ReplayLab.time(10))).position == second + 1)
        #expect(try known(Moment(position: 0)).position == 0)
        let now = try known(.present)
        #expect(now.isPresent && now.position == third + 1 && now.time == ReplayLab.time(30) && now.earlier == nil)
        for ahead in [Moment(position: third + 2), Moment(recorded: ReplayLab.time(31))] {
            let error = #expect(throws: ReplayError.self) { _ = try known(ahead) }
            #expect(error?.code == .ahead)
        }
    }
}
