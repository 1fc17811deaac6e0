import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Views

@Suite("Automations, step by step")
struct AutomationDeskTests {
    private static func event(
        _ type: String, _ position: Position, at time: Int64, _ tag: String = "declaration:1", office: String = "1"
    ) throws -> LedgerEvent {
        let root = try JSONDocument(parsing: Array(#"{"data":{"office":"\#(office)"}}"#.utf8)).root
        return LedgerEvent(
            position: position, recorded: Timestamp(microseconds: time), agency: "CUS", type: type,
            identity: EventIdentity(source: "/CUS", id: "e\(position)"), tags: [ViewLab.tag(tag)], root: root)
    }

    /// The counts of what is to be appended, in order; a timer's is -1.
    private static func counts(_ desk: AutomationDesk) -> [String] {
        desk.outbox.map { row in
            let count = (try? JSONDocument(parsing: row.pending.appending.data))?.root["count"]?.integer ?? 0
            return "\(row.pending.object.value) \(count)"
        }
    }

    @Test("An event's object gets its state, what follows is to be appended, and timers wait")
    func reacts() throws {
        var desk = AutomationDesk()
        let automation = DeadlineSample.automation()
        try desk.take(Self.event(DeadlineSample.lodged, 5, at: 100), by: automation, isReacting: true)
        try desk.take(Self.event(DeadlineSample.lodged, 6, at: 101), by: automation, isReacting: true)
        #expect(Self.counts(desk) == ["1 1", "1 2"])
        #expect(desk.timers.values.map(\.due) == [Timestamp(microseconds: 100 + DeadlineSample.week)])
        #expect(desk.timers.values.map(\.ordinal) == [1])
        #expect(Set(desk.outbox.map { $0.pending.identity("deadline", source: "/SW") }).count == 2)
    }

    @Test("What came before it was registered is folded, and nothing follows from it")
    func history() throws {
        var desk = AutomationDesk()
        let automation = DeadlineSample.automation()
        try desk.take(Self.event(DeadlineSample.lodged, 5, at: 100), by: automation, isReacting: false)
        #expect(desk.outbox.isEmpty && desk.timers.isEmpty)
        try desk.take(Self.event(DeadlineSample.lodged, 6, at: 101), by: automation, isReacting: true)
        #expect(Self.counts(desk) == ["1 2"])
    }

    @Test("An event recorded before a timer's time cancels it; one recorded at that time or later does not")
    func cancels() throws {
        let automation = DeadlineSample.automation()
        for (after, isCancelled) in [(DeadlineSample.week - 1, true), (DeadlineSample.week, false)] {
            var desk = AutomationDesk()
            try desk.take(Self.event(DeadlineSample.lodged, 5, at: 100), by: automation, isReacting: true)
            try desk.take(Self.event(RuleLab.released, 6, at: 100 + after), by: automation, isReacting: true)
            #expect(desk.timers.isEmpty)
            #expect(Self.counts(desk) == (isCancelled ? ["1 1"] : ["1 1", "1 -1"]))
        }
    }

    @Test("Timers go off in the order of their times, before what follows from the event after them")
    func order() throws {
        var desk = AutomationDesk()
        let automation = DeadlineSample.automation()
        for (position, number) in [3, 1, 2].enumerated() {
            let time = Int64(1_000 - number)
            try desk.take(
                Self.event(DeadlineSample.lodged, Position(position), at: time, "declaration:\(number)"),
                by: automation,
                isReacting: true)
        }
        desk.outbox = []
        let late = 2_000 + DeadlineSample.week
        try desk.take(
            Self.event(DeadlineSample.lodged, 9, at: late, "declaration:4"), by: automation, isReacting: true)
        #expect(Self.counts(desk) == ["3 -1", "2 -1", "1 -1", "4 1"])
        #expect(desk.outbox.map(\.key.number) == [0, 1, 2, 3])
    }

    @Test("An event of which it can make nothing changes nothing, but what had elapsed has")
    func poison() throws {
        var desk = AutomationDesk()
        let automation = DeadlineSample.automation()
        try desk.take(Self.event(DeadlineSample.lodged, 5, at: 100), by: automation, isReacting: true)
        let state = desk.states
        let bad = try Self.event(
            DeadlineSample.lodged, 6, at: 200 + DeadlineSample.week, office: DeadlineSample.poison)
        #expect(throws: AutomationFault("Poison.")) { try desk.take(bad, by: automation, isReacting: true) }
        #expect(desk.states == state)
        #expect(Self.counts(desk) == ["1 1", "1 -1"])
    }

    @Test("Too much, too large, and timers without a name are refused")
    func limits() throws {
        func automation(_ reactions: [Automation.Reaction]) -> Automation {
            Automation(
                name: "a", version: 1, query: .all, kinds: ["declaration"], agency: "SW",
                fold: { (_: inout DeadlineSample.Count, _) in }, react: { _, _, _ in reactions })
        }
        let fine = Automation.Appending(type: "t", data: Array("{}".utf8))
        let many = [Automation.Reaction](repeating: .append(fine), count: AutomationLimits.reactions)
        let large = Automation.Appending(
            type: "t", data: Array("\"\(String(repeating: "x", count: AutomationLimits.dataBytes))\"".utf8))
        let event = try Self.event("t", 1, at: 1)
        var desk = AutomationDesk()
        try desk.take(event, by: automation(many), isReacting: true)
        #expect(desk.outbox.count == AutomationLimits.reactions)
        let bad: [[Automation.Reaction]] = [
            many + [.cancel(name: "x")], [.append(large)], [.append(Automation.Appending(type: "t", data: [0x7B]))],
            [.cancel(name: "")], [.cancel(name: String(repeating: "n", count: AutomationLimits.nameBytes + 1))],
        ]
        for reactions in bad {
            #expect(throws: AutomationFault.self) {
                try desk.take(event, by: automation(reactions), isReacting: true)
            }
        }
    }

    @Test("What is pending is read as it was written")
    func stored() {
        let pending = PendingAppend(
            cause: EventIdentity(source: "/CUS/ü", id: "1\n"), position: 7, ordinal: 3,
            object: ViewLab.tag("permit:\"P\""),
            due: Timestamp(microseconds: -5),
            Automation.Appending(type: "t", data: Array(#"{"a":[1]}"#.utf8), tags: [ViewLab.tag("a:b")]))
        #expect(PendingAppend(pending.bytes) == pending)
        #expect(PendingAppend(Array("{}".utf8)) == nil)
    }
}
