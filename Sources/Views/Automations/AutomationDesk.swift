internal import EventLog
internal import JSON

/// What an automation knows and has before it, and the steps that change it: without clock and disk. Holds all there is, or
/// of what is kept on disk those rows that some events touch.
struct AutomationDesk: Sendable {
    struct TimerKey: Sendable, Hashable {
        let object: Tag
        let name: String
    }

    /// Where something stands among what is to be appended: the event that brought it, and a number.
    struct OutboxKey: Sendable, Hashable {
        let position: Position
        let number: Int
    }

    var states: [Tag: [UInt8]] = [:]
    var timers: [TimerKey: PendingAppend] = [:]
    /// What waits for the rules.
    var proposals: [TimerKey: PendingAppend] = [:]
    /// What is to be appended, in order.
    var outbox: [(key: OutboxKey, pending: PendingAppend)] = []
    /// Where numbers go on, if not all that an event brings is in ``outbox``: that which stands after what it has brought.
    var next: OutboxKey?

    /// Takes an event in. Timers whose time came before it have elapsed: it cannot cancel them any more.
    ///
    /// - Parameter isReacting: Whether anything follows from it; else it is only folded.
    /// - Throws: ``AutomationFault``; what had elapsed has, all else is as it was.
    mutating func take(
        _ event: LedgerEvent, by automation: Automation, isReacting: Bool
    ) throws(AutomationFault) {
        elapse(to: event.recorded, at: event.position)
        // First all that may fail, then what is changed.
        var stored: [(object: Tag, state: [UInt8])] = []
        var changes: [Change] = []
        for object in automation.objects(of: event) {
            let (state, reactions) = try automation.step(states[object], object, event, isReacting)
            guard state.count <= AutomationLimits.stateBytes else {
                throw AutomationFault("The state of \(object) has more than \(AutomationLimits.stateBytes) bytes.")
            }
            stored.append((object, state))
            for reaction in reactions { changes.append(try Self.change(reaction, changes.count, object, event)) }
        }
        for (object, state) in stored { states[object] = state }
        for change in changes {
            switch change {
            case .append(let pending): add(pending, at: event.position)
            // Timers and proposals have one set of names.
            case .timer(let key, let pending): (timers[key], proposals[key]) = (pending, nil)
            case .proposal(let key, let pending): (timers[key], proposals[key]) = (nil, pending)
            }
        }
    }

    private enum Change {
        case append(PendingAppend)
        /// Set, or taken away.
        case timer(TimerKey, PendingAppend?)
        case proposal(TimerKey, PendingAppend)
    }

    private static func change(
        _ reaction: Automation.Reaction, _ ordinal: Int, _ object: Tag, _ event: LedgerEvent
    ) throws(AutomationFault) -> Change {
        guard ordinal < AutomationLimits.reactions else {
            throw AutomationFault("More than \(AutomationLimits.reactions) things follow from the event.")
        }
        func pending(
            _ appending: Automation.Appending, due: Timestamp? = nil, name: String? = nil
        ) throws(AutomationFault) -> PendingAppend {
            guard appending.data.count <= AutomationLimits.dataBytes,
                (try? JSONDocument(parsing: appending.data)) != nil
            else {
                throw AutomationFault("What follows is no JSON, or has more than \(AutomationLimits.dataBytes) bytes.")
            }
            let pending = PendingAppend(
                cause: event.identity, position: event.position, ordinal: ordinal, object: object, due: due, appending,
                name: name)
            // What could not be read again would be lost without a word.
            guard PendingAppend(pending.bytes) != nil else {
                throw AutomationFault("What follows cannot be kept: it is nested too deep, or its time is after 2255.")
            }
            return pending
        }
        switch reaction {
        case .append(let appending): return .append(try pending(appending))
        case .schedule(let name, let due, let appending):
            return .timer(try key(object, name), try pending(appending, due: due))
        case .propose(let name, let appending):
            return .proposal(try key(object, name), try pending(appending, name: name))
        case .cancel(let name): return .timer(try key(object, name), nil)
        }
    }

    private static func key(_ object: Tag, _ name: String) throws(AutomationFault) -> TimerKey {
        guard !name.isEmpty, name.utf8.count <= AutomationLimits.nameBytes, name.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw AutomationFault("“\(name.prefix(64))” is no name of a timer.")
        }
        return TimerKey(object: object, name: name)
    }

    /// Moves timers whose time has come to what is to be appended, in the order of their times.
    mutating func elapse(to time: Timestamp, at position: Position) {
        let over = timers.filter { $0.value.due.map { $0 <= time } ?? true }
        for (key, pending) in over.sorted(by: Self.isEarlier) {
            timers[key] = nil
            add(pending, at: position)
        }
    }

    /// The order in which timers go off.
    static func isEarlier(
        _ left: (key: TimerKey, value: PendingAppend), _ right: (key: TimerKey, value: PendingAppend)
    ) -> Bool {
        let (mine, its) = (left.value.due?.microseconds ?? 0, right.value.due?.microseconds ?? 0)
        if mine != its { return mine < its }
        if left.key.object != right.key.object { return left.key.object < right.key.object }
        // By bytes, as they stand in the files.
        return left.key.name.utf8.lexicographicallyPrecedes(right.key.name.utf8)
    }

    private mutating func add(_ pending: PendingAppend, at position: Position) {
        let last =
            outbox.last.flatMap { $0.key.position == position ? $0.key.number + 1 : nil }
            ?? next.flatMap { $0.position == position ? $0.number : nil } ?? 0
        outbox.append((OutboxKey(position: position, number: last), pending))
    }
}
