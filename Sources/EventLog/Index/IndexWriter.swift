internal import LMDB
internal import Transparency

/// Writes the index to disk: flushes segments as runs, merges runs. One at a time, in the process that writes the log.
struct IndexWriter: ~Copyable {
    private let store: IndexStore
    private let tuning: IndexTuning
    private(set) var manifest: IndexManifest
    private var merge: RunMerge?
    /// The runs of merges that were given up, whose blocks may be there still.
    private var abandoned: [UInt32] = []

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
        do throws(LMDBError) {
            try flush(segment, root: root, absorbing: merge == nil)
        } catch {
            // A small run that is damaged must not keep what is new from being written.
            guard error.code == .corrupted, merge == nil else { throw error }
            try flush(segment, root: root, absorbing: false)
        }
    }

    private mutating func flush(
        _ segment: IndexSegment, root: MerkleHash, absorbing: Bool
    ) throws(LMDBError) {
        var absorbed = 0
        if absorbing {
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
    /// - Throws: ``LMDBError``; the merge is then given up, and what it wrote is deleted by the next step.
    @available(*, noasync)
    mutating func mergeStep() throws(LMDBError) -> Bool {
        try deleteAbandoned()
        if merge == nil {
            guard let runs = MergePlan.runsToMerge(manifest.runs, tuning) else { return false }
            merge = RunMerge(run: manifest.nextRun, runs: runs)
            manifest.nextRun += 1
        }
        guard let current = merge.take() else { return false }
        let run = current.builder.run
        do throws(LMDBError) {
            return try continueMerge(consume current)
        } catch {
            abandoned.append(run)
            throw error
        }
    }

    private mutating func continueMerge(_ begun: consuming RunMerge) throws(LMDBError) -> Bool {
        var current = begun
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
        return MergePlan.runsToMerge(next.runs, tuning) != nil
    }

    /// Deletes what merges left behind that were given up.
    @available(*, noasync)
    private mutating func deleteAbandoned() throws(LMDBError) {
        guard !abandoned.isEmpty else { return }
        var transaction = try store.environment.beginWrite()
        for run in abandoned { try store.delete(run: run, in: &transaction) }
        try transaction.commit()
        abandoned = []
    }
}
