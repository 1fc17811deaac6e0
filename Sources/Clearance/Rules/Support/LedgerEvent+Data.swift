internal import EventLog
internal import JSON
internal import Views

extension LedgerEvent {
    /// A member of its data that is a text.
    func text(_ name: String) -> String? { data?[name]?.string }

    /// A member of its data that is an array of texts; of anything else none.
    func texts(_ name: String) -> [String] { data?[name]?.elements.compactMap(\.string) ?? [] }

    /// When it happened: the time it says, else that at which it is recorded.
    var happened: Timestamp { root["time"]?.string.flatMap { Timestamp($0) } ?? recorded }

    /// The day it is of, at +08:00.
    var day: String { PortRules.day(of: happened) }

    /// Whether its agency is another, or has become it.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }
}

extension Rule.Finding {
    /// Broken by some events, which are told in their order.
    static func broken(by events: [LedgerEvent], _ remedy: String) -> Rule.Finding {
        .broken(against: events.map(\.position).sorted(), remedy: remedy)
    }
}
