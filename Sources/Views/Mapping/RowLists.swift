internal import EventLog
internal import LMDB

/// Rows as they come, gathered by the object that they are about: those of an object are linked in the order in which they
/// came, which is that of positions. So only the objects are sorted, not the rows.
struct RowLists {
    private struct Row {
        let object: UInt32
        var next: UInt32 = .max
        let start: UInt32
        var length: UInt32 = 0
    }

    private var objects = ByteTable()
    private var heads: [UInt32] = []
    private var tails: [UInt32] = []
    private var rows: [Row] = []
    /// Of each row its head and its value: position (8, big-endian), ordinal (2, big-endian), as they end its key; how many
    /// bytes its value has (2, little-endian); the value.
    private var bytes: [UInt8] = []
    /// How many rows, and bytes of them, are of entries that were mapped to their end.
    private var kept = 0
    private var keptBytes = 0

    /// How many bytes stand before the value of a row, and how many of them end its key.
    static let headBytes = 12
    static let placeBytes = 10

    /// How many bytes of memory it takes, about.
    var byteCount: Int { objects.byteCount + rows.count * 16 + bytes.count }

    /// The bytes of the value of the row that was begun last.
    var lastLength: Int { rows.isEmpty ? 0 : bytes.count - Int(rows[rows.count - 1].start) - Self.headBytes }

    /// How many rows the entry at hand has so far.
    var newCount: Int { rows.count - kept }

    /// Begins a row.
    ///
    /// - Parameter head: Its head, and what its value begins with. How long the value is, is filled in.
    @inline(__always)
    mutating func begin(_ object: Span<UInt8>, _ head: Span<UInt8>) {
        end()
        let number = objects.number(of: object)
        if number == heads.count {
            heads.append(.max)
            tails.append(.max)
        }
        rows.append(
            Row(object: UInt32(truncatingIfNeeded: number), start: UInt32(truncatingIfNeeded: bytes.count)))
        bytes.append(copying: head)
    }

    /// Adds to the row that was begun last.
    mutating func add(_ byte: UInt8) { bytes.append(byte) }
    mutating func add(_ more: Span<UInt8>) { bytes.append(copying: more) }
    mutating func add<Value: FixedWidthInteger>(littleEndian value: Value) { bytes.append(littleEndian: value) }

    /// Counts values of the row that was begun last, at an offset in its value; false if it would have too many.
    mutating func countValues(_ count: Int, at offset: Int, atMost limit: Int) -> Bool {
        let at = Int(rows[rows.count - 1].start) + Self.headBytes + offset
        guard Int(bytes[at]) + count <= limit else { return false }
        bytes[at] += UInt8(truncatingIfNeeded: count)
        return true
    }

    private mutating func end() {
        let last = rows.count - 1
        guard last >= kept, rows[last].length == 0 else { return }
        let start = Int(rows[last].start)
        let length = bytes.count - start
        rows[last].length = UInt32(truncatingIfNeeded: length)
        bytes[start + Self.placeBytes] = UInt8(truncatingIfNeeded: length - Self.headBytes)
        bytes[start + Self.placeBytes + 1] = UInt8(truncatingIfNeeded: (length - Self.headBytes) >> 8)
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
        keptBytes = bytes.count
    }

    /// Drops the rows of the entry at hand.
    mutating func drop() {
        rows.removeLast(rows.count - kept)
        bytes.removeLast(bytes.count - keptBytes)
    }

    /// The rows that were kept, in the order of their keys. They are forgotten here, the memory is kept.
    mutating func pack() -> PackedRows {
        drop()
        var packer = RowPacker()
        let order = objects.sorted((0..<UInt32(truncatingIfNeeded: heads.count)).filter { heads[Int($0)] != .max })
        for object in order {
            let name = objects[Int(object)]
            packer.begin(name)
            var next = heads[Int(object)]
            while next != .max {
                let row = rows[Int(next)]
                let start = Int(row.start)
                packer.add(bytes.span.extracting(start..<start + Int(row.length)), of: name)
                next = row.next
            }
        }
        objects.removeAll()
        heads.removeAll(keepingCapacity: true)
        tails.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        (kept, keptBytes) = (0, 0)
        return packer.finish()
    }
}
