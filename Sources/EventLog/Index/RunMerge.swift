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
        /// The postings of the current block, and the index of the next.
        var postings: [RunPosting] = []
        var next = 0
        /// The key of the current block.
        var key: [UInt8]
        /// Where the block after the current one begins; nil before the first.
        var following: RunBlock.Place?
        var isDone = false

        init(run: IndexManifest.Run) {
            self.run = run
            key = RunBlock.key(run: run.id, hash: 0, offset: 0)
        }

        /// Reads blocks until a posting is at hand, or there are no more.
        ///
        /// - Throws: ``LMDBError`` with code `.corrupted` if a block is damaged or missing: what is damaged is not passed
        ///   on into other runs.
        mutating func fill(
            _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
        ) throws(LMDBError) {
            while next == postings.count, !isDone {
                if following == .end {
                    isDone = true
                    return
                }
                if let following { key = RunBlock.key(run: run.id, hash: following.hash, offset: following.offset) }
                var cursor = try transaction.cursor(over: store.blocks)
                guard try cursor.move(toOrAfter: key.span), RunBlock.isSound(cursor.value, key: cursor.key),
                    RunBlock.run(ofKey: cursor.key) == run.id,
                    following.map({ RunBlock.place(ofKey: cursor.key) == $0 }) ?? RunBlock.isFirst(cursor.value)
                else { throw LMDBError(.corrupted, "read the index", "a block of run \(run.id) is damaged or missing") }
                key = cursor.key.copied
                following = RunBlock.next(cursor.value)
                next = 0
                postings.removeAll(keepingCapacity: true)
                RunBlock.appendPostings(cursor.value, to: &postings)
            }
        }
    }

    private var places: [Place]
    /// The index of the run that gave the last posting.
    private var current = 0
    private var hash: UInt64?

    init(runs: [IndexManifest.Run]) {
        places = runs.map(Place.init)
    }

    /// The next posting, its offset counted from a base.
    mutating func next(
        base: Position, _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LMDBError) -> RunPosting? {
        if !hasMore(of: hash) {
            guard let chosen = try chooseRun(store, in: transaction) else { return nil }
            current = chosen
        }
        let posting = places[current].postings[places[current].next]
        places[current].next += 1
        hash = posting.hash
        let shift = UInt32(truncatingIfNeeded: places[current].run.base - base)
        return RunPosting(hash: posting.hash, offset: posting.offset &+ shift)
    }

    /// Whether the run that gave the last posting has another of its hash at hand.
    private func hasMore(of hash: UInt64?) -> Bool {
        guard let hash, places[current].next < places[current].postings.count else { return false }
        return places[current].postings[places[current].next].hash == hash
    }

    /// The run with the smallest hash, and among equals the earliest: its positions are before those of the others.
    private mutating func chooseRun(
        _ store: IndexStore, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LMDBError) -> Int? {
        var chosen: Int?
        var smallest: UInt64 = 0
        for index in places.indices {
            if places[index].next == places[index].postings.count {
                guard !places[index].isDone else { continue }
                try places[index].fill(store, in: transaction)
                guard !places[index].isDone else { continue }
            }
            let hash = places[index].postings[places[index].next].hash
            if chosen == nil || hash < smallest { (chosen, smallest) = (index, hash) }
        }
        return chosen
    }
}
