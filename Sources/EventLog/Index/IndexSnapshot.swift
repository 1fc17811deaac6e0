internal import LMDB

/// The index as it is at one moment: the runs on disk, seen by one read transaction, and the segments in memory after
/// them. Together they cover the log without gaps.
struct IndexSnapshot: ~Copyable {
    let store: IndexStore
    let transaction: LMDBReadTransaction
    let runs: [IndexManifest.Run]
    private let memory: IndexMemory
    private let segments: [IndexMemory.Shared]

    init(
        store: IndexStore, transaction: consuming LMDBReadTransaction, runs: [IndexManifest.Run], memory: IndexMemory,
        segments: [IndexMemory.Shared]
    ) {
        self.store = store
        self.transaction = transaction
        self.runs = runs
        self.memory = memory
        self.segments = segments
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
        let key = IndexStore.filterKey(run.id)
        guard let filter = try transaction.value(for: key.span, in: store.filters) else { return true }
        return RunFilter.mayContain(hash, in: filter)
    }

    /// Of some hashes, the indices of those that a run may hold. Goes through all of them at once, so that the memory
    /// that each touches is fetched in parallel.
    func indices(of hashes: [UInt64], perhapsIn run: IndexManifest.Run) throws(LMDBError) -> [Int] {
        let key = IndexStore.filterKey(run.id)
        var result: [Int] = []
        guard let filter = try transaction.value(for: key.span, in: store.filters) else { return Array(hashes.indices) }
        for index in hashes.indices where RunFilter.mayContain(hashes[index], in: filter) { result.append(index) }
        return result
    }

    /// The first list of positions under a hash in a run that reaches a position, or nil.
    func list(of hash: UInt64, in run: IndexManifest.Run, reaching position: Position) throws(LMDBError) -> [Position]?
    {
        let wanted = UInt32(truncatingIfNeeded: max(position, run.base) - run.base)
        let key = RunBlock.key(run: run.id, hash: hash, offset: wanted)
        var cursor = try transaction.cursor(over: store.blocks)
        guard try moveToFloor(&cursor, key, run.id) else { return nil }
        repeat {
            guard RunBlock.run(ofKey: cursor.key) == run.id, RunBlock.hash(ofKey: cursor.key) <= hash else {
                return nil
            }
            let block = cursor.value
            let count = RunBlock.count(block)
            guard count > 0 else { throw Self.damaged(run) }
            var index = RunBlock.lowerBound(block, hash)
            while index < count, RunBlock.hash(block, index) == hash {
                let offsets = RunBlock.offsets(block, index)
                guard let last = offsets.last else { throw Self.damaged(run) }
                if last >= wanted { return offsets.map { run.base + UInt64($0) } }
                index += 1
            }
            if index < count { return nil }
        } while try cursor.moveToNext()
        return nil
    }

    /// The last list of positions under a hash in a run that begins at or before a position, or nil.
    func list(of hash: UInt64, in run: IndexManifest.Run, beginningBy position: Position) throws(LMDBError)
        -> [Position]?
    {
        let wanted = UInt32(truncatingIfNeeded: min(position, run.end - 1) - run.base)
        let key = RunBlock.key(run: run.id, hash: hash, offset: wanted)
        var cursor = try transaction.cursor(over: store.blocks)
        guard try moveToFloor(&cursor, key, run.id), RunBlock.run(ofKey: cursor.key) == run.id else { return nil }
        let block = cursor.value
        let count = RunBlock.count(block)
        guard count > 0 else { throw Self.damaged(run) }
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
        LMDBError(.corrupted, "read the index", "a block of run \(run.id) is damaged")
    }

    /// Whether the snapshot knows every position below a head.
    func covers(_ head: Position) -> Bool {
        let held = memory.range(of: segments)
        return runsEnd >= head || (held.lowerBound <= runsEnd && held.upperBound >= head)
    }

    /// Moves to the last block of a run that begins at or before a key, or else to the run's first; false if there is
    /// none.
    private func moveToFloor(
        _ cursor: inout LMDBCursor, _ key: [UInt8], _ run: UInt32
    ) throws(LMDBError) -> Bool {
        guard try cursor.move(toOrAfter: key.span) else {
            return try cursor.moveToLast() && RunBlock.run(ofKey: cursor.key) == run
        }
        if cursor.key.isEqual(to: key.span) { return true }
        if try cursor.moveToPrevious(), RunBlock.run(ofKey: cursor.key) == run { return true }
        return try cursor.move(toOrAfter: key.span) && RunBlock.run(ofKey: cursor.key) == run
    }
}
