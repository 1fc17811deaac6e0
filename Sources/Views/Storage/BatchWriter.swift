internal import EventLog
internal import LMDB

/// Writes what a batch came to: rows in the order of their keys, appended if the view is empty; sums; origins; positions that
/// were skipped. In one transaction, with the position; but a view that nobody sees yet, because it is being made beside the
/// old one, in several, so that no commit is large. The position comes with the last.
struct BatchWriter {
    /// How many rows a commit has at the most while a view is made, and while events are being appended.
    private static let rowsPerCommit = 200_000
    private static let rowsPerBusyCommit = 8_192

    let store: ViewStore
    /// Given if it is a view that nobody sees yet.
    let pacer: Pacer?
    private let probe: ViewProbe
    /// Asked before each commit but the last.
    private let isWanted: () -> Bool
    /// Told of each commit, if given.
    private let sync: EarlySync?
    private var key: [UInt8] = []

    init(
        _ store: ViewStore, pacer: Pacer?, probe: ViewProbe = ViewProbe(), sync: EarlySync? = nil,
        isWanted: @escaping () -> Bool = { true }
    ) {
        (self.store, self.pacer, self.probe, self.sync, self.isWanted) = (store, pacer, probe, sync, isWanted)
    }

    /// Writes a batch. Durable on return.
    ///
    /// - Parameters:
    ///   - ranges: In the order of positions.
    ///   - mended: A position that was skipped and is no longer; then nothing but its rows comes.
    @available(*, noasync)
    mutating func write(
        _ ranges: [MappedRange], _ meta: ViewMeta, mending mended: Position? = nil
    ) throws(LMDBError) {
        let rest = BatchRest(
            tallies: ranges.map(\.tallies), origins: ranges.flatMap(\.origins),
            skipped: ranges.flatMap(\.parked).map(\.position), mended: mended, meta: meta)
        try write(ranges, [RowMerge(.fact, ranges), RowMerge(.lookup, ranges)], rest)
    }

    /// Writes of a range what comes in the order of positions, while its rows wait.
    @available(*, noasync)
    mutating func writeAhead(_ range: MappedRange) throws(LMDBError) {
        guard range.shared.count > 0 || !range.parked.isEmpty else { return }
        try write([range], [], BatchRest(skipped: range.parked.map(\.position)))
    }

    /// Adds sums to those that are there.
    @available(*, noasync)
    mutating func writeAhead(_ sums: TallySums) throws(LMDBError) { try write([], [], BatchRest(tallies: [sums])) }

    /// Writes values that facts have in common, rows, and then the rest.
    ///
    /// - Parameter ranges: Whose values they are.
    /// - Returns: Whether it came to the end; false if it was not wanted any more.
    @available(*, noasync)
    @discardableResult
    mutating func write(
        _ ranges: [MappedRange], _ merges: consuming [RowMerge], _ rest: BatchRest
    ) throws(LMDBError) -> Bool {
        var merges = merges
        var isEmpty: Bool?
        var isDone = false
        var blocks = (range: 0, index: 0)
        while !isDone {
            var transaction = try store.environment.beginWrite()
            let appends: Bool
            if let isEmpty { appends = isEmpty } else { appends = try transaction.count(of: store.rows) == 0 }
            isEmpty = appends
            var room =
                pacer.map { probe.rowsPerCommit ?? ($0.isBusy ? Self.rowsPerBusyCommit : Self.rowsPerCommit) } ?? .max
            try write(ranges, &blocks, mending: rest.mended != nil, &room, in: &transaction)
            for table in merges.indices { try write(&merges[table], appending: appends, &room, in: &transaction) }
            isDone = room > 0
            if isDone {
                try finish(rest, in: &transaction)
            } else if !isWanted() {
                return false
            }
            try probe.committing()
            try transaction.commit()
            // What lies about unwritten would have to be written with the log's next commit.
            if pacer?.isBusy == true { try store.environment.sync() } else { sync?.wake() }
            pacer?.pause()
        }
        return true
    }

    private func finish(_ rest: BatchRest, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        for sums in rest.tallies { try add(sums, in: &transaction) }
        for origin in rest.origins { try write(origin, in: &transaction) }
        for position in rest.skipped { try write(skipped: position, in: &transaction) }
        if let mended = rest.mended {
            var key: [UInt8] = []
            key.append(bigEndian: mended)
            try transaction.delete(key.span, in: store.skipped)
        }
        if let meta = rest.meta { try store.write(meta, in: &transaction) }
    }

    /// Writes values that facts have in common, until there is no room for more. They come in the order of positions, after all
    /// that are there; those of a position that is mended do not.
    private mutating func write(
        _ ranges: [MappedRange], _ next: inout (range: Int, index: Int), mending: Bool, _ room: inout Int,
        in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        let shared = store.shared
        guard !mending else {
            for range in ranges {
                for index in 0..<range.shared.count {
                    try range.shared.withBlock(index) { (block, values) throws(LMDBError) in
                        FactRow.writeKey(shared: block.position, block.number, to: &key)
                        try transaction.put(values, for: key.span, in: shared)
                    }
                }
            }
            return
        }
        var appender = try transaction.appender(to: shared)
        while room > 0, next.range < ranges.count {
            guard next.index < ranges[next.range].shared.count else {
                next = (next.range + 1, 0)
                continue
            }
            try ranges[next.range].shared.withBlock(next.index) { (block, values) throws(LMDBError) in
                FactRow.writeKey(shared: block.position, block.number, to: &key)
                try appender.append(values, for: key.span)
            }
            next.index += 1
            room -= 1
        }
        // Rows wait for the next commit, or one would be thought to be the last.
        if next.range < ranges.count { room = 0 }
    }

    /// Writes facts or lookups in the order of their keys, until there is no room for more.
    private func write(
        _ merge: inout RowMerge, appending: Bool, _ room: inout Int, in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        let rows = store.rows
        guard appending else {
            return try merge.giveRows(&room) { (key, value, _) throws(LMDBError) in
                try transaction.put(value, for: key, in: rows)
            }
        }
        var appender = try transaction.appender(to: rows)
        try merge.giveRows(&room) { (key, value, _) throws(LMDBError) in try appender.append(value, for: key) }
    }

    private func add(_ tallies: TallySums, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        // Keys that only entries have which were parked are there, too, and have no sum.
        let numbers = tallies.keys.sorted(tallies.sums.indices.lazy.map { UInt32(truncatingIfNeeded: $0) })
        for number in numbers where tallies.isCounted(Int(number)) {
            let key = tallies.keys[Int(number)]
            var sum = tallies.sums[Int(number)]
            if let stored = try transaction.value(for: key, in: store.tallies), stored.count == 8 {
                sum &+= Int64(bitPattern: stored.littleEndianWord(at: 0))
            }
            var value: [UInt8] = []
            value.append(littleEndian: sum)
            try transaction.put(value.span, for: key, in: store.tallies)
        }
    }

    private func write(_ origin: Origin, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        var key: [UInt8] = []
        key.append(bigEndian: origin.number)
        let text = Array("\(origin.schema)\0\(origin.type)\0\(origin.agency)".utf8)
        guard try transaction.value(for: key.span, in: store.origins) == nil else { return }
        try transaction.put(text.span, for: key.span, in: store.origins)
    }

    private func write(skipped position: Position, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        var key: [UInt8] = []
        key.append(bigEndian: position)
        let nothing: [UInt8] = []
        try transaction.put(nothing.span, for: key.span, in: store.skipped)
    }
}
