internal import LMDB
internal import Transparency

/// Holds the index on disk against the entries: each run's postings, summed, must be those that its entries lead to.
struct IndexCheck {
    private let store: IndexStore?
    private var manifest: IndexManifest?
    private var reader = EntryReader()
    private var run = 0
    private var expected = RunChecksum()

    init(_ store: IndexStore?) {
        self.store = store
    }

    /// Reads the manifest.
    @available(*, noasync)
    mutating func begin(_ report: inout VerificationReport) {
        guard let store else { return }
        do throws(LogError) {
            manifest = try IndexLoader.manifest(of: store)
            if manifest == nil { report.add(.index, nil, "Its manifest is missing or damaged.") }
        } catch {
            report.add(.index, nil, error.reason)
        }
        report.indexed = manifest?.size ?? 0
        check(MerkleFrontier(), &report)
    }

    /// Compares the tree over all that the index covers, once it is reached, with the one that the index was made from.
    func check(_ tree: MerkleFrontier, _ report: inout VerificationReport) {
        guard let manifest, manifest.size == tree.size, manifest.root != tree.root else { return }
        report.add(.index, nil, "It was made from entries with the root \(manifest.root), not \(tree.root).")
    }

    /// Takes in an entry.
    mutating func take(_ entry: Span<UInt8>, at position: Position, _ report: inout VerificationReport) {
        guard let manifest, run < manifest.runs.count else { return }
        do throws(LogError) {
            for key in try reader.keys(of: entry, manifest.hasher) { expected.add(key, position) }
        } catch {
            report.add(.entries, position, error.reason)
        }
        guard position + 1 == manifest.runs[run].end else { return }
        if expected != manifest.runs[run].checksum {
            report.add(.index, position, "Run \(manifest.runs[run].id) was made from other entries.")
        }
        expected = RunChecksum()
        run += 1
    }

    /// Sums what the runs hold.
    @available(*, noasync)
    mutating func finish(_ report: inout VerificationReport) {
        guard let store, let manifest else { return }
        if run < manifest.runs.count { report.add(.index, nil, "It covers more entries than the log has.") }
        do throws(LMDBError) {
            let transaction = try store.environment.beginRead()
            guard try store.manifestBytes(in: transaction) == manifest.bytes else { return }
            for run in manifest.runs {
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
            try checkLookUps(store, transaction, &report)
        } catch {
            report.add(.index, nil, error.description)
        }
    }

    /// Looks every block up by its key: a scan that walks from block to block does not take that way, queries do.
    private func checkLookUps(
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
