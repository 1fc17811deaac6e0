import Clearance
import EventLog
import Exchange
import JSON
import Synchronization
import TestSupport
import Testing
import Views

/// All automations of the port over a ledger, by its rules.
struct PortRun {
    /// A clock that can be put forward.
    final class Clock: Sendable {
        private let ahead = Mutex<Int64>(0)

        var now: Timestamp { Timestamp(microseconds: Timestamp.now().microseconds + ahead.withLock { $0 }) }
        func advance(minutes: Int64) { ahead.withLock { $0 += minutes * 60_000_000 } }
    }

    let lab: CaseLab
    let book: Rulebook
    let clock: Clock
    let keeper: AutomationKeeper
    let runners: [AutomationRunner]

    init(_ lab: CaseLab, clock: Clock = Clock()) throws {
        self.lab = lab
        self.clock = clock
        book = try lab.book()
        keeper = AutomationKeeper(beside: lab.keeper, book: book, clock: { clock.now })
        runners = try PortAutomations.all.map { [keeper] in try keeper.open($0, from: 0) }
    }

    /// Brings all to rest: what one appends, others may act on.
    func settle() async throws {
        while true {
            let head = try lab.ledger.log.head
            for runner in runners { try await runner.settle() }
            guard try lab.ledger.log.head > head else { return }
        }
    }

    func close() async {
        await keeper.close()
        lab.close()
    }

    /// Appends by the rules.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], _ members: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(lab.ledger.log.head)"
        let event = CaseLab.event(type, by: agency, id: id, tags: tags, "{\(members)}")
        return try await book.append([event], as: agency)[0].position
    }

    /// What is parked, and why.
    func parked() throws -> [String] {
        try runners.flatMap { runner in
            try runner.parkedEntries().map { "\(runner.automation.name) \($0.position): \($0.reason)" }
        }
    }

    func waiting(_ name: String) throws -> [String] {
        try runners.first { $0.automation.name == name }?.waiting().map(\.text) ?? []
    }

    /// An entry of the log.
    struct Logged {
        let position: Position
        let agency: String
        let type: String
        let source: String
        let id: String
        let tags: Set<String>
        let data: JSONValue?

        func text(_ name: String) -> String { data?[name]?.string ?? "" }
        func texts(_ name: String) -> [String] { data?[name]?.elements.compactMap(\.string) ?? [] }
        /// The id of the event that it names.
        var cause: String { data?["event"]?["id"]?.string ?? "" }
    }

    /// The log, or what is in it of a type.
    static func log(_ lab: CaseLab, _ type: String? = nil) throws -> [Logged] {
        let query = type.map { Query(types: ["sanhu." + $0]) } ?? .all
        return try lab.ledger.log.read(query, ReadRange()).compactMap { entry in
            let root = try JSONDocument(parsing: entry.bytes, limits: .init(maximumDepth: 80)).root
            let event = root["event"]
            guard let type = event?["type"]?.string, type.hasPrefix("sanhu.") else { return nil }
            return Logged(
                position: entry.position, agency: root["agency"]?.string ?? "",
                type: String(type.dropFirst("sanhu.".count)), source: event?["source"]?.string ?? "",
                id: event?["id"]?.string ?? "", tags: Set(root["tags"]?.elements.compactMap(\.string) ?? []),
                data: event?["data"])
        }
    }

    func log(_ type: String) throws -> [Logged] { try Self.log(lab, type) }

    /// Notices of one automation, by the first letter of their names.
    static func notices(_ lab: CaseLab, _ letter: Character) throws -> [Logged] {
        try log(lab, "notice.issued").filter { $0.text("notice").first == letter }
    }
}
