internal import LMDB

/// A merge of adjacent runs into one, done in steps so that no transaction grows large and flushes go in between.
struct RunMerge {
    let runs: [IndexManifest.Run]
    var builder: RunBuilder
    private var scan: MergeScan
    private let base: Position

    /// - Parameters:
    ///   - run: The number of the new run.
    ///   - runs: Adjacent runs in the order of positions; at least one.
    init(run: UInt32, runs: [IndexManifest.Run]) {
        self.runs = runs
        base = runs[0].base
        builder = RunBuilder(run: run, base: base, keys: runs.reduce(0) { $0 + $1.keys })
        scan = MergeScan(runs: runs)
    }

    /// Merges some postings.
    ///
    /// - Returns: Whether there is more to do.
    mutating func step(_ store: IndexStore, in transaction: borrowing LMDBWriteTransaction) throws(LMDBError) -> Bool {
        for _ in 0..<1024 {
            guard let posting = try scan.next(base: base, store, in: transaction) else {
                builder.finish()
                return false
            }
            builder.add(posting.hash, posting.offset)
        }
        return true
    }

    /// The new run; once there is nothing more to do.
    var merged: IndexManifest.Run {
        IndexManifest.Run(
            id: builder.run, base: base, count: runs.reduce(0) { $0 + $1.count }, keys: builder.keyCount,
            checksum: builder.checksum)
    }
}

/// All postings of adjacent runs in the order of hashes and positions. It holds one block of each run and no cursor, so
/// it outlives transactions.
struct MergeScan {
    /// A place in one run.
    private struct Place {
        let run: IndexManifest.Run
        /// The lists of the current block that are not consumed yet, the next one last.
        var lists: [(hash: UInt64, offsets: [UInt32])] = []
        /// What is left of the current list.
        var hash: UInt64 = 0
        var offsets: ArraySlice<UInt32> = []
        /// The key of the current block.
        var key: [UInt8]
        var isStarted = false
        var isDone = false

        init(run: IndexManifest.Run) {
            self.run = run
            key = RunBlock.key(run: run.id, hash: 0, offset: 0)
        }

        /// Makes sure that a posting is at hand, unless there are no more.
        mutating func fill(
            _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
        ) throws(LMDBError) {
            while offsets.isEmpty, !isDone {
                if let list = lists.popLast() {
                    hash = list.hash
                    offsets = list.offsets[...]
                } else {
                    try readBlock(store, in: transaction)
                }
            }
        }

        private mutating func readBlock(
            _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
        ) throws(LMDBError) {
            var cursor = try transaction.cursor(over: store.blocks)
            var found = try cursor.move(toOrAfter: key.span)
            if found, isStarted, cursor.key.isEqual(to: key.span) { found = try cursor.moveToNext() }
            guard found, RunBlock.run(ofKey: cursor.key) == run.id else {
                isDone = true
                return
            }
            isStarted = true
            key = cursor.key.copied
            let block = cursor.value
            lists = (0..<RunBlock.count(block)).reversed().map {
                (RunBlock.hash(block, $0), RunBlock.offsets(block, $0))
            }
        }
    }

    private var places: [Place]
    /// The index of the run whose list is being consumed.
    private var current: Int?

    init(runs: [IndexManifest.Run]) {
        places = runs.map(Place.init)
    }

    /// The next posting, its offset counted from a base.
    mutating func next(
        base: Position, _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LMDBError) -> RunPosting? {
        if current == nil || places[current ?? 0].offsets.isEmpty { current = try chooseRun(store, in: transaction) }
        guard let chosen = current, let offset = places[chosen].offsets.popFirst() else { return nil }
        let shift = UInt32(truncatingIfNeeded: places[chosen].run.base - base)
        return RunPosting(hash: places[chosen].hash, offset: offset &+ shift)
    }

    /// The run with the smallest hash, and among equals the earliest: its positions are before those of the others.
    private mutating func chooseRun(
        _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LMDBError) -> Int? {
        var chosen: Int?
        for index in places.indices {
            try places[index].fill(store, in: transaction)
            guard !places[index].isDone else { continue }
            if let best = chosen, places[best].hash <= places[index].hash { continue }
            chosen = index
        }
        return chosen
    }
}
