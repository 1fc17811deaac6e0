internal import EventLog
internal import Exchange
internal import LMDB

extension AutomationTables {
    /// Takes away all there is: what comes next is the first event.
    func empty(_ meta: ViewMeta) throws(ViewError) {
        try change { (transaction) throws(LMDBError) in
            for database in [store.rows, store.skipped] { try transaction.removeAll(of: database) }
            try store.write(meta, in: &transaction)
        }
    }

    /// Writes what a desk has become, and how far that is. Durable on return.
    ///
    /// - Parameters:
    ///   - before: As it was read.
    ///   - skipped: Positions that are skipped from now on.
    ///   - mended: One that no longer is.
    func write(
        _ desk: AutomationDesk, before: AutomationDesk, _ meta: ViewMeta,
        skipped: [Position] = [], mended: Position? = nil
    ) throws(ViewError) {
        try change { (transaction) throws(LMDBError) in
            for (object, state) in desk.states {
                try Self.put(state, Self.key(.state, object), store, in: &transaction)
            }
            for (key, pending) in before.timers where desk.timers[key] != pending {
                try remove(key, pending, in: &transaction)
            }
            for key in before.proposals.keys where desk.proposals[key] == nil {
                try transaction.delete(Self.key(.proposal, key).span, in: store.rows)
            }
            for (key, pending) in desk.proposals where before.proposals[key] != pending {
                try Self.put(pending.bytes, Self.key(.proposal, key), store, in: &transaction)
            }
            for (key, pending) in desk.timers where before.timers[key] != pending {
                try Self.put(pending.bytes, Self.key(.timer, key), store, in: &transaction)
                try Self.put([], Self.dueKey(pending.due ?? Timestamp(microseconds: 0), key), store, in: &transaction)
            }
            for (key, pending) in desk.outbox {
                try Self.put(pending.bytes, Self.key(.outbox, key), store, in: &transaction)
            }
            for position in skipped { try mark(position, in: &transaction) }
            if let mended { try unmark(mended, in: &transaction) }
            try store.write(meta, in: &transaction)
        }
    }

    private func remove(
        _ key: AutomationDesk.TimerKey, _ pending: PendingAppend, in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        let (timer, due) = (Self.key(.timer, key), Self.dueKey(pending.due ?? Timestamp(microseconds: 0), key))
        try transaction.delete(timer.span, in: store.rows)
        try transaction.delete(due.span, in: store.rows)
    }

    /// Takes away what has been appended.
    func remove(_ keys: [[UInt8]], timers: [(key: AutomationDesk.TimerKey, value: PendingAppend)] = [])
        throws(ViewError)
    {
        try change { (transaction) throws(LMDBError) in
            for key in keys { try transaction.delete(key.span, in: store.rows) }
            for (key, pending) in timers { try remove(key, pending, in: &transaction) }
        }
    }

    /// Lays aside what was refused: the event from which it follows counts as skipped.
    ///
    /// - Parameters:
    ///   - key: Where it stands among what is to be appended; for a timer or proposal nil.
    ///   - proposal: Its name if it is one: it stays among them, as held.
    func hold(
        _ pending: PendingAppend, from key: [UInt8]?, timer: AutomationDesk.TimerKey? = nil,
        proposal: AutomationDesk.TimerKey? = nil
    ) throws(ViewError) {
        let place = AutomationDesk.OutboxKey(position: pending.position, number: pending.ordinal)
        try change { (transaction) throws(LMDBError) in
            if let key { try transaction.delete(key.span, in: store.rows) }
            if let timer { try remove(timer, pending, in: &transaction) }
            if let proposal {
                var kept = pending
                kept.isHeld = true
                try Self.put(kept.bytes, Self.key(.proposal, proposal), store, in: &transaction)
            }
            try Self.put(pending.bytes, Self.key(.held, place), store, in: &transaction)
            try mark(pending.position, in: &transaction)
        }
    }

    /// Takes away what was refused before and has been appended now.
    func release(_ rows: [Row], mended position: Position) throws(ViewError) {
        try change { (transaction) throws(LMDBError) in
            for row in rows { try transaction.delete(row.key.span, in: store.rows) }
            try unmark(position, in: &transaction)
        }
    }

    private func mark(_ position: Position, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        var key: [UInt8] = []
        key.append(bigEndian: position)
        let nothing: [UInt8] = []
        try transaction.put(nothing.span, for: key.span, in: store.skipped)
    }

    private func unmark(_ position: Position, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        var key: [UInt8] = []
        key.append(bigEndian: position)
        try transaction.delete(key.span, in: store.skipped)
    }

    private static func put(
        _ value: [UInt8], _ key: [UInt8], _ store: ViewStore, in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        try transaction.put(value.span, for: key.span, in: store.rows)
    }

    private func change(
        _ body: (inout LMDBWriteTransaction) throws(LMDBError) -> Void
    ) throws(ViewError) {
        try store.wrapping { () throws(LMDBError) in
            var transaction = try store.environment.beginWrite()
            try body(&transaction)
            try transaction.commit()
        }
    }
}
