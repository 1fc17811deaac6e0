internal import EventLog
internal import Exchange
internal import Synchronization

extension AutomationRunner {
    /// How many appends are taken off the list together.
    private static let together = 256
    /// How often something is tried that fails for a cause that may pass, before it is parked.
    private static let tries = 5

    /// What came of an append.
    enum Outcome {
        case done
        case refused(String)
        /// By a rule.
        case ruledOut(String)
        /// Something came that must be taken in first.
        case overtaken
    }

    /// Appends what follows from what was taken in, in order.
    ///
    /// - Returns: Whether there was anything.
    func appendOutbox() async throws(ViewError) -> Bool {
        let tables = try tables()
        let rows = try tables.outbox(limit: Self.together)
        var done: [[UInt8]] = []
        for row in rows {
            switch try await append(row.pending, finishing: { () throws(ViewError) in try tables.remove(done) }) {
            case .done: done.append(row.key)
            case .refused(let reason), .ruledOut(let reason):
                try park([MappedRange.Parked(position: row.pending.position, reason: reason)], tables)
                try tables.hold(row.pending, from: row.key)
            case .overtaken: break
            }
        }
        try tables.remove(done)
        return !rows.isEmpty
    }

    /// Appends what is due by the ledger's time, in the order of their times, each on the condition that nothing about its object
    /// has come that was not taken in: it might cancel the timer.
    ///
    /// - Returns: Whether there was anything.
    func appendDue() async throws(ViewError) -> Bool {
        let tables = try tables()
        let rows = try tables.due(by: try now(), limit: Self.together)
        var done: [(key: AutomationDesk.TimerKey, value: PendingAppend)] = []
        loop: for row in rows {
            let condition = nothingNew(about: row.key.object)
            let outcome = try await append(row.value, condition) { () throws(ViewError) in
                try tables.remove([], timers: done)
            }
            switch outcome {
            case .done: done.append(row)
            case .refused(let reason), .ruledOut(let reason):
                try park([MappedRange.Parked(position: row.value.position, reason: reason)], tables)
                try tables.hold(row.value, from: nil, timer: row.key)
            case .overtaken: break loop
            }
        }
        try tables.remove([], timers: done)
        return !rows.isEmpty
    }

    /// That nothing about an object has come that was not taken in.
    func nothingNew(about object: Tag) -> AppendCondition {
        let (query, position) = state.withLock { ($0.query, $0.meta.position) }
        return AppendCondition(
            noneMatching: automation.query(query, about: object), after: position == 0 ? nil : position - 1)
    }

    /// Appends what was refused before, each for itself: what is refused for good keeps nothing else from being appended.
    ///
    /// - Returns: Why one of them is refused again, or nil.
    func appendAgain(
        _ held: [AutomationTables.Row], _ position: Position, _ tables: AutomationTables
    ) async throws(ViewError) -> String? {
        var refused: String?
        for row in held {
            if let name = row.pending.name {
                let reason = try await proposeAgain(row.pending, as: name, tables)
                refused = refused ?? reason
                continue
            }
            switch try await append(row.pending, finishing: {}) {
            case .refused(let reason), .ruledOut(let reason): refused = refused ?? reason
            case .done, .overtaken: break
            }
        }
        if let refused { return refused }
        try tables.release(held, mended: position)
        return nil
    }

    /// Appends something, unless it is in the log already.
    ///
    /// - Parameter finish: Done before an error is thrown, so that what was appended is not looked at again.
    func append(
        _ pending: PendingAppend, _ condition: AppendCondition? = nil, finishing finish: () throws(ViewError) -> Void
    ) async throws(ViewError) -> Outcome {
        let identity = pending.identity(automation.name, source: registration.source)
        let log = ledger.log
        let known = try ViewError.wrapping { () throws(LogError) in try log.entries(of: [identity]) }
        guard known.isEmpty else { return .done }
        do throws(ExchangeError) {
            let event = try composed(pending)
            // Why it is refused is kept where operators read it, so it tells what everybody may know.
            _ = try await book.append(
                [event], as: automation.agency, lasting: condition.map { [$0] } ?? [],
                telling: .public)
            state.withLock { $0.failures = 0 }
            return .done
        } catch {
            guard error.code != .ruleBroken else { return .ruledOut(error.reason) }
            guard error.code == .conflict || error.code == .log else { return .refused(error.reason) }
            if let condition, try isOvertaken(condition) { return .overtaken }
            let failures = state.withLock { state in
                state.failures += 1
                return state.failures
            }
            try finish()
            guard failures >= Self.tries else { throw ViewError(error) }
            state.withLock { $0.failures = 0 }
            return .refused(error.reason)
        }
    }

    /// The event that it is.
    func composed(_ pending: PendingAppend) throws(ExchangeError) -> AgencyEvent {
        try ledger.composed(
            pending.appending.type, id: pending.identity(automation.name, source: registration.source).id,
            data: pending.appending.data, tags: pending.appending.tags, as: automation.agency,
            source: registration.source)
    }

    private func isOvertaken(_ condition: AppendCondition) throws(ViewError) -> Bool {
        let log = ledger.log
        return try ViewError.wrapping { () throws(LogError) in
            let from = condition.after.map { $0 + 1 } ?? 0
            return try !log.read(condition.query, ReadRange(from: from, limit: 1)).isEmpty
        }
    }
}
