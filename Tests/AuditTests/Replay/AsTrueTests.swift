import Audit
import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("As true", .fewAtOnce)
struct AsTrueTests {
    private static func at(_ minutes: Int) -> String { ReplayLab.time(minutes).description }

    @Test func `an event that comes late is true at its own time, and a file says by which event it was not known`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 10)
        try await lab.lodge(time: Self.at(5))
        lab.set(minutes: 60)
        let late = try await lab.append(
            "hold.placed", by: "MSA", id: "h-1", time: Self.at(20),
            #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        func answer(_ known: Moment) async throws -> ReplayAnswer {
            try await lab.replay.answer(.file("declaration:1"), at: known, for: ReplayLab.customs)
        }
        let asKnown = try await answer(Moment(recorded: ReplayLab.time(30)))
        let asTrue = try await answer(Moment(occurred: ReplayLab.time(30)))
        #expect((asKnown.file as? DeclarationCase)?.holds.count == 0)
        #expect((asTrue.file as? DeclarationCase)?.holds.map(\.id) == ["h-1"])
        #expect(asTrue.account?.deviations == [TrueAccount.Deviation(position: late, cause: .late, by: nil)])
        let paths = try #require(asTrue.otherwise).changes.map(\.path)
        #expect(paths.contains("holds[position=\(late)]") || paths.contains("holds[id=h-1]"), "\(paths)")
        // Known before it came, and true at the same time: nothing of it.
        let before = try await answer(Moment(position: late, occurred: ReplayLab.time(30)))
        #expect((before.file as? DeclarationCase)?.holds.isEmpty == true)
        #expect(before.account?.deviations.isEmpty == true && before.otherwise?.changes.isEmpty == true)
        // Before it happened it was not true, however much is known.
        let earlier = try await answer(Moment(occurred: ReplayLab.time(19)))
        #expect((earlier.file as? DeclarationCase)?.holds.isEmpty == true)
    }

    @Test func `what was taken back was never true, and a correction that was taken back takes nothing back`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 10)
        try await lab.append(
            "permit.issued", by: "COM", time: Self.at(1),
            #""permit":"P1","kind":"import-licence","quantity":100,"unit":"KGM""#)
        let wrong = try await lab.append(
            "permit.writtenoff", by: "CUS", id: "w-1", time: Self.at(8),
            #""permit":"P1","declaration":"1","item":1,"quantity":40,"unit":"KGM""#)
        lab.set(minutes: 60)
        let correction = try await lab.append(
            "record.corrected", by: "CUS", id: "c-1", #""permit":"P1","declaration":"1","event":"w-1""#)
        func left(_ moment: Moment) async throws -> Int64? {
            try await lab.line(.file("permit:P1"), at: moment)["left"]?.integer
        }
        #expect(try await left(Moment(recorded: ReplayLab.time(30))) == 60)
        #expect(try await left(Moment(occurred: ReplayLab.time(30))) == 100)
        #expect(try await left(Moment(position: correction, occurred: ReplayLab.time(30))) == 60)
        let answer = try await lab.replay.answer(
            .file("permit:P1"), at: Moment(occurred: ReplayLab.time(30)), for: ReplayLab.customs)
        #expect(
            answer.account?.deviations == [TrueAccount.Deviation(position: wrong, cause: .corrected, by: correction)])
        #expect(answer.otherwise?.changes.contains { $0.path == "left" } == true)
        let timeline = try await lab.replay.answer(
            .timeline("permit:P1"), at: Moment(occurred: ReplayLab.time(30)), for: ReplayLab.customs)
        #expect(timeline.timeline?.map(\.type) == ["sanhu.permit.issued"])

        lab.set(minutes: 70)
        try await lab.append(
            "record.corrected", by: "CUS", id: "c-2", #""permit":"P1","declaration":"1","event":"c-1""#)
        #expect(try await left(Moment(occurred: ReplayLab.time(30))) == 60)
        // Another agency takes nothing back.
        try await lab.append(
            "record.corrected", by: "BOR", id: "c-3", #""permit":"P1","declaration":"1","event":"w-1""#)
        #expect(try await left(Moment(occurred: ReplayLab.time(30))) == 60)
    }

    @Test func `an event without a time counts when it was recorded, one that is announced when it happens`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 10)
        try await lab.lodge()
        let ahead = try await lab.append(
            "conveyance.arrived", by: "BOR", time: Self.at(50), #""declaration":"1","place":"CNNSA""#)
        func truth(_ minutes: Int) async throws -> (steps: Int, causes: [TrueAccount.Cause]) {
            let answer = try await lab.replay.answer(
                .file("declaration:1"), at: Moment(occurred: ReplayLab.time(minutes)), for: ReplayLab.customs)
            #expect(answer.account?.deviations.allSatisfy { $0.position == ahead } == true)
            return (answer.file?.steps.count ?? -1, answer.account?.deviations.map(\.cause) ?? [])
        }
        #expect(try await truth(9) == (0, []))
        #expect(try await truth(10) == (1, [.ahead]))
        #expect(try await truth(49) == (1, [.ahead]))
        #expect(try await truth(50) == (2, []))
    }

    @Test func `boards and figures count what was true`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 10)
        try await lab.lodge(time: Self.at(5))
        let order = #""declaration":"1","kind":"physical","port":"CNNSA","order":"O-1""#
        try await lab.append("inspection.ordered", by: "CUS", id: "o-1", time: Self.at(9), order)
        lab.set(minutes: 60)
        try await lab.append(
            "inspection.ordered", by: "MSA", id: "o-2", time: Self.at(20),
            #""declaration":"1","kind":"physical","port":"CNNSA","order":"O-2""#)
        try await lab.append(
            "hold.placed", by: "MSA", id: "h-1", time: Self.at(20),
            #""declaration":"1","scope":"all","legalBasis":"Art. 5","reasonClass":"safety""#)
        lab.set(minutes: 90)
        try await lab.append(
            "record.corrected", by: "CUS", id: "c-1", tags: ["declaration:1"],
            #""declaration":"1","event":"o-1""#)
        var listing = BoardListing(.inspections)
        listing.object = "declaration:1"
        func orders(_ moment: Moment) async throws -> [String?] {
            try await lab.line(.board(listing), at: moment)["orders"]?.elements.map { $0["order"]?.string } ?? []
        }
        #expect(try await orders(Moment(recorded: ReplayLab.time(30))) == ["O-1"])
        #expect(try await orders(Moment(recorded: ReplayLab.time(60))) == ["O-1", "O-2"])
        #expect(try await orders(Moment(occurred: ReplayLab.time(30))) == ["O-2"])
        #expect(try await orders(Moment(occurred: ReplayLab.time(15))) == [])
        #expect(try await orders(Moment(recorded: ReplayLab.time(60), occurred: ReplayLab.time(15))) == ["O-1"])

        let holds = try #require(ReportQuestion("S43-holds"))
        func count(_ moment: Moment) async throws -> Int64? {
            try await lab.line(.report(holds), at: moment)["total"]?["count"]?.integer
        }
        #expect(try await count(Moment(recorded: ReplayLab.time(30))) == 0)
        #expect(try await count(Moment(occurred: ReplayLab.time(30))) == 1)
        #expect(try await count(Moment(occurred: ReplayLab.time(19))) == 0)
        let text = try await lab.line(.report(holds), at: Moment(occurred: ReplayLab.time(30)))
        #expect(text["true"]?.string == Self.at(30), "what it is true at is said with it")
        let coverage = try #require(ReportQuestion("coverage"))
        await #expect(throws: ReplayError.self) {
            _ = try await lab.line(.report(coverage), at: Moment(occurred: ReplayLab.time(30)))
        }
    }

    /// Against a naive model: which events count, in any order of times, corrections and agencies.
    @Test func `what counts is what a naive model counts`() async throws {
        var dice = LongForm.dice("as true")
        for _ in 0..<2_000 {
            let events = (0..<dice.within(1..<9)).map { index -> Happening in
                let corrects = dice.oneIn(3) && index > 0
                return Happening(
                    position: Position(index), recorded: Timestamp(microseconds: Int64(index) * 10),
                    time: dice.oneIn(3)
                        ? nil : Timestamp(microseconds: Int64(dice.below(90))).description,
                    id: "e\(index)", source: dice.oneIn(2) ? "/s" : nil, agency: dice.pick(["A", "B"]),
                    corrects: corrects ? Happening.Corrected(id: "e\(dice.below(index))", source: nil) : nil)
            }
            let time = Timestamp(microseconds: Int64(dice.below(100)))
            var wrong: Set<Int> = []
            for index in events.indices.reversed() where !wrong.contains(index) {
                guard let named = events[index].corrects, let meant = Int(named.id.dropFirst()) else { continue }
                if events[meant].agency == events[index].agency { wrong.insert(meant) }
            }
            let counted = events.indices.filter { !wrong.contains($0) && events[$0].occurred <= time }
            let account = TrueAccount(of: events.shuffled(using: &dice), at: time)
            #expect(Set(account.positions) == Set(counted.map { Position($0) }), "seed \(LongForm.seed)")
            let times = account.positions.map { events[Int($0)].occurred }
            #expect(times == times.sorted(), "seed \(LongForm.seed)")
            let known = events.indices.filter { events[$0].recorded <= time }
            let different = Set(known).symmetricDifference(counted)
            #expect(
                Set(account.deviations.map { Int($0.position) }) == different, "seed \(LongForm.seed)")
        }
    }
}
