public import EventLog
internal import Exchange
internal import Synchronization

extension AutomationRunner {
    /// The events of which it could make nothing, or of which what follows was refused.
    public func parkedEntries() throws(ViewError) -> [ParkedEntry] {
        let skipped = Set(try tables().store.skippedPositions())
        return try parked.list(automation.title).filter { skipped.contains($0.position) }
    }

    /// Takes a parked event in again, or appends what was refused of what follows from it.
    ///
    /// It is folded into the states of now, not into those of then.
    ///
    /// - Returns: Whether that could be done. If not, it is still parked, with one try more.
    /// - Throws: ``ViewError`` with code `.notParked` if there is none at that position.
    public func retry(_ position: Position) async throws(ViewError) -> Bool {
        await turn.take([0])
        defer { turn.give([0]) }
        let tables = try tables()
        let held = try held(position, tables)
        let reason = held.isEmpty ? try takeAgain(position, tables) : try await appendAgain(held, position, tables)
        try note(position, reason)
        return reason == nil
    }

    private func held(
        _ position: Position, _ tables: AutomationTables
    ) throws(ViewError) -> [AutomationTables.Row] {
        guard try tables.store.skippedPositions().contains(position) else {
            throw ViewError(.notParked, "\(automation.title) has no parked event at position \(position).")
        }
        return try tables.held(position)
    }

    private func note(_ position: Position, _ reason: String?) throws(ViewError) {
        if let reason {
            try parked.park(
                [MappedRange.Parked(position: position, reason: reason)], of: automation.title, isRetry: true)
        } else {
            try parked.unpark([position], of: automation.title)
        }
    }

    private func takeAgain(_ position: Position, _ tables: AutomationTables) throws(ViewError) -> String? {
        let ledger = ledger
        let entry = try ViewError.wrapping { () throws(LogError) in try ledger.log.entry(at: position) }
        let (seen, mergers) = (try unsealed([entry]), try mergers())
        guard let event = seen.first.flatMap({ LedgerEvent($0, mergers) }) else { return "It cannot be read." }
        var desk = try tables.desk(for: Set(automation.objects(of: event)), dueBy: event.recorded)
        desk.next = try tables.next(at: position)
        let before = desk
        do throws(AutomationFault) {
            try desk.take(event, by: automation, isReacting: position >= registration.from)
        } catch {
            return error.reason
        }
        try tables.write(desk, before: before, state.withLock { $0.meta }, mended: position)
        return nil
    }
}
