import EventLog
import JSON
import Testing

@testable import Clearance
@testable import Views

/// An automation without a ledger: events are taken in, time passes, and what is appended is looked at.
struct DeskBench {
    /// 1 March 2026, 00:00 at +08:00.
    static let start = Timestamp("2026-03-01T00:00:00+08:00") ?? Timestamp(microseconds: 0)

    let automation: Automation
    private var desk = AutomationDesk()
    private var head: Position = 0
    private var echoed = 0
    /// Whether the automation's own events come back to it at once: not while nobody runs it.
    var isEchoing = true
    /// Minutes since the start.
    private(set) var now: Int64 = 0

    init(_ automation: Automation) { self.automation = automation }

    struct Appended {
        let type: String
        let data: JSONValue

        func text(_ name: String) -> String? { data[name]?.string }
        func texts(_ name: String) -> [String] { data[name]?.elements.compactMap(\.string) ?? [] }
    }

    static func time(_ minutes: Int64) -> Timestamp { start.adding(minutes: minutes) }

    /// Lets time pass, and takes an event in. Its tags are what its data name, and more.
    ///
    /// - Parameter at: Minutes since the start.
    mutating func take(
        _ type: String, by agency: String, id: String? = nil, tags more: [String] = [], after former: [String] = [],
        at minutes: Int64? = nil, _ members: String
    ) throws {
        try pass(to: minutes ?? now)
        try receive("sanhu." + type, by: agency, id: id ?? "e\(head)", more, former, "{\(members)}")
        try echo()
    }

    private mutating func receive(
        _ type: String, by agency: String, id: String, _ more: [String] = [], _ former: [String] = [], _ data: String
    ) throws {
        let root = try JSONDocument(parsing: Array(#"{"data":\#(data)}"#.utf8)).root
        let kinds = ["declaration", "conveyance", "image", "incident", "notice"]
        let named = kinds.flatMap { kind in root["data"]?[kind]?.string.map { ["\(kind):\($0)"] } ?? [] }
        let event = LedgerEvent(
            position: head, recorded: Self.time(now), agency: agency, predecessors: former, type: type,
            identity: EventIdentity(source: "/\(agency)", id: id), tags: (named + more).unique.map(CaseLab.tag),
            root: root)
        head += 1
        guard automation.query.items.contains(where: { $0.types.contains(type) }) else { return }
        try desk.take(event, by: automation, isReacting: true)
        // What is kept can be read again.
        for (object, state) in desk.states {
            #expect((try? JSONDocument(parsing: state)) != nil, "the state of \(object)")
        }
    }

    /// Lets time pass.
    mutating func pass(to minutes: Int64) throws {
        now = max(now, minutes)
        desk.elapse(to: Self.time(now), at: head)
        try echo()
    }

    /// The automation sees what it appended.
    private mutating func echo() throws {
        while isEchoing, echoed < desk.outbox.count {
            let appending = desk.outbox[echoed].pending.appending
            echoed += 1
            try receive(
                appending.type, by: automation.agency, id: "auto\(echoed)", appending.tags.map(\.text), [],
                String(decoding: appending.data, as: UTF8.self))
        }
    }

    /// What was appended so far, in order.
    var appended: [Appended] {
        get throws {
            try desk.outbox.map { row in
                Appended(
                    type: String(row.pending.appending.type.dropFirst("sanhu.".count)),
                    data: try JSONDocument(parsing: row.pending.appending.data).root)
            }
        }
    }

    /// Names of the objects that have a proposal.
    var proposed: [String] { desk.proposals.keys.map(\.object.text).sorted() }

    /// What is proposed, in the order of objects.
    var proposals: [(object: String, tags: [String])] {
        desk.proposals.sorted { $0.key.object < $1.key.object }.map { key, pending in
            (key.object.text, pending.appending.tags.map(\.text))
        }
    }

    /// How many timers are set.
    var timers: Int { desk.timers.count }
}
