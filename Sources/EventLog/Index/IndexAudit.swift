internal import LMDB

/// Reads an index whole, to see whether it still is what was written.
enum IndexAudit {
    /// Whether every run has its filter and all its blocks, from the first to the last, and each is as it was written.
    ///
    /// - Complexity: O(*n*) in the bytes of the index; some ten gigabytes take a few seconds.
    @available(*, noasync)
    static func isWhole(_ manifest: IndexManifest, _ store: IndexStore) throws(LMDBError) -> Bool {
        let transaction = try store.environment.beginRead()
        for run in manifest.runs {
            let key = IndexStore.filterKey(run.id)
            guard let filter = try transaction.value(for: key.span, in: store.filters),
                RunFilter.isSound(filter, key: key.span), try hasAllBlocks(run.id, store, in: transaction)
            else { return false }
        }
        return true
    }

    private static func hasAllBlocks(
        _ run: UInt32, _ store: IndexStore, in transaction: borrowing LMDBReadTransaction
    ) throws(LMDBError) -> Bool {
        let key = RunBlock.key(run: run, hash: 0, offset: 0)
        var cursor = try transaction.cursor(over: store.blocks)
        var found = try cursor.move(toOrAfter: key.span)
        var expected: RunBlock.Place?
        while found, RunBlock.isSound(cursor.value, key: cursor.key), RunBlock.run(ofKey: cursor.key) == run {
            let isNext = expected.map { RunBlock.place(ofKey: cursor.key) == $0 } ?? RunBlock.isFirst(cursor.value)
            guard isNext else { return false }
            let next = RunBlock.next(cursor.value)
            if next == .end { return true }
            expected = next
            found = try cursor.moveToNext()
        }
        return false
    }
}
