import EventLog
import Foundation

/// A clock that stands until it is put forward.
final class LabClock: @unchecked Sendable {
    private let lock = NSLock()
    /// 2026-03-01T00:00:00Z
    private var microseconds: Int64 = 1_772_323_200_000_000

    var now: Timestamp { lock.withLock { Timestamp(microseconds: microseconds) } }

    func advance(hours: Int64) { lock.withLock { microseconds += hours * 3_600_000_000 } }
}
