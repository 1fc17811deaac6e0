internal import EventLog
internal import LMDB

/// Writes into an empty view, which nobody sees yet, what the whole log comes to, so that each page is written once: what comes
/// in the order of positions as it comes; rows when all are there, in the order of their keys. Until then they are kept sorted, chunk by
/// chunk: in memory, and what has no room there in a ``RowSpill``. The position comes with the last.
struct RebuildWriter {
    private let store: ViewStore
    /// How many bytes of rows are kept in memory at the most, and of sums.
    private let memory: Int
    private let makeSpill: () throws(ViewError) -> RowSpill
    private var writer: BatchWriter
    private var spill: RowSpill?
    private var pieces: UInt64 = 0
    private var tables: [FactRow.Table: Rows] = [.fact: Rows(), .lookup: Rows()]
    private var bytes = 0
    private var tallies = TallySums()
    private var origins: [UInt64: Origin] = [:]

    /// The rows of a table, in the order of positions: first those that were put aside.
    private struct Rows {
        var aside: [Range<UInt64>] = []
        var kept: [PackedRows] = []

        func cursors(_ spill: RowSpill?) -> [RowCursor] {
            (spill.map { spill in aside.map { RowCursor($0, in: spill) } } ?? []) + kept.map { RowCursor($0) }
        }
    }

    /// - Parameter makeSpill: Makes the place where rows are put aside; called once, if at all.
    init(
        _ store: ViewStore, _ writer: BatchWriter, memory: Int, makeSpill: @escaping () throws(ViewError) -> RowSpill
    ) {
        (self.store, self.writer, self.memory, self.makeSpill) = (store, writer, memory, makeSpill)
    }

    /// Takes what a chunk comes to. They come in the order of positions.
    @available(*, noasync)
    mutating func take(_ mapped: MappedRange) throws(ViewError) {
        try wrapping { writer throws(LMDBError) in try writer.writeAhead(mapped) }
        for origin in mapped.origins { origins[origin.number] = origin }
        tallies.add(mapped.tallies)
        if tallies.byteCount > memory / 4 {
            let sums = tallies.take()
            try wrapping { writer throws(LMDBError) in try writer.writeAhead(sums) }
        }
        for table in FactRow.Table.allCases where !mapped.rows(table).isEmpty {
            tables[table]?.kept.append(mapped.rows(table))
            bytes += mapped.rows(table).byteCount
        }
        if bytes > memory { try putAside() }
    }

    /// Puts the rows aside that are in memory.
    @available(*, noasync)
    private mutating func putAside() throws(ViewError) {
        let spill: RowSpill
        if let known = self.spill { spill = known } else { spill = try makeSpill() }
        self.spill = spill
        for table in FactRow.Table.allCases {
            guard let kept = tables[table]?.kept, !kept.isEmpty else { continue }
            tables[table]?.kept = []
            let merge = RowMerge(table, kept.map { RowCursor($0) })
            let first = pieces
            let put = try store.wrapping { () throws(LMDBError) in try spill.put(merge, from: first) }
            pieces = put.upperBound
            tables[table]?.aside.append(put)
        }
        bytes = 0
    }

    /// Writes the rows, and after them how far they go.
    ///
    /// - Returns: Whether it came to the end; false if it was not wanted any more.
    @available(*, noasync)
    mutating func finish(_ meta: ViewMeta) throws(ViewError) -> Bool {
        let merges = FactRow.Table.allCases.map { table in
            RowMerge(table, tables[table]?.cursors(spill) ?? [])
        }
        tables = [:]
        let rest = BatchRest(
            tallies: [tallies], origins: origins.values.sorted { $0.number < $1.number }, skipped: [], meta: meta)
        return try wrapping { writer throws(LMDBError) in try writer.write([], merges, rest) }
    }

    private mutating func wrapping<Result>(
        _ body: (_ writer: inout BatchWriter) throws(LMDBError) -> Result
    ) throws(ViewError) -> Result {
        do throws(LMDBError) {
            return try body(&writer)
        } catch {
            throw ViewError(error, store.title)
        }
    }
}
