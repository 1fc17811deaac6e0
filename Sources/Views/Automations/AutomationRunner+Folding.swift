internal import EventLog
internal import Exchange
internal import Synchronization
internal import Transparency

extension AutomationRunner {
    /// How many entries are taken in together.
    private static let together = 512

    /// Takes in what comes next, in one transaction with how far that is.
    ///
    /// - Returns: Whether there was anything.
    func foldBatch() throws(ViewError) -> Bool {
        try followCharter()
        let (tables, log) = (try tables(), ledger.log)
        let (meta, query) = state.withLock { ($0.meta, $0.query) }
        let (entries, end, root) = try ViewError.wrapping { () throws(LogError) in
            let head = try log.head
            let entries = try log.read(query, ReadRange(from: meta.position, to: head, limit: Self.together))
            let end = entries.count < Self.together ? head : entries.last.map { $0.position + 1 } ?? head
            return (entries, end, try log.root(atSize: end))
        }
        guard end > meta.position else { return false }
        let (ledger, upcasters) = (ledger, upcasters)
        let seen = try ViewError.wrapping { () throws(ExchangeError) in
            try ledger.unsealed(entries, upcasting: upcasters)
        }
        let events = seen.compactMap { LedgerEvent($0) }
        var next = meta
        (next.position, next.root) = (end, root)
        try fold(events, tables, next)
        state.withLock { $0.meta = next }
        waiters.publish(end)
        return true
    }

    private func fold(_ events: [LedgerEvent], _ tables: AutomationTables, _ next: ViewMeta) throws(ViewError) {
        let objects = Set(events.flatMap { automation.objects(of: $0) })
        var desk =
            try events.last.map { last throws(ViewError) in
                try tables.desk(for: objects, dueBy: last.recorded)
            } ?? AutomationDesk()
        let before = desk
        var poisonous: [MappedRange.Parked] = []
        for event in events {
            do throws(AutomationFault) {
                try desk.take(event, by: automation, isReacting: event.position >= registration.from)
            } catch {
                poisonous.append(MappedRange.Parked(position: event.position, reason: error.reason))
            }
        }
        try park(poisonous, tables)
        try tables.write(desk, before: before, next, skipped: poisonous.map(\.position))
    }

    /// Puts events on the list of those that are parked, durable before the automation goes past them.
    func park(_ entries: [MappedRange.Parked], _ tables: AutomationTables) throws(ViewError) {
        guard let first = entries.first else { return }
        try parked.park(entries, of: automation.title)
        guard try tables.store.skippedCount() + entries.count <= ViewLimits.parked else {
            throw ViewError(
                .tooManyParked,
                "The automation \(automation.title) parked more than \(ViewLimits.parked) events: “\(first.reason)” at "
                    + "position \(first.position). Mend it, and open it again.")
        }
    }

    /// Puts the list of parked events right, which may have one too many after a kill.
    func reconcile() throws(ViewError) {
        let (tables, position) = (try tables(), position)
        let skipped = Set(try tables.store.skippedPositions())
        let listed = Set(try parked.list(automation.title).map(\.position))
        try parked.unpark(listed.subtracting(skipped).filter { $0 < position }.sorted(), of: automation.title)
        try parked.park(
            skipped.subtracting(listed).sorted().map {
                MappedRange.Parked(position: $0, reason: "It was skipped; the reason is not known any more.")
            }, of: automation.title)
    }

    /// Notes what the charter says anew. If older events are to be brought up further, the automation must be opened again:
    /// it is made anew then.
    private func followCharter() throws(ViewError) {
        let (ledger, automation) = (ledger, automation)
        let terms = try ViewError.wrapping { () throws(ExchangeError) in try ledger.foldTerms() }
        guard state.withLock({ $0.charter != terms.charterPosition }) else { return }
        let query = try ViewError.wrapping { () throws(ExchangeError) in try ledger.stored(automation.query) }
        let lines = terms.lines
        guard state.withLock({ $0.meta.lines == lines }) else {
            throw ViewError(
                .stopped,
                "Events of older schemas are to be brought up otherwise now. Open the automation \(automation.title) again."
            )
        }
        // What a rule looks at may be found otherwise now.
        state.withLock { ($0.charter, $0.query, $0.tried) = (terms.charterPosition, query, [:]) }
    }
}
