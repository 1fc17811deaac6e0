internal import Foundation

/// Looks, in a process that only reads, whether the process that writes has made the log grow. Runs only while someone
/// follows.
final class HeadPoller: @unchecked Sendable {
    private static let seconds = 0.05

    private let reader: LogReader
    private let signal: HeadSignal
    private let condition = NSCondition()
    /// Guarded by ``condition``.
    private var isStarted = false
    private var isStopping = false

    init(reader: LogReader, signal: HeadSignal) {
        self.reader = reader
        self.signal = signal
    }

    func start() {
        let isFirst = condition.withLock {
            defer { isStarted = true }
            return !isStarted
        }
        guard isFirst else { return }
        let thread = Thread { [self] in
            while condition.withLock({ !isStopping }) {
                if let head = try? reader.head() { signal.publish(head) }
                condition.withLock {
                    if !isStopping { _ = condition.wait(until: Date(timeIntervalSinceNow: Self.seconds)) }
                }
            }
        }
        thread.name = "sanhu-follow"
        thread.start()
    }

    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
    }
}
