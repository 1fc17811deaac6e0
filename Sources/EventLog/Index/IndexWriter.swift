internal import LMDB
internal import Transparency

/// Writes the index to disk: flushes segments as runs, merges runs. One at a time, in the process that writes the log.
struct IndexWriter: ~Copyable {
    /// A flush takes in the runs before it that are smaller than this, so that many small ones do not pile up.
    private static let smallRun = 2_048
    /// So many adjacent runs of like size become one.
    private static let fanIn = 8
    /// Runs are not merged beyond this many events: a filter of a run is made in memory.
    private static let largestRun = 8_400_000
    /// How many bytes of blocks one transaction writes at the most.
    private static let bytesPerCommit = 16 << 20

    private let store: IndexStore
    private(set) var manifest: IndexManifest
    private var merge: RunMerge?

    init(store: IndexStore, manifest: IndexManifest) {
        self.store = store
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
                manifest.runs[manifest.runs.count - 1 - absorbed].count < Self.smallRun
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
            guard let runs = Self.runsToMerge(manifest.runs) else { return false }
            merge = RunMerge(run: manifest.nextRun, runs: runs)
            manifest.nextRun += 1
        }
        guard var current = merge.take() else { return false }
        var transaction = try store.environment.beginWrite()
        var isDone = false
        while !isDone, current.builder.readyBytes < Self.bytesPerCommit {
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
        return Self.runsToMerge(next.runs) != nil
    }

    /// Adjacent runs of like size that are enough to be merged, or nil.
    static func runsToMerge(_ runs: [IndexManifest.Run]) -> [IndexManifest.Run]? {
        var first = 0
        while first + fanIn <= runs.count {
            let group = runs[first..<first + fanIn]
            let tier = tier(of: runs[first])
            if group.allSatisfy({ self.tier(of: $0) == tier }), group.reduce(0, { $0 + $1.count }) <= largestRun {
                return Array(group)
            }
            first += 1
        }
        return nil
    }

    /// The size of a run in powers of the fan-in.
    private static func tier(of run: IndexManifest.Run) -> Int {
        var tier = 0
        var size = run.count / smallRun
        while size >= fanIn {
            size /= fanIn
            tier += 1
        }
        return tier
    }
}
