internal import EventLog
internal import Exchange
internal import Synchronization
internal import Transparency

extension AutomationRunner {
    /// Takes in what comes next, in one transaction with how far that is.
    ///
    /// - Returns: Whether there was anything.
    func foldBatch() throws(ViewError) -> Bool {
        let (log, together) = (ledger.log, batch.events)
        // First the head, then by which query: a charter event below the head may change how those after it are found.
        let head = try ViewError.wrapping { () throws(LogError) in try log.head }
        try followCharter()
        let tables = try tables()
        let (meta, query) = state.withLock { ($0.meta, $0.query) }
        guard head > meta.position else { return false }
        let entries = try ViewError.wrapping { () throws(LogError) in
            try log.read(query, ReadRange(from: meta.position, to: head, limit: together))
        }
        let seen = try unsealed(entries)
        let reach = entries.count < together ? head : entries.last.map { $0.position + 1 } ?? head
        let next = try fold(seen, to: reach, meta, tables)
        state.withLock { $0.meta = next }
        waiters.publish(next.position)
        return true
    }

    /// Takes in as many of some events as fit its memory.
    ///
    /// - Parameter reach: How far it is when all are taken in.
    /// - Returns: How far it is.
    private func fold(
        _ seen: [SeenEntry.Event], to reach: Position, _ meta: ViewMeta, _ tables: AutomationTables
    ) throws(ViewError) -> ViewMeta {
        let fitting = try room(for: seen, meta, tables)
        let mergers = try mergers()
        let events = seen.prefix(fitting).map { (position: $0.position, event: LedgerEvent($0, mergers)) }
        let known = events.compactMap(\.event)
        var desk = AutomationDesk()
        if let first = known.first, let last = known.last {
            desk = try tables.desk(for: Set(known.flatMap { automation.objects(of: $0) }), dueBy: last.recorded)
            desk.next = try tables.next(at: first.position)
        }
        let before = desk
        var poisonous: [MappedRange.Parked] = []
        var (bytes, end) = (0, fitting < seen.count ? seen[fitting].position : reach)
        for (position, event) in events {
            guard bytes < batch.bytes else {
                end = position
                break
            }
            let waiting = desk.outbox.count
            do throws(AutomationFault) {
                guard let event else { throw AutomationFault("It cannot be read.") }
                try desk.take(event, by: automation, isReacting: position >= registration.from)
                for object in automation.objects(of: event) { bytes += desk.states[object]?.count ?? 0 }
            } catch {
                poisonous.append(MappedRange.Parked(position: position, reason: error.reason))
            }
            for row in desk.outbox[waiting...] { bytes += row.pending.appending.data.count }
        }
        var next = meta
        next.position = end
        let log = ledger.log
        next.root = try ViewError.wrapping { () throws(LogError) in try log.root(atSize: end) }
        try park(poisonous, tables)
        try tables.write(desk, before: before, next, skipped: poisonous.map(\.position))
        return next
    }

    /// Entries as everyone who sees them sees them.
    func unsealed(_ entries: [Entry]) throws(ViewError) -> [SeenEntry.Event] {
        let (ledger, upcasters) = (ledger, upcasters)
        return try ViewError.wrapping { () throws(ExchangeError) in
            try ledger.unsealed(entries, upcasting: upcasters)
        }
    }

    func mergers() throws(ViewError) -> Mergers {
        let ledger = ledger
        return try ViewError.wrapping { () throws(ExchangeError) in try ledger.mergers() }
    }

    /// How many of some events can be taken in together without more timers going off before the last of them than are held in
    /// memory. Those that go off before the first are moved to what is to be appended, some at a time.
    private func room(
        for events: [SeenEntry.Event], _ meta: ViewMeta, _ tables: AutomationTables
    ) throws(ViewError) -> Int {
        guard let first = events.first, let last = events.last else { return 0 }
        let most = batch.timers
        while true {
            let due = try tables.due(by: last.recorded, limit: most + 1)
            guard due.count > most, let after = due.last?.value.due else { return events.count }
            guard after <= first.recorded else { return events.prefix { $0.recorded < after }.count }
            var desk = AutomationDesk()
            for (key, pending) in due { desk.timers[key] = pending }
            let before = desk
            desk.next = try tables.next(at: first.position)
            desk.elapse(to: first.recorded, at: first.position)
            try tables.write(desk, before: before, meta)
        }
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

    /// Notes what the charter says anew. If older events are to be brought up further, the automation is made anew.
    private func followCharter() throws(ViewError) {
        let (ledger, automation) = (ledger, automation)
        let terms = try ViewError.wrapping { () throws(ExchangeError) in try ledger.foldTerms() }
        guard state.withLock({ $0.charter != terms.charterPosition }) else { return }
        let query = try ViewError.wrapping { () throws(ExchangeError) in try ledger.stored(automation.query) }
        let lines = terms.lines
        var meta = state.withLock { $0.meta }
        if meta.lines != lines {
            meta = ViewMeta(title: meta.title, origin: meta.origin, lines: lines)
            try tables().empty(meta)
        }
        // What a rule looks at may be found otherwise now.
        state.withLock { ($0.charter, $0.query, $0.meta, $0.tried) = (terms.charterPosition, query, meta, [:]) }
    }
}
