import EventLog
import Synchronization

/// The time of a story that is played: it goes on as the story does, and never back.
final class SampleClock: Sendable {
    private let microseconds: Atomic<Int64>

    init(_ time: SampleTime) {
        microseconds = Atomic(time.timestamp.microseconds)
    }

    var now: Timestamp { Timestamp(microseconds: microseconds.load(ordering: .acquiring)) }

    func advance(to time: SampleTime) {
        microseconds.max(time.timestamp.microseconds, ordering: .acquiringAndReleasing)
    }
}
