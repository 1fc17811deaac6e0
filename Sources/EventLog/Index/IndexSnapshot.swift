internal import LMDB

/// The index as it is at one moment: the runs on disk, seen by one read transaction, and the segments in memory after
/// them. Together they cover the log without gaps.
struct IndexSnapshot: ~Copyable {
    let store: IndexStore
    let transaction: LMDBReadTransaction
    let runs: [IndexManifest.Run]
    private let memory: IndexMemory
    private let segments: [IndexMemory.Shared]
    private let soundFilters: SoundFilters

    init(
        store: IndexStore, transaction: consuming LMDBReadTransaction, runs: [IndexManifest.Run], memory: IndexMemory,
        segments: [IndexMemory.Shared], soundFilters: SoundFilters
    ) {
        self.store = store
        self.transaction = transaction
        self.runs = runs
        self.memory = memory
        self.segments = segments
        self.soundFilters = soundFilters
    }

    /// The position after the last that the runs cover.
    var runsEnd: Position { runs.last?.end ?? 0 }

    /// Of some hashes, the indices of those under which anything stands in memory.
    func indicesInMemory(ofKnown hashes: [UInt64]) -> [Int] {
        memory.indices(ofKnown: hashes, kept: segments)
    }

    /// The positions under a hash within a range, ascending: all those at or after ``runsEnd``.
    func positionsInMemory(of hash: UInt64, in range: Range<Position>) -> [Position] {
        memory.positions(of: hash, in: range, kept: segments)
    }

    /// Whether a run may hold a hash.
    func mayContain(_ hash: UInt64, in run: IndexManifest.Run) throws(LMDBError) -> Bool {
        try !indices(of: [hash], perhapsIn: run).isEmpty
    }

    /// Of some hashes, the indices of those that a run may hold. Goes through all of them at once, so that the memory
    /// that each touches is fetched in parallel.
    ///
    /// A filter that is damaged or missing is asked nothing: then all of them may be in the run, and its blocks tell.
    func indices(of hashes: [UInt64], perhapsIn run: IndexManifest.Run) throws(LMDBError) -> [Int] {
        let key = IndexStore.filterKey(run.id)
        guard let filter = try transaction.value(for: key.span, in: store.filters),
            soundFilters.contains(run.id, or: { RunFilter.isSound(filter, key: key.span) })
        else { return Array(hashes.indices) }
        var result: [Int] = []
        for index in hashes.indices where RunFilter.mayContain(hashes[index], in: filter) { result.append(index) }
        return result
    }

    /// The first list of positions under a hash in a run that reaches a position, or nil.
    ///
    /// - Throws: ``LMDBError`` with code `.corrupted` if a block on the way is damaged or missing.
    func list(of hash: UInt64, in run: IndexManifest.Run, reaching position: Position) throws(LMDBError) -> [Position]?
    {
        let wanted = UInt32(truncatingIfNeeded: max(position, run.base) - run.base)
        var cursor = try transaction.cursor(over: store.blocks)
        // If the run begins after that place, it may begin with a later list of the hash.
        _ = try moveToFloor(&cursor, RunBlock.Place(hash: hash, offset: wanted), run)
        var next: RunBlock.Place?
        repeat {
            if let next { try moveToNext(&cursor, next, run) }
            let block = cursor.value
            let count = RunBlock.count(block)
            var index = RunBlock.lowerBound(block, hash)
            while index < count, RunBlock.hash(block, index) == hash {
                let offsets = RunBlock.offsets(block, index)
                guard let last = offsets.last else { throw Self.damaged(run) }
                if last >= wanted { return offsets.map { run.base + UInt64($0) } }
                index += 1
            }
            next = index == count ? RunBlock.next(block) : nil
        } while next != nil && next?.hash == hash && next != .end
        return nil
    }

    /// Moves on to the block that begins at a place.
    private func moveToNext(
        _ cursor: inout LMDBCursor, _ place: RunBlock.Place, _ run: IndexManifest.Run
    ) throws(LMDBError) {
        guard try cursor.moveToNext(), RunBlock.isSound(cursor.value, key: cursor.key),
            RunBlock.run(ofKey: cursor.key) == run.id, RunBlock.place(ofKey: cursor.key) == place
        else { throw Self.damaged(run) }
    }

    /// The last list of positions under a hash in a run that begins at or before a position, or nil.
    ///
    /// - Throws: ``LMDBError`` with code `.corrupted` if a block on the way is damaged or missing.
    func list(of hash: UInt64, in run: IndexManifest.Run, beginningBy position: Position) throws(LMDBError)
        -> [Position]?
    {
        let wanted = UInt32(truncatingIfNeeded: min(position, run.end - 1) - run.base)
        var cursor = try transaction.cursor(over: store.blocks)
        guard try moveToFloor(&cursor, RunBlock.Place(hash: hash, offset: wanted), run) else { return nil }
        let block = cursor.value
        let count = RunBlock.count(block)
        var index = RunBlock.lowerBound(block, hash)
        var found: [Position]?
        while index < count, RunBlock.hash(block, index) == hash {
            let offsets = RunBlock.offsets(block, index)
            guard let first = offsets.first else { throw Self.damaged(run) }
            guard first <= wanted else { break }
            found = offsets.map { run.base + UInt64($0) }
            index += 1
        }
        return found
    }

    private static func damaged(_ run: IndexManifest.Run) -> LMDBError {
        LMDBError(.corrupted, "read the index", "a block of run \(run.id) is damaged or missing")
    }

    /// Moves to the block of a run in which a place lies, if it lies in any: the last that begins at or before it.
    ///
    /// - Returns: false if the run begins after the place; the cursor is at its first block then.
    /// - Throws: ``LMDBError`` with code `.corrupted` if that block is damaged, or there is a gap around the place.
    private func moveToFloor(
        _ cursor: inout LMDBCursor, _ place: RunBlock.Place, _ run: IndexManifest.Run
    ) throws(LMDBError) -> Bool {
        let key = RunBlock.key(run: run.id, hash: place.hash, offset: place.offset)
        let isBeyond = try !cursor.move(toOrAfter: key.span)
        if isBeyond || !cursor.key.isEqual(to: key.span) {
            let isThere = try isBeyond ? cursor.moveToLast() : cursor.moveToPrevious()
            if !isThere || RunBlock.run(ofKey: cursor.key) != run.id {
                // Nothing of the run begins before the place: then what begins after it must be its first block.
                guard try cursor.move(toOrAfter: key.span), RunBlock.run(ofKey: cursor.key) == run.id,
                    RunBlock.isSound(cursor.value, key: cursor.key), RunBlock.isFirst(cursor.value)
                else { throw Self.damaged(run) }
                return false
            }
        }
        guard RunBlock.isSound(cursor.value, key: cursor.key), place < RunBlock.next(cursor.value) || place == .end
        else { throw Self.damaged(run) }
        return true
    }

    /// Whether the snapshot knows every position below a head.
    func covers(_ head: Position) -> Bool {
        let held = memory.range(of: segments)
        return runsEnd >= head || (held.lowerBound <= runsEnd && held.upperBound >= head)
    }
}
