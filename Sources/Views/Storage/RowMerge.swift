internal import LMDB

/// Goes through the rows of several ranges in the order of their keys: by the names of their objects, and of one object
/// through the ranges in the order of positions.
struct RowMerge {
    let table: FactRow.Table
    private var cursors: [RowCursor]
    /// The cursors that are not at their end, as a heap: none comes before the one at half its index. The first is the one
    /// that gives rows.
    private var heap: [Int] = []
    private var hasBegun = false
    /// The key of the group at hand, of which the end is that of its last row.
    private var key: [UInt8] = []
    private var hasKey = false

    /// - Parameter cursors: In the order of positions.
    init(_ table: FactRow.Table, _ cursors: [RowCursor]) {
        self.table = table
        self.cursors = cursors
    }

    init(_ table: FactRow.Table, _ ranges: [MappedRange]) {
        self.init(table, ranges.lazy.map { $0.rows(table) }.filter { !$0.isEmpty }.map { RowCursor($0) })
    }

    /// Gives rows, until there is no room for more. There is room left only if all were given.
    @inline(__always)
    mutating func giveRows(
        _ room: inout Int,
        _ put: (_ key: Span<UInt8>, _ value: Span<UInt8>, _ row: Span<UInt8>) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        if !hasBegun { try begin() }
        while room > 0, let first = heap.first {
            if !hasKey {
                cursors[first].writeKey(table, to: &key)
                hasKey = true
            }
            try cursors[first].giveRows(&key, &room, put)
            if cursors[first].rowsLeft == 0 { try advance() }
        }
    }

    private mutating func begin() throws(LMDBError) {
        hasBegun = true
        for cursor in cursors.indices where try cursors[cursor].nextGroup() { heap.append(cursor) }
        for place in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(place) }
    }

    /// Goes on after a group whose rows were all given.
    private mutating func advance() throws(LMDBError) {
        hasKey = false
        if try cursors[heap[0]].nextGroup() {
            sink(0)
        } else {
            let last = heap.removeLast()
            guard !heap.isEmpty else { return }
            heap[0] = last
            sink(0)
        }
    }

    /// Puts the cursor at a place of the heap where it belongs, if it belongs below.
    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && comes(child, before: least) {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }

    private func comes(_ place: Int, before other: Int) -> Bool {
        let (left, right) = (heap[place], heap[other])
        switch cursors[left].compareName(to: cursors[right]) {
        case 0: return left < right
        case let order: return order < 0
        }
    }
}
