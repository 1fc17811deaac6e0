internal import EventLog

/// What a rule knows of one query, up to a head: a value, brought on by what is new.
struct RuleMemory: Sendable {
    /// The most entries whose positions are kept: a sender is told what rests on them only if it sees them all.
    static let tellable = 1_000

    private var state: any RuleState
    /// Everything below it has been folded.
    var head: Position = 0
    /// Of the entries that were folded, the first ones.
    private(set) var positions: [Position] = []
    private(set) var count = 0
    /// Of the events that were folded.
    private(set) var bytes = 0
    /// What could not be folded: from then on nothing can be said.
    private var fault: (position: Position, reason: String)?

    init(_ rule: Rule) {
        state = rule.beginning
    }

    /// Whether every entry that was folded is known.
    var isTellable: Bool { count == positions.count }

    mutating func fold(_ event: LedgerEvent) { fold(event, at: event.position) }

    /// - Parameter event: Nil for one that cannot be read: it might say anything.
    mutating func fold(_ event: LedgerEvent?, at position: Position, bytes: Int = 0) {
        count += 1
        self.bytes += bytes
        if positions.count < Self.tellable { positions.append(position) }
        guard fault == nil else { return }
        guard let event else {
            fault = (position, "It cannot be read.")
            return
        }
        do throws(RuleFault) {
            try state.fold(event)
        } catch {
            fault = (event.position, error.reason)
        }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        if let fault {
            return .broken(against: [fault.position], remedy: "An earlier event cannot be evaluated: \(fault.reason)")
        }
        do throws(RuleFault) {
            return try state.finding(on: event)
        } catch {
            return .broken(against: [], remedy: "The event cannot be evaluated: \(error.reason)")
        }
    }
}
