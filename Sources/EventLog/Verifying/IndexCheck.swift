internal import LMDB
internal import Transparency

/// Holds the index on disk against the entries: each run's postings, summed, must be those that its entries lead to.
///
/// The index is read whole at the beginning, in one transaction, and only its sums are kept: whatever a process that
/// writes does to it meanwhile, what is held against the entries is one state of it. Begin before the log's own state is
/// read, so that the index covers nothing that the log does not have.
struct IndexCheck {
    private let store: IndexStore?
    private var manifest: IndexManifest?
    private var run = 0
    private var expected = RunChecksum()

    init(_ store: IndexStore?) {
        self.store = store
    }

    /// By which names are hashed; nil once no more entries are covered.
    var hasher: IndexHasher? {
        guard let manifest, run < manifest.runs.count else { return nil }
        return manifest.hasher
    }

    /// Reads the index and sums what its runs hold.
    @available(*, noasync)
    mutating func begin(_ report: inout VerificationReport) {
        guard let store else { return }
        do throws(LMDBError) {
            let transaction = try store.environment.beginRead()
            manifest = try store.manifestBytes(in: transaction).flatMap(IndexManifest.init)
            if let manifest {
                for run in manifest.runs {
                    do throws(LMDBError) {
                        try Self.check(run, store, transaction, &report)
                    } catch {
                        report.add(.index, nil, "Run \(run.id) is damaged: \(error.message).")
                    }
                }
                try Self.checkLookUps(store, transaction, &report)
            } else {
                report.add(.index, nil, "Its manifest is missing or damaged.")
            }
        } catch {
            report.add(.index, nil, LogError(ofIndex: error).reason)
        }
        report.indexed = manifest?.size ?? 0
        check(MerkleFrontier(), &report)
    }

    /// Compares the tree over all that the index covers, once it is reached, with the one that the index was made from.
    func check(_ tree: MerkleFrontier, _ report: inout VerificationReport) {
        guard let manifest, manifest.size == tree.size, manifest.root != tree.root else { return }
        report.add(.index, nil, "It was made from entries with the root \(manifest.root), not \(tree.root).")
    }

    /// Takes in what the entry at a position is filed under.
    mutating func take(_ keys: [UInt64], at position: Position) {
        for key in keys { expected.add(key, position) }
    }

    /// Compares the sums of a run if it ends with the entry at a position.
    mutating func end(_ position: Position, _ report: inout VerificationReport) {
        guard let manifest, run < manifest.runs.count, position + 1 == manifest.runs[run].end else { return }
        if expected != manifest.runs[run].checksum {
            report.add(.index, position, "Run \(manifest.runs[run].id) was made from other entries.")
        }
        expected = RunChecksum()
        run += 1
    }

    /// Ends the check after the last entry.
    func finish(_ report: inout VerificationReport) {
        if hasher != nil { report.add(.index, nil, "It covers more entries than the log has.") }
    }

    /// Sums what a run holds.
    private static func check(
        _ run: IndexManifest.Run, _ store: IndexStore, _ transaction: borrowing LMDBReadTransaction,
        _ report: inout VerificationReport
    ) throws(LMDBError) {
        var checksum = RunChecksum()
        var scan = MergeScan(runs: [run])
        var last: RunPosting?
        var isOrdered = true
        let key = IndexStore.filterKey(run.id)
        let stored = try transaction.value(for: key.span, in: store.filters)?.copied ?? []
        var filter = RunFilter(sizeOf: stored.span)
        while let posting = try scan.next(base: run.base, store, in: transaction) {
            checksum.add(posting.hash, run.base + UInt64(posting.offset))
            if posting.hash != last?.hash { filter?.insert(posting.hash) }
            if let last { isOrdered = isOrdered && (last.hash, last.offset) < (posting.hash, posting.offset) }
            last = posting
        }
        if checksum != run.checksum || !isOrdered { report.add(.index, nil, "Run \(run.id) is damaged.") }
        if filter?.bytes(key: key.span) != stored {
            report.add(.index, nil, "The filter of run \(run.id) is damaged.")
        }
    }

    /// Looks every block up by its key: a scan that walks from block to block does not take that way, queries do.
    private static func checkLookUps(
        _ store: IndexStore, _ transaction: borrowing LMDBReadTransaction, _ report: inout VerificationReport
    ) throws(LMDBError) {
        var cursor = try transaction.cursor(over: store.blocks)
        var found = try cursor.moveToFirst()
        while found {
            if try transaction.value(for: cursor.key, in: store.blocks)?.isIdentical(to: cursor.value) != true {
                report.add(.index, nil, "A block is there, but is not found under its key.")
                return
            }
            let key = cursor.key.copied
            let block = cursor.value.copied
            guard RunBlock.isSound(block.span, key: key.span), let first = RunBlock.offsets(block.span, 0).first,
                RunBlock.place(ofKey: key.span)
                    == RunBlock.Place(hash: RunBlock.hash(block.span, 0), offset: first)
            else {
                report.add(.index, nil, "A block is damaged, or stands under the key of another.")
                return
            }
            found = try cursor.moveToNext()
        }
    }
}
