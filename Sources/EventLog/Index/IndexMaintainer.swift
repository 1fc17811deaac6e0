internal import Foundation
internal import LMDB
internal import Transparency

/// The thread that keeps the index on disk: it flushes segments as they fill or the log falls idle, and merges runs in
/// between. If it fails, the log goes on: memory keeps what is not on disk, up to a bound, and opening reads it anew.
final class IndexMaintainer: @unchecked Sendable {
    /// How many segments may wait before the writer waits too, so that memory stays bounded.
    static let waitingSegments = 3

    private let log: LogStore
    private let index: LogIndex
    private let condition = NSCondition()
    /// Guarded by ``condition``.
    private var isStopping = false
    private var isStopped = false
    /// Why the last flush failed; nil once one has succeeded. A merge that fails leaves all as it was and holds up nobody.
    private var flushFailure: LogError?

    init(log: LogStore, index: LogIndex) {
        self.log = log
        self.index = index
    }

    /// Starts the thread.
    func start(_ manifest: IndexManifest) {
        let thread = Thread { [self] in
            run(IndexWriter(store: index.store, manifest: manifest, tuning: index.tuning))
            // Only now has the writer let go of the store.
            condition.withLock {
                isStopped = true
                condition.broadcast()
            }
        }
        thread.name = "sanhu-index"
        thread.start()
    }

    /// Tells the thread that a segment may be waiting.
    func wake() {
        condition.withLock { condition.broadcast() }
    }

    /// Waits until no more segments wait than may.
    ///
    /// - Throws: ``LogError`` if they cannot be flushed, so that memory stays bounded.
    func waitForRoom() throws(LogError) {
        let found: LogError? = condition.withLock {
            while !isStopped, index.memory.frozenCount >= Self.waitingSegments {
                if let flushFailure { return flushFailure }
                _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
            }
            return nil
        }
        if let found { throw found }
    }

    /// Flushes what is worth it and ends the thread.
    ///
    /// - Returns: Why the last flush failed, if it did. Nothing is lost then: who opens the log files those entries anew.
    @discardableResult
    func stop() -> LogError? {
        index.memory.freeze(from: index.tuning.minimumFlushEvents)
        condition.withLock {
            isStopping = true
            condition.broadcast()
            while !isStopped { condition.wait() }
        }
        return condition.withLock { flushFailure }
    }

    private func run(_ writer: consuming IndexWriter) {
        var isRunning = true
        var isMerging = true
        while isRunning {
            if let segment = index.memory.oldestFrozen {
                do throws(LogError) {
                    try flush(segment, &writer)
                    isMerging = true
                } catch {
                    isRunning = waitAfter(error)
                }
            } else if isMerging, !condition.withLock({ isStopping }) {
                // Runs that cannot be merged stay as they are; it is tried again after the next flush.
                isMerging = (try? writer.mergeStep()) ?? false
            } else {
                isRunning = waitForWork()
            }
        }
    }

    /// Waits a while after a flush has failed: what is not on disk stays in memory, up to a bound, and is tried again.
    ///
    /// - Returns: Whether to go on.
    private func waitAfter(_ failure: LogError) -> Bool {
        condition.withLock {
            flushFailure = failure
            guard !isStopping else { return false }
            return condition.wait(until: Date(timeIntervalSinceNow: index.tuning.idleSeconds)) || !isStopping
        }
    }

    /// Waits until woken, or until nothing has come for a while and what there is should be flushed.
    ///
    /// - Returns: Whether to go on.
    private func waitForWork() -> Bool {
        let end = index.memory.end
        let wasWoken = condition.withLock {
            // Looked at under the lock: who wakes this thread has filed before, so no wake is missed.
            guard !isStopping, index.memory.frozenCount == 0 else { return true }
            return condition.wait(until: Date(timeIntervalSinceNow: index.tuning.idleSeconds))
        }
        // A reader that was killed in the middle of a page would otherwise keep freed pages from being used again.
        log.environment.removeStaleReaders()
        index.store.environment.removeStaleReaders()
        if !wasWoken, index.memory.end == end { index.memory.freeze(from: index.tuning.minimumFlushEvents) }
        return index.memory.oldestFrozen != nil || !condition.withLock { isStopping }
    }

    private func flush(_ segment: IndexSegment, _ writer: inout IndexWriter) throws(LogError) {
        let root = try StoredTree(log).root(atSize: segment.end)
        do throws(LMDBError) {
            try writer.flush(segment, root: root)
        } catch {
            throw LogError(ofIndex: error)
        }
        index.memory.dropOldestFrozen()
        condition.withLock {
            flushFailure = nil
            condition.broadcast()
        }
    }
}
