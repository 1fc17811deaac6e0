internal import Foundation

/// Looks, in a process that only reads, whether the process that writes has made the log grow. Runs only while someone
/// follows.
final class HeadPoller: @unchecked Sendable {
    private static let seconds = 0.05

    private let head: @Sendable () throws(LogError) -> Position
    private let signal: HeadSignal
    private let condition = NSCondition()
    /// Guarded by ``condition``.
    private var isStarted = false
    private var isStopping = false

    /// - Parameter head: How many entries there are now.
    init(signal: HeadSignal, head: @escaping @Sendable () throws(LogError) -> Position) {
        self.head = head
        self.signal = signal
    }

    /// Begins to look, unless it has begun. What keeps it from seeing is told to those who wait.
    func start() {
        let isFirst = condition.withLock {
            defer { isStarted = true }
            return !isStarted
        }
        guard isFirst else { return }
        let thread = Thread { [self] in
            while condition.withLock({ !isStopping }) {
                do throws(LogError) {
                    signal.publish(try head())
                } catch {
                    signal.fail(error)
                }
                condition.withLock {
                    if !isStopping { _ = condition.wait(until: Date(timeIntervalSinceNow: Self.seconds)) }
                }
            }
        }
        thread.name = "sanhu-follow"
        thread.start()
    }

    /// Ends looking, for good.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
    }
}
