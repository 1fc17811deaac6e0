internal import Foundation

/// The segments in memory, under their lock: the last takes what is appended, those before it wait to be flushed.
///
/// Segments are shared by reference: a snapshot keeps those it began with, also after they were flushed and dropped.
final class IndexMemory: @unchecked Sendable {
    /// A segment, shared. Touched only under the lock of its memory, but for one that waits to be flushed: that one
    /// does not change any more.
    final class Shared: @unchecked Sendable {
        fileprivate(set) var segment: IndexSegment

        fileprivate init(_ segment: IndexSegment) {
            self.segment = segment
        }
    }

    private let lock = NSLock()
    /// Guarded by ``lock``. Never empty.
    private var segments: [Shared]
    /// Guarded by ``lock``. Whether the last segment holds events that are not committed yet.
    private var holdsUncommitted = false

    init(base: Position) {
        segments = [Shared(IndexSegment(base: base))]
    }

    /// The positions that some segments cover.
    func range(of kept: [Shared]) -> Range<Position> {
        lock.withLock {
            guard let first = kept.first, let last = kept.last else { return 0..<0 }
            return first.segment.base..<last.segment.end
        }
    }

    /// The position of the first event in memory.
    var base: Position { lock.withLock { segments[0].segment.base } }

    /// The position after the last event.
    var end: Position { lock.withLock { segments[segments.count - 1].segment.end } }

    /// How many segments wait to be flushed.
    var frozenCount: Int { lock.withLock { segments.count - 1 } }

    /// Begins to file events that are not committed yet: until ``commit(freezingFrom:)`` or ``rollBack(to:)`` the last
    /// segment stays the last.
    func begin() {
        lock.withLock { holdsUncommitted = true }
    }

    /// Files events, in the order of their positions, each under the hashes in a range of an array.
    func append(_ events: some Sequence<Range<Int>>, of keys: [UInt64]) {
        lock.withLock { segments[segments.count - 1].segment.append(events, of: keys) }
    }

    /// Takes note that all that was filed is committed. A last segment of so many events waits to be flushed then.
    ///
    /// - Returns: How many segments wait to be flushed.
    func commit(freezingFrom events: Int) -> Int {
        lock.withLock {
            holdsUncommitted = false
            freezeLast(from: events)
            return segments.count - 1
        }
    }

    /// Forgets what was filed from a position on, after its commit failed.
    func rollBack(to position: Position) {
        lock.withLock {
            segments[segments.count - 1].segment.truncate(to: position)
            holdsUncommitted = false
        }
    }

    /// Makes the last segment one that waits to be flushed, if it has so many events and all of it is committed.
    func freeze(from events: Int) {
        lock.withLock { if !holdsUncommitted { freezeLast(from: events) } }
    }

    private func freezeLast(from events: Int) {
        let last = segments[segments.count - 1]
        guard last.segment.eventCount >= max(1, events) else { return }
        segments.append(Shared(IndexSegment(base: last.segment.end, capacity: last.segment.keyCount)))
    }

    /// The oldest segment that waits to be flushed, or nil.
    var oldestFrozen: IndexSegment? {
        lock.withLock { segments.count > 1 ? segments[0].segment : nil }
    }

    /// Drops the oldest segment, which is on disk now.
    func dropOldestFrozen() {
        lock.withLock { _ = segments.removeFirst() }
    }

    /// Begins anew from a position that the index on disk has reached.
    func restart(at position: Position) {
        lock.withLock { segments = [Shared(IndexSegment(base: position))] }
    }

    /// The segments as they are now, for a snapshot to keep.
    var shared: [Shared] { lock.withLock { segments } }

    /// Of some hashes, the indices of those under which anything stands in some segments. Almost always there are none.
    func indices(ofKnown hashes: [UInt64], kept: [Shared]) -> [Int] {
        lock.withLock {
            var known: [Int] = []
            for shared in kept { shared.segment.appendIndices(ofKnown: hashes, to: &known) }
            return known
        }
    }

    /// The positions under a hash within a range, ascending. Almost always there are none.
    ///
    /// - Parameter kept: The segments to look through; nil for those there are now.
    func positions(of hash: UInt64, in range: Range<Position>, kept: [Shared]? = nil) -> [Position] {
        lock.withLock {
            var result: [Position] = []
            for shared in kept ?? segments
            where shared.segment.end > range.lowerBound && shared.segment.base < range.upperBound
                && !shared.segment.isEmpty(of: hash)
            {
                result += shared.segment.positions(of: hash, in: range)
            }
            return result
        }
    }
}
