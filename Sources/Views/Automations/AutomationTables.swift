internal import EventLog
internal import Exchange
internal import LMDB

/// An automation's rows, in an environment like a view's.
///
/// Each key begins with its table (1 byte): state, by object; timer, by object, zero byte and name; due, by due time (8,
/// big-endian), object, zero byte and name → nothing; outbox, by position and number (8 and 4, big-endian); held, the same, for
/// what was refused; proposal, as timer, for what waits for the rules, and what was refused of it. Timers, outbox, held and proposals are
/// ``PendingAppend``s.
struct AutomationTables: Sendable {
    enum Table: UInt8 {
        // 1 and 2 are a view's.
        case state = 16
        case timer, due, outbox, held, proposal
    }

    typealias Row = (key: [UInt8], pending: PendingAppend)

    let store: ViewStore

    static func key(_ table: Table, _ object: Tag) -> [UInt8] { [table.rawValue] + object.text.utf8 }

    static func key(_ table: Table, _ timer: AutomationDesk.TimerKey) -> [UInt8] {
        key(table, timer.object) + [0] + timer.name.utf8
    }

    static func dueKey(_ due: Timestamp, _ timer: AutomationDesk.TimerKey) -> [UInt8] {
        [Table.due.rawValue] + moment(due) + timer.object.text.utf8 + [0] + timer.name.utf8
    }

    /// A time so that earlier ones come first, also before 1970.
    private static func moment(_ time: Timestamp) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64(bitPattern: time.microseconds) ^ 1 << 63)
        return bytes
    }

    private static func prefix(_ table: Table, _ position: Position) -> [UInt8] {
        var key = [table.rawValue]
        key.append(bigEndian: position)
        return key
    }

    static func key(_ table: Table, _ place: AutomationDesk.OutboxKey) -> [UInt8] {
        var key = prefix(table, place.position)
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
        try store.wrapping { () throws(LMDBError) in
            let transaction = try store.environment.beginRead()
            var cursor = try transaction.cursor(over: store.rows)
            let prefix = [Table.due.rawValue]
            var isThere = try cursor.move(toOrAfter: prefix.span)
            while isThere, found.count < limit {
                let key = cursor.key.copied
                guard key.starts(with: prefix), !end.lexicographicallyPrecedes(key[1..<9]) else { break }
                if let timer = Self.timerKey(key.dropFirst(9)) {
                    let row = Self.key(.timer, timer)
                    if let value = try transaction.value(for: row.span, in: store.rows),
                        let pending = PendingAppend(value.copied)
                    {
                        found.append((timer, pending))
                    }
                }
                isThere = try cursor.moveToNext()
            }
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

    /// The place after those of what is to be appended from the event at a position.
    func next(at position: Position) throws(ViewError) -> AutomationDesk.OutboxKey {
        let prefix = Self.prefix(.outbox, position)
        let last = try store.wrapping { () throws(LMDBError) -> [UInt8]? in
            let transaction = try store.environment.beginRead()
            var cursor = try transaction.cursor(over: store.rows)
            let end = prefix + [UInt8](repeating: 0xFF, count: 4)
            let isThere = try cursor.move(toOrAfter: end.span) ? cursor.moveToPrevious() : cursor.moveToLast()
            guard isThere, cursor.key.copied.starts(with: prefix) else { return nil }
            return cursor.key.copied
        }
        let number = last.map { Int($0.span.littleEndianHalf(at: $0.count - 4).byteSwapped) + 1 } ?? 0
        return AutomationDesk.OutboxKey(position: position, number: number)
    }

    /// What was refused of what follows from the event at a position.
    func held(_ position: Position) throws(ViewError) -> [Row] {
        try rows(prefixedBy: Self.prefix(.held, position)).compactMap { key, value in
            PendingAppend(value).map { (key, $0) }
        }
    }

    private func value(_ key: [UInt8]) throws(ViewError) -> [UInt8]? {
        try store.wrapping { () throws(LMDBError) in
            let transaction = try store.environment.beginRead()
            return try transaction.value(for: key.span, in: store.rows)?.copied
        }
    }

    func rows(
        prefixedBy prefix: [UInt8], limit: Int = .max
    ) throws(ViewError) -> [(key: [UInt8], value: [UInt8])] {
        try store.wrapping { () throws(LMDBError) in
            let transaction = try store.environment.beginRead()
            var cursor = try transaction.cursor(over: store.rows)
            var rows: [(key: [UInt8], value: [UInt8])] = []
            var found = try cursor.move(toOrAfter: prefix.span)
            while found, rows.count < limit {
                let key = cursor.key.copied
                guard key.starts(with: prefix) else { break }
                rows.append((key, cursor.value.copied))
                found = try cursor.moveToNext()
            }
            return rows
        }
    }
}
