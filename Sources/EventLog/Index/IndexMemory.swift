internal import Foundation

/// The segments in memory, under their lock: the last takes what is appended, those before it wait to be flushed.
final class IndexMemory: @unchecked Sendable {
    let lock = NSLock()
    /// Guarded by ``lock``. Never empty.
    var segments: [IndexSegment]
    /// Guarded by ``lock``. Whether the last segment holds events that are not committed yet.
    var holdsUncommitted = false

    init(base: Position) {
        segments = [IndexSegment(base: base)]
    }
}
