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
    mutating func begin(_ report: inout VerificationReport) throws(LogError) {
        guard let store else { return }
        manifest = try IndexLoader.manifest(of: store)
        if manifest == nil { report.add(.index, nil, "Its manifest is missing or damaged.") }
        report.indexed = manifest?.size ?? 0
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
                var last: UInt64?
                var isFiltered = true
                while let posting = try scan.next(base: run.base, store, in: transaction) {
                    checksum.add(posting.hash, run.base + UInt64(posting.offset))
                    guard posting.hash != last else { continue }
                    last = posting.hash
                    let key = IndexStore.filterKey(run.id)
                    if let filter = try transaction.value(for: key.span, in: store.filters) {
                        isFiltered = isFiltered && RunFilter.mayContain(posting.hash, in: filter)
                    } else {
                        isFiltered = false
                    }
                }
                if checksum != run.checksum { report.add(.index, nil, "Run \(run.id) is damaged.") }
                if !isFiltered { report.add(.index, nil, "The filter of run \(run.id) is damaged.") }
            }
        } catch {
            report.add(.index, nil, error.description)
        }
    }
}
