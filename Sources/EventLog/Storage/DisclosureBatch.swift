/// The sealed disclosures beside several entries.
package struct DisclosureBatch: Sendable {
    private var rows: [[UInt8]] = []
    /// For each entry, where its disclosures begin.
    private var starts: [Int] = []

    init(reserving entries: Int) {
        starts.reserveCapacity(entries)
    }

    /// Those beside an entry, by its index among the positions asked for, in the order of their ordinals.
    package subscript(entry: Int) -> ArraySlice<[UInt8]> {
        rows[starts[entry]..<(entry + 1 < starts.count ? starts[entry + 1] : rows.count)]
    }

    /// How many there are of the entry that was begun last.
    var countOfLast: Int { rows.count - (starts.last ?? 0) }

    mutating func beginEntry() {
        starts.append(rows.count)
    }

    mutating func append(_ row: [UInt8]) {
        rows.append(row)
    }
}
