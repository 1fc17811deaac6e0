internal import EventLog
internal import LMDB

/// Writes what a batch came to: rows in the order of their keys, appended if the view is empty; sums; origins; positions that
/// were skipped. All in one transaction, with the position.
struct BatchWriter {
    /// After how many rows the pacer is asked.
    private static let step = 4_096

    let store: ViewStore
    let pacer: Pacer?
    private var key: [UInt8] = []
    private var count = 0

    init(_ store: ViewStore, pacer: Pacer?) {
        self.store = store
        self.pacer = pacer
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
        var transaction = try store.environment.beginWrite()
        let isEmpty = try transaction.count(of: store.rows) == 0
        for table in [FactRow.Table.fact, .lookup] {
            try write(table, ranges, appending: isEmpty, in: &transaction)
        }
        for range in ranges {
            try addTallies(of: range, in: &transaction)
            for origin in range.origins { try write(origin, in: &transaction) }
            for parked in range.parked { try write(skipped: parked.position, in: &transaction) }
        }
        if let mended {
            var key: [UInt8] = []
            key.append(bigEndian: mended)
            try transaction.delete(key.span, in: store.skipped)
        }
        try store.write(meta, in: &transaction)
        try transaction.commit()
    }

    /// Writes facts or lookups: object by object, and of each the rows of one range after those of the range before.
    private mutating func write(
        _ table: FactRow.Table, _ ranges: [MappedRange], appending: Bool, in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        var places = [Int](repeating: 0, count: ranges.count)
        let orders = ranges.map { $0.order(table) }
        let lists = ranges.map { $0.lists(table) }
        var name: [UInt8] = []
        while let first = Self.first(lists, orders, places) {
            name.removeAll(keepingCapacity: true)
            lists[first].appendName(of: orders[first][places[first]], to: &name)
            for range in first..<ranges.count where places[range] < orders[range].count {
                let object = orders[range][places[range]]
                guard range == first || lists[range].isNamed(object, name) else { continue }
                places[range] += 1
                try write(table, name, lists[range], object, appending, in: &transaction)
            }
        }
    }

    /// The first range among those whose next object has the least name; nil if none has any.
    private static func first(_ lists: [RowLists], _ orders: [[UInt32]], _ places: [Int]) -> Int? {
        var least: Int?
        for range in lists.indices where places[range] < orders[range].count {
            guard let found = least else {
                least = range
                continue
            }
            let (mine, its) = (orders[range][places[range]], orders[found][places[found]])
            if lists[range].isOrdered(mine, before: its, in: lists[found]) { least = range }
        }
        return least
    }

    private mutating func write(
        _ table: FactRow.Table, _ name: [UInt8], _ lists: RowLists, _ object: UInt32, _ appending: Bool,
        in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        var next = lists.first(of: object)
        while let row = next {
            FactRow.writeKey(table, name.span, row.position, row.ordinal, to: &key)
            let value = lists.values.span.extracting(Int(row.start)..<Int(row.start) + Int(row.length))
            if appending {
                try transaction.append(value, for: key.span, in: store.rows)
            } else {
                try transaction.put(value, for: key.span, in: store.rows)
            }
            next = lists.next(after: row)
            count += 1
            if count % Self.step == 0 { pacer?.pause() }
        }
    }

    private func addTallies(of range: MappedRange, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let tallies = range.sink.tallies
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
