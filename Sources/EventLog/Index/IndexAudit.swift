internal import LMDB

/// Reads an index whole, to see whether it still is what was written.
enum IndexAudit {
    /// Whether every run holds the postings that its checksum was made of, and its filter lets all of them pass.
    ///
    /// - Complexity: O(*n*) in the postings, some ten nanoseconds each.
    @available(*, noasync)
    static func isWhole(_ manifest: IndexManifest, _ store: IndexStore) throws(LMDBError) -> Bool {
        let transaction = try store.environment.beginRead()
        for run in manifest.runs {
            let key = IndexStore.filterKey(run.id)
            guard let stored = try transaction.value(for: key.span, in: store.filters) else { return false }
            let filter = stored.copied
            var scan = MergeScan(runs: [run])
            var checksum = RunChecksum()
            var last: UInt64?
            while let posting = try scan.next(base: run.base, store, in: transaction) {
                checksum.add(posting.hash, run.base + UInt64(posting.offset))
                guard posting.hash != last else { continue }
                last = posting.hash
                guard RunFilter.mayContain(posting.hash, in: filter.span) else { return false }
            }
            guard checksum == run.checksum else { return false }
        }
        return true
    }
}
