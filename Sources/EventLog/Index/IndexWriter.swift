internal import LMDB
internal import Transparency

/// Writes the index to disk: flushes segments as runs, merges runs. One at a time, in the process that writes the log.
struct IndexWriter: ~Copyable {
    private let store: IndexStore
    private let tuning: IndexTuning
    private(set) var manifest: IndexManifest
    private var merge: RunMerge?

    init(store: IndexStore, manifest: IndexManifest, tuning: IndexTuning = .standard) {
        self.store = store
        self.tuning = tuning
        self.manifest = manifest
    }

    /// Writes a segment as a run, together with the small runs before it, and makes it part of the index.
    ///
    /// - Parameter root: The root of the tree over all entries up to the segment's end.
    @available(*, noasync)
    mutating func flush(_ segment: IndexSegment, root: MerkleHash) throws(LMDBError) {
        var absorbed = 0
        if merge == nil {
            while absorbed < manifest.runs.count,
                manifest.runs[manifest.runs.count - 1 - absorbed].count < tuning.smallRun
            {
                absorbed += 1
            }
        }
        let small = Array(manifest.runs.suffix(absorbed))
        var next = manifest
        next.runs.removeLast(absorbed)
        let base = small.first?.base ?? segment.base
        var builder = RunBuilder(
            run: next.nextRun, base: base, keys: small.reduce(segment.keyCount) { $0 + $1.keys })
        next.nextRun += 1
        var transaction = try store.environment.beginWrite()
        if small.isEmpty {
            for posting in segment.sortedPostings() { builder.add(posting.hash, posting.offset) }
        } else {
            let shift = UInt32(truncatingIfNeeded: segment.base - base)
            var scan = MergeScan(runs: small)
            var own = segment.sortedPostings()[...]
            while let posting = try scan.next(base: base, store, in: transaction) {
                while let first = own.first, first.hash < posting.hash {
                    builder.add(first.hash, first.offset + shift)
                    own.removeFirst()
                }
                builder.add(posting.hash, posting.offset)
            }
            for posting in own { builder.add(posting.hash, posting.offset + shift) }
        }
        builder.finish()
        try store.writeBlocks(of: &builder, in: &transaction)
        try store.writeFilter(of: builder, in: &transaction)
        for run in small { try store.delete(run: run.id, in: &transaction) }
        next.runs.append(
            IndexManifest.Run(
                id: builder.run, base: base, count: Int(segment.end - base), keys: builder.keyCount,
                checksum: builder.checksum))
        next.root = root
        try store.write(next, in: &transaction)
        try transaction.commit()
        manifest = next
    }

    /// Does one bounded step of merging runs.
    ///
    /// - Returns: Whether there is more to do.
    @available(*, noasync)
    mutating func mergeStep() throws(LMDBError) -> Bool {
        if merge == nil {
            guard let runs = Self.runsToMerge(manifest.runs, tuning) else { return false }
            merge = RunMerge(run: manifest.nextRun, runs: runs)
            manifest.nextRun += 1
        }
        guard var current = merge.take() else { return false }
        var transaction = try store.environment.beginWrite()
        var isDone = false
        while !isDone, current.builder.readyBytes < tuning.bytesPerCommit {
            isDone = try !current.step(store, in: transaction)
        }
        try store.writeBlocks(of: &current.builder, in: &transaction)
        guard isDone else {
            try transaction.commit()
            merge = current
            return true
        }
        try store.writeFilter(of: current.builder, in: &transaction)
        var next = manifest
        guard let first = next.runs.firstIndex(where: { $0.id == current.runs[0].id }) else { return false }
        next.runs.replaceSubrange(first..<first + current.runs.count, with: [current.merged])
        for run in current.runs { try store.delete(run: run.id, in: &transaction) }
        try store.write(next, in: &transaction)
        try transaction.commit()
        manifest = next
        return Self.runsToMerge(next.runs, tuning) != nil
    }

    /// Adjacent runs of like size that are enough to be merged, or nil.
    static func runsToMerge(_ runs: [IndexManifest.Run], _ tuning: IndexTuning = .standard) -> [IndexManifest.Run]? {
        var first = 0
        while first + tuning.fanIn <= runs.count {
            let group = runs[first..<first + tuning.fanIn]
            let tier = tier(of: runs[first], tuning)
            if group.allSatisfy({ self.tier(of: $0, tuning) == tier }),
                group.reduce(0, { $0 + $1.count }) <= tuning.largestRun
            {
                return Array(group)
            }
            first += 1
        }
        return nil
    }

    /// The size of a run in powers of the fan-in.
    private static func tier(of run: IndexManifest.Run, _ tuning: IndexTuning) -> Int {
        var tier = 0
        var size = run.count / tuning.smallRun
        while size >= tuning.fanIn {
            size /= tuning.fanIn
            tier += 1
        }
        return tier
    }
}
