import LMDB
import TestSupport
import Transparency

@testable import EventLog

/// An index of its own without a log: segments are flushed, runs merged, and everything compared with a dictionary.
final class IndexBench {
    let folder = TemporaryFolder.make()
    let store: IndexStore
    let tuning: IndexTuning
    private(set) var writer: IndexWriter
    /// What must be in the index: positions under hashes, ascending.
    private(set) var model: [UInt64: [Position]] = [:]
    private(set) var end: Position = 0
    private let hasher = IndexHasher(first: 1, second: 2)

    init(tuning: IndexTuning = .small) throws {
        self.tuning = tuning
        store = try IndexStore(path: folder.path, isReadOnly: false)
        let manifest = IndexManifest(hasher: hasher)
        var transaction = try store.environment.beginWrite()
        try store.write(manifest, in: &transaction)
        try transaction.commit()
        writer = IndexWriter(store: store, manifest: manifest, tuning: tuning)
    }

    var runs: [IndexManifest.Run] { writer.manifest.runs }

    /// Files events, each under some hashes, as one segment, and flushes it.
    func flush(_ events: [[UInt64]]) throws {
        var segment = IndexSegment(base: end)
        for event in events {
            segment.append(CollectionOfOne(0..<event.count), of: event)
            for hash in event { model[hash, default: []].append(end) }
            end += 1
        }
        try writer.flush(segment, root: .emptyTree)
    }

    /// Does one step of merging; false if there was nothing to do.
    func mergeStep() throws -> Bool { try writer.mergeStep() }

    func mergeAll() throws {
        while try writer.mergeStep() {}
    }

    /// What queries see.
    func withSnapshot(_ body: (borrowing IndexSnapshot) throws -> Void) throws {
        let index = LogIndex(store: store, manifest: writer.manifest, tuning: tuning)
        try body(try index.snapshot())
    }

    /// All postings of the runs, in the order of runs, hashes and positions.
    func postings() throws -> [UInt64: [Position]] {
        let transaction = try store.environment.beginRead()
        var found: [UInt64: [Position]] = [:]
        for run in runs {
            var scan = MergeScan(runs: [run])
            while let posting = try scan.next(base: run.base, store, in: transaction) {
                found[posting.hash, default: []].append(run.base + Position(posting.offset))
            }
        }
        return found
    }

    /// The values of the blocks of all runs, in the order of their keys.
    func blocks() throws -> [[UInt8]] {
        let transaction = try store.environment.beginRead()
        var blocks: [[UInt8]] = []
        var cursor = try transaction.cursor(over: store.blocks)
        while try cursor.moveToNext() { blocks.append(cursor.value.copied) }
        return blocks
    }
}
