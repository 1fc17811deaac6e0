internal import EventLog
internal import Exchange
internal import LMDB

/// An automation's rows, in an environment like a view's.
///
/// Each key begins with its table (1 byte): state, by object; timer, by object, zero byte and name; due, by due time (8,
/// big-endian), object, zero byte and name → nothing; outbox, by position and number (8 and 4, big-endian); held, the same, for
/// what was refused; proposal, as timer, for what waits for the rules. Timers, outbox, held and proposals are
/// ``PendingAppend``s.
struct AutomationTables: Sendable {
    enum Table: UInt8 {
        // 1 and 2 are a view's.
        case state = 16
        case timer, due, outbox, held, proposal
    }

    typealias Row = (key: [UInt8], pending: PendingAppend)

    let store: ViewStore

    private static func key(_ table: Table, _ object: Tag) -> [UInt8] { [table.rawValue] + object.text.utf8 }

    static func key(_ table: Table, _ timer: AutomationDesk.TimerKey) -> [UInt8] {
        key(table, timer.object) + [0] + timer.name.utf8
    }

    private static func dueKey(_ due: Timestamp, _ timer: AutomationDesk.TimerKey) -> [UInt8] {
        [Table.due.rawValue] + moment(due) + timer.object.text.utf8 + [0] + timer.name.utf8
    }

    /// A time so that earlier ones come first, also before 1970.
    private static func moment(_ time: Timestamp) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64(bitPattern: time.microseconds) ^ 1 << 63)
        return bytes
    }

    private static func key(_ table: Table, _ place: AutomationDesk.OutboxKey) -> [UInt8] {
        var key = [table.rawValue]
        key.append(bigEndian: place.position)
        key.append(bigEndian: UInt32(clamping: place.number))
        return key
    }

    static func timerKey(_ bytes: [UInt8].SubSequence) -> AutomationDesk.TimerKey? {
        guard let end = bytes.firstIndex(of: 0),
            let object = try? Tag(String(decoding: bytes[..<end], as: UTF8.self))
        else { return nil }
        return AutomationDesk.TimerKey(object: object, name: String(decoding: bytes[(end + 1)...], as: UTF8.self))
    }

    // MARK: Reading

    /// What some events touch: states and timers of their objects, and all timers whose time comes before the last of them.
    func desk(for objects: Set<Tag>, dueBy time: Timestamp) throws(ViewError) -> AutomationDesk {
        var desk = AutomationDesk()
        for (key, pending) in try due(by: time, limit: .max) { desk.timers[key] = pending }
        for object in objects {
            if let state = try value(Self.key(.state, object)) { desk.states[object] = state }
            for (timer, pending) in try named(Self.key(.timer, object) + [0]) { desk.timers[timer] = pending }
            for (key, pending) in try named(Self.key(.proposal, object) + [0]) { desk.proposals[key] = pending }
        }
        return desk
    }

    /// The timers whose time has come, in the order in which they go off.
    func due(
        by time: Timestamp, limit: Int
    ) throws(ViewError) -> [(key: AutomationDesk.TimerKey, value: PendingAppend)] {
        let end = Self.moment(time)
        var found: [(key: AutomationDesk.TimerKey, value: PendingAppend)] = []
        for (key, _) in try rows(
            prefixedBy: [Table.due.rawValue], limit: limit,
            while: { key in
                !end.lexicographicallyPrecedes(key[1..<9])
            })
        {
            guard let timer = Self.timerKey(key.dropFirst(9)),
                let pending = try value(Self.key(.timer, timer)).flatMap({ PendingAppend($0) })
            else { continue }
            found.append((timer, pending))
        }
        return found
    }

    /// When the next timer goes off; nil if there is none.
    func nextDue() throws(ViewError) -> Timestamp? {
        try due(by: Timestamp(microseconds: .max), limit: 1).first?.value.due
    }

    /// What is to be appended, in order.
    func outbox(limit: Int) throws(ViewError) -> [Row] {
        try rows(prefixedBy: [Table.outbox.rawValue], limit: limit).compactMap { key, value in
            PendingAppend(value).map { (key, $0) }
        }
    }

    /// The number after those of what is to be appended from the event at a position.
    func nextNumber(at position: Position) throws(ViewError) -> Int {
        var prefix = [Table.outbox.rawValue]
        prefix.append(bigEndian: position)
        guard let last = try rows(prefixedBy: prefix).last?.key else { return 0 }
        return Int(last.span.littleEndianHalf(at: last.count - 4).byteSwapped) + 1
    }

    /// What was refused of what follows from the event at a position.
    func held(_ position: Position) throws(ViewError) -> [Row] {
        try rows(prefixedBy: [Table.held.rawValue]).compactMap { key, value in
            PendingAppend(value).flatMap { $0.position == position ? (key, $0) : nil }
        }
    }

    private func value(_ key: [UInt8]) throws(ViewError) -> [UInt8]? {
        try store.wrapping { () throws(LMDBError) in
            let transaction = try store.environment.beginRead()
            return try transaction.value(for: key.span, in: store.rows)?.copied
        }
    }

    func rows(
        prefixedBy prefix: [UInt8], limit: Int = .max, while goesOn: ([UInt8]) -> Bool = { _ in true }
    ) throws(ViewError) -> [(key: [UInt8], value: [UInt8])] {
        try store.wrapping { () throws(LMDBError) in
            let transaction = try store.environment.beginRead()
            var cursor = try transaction.cursor(over: store.rows)
            var rows: [(key: [UInt8], value: [UInt8])] = []
            var found = try cursor.move(toOrAfter: prefix.span)
            while found, rows.count < limit {
                let key = cursor.key.copied
                guard key.starts(with: prefix), goesOn(key) else { break }
                rows.append((key, cursor.value.copied))
                found = try cursor.moveToNext()
            }
            return rows
        }
    }

    // MARK: Writing

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
    /// - Parameter key: Where it stands among what is to be appended; for a timer nil.
    func hold(
        _ pending: PendingAppend, from key: [UInt8]?, timer: AutomationDesk.TimerKey? = nil
    ) throws(ViewError) {
        let place = AutomationDesk.OutboxKey(position: pending.position, number: pending.ordinal)
        try change { (transaction) throws(LMDBError) in
            if let key { try transaction.delete(key.span, in: store.rows) }
            if let timer { try remove(timer, pending, in: &transaction) }
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
