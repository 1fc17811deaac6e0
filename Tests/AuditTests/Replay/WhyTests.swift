import Audit
import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Why", .fewAtOnce)
struct WhyTests {
    private static func json(_ why: Why) throws -> [UInt8] {
        var writer = JSONWriter()
        why.write(to: &writer)
        return writer.bytes
    }

    /// A declaration that may be released.
    private static func ready(_ lab: ReplayLab) async throws {
        lab.set(minutes: 1)
        try await lab.lodge()
        try await lab.tell("declaration.accepted", by: "CUS", id: "a-1", #""declaration":"1","version":1"#)
        lab.set(minutes: 5)
        try await lab.tell(
            "release.granted", by: "CUS", id: "g-1", tags: ["container:C1"], #""declaration":"1","condition":"none""#)
        lab.set(minutes: 10)
    }

    private static func release(_ lab: ReplayLab) async throws -> Position {
        try await lab.tell(
            "release.completed", by: "SW", id: "r-1", tags: ["container:C1"],
            #""declaration":"1","agencies":["CUS"],"port":"CNNSA""#)
    }

    @Test func `a release tells its power, its schema, the rule with what it read, and the events it rested on`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        try await Self.ready(lab)
        let release = try await Self.release(lab)
        let why = try await lab.replay.why(release, for: ReplayLab.auditor)
        #expect(why.power?.agency == "SW" && why.power?.since == 0 && why.power?.ended == nil)
        #expect(why.schema?.uri == "urn:sanhu:schema:release.completed:1")
        #expect((why.schema?.since ?? 0) > 0, "an amendment registered it")
        let rule = try #require(why.rules.first { $0.rule == "one-release" })
        #expect(rule.outcome == .satisfied && rule.object == "declaration:1" && !rule.hasHidden && rule.asTrue == nil)
        let entries = try lab.ledger.log.read(Query(tags: [try Tag("declaration:1")]), ReadRange(to: release))
        #expect(rule.read == entries.map(\.position))
        #expect(Set(why.grounds.map(\.position)) == Set(rule.read))
        #expect(why.later.isEmpty)

        // The same position, known up to the same one, comes to the same bytes, whoever appends meanwhile.
        let moment = Moment(position: release + 1)
        let first = try Self.json(try await lab.replay.why(release, knownAt: moment, for: ReplayLab.auditor))
        try await lab.append(
            "hold.placed", by: "MSA", id: "h-9", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        let second = try Self.json(try await lab.replay.why(release, knownAt: moment, for: ReplayLab.auditor))
        #expect(first == second)
    }

    @Test func `what is known later and had happened before is told, with what the rule would have found`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        try await Self.ready(lab)
        let release = try await Self.release(lab)
        lab.set(minutes: 60)
        let late = try await lab.append(
            "hold.placed", by: "MSA", id: "h-1", time: ReplayLab.time(7).description,
            #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        let why = try await lab.replay.why(release, for: ReplayLab.customs)
        let rule = try #require(why.rules.first { $0.rule == "one-release" })
        #expect(rule.outcome == .satisfied && rule.asTrue == .broken)
        #expect(why.later.map(\.position) == [late] && why.later.map(\.how) == ["late"])
        let before = try await lab.replay.why(release, knownAt: Moment(position: late), for: ReplayLab.customs)
        #expect(before.rules.first { $0.rule == "one-release" }?.asTrue == nil && before.later.isEmpty)
        await #expect(throws: ReplayError.self) {
            _ = try await lab.replay.why(release, knownAt: Moment(position: release), for: ReplayLab.customs)
        }
    }

    @Test func `a hold tells who lifted it, a recognition on what it rested and what revoked it`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        try await lab.lodge()
        let inspected = try await lab.append(
            "inspection.completed", by: "CUS", id: "i-1", #""declaration":"1","result":"no-finding""#)
        let recognised = try await lab.append(
            "result.recognised", by: "MSA", id: "m-1", #""declaration":"1","event":"i-1","by":"CUS""#)
        let hold = try await lab.append(
            "hold.placed", by: "MSA", id: "h-1", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        let lifted = try await lab.append("hold.lifted", by: "MSA", id: "l-1", #""declaration":"1","hold":"h-1""#)
        let revoked = try await lab.append(
            "recognition.revoked", by: "MSA", id: "v-1", #""declaration":"1","recognition":"m-1""#)
        let holdWhy = try await lab.replay.why(hold, for: ReplayLab.customs)
        #expect(holdWhy.later.map(\.position) == [lifted] && holdWhy.power?.agency == "MSA")
        let why = try await lab.replay.why(recognised, for: ReplayLab.customs)
        #expect(why.grounds.first { $0.how == "named" }?.position == inspected)
        #expect(why.later.map(\.position) == [revoked])
        // What revokes rests on what it revokes, and that on the inspection.
        let chain = try await lab.replay.why(revoked, for: ReplayLab.customs)
        let first = try #require(chain.grounds.first { $0.position == recognised })
        #expect(first.rests.map(\.position) == [inspected] || chain.grounds.contains { $0.position == inspected })
        let id = EventIdentity(source: "/MSA/1", id: "m-1")
        #expect(try lab.replay.position(of: id) == recognised)
        #expect(throws: ReplayError.self) { _ = try lab.replay.position(of: EventIdentity(source: "/x", id: "y")) }
    }

    @Test func `what who asks may not see is told to nobody, and to an auditor as a stub with its position`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        try await lab.lodge()
        let flag = try await lab.append(
            "risk.flagged", by: "BOR", id: "f-1", #""declaration":"1","reasonClass":"smuggling","action":"physical""#)
        let order = try await lab.append(
            "inspection.ordered", by: "BOR", id: "o-1", #""declaration":"1","kind":"physical","cause":"f-1""#)
        let own = try await lab.replay.why(order, for: Reader(.authority, agency: "BOR"))
        #expect(own.grounds.first { $0.position == flag }.map { $0.told != .stub } == true)
        let auditor = try await lab.replay.why(order, for: ReplayLab.auditor)
        #expect(auditor.grounds.first { $0.position == flag }?.told == .stub)
        let other = try await lab.replay.why(order, for: Reader(.authority, agency: "MKT"))
        #expect(!other.grounds.contains { $0.position == flag } && other.hasMore)
        #expect(!String(decoding: try Self.json(other), as: UTF8.self).contains("\(flag),\"how\""))
        let separation = other.rules.first { $0.rule == "separation" }
        #expect(
            separation?.outcome == .untold && separation?.hasHidden == true && separation?.read.contains(flag) == false)
        // Of an event that is a stub to who asks, nothing is told.
        let sealed = try await lab.replay.why(flag, for: Reader(.authority, agency: "MKT"))
        #expect(sealed.power == nil && sealed.rules.isEmpty && sealed.grounds.isEmpty)
        if case .stub(flag, _) = sealed.event {} else { Issue.record("it must be a stub") }
    }

    @Test func `an act of an automation names it and its cause, and a breach the rule and what stood against it`()
        async throws
    {
        let lab = try await ReplayLab()
        defer { lab.close() }
        let keeper = AutomationKeeper(beside: lab.keeper, book: lab.book, clock: { lab.now })
        let feedback = try keeper.open(PortAutomations.feedback, from: 0)
        try await lab.lodge()
        let accepted = try await lab.tell(
            "declaration.accepted", by: "CUS", id: "a-1", #""declaration":"1","version":1"#)
        try await feedback.settle()
        try await lab.reach()
        let notice = try #require(
            try lab.ledger.log.read(Query(types: ["sanhu.notice.issued"]), ReadRange()).last
        ).position
        let why = try await lab.replay.why(notice, for: ReplayLab.customs)
        #expect(why.act?.automation == "feedback" && why.act?.cause == accepted)
        #expect(why.grounds.contains { $0.position == accepted })

        let ordered = try await lab.tell(
            "inspection.ordered", by: "CUS", id: "o-1", #""declaration":"1","kind":"physical","unit":"U-1""#)
        let started = try await lab.tell(
            "inspection.started", by: "CUS", id: "s-1",
            #""declaration":"1","kinds":["physical"],"participants":["CUS"],"unit":"U-1""#)
        let breach = try #require(
            try lab.ledger.log.read(Query(types: ["sanhu.rule.breached"]), ReadRange()).last
        ).position
        let broken = try await lab.replay.why(breach, for: ReplayLab.auditor)
        #expect(Set(broken.grounds.map(\.position)).isSuperset(of: [ordered, started]))
        let cause = try await lab.replay.why(started, for: ReplayLab.auditor)
        let rule = try #require(cause.rules.first { $0.rule == "separation" })
        #expect(rule.outcome == .broken && rule.against == [ordered])
        await keeper.close()
    }

    @Test func `the grants under which the deciding agency saw what it decided on are named`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        lab.set(minutes: 1)
        let lodged = try await lab.lodge()
        let grant = try await lab.grant()
        lab.set(minutes: 2)
        let lodgedLater = try await lab.append(
            "guarantee.lodged", by: "TRE", id: "t-1", #""declaration":"1","guarantee":"G-1""#)
        let claimed = try await lab.append(
            "record.corrected", by: "TRE", id: "t-2", tags: ["guarantee:G-1"], #""declaration":"1","event":"t-1""#)
        let why = try await lab.replay.why(claimed, for: ReplayLab.customs)
        #expect(why.grounds.map(\.position).contains(lodgedLater))
        let sight = why.sights.first
        let reads = why.rules.flatMap(\.read)
        if reads.contains(lodged) {
            #expect(sight?.grant == grant && sight?.opened.first?.pointers == ["/commercial"])
        } else {
            Issue.record("the rule reference reads what is about the declaration: \(reads)")
        }
    }
}
