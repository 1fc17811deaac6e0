internal import LMDB

/// Goes through the objects of several ranges in the order of their names, and of one object through the ranges in the order
/// of positions.
struct RowMerge {
    let table: FactRow.Table
    private let ranges: [MappedRange]
    private let orders: [[UInt32]]
    private var places: [Int]
    /// The object that was given last, and by which range.
    private(set) var name: [UInt8] = []
    private var last: Int?

    init(_ table: FactRow.Table, _ ranges: [MappedRange]) {
        self.table = table
        self.ranges = ranges
        orders = ranges.map { $0.order(table) }
        places = [Int](repeating: 0, count: ranges.count)
    }

    /// The next object and whose it is; nil at the end.
    mutating func next() -> (range: MappedRange, object: UInt32)? {
        if let last {
            for range in last + 1..<max(last + 1, ranges.count) where places[range] < orders[range].count {
                let object = orders[range][places[range]]
                if ranges[range].isNamed(object, table, name) { return give(range, object) }
            }
        }
        guard let first else { return nil }
        let object = orders[first][places[first]]
        name.removeAll(keepingCapacity: true)
        ranges[first].appendName(of: object, table, to: &name)
        return give(first, object)
    }

    private mutating func give(_ range: Int, _ object: UInt32) -> (range: MappedRange, object: UInt32) {
        places[range] += 1
        last = range
        return (ranges[range], object)
    }

    /// The first range among those whose next object has the least name; nil if none has any.
    private var first: Int? {
        var least: Int?
        for range in ranges.indices where places[range] < orders[range].count {
            guard let found = least else {
                least = range
                continue
            }
            let (mine, its) = (orders[range][places[range]], orders[found][places[found]])
            if ranges[range].isOrdered(mine, before: its, in: ranges[found], table) { least = range }
        }
        return least
    }
}
