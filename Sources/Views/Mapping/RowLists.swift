internal import EventLog
internal import LMDB

/// Rows as they come, gathered by the object that they are about: those of an object are linked in the order in which they
/// came, which is that of positions. So only the objects are sorted, not the rows.
struct RowLists {
    struct Row {
        let object: UInt32
        var next: UInt32 = .max
        let position: Position
        let ordinal: UInt16
        let start: UInt32
        var length: UInt32 = 0
    }

    private(set) var objects = ByteTable()
    private var heads: [UInt32] = []
    private var tails: [UInt32] = []
    private(set) var rows: [Row] = []
    private(set) var values: [UInt8] = []
    /// How many rows, and bytes of values, are of entries that were mapped to their end.
    private var kept = 0
    private var keptBytes = 0

    /// How many bytes of memory it takes, about.
    var byteCount: Int { objects.byteCount + rows.count * 32 + values.count }

    /// The bytes of values of the row that was begun last.
    var lastLength: Int { rows.isEmpty ? 0 : values.count - Int(rows[rows.count - 1].start) }

    /// How many rows the entry at hand has so far.
    var newCount: Int { rows.count - kept }

    mutating func begin(_ object: Span<UInt8>, _ position: Position, _ ordinal: UInt16) {
        end()
        let number = objects.number(of: object)
        if number == heads.count {
            heads.append(.max)
            tails.append(.max)
        }
        rows.append(
            Row(
                object: UInt32(truncatingIfNeeded: number), position: position, ordinal: ordinal,
                start: UInt32(truncatingIfNeeded: values.count)))
    }

    /// Adds to the row that was begun last.
    mutating func add(_ byte: UInt8) { values.append(byte) }
    mutating func add(_ bytes: Span<UInt8>) { values.append(copying: bytes) }
    mutating func add<Value: FixedWidthInteger>(littleEndian value: Value) { values.append(littleEndian: value) }

    /// Counts values of the row that was begun last, at an offset in its bytes; false if it would have too many.
    mutating func countValues(_ count: Int, at offset: Int, atMost limit: Int) -> Bool {
        let at = Int(rows[rows.count - 1].start) + offset
        guard Int(values[at]) + count <= limit else { return false }
        values[at] += UInt8(truncatingIfNeeded: count)
        return true
    }

    private mutating func end() {
        guard let last = rows.indices.last else { return }
        rows[last].length = UInt32(truncatingIfNeeded: values.count) - rows[last].start
    }

    /// Keeps the rows of the entry at hand.
    mutating func keep() {
        guard rows.count > kept else { return }
        end()
        for index in kept..<rows.count {
            let object = Int(rows[index].object)
            let number = UInt32(truncatingIfNeeded: index)
            if heads[object] == .max {
                heads[object] = number
            } else {
                rows[Int(tails[object])].next = number
            }
            tails[object] = number
        }
        kept = rows.count
        keptBytes = values.count
    }

    /// Drops the rows of the entry at hand.
    mutating func drop() {
        rows.removeLast(rows.count - kept)
        values.removeLast(values.count - keptBytes)
    }

    /// Does something with each row of an object, in the order in which they came.
    @inline(__always)
    func forEachRow(
        of object: UInt32,
        _ body: (_ position: Position, _ ordinal: UInt16, _ value: Span<UInt8>) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        var next = heads[Int(object)]
        while next != .max {
            let row = rows[Int(next)]
            let start = Int(row.start)
            try body(row.position, row.ordinal, values.span.extracting(start..<start + Int(row.length)))
            next = row.next
        }
    }

    /// Appends the name of an object.
    func appendName(of object: UInt32, to name: inout [UInt8]) { name.append(copying: objects[Int(object)]) }

    /// Whether an object has a name.
    func isNamed(_ object: UInt32, _ name: [UInt8]) -> Bool { objects[Int(object)].isEqual(to: name.span) }

    /// Whether the name of an object comes before that of another one in other lists.
    func isOrdered(_ object: UInt32, before other: UInt32, in others: borrowing RowLists) -> Bool {
        ByteOrder.isOrdered(objects[Int(object)], before: others.objects[Int(other)])
    }

    /// The objects that have rows, in the order of their names.
    func sortedObjects() -> [UInt32] {
        objects.sorted((0..<UInt32(truncatingIfNeeded: heads.count)).filter { heads[Int($0)] != .max })
    }
}
