internal import Foundation
internal import LMDB
internal import Transparency

/// The index of a log: a projection of it that answers which positions stand under a name.
///
/// New events go into memory at once; ``IndexMaintainer`` flushes memory to disk in large sorted runs, and merges runs.
/// The commit of an event writes no index page. A log opened again reads the entries after the last run anew.
final class LogIndex: Sendable {
    /// How many events a segment takes before it is flushed.
    static let flushEvents = 100_000
    /// Fewer than this are not worth a run of their own when the log falls idle or is closed.
    static let minimumFlushEvents = 1_000

    let store: IndexStore
    let hasher: IndexHasher
    let memory: IndexMemory
    private let cachedRuns = CachedRuns()

    /// The runs of the manifest that was read last; parsing it is saved as long as its bytes are the same.
    private final class CachedRuns: @unchecked Sendable {
        private let lock = NSLock()
        private var bytes: [UInt8] = []
        private var runs: [IndexManifest.Run] = []

        func runs(of manifest: Span<UInt8>) -> [IndexManifest.Run] {
            lock.withLock {
                if !bytes.span.isEqual(to: manifest) {
                    bytes = manifest.copied
                    runs = IndexManifest(bytes)?.runs ?? []
                }
                return runs
            }
        }
    }

    init(store: IndexStore, manifest: IndexManifest) {
        self.store = store
        hasher = manifest.hasher
        memory = IndexMemory(base: manifest.size)
    }

    /// The index as it is now. Take it after the log's own read transaction, so that it covers all that one sees.
    @available(*, noasync)
    func snapshot() throws(LogError) -> IndexSnapshot {
        let segments = memory.lock.withLock { memory.segments }
        do throws(LMDBError) {
            let transaction = try store.environment.beginRead()
            let runs = try runs(in: transaction)
            return IndexSnapshot(
                store: store, transaction: transaction, runs: runs, memory: memory, segments: segments)
        } catch {
            throw LogError(error)
        }
    }

    private func runs(in transaction: borrowing LMDBReadTransaction) throws(LMDBError) -> [IndexManifest.Run] {
        let key = IndexManifest.key
        guard let bytes = try transaction.value(for: key.span, in: store.meta) else { return [] }
        return cachedRuns.runs(of: bytes)
    }

    /// The position after the last event that is filed.
    var end: Position {
        memory.lock.withLock { memory.segments[memory.segments.count - 1].end }
    }

    /// Begins to file events that are not committed yet: until ``commit()`` or ``rollBack(to:)`` the last segment stays
    /// the last.
    func begin() {
        memory.lock.withLock { memory.holdsUncommitted = true }
    }

    /// Files events, in the order of their positions, each under some of the hashes.
    func append(_ events: some Sequence<Range<Int>>, of keys: [UInt64]) {
        memory.lock.withLock {
            let segment = memory.segments[memory.segments.count - 1]
            for event in events { segment.append(keys[event]) }
        }
    }

    /// Takes note that all that was filed is committed.
    ///
    /// - Returns: How many segments wait to be flushed.
    func commit() -> Int {
        memory.lock.withLock {
            memory.holdsUncommitted = false
            let last = memory.segments[memory.segments.count - 1]
            if last.eventCount >= Self.flushEvents { memory.segments.append(IndexSegment(base: last.end)) }
            return memory.segments.count - 1
        }
    }

    /// Forgets what was filed from a position on, after its commit failed.
    func rollBack(to position: Position) {
        memory.lock.withLock {
            memory.segments[memory.segments.count - 1].truncate(to: position)
            memory.holdsUncommitted = false
        }
    }

    /// The positions under a hash in memory, ascending. Almost always there are none.
    func positionsInMemory(of hash: UInt64) -> [Position] {
        memory.lock.withLock {
            var result: [Position] = []
            for segment in memory.segments { result += segment.positions(of: hash, in: 0..<Position.max) }
            return result
        }
    }

    /// Makes the last segment one that waits to be flushed, if it holds enough and all of it is committed.
    func freeze(atLeast events: Int) {
        memory.lock.withLock {
            let last = memory.segments[memory.segments.count - 1]
            guard !memory.holdsUncommitted, last.eventCount >= max(1, events) else { return }
            memory.segments.append(IndexSegment(base: last.end))
        }
    }

    /// The oldest segment that waits to be flushed, or nil.
    func oldestFrozen() -> IndexSegment? {
        memory.lock.withLock { memory.segments.count > 1 ? memory.segments[0] : nil }
    }

    /// Drops the oldest segment, which is on disk now.
    func dropOldestFrozen() {
        memory.lock.withLock { _ = memory.segments.removeFirst() }
    }
}
