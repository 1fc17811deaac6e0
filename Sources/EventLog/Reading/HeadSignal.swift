internal import Foundation

/// Wakes who waits for the log to grow. It carries no events: whoever wakes reads from where it was.
final class HeadSignal: @unchecked Sendable {
    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var head: Position
    private var isClosed = false
    private var waiters: [UInt64: CheckedContinuation<LogError?, Never>] = [:]
    private var nextWaiter: UInt64 = 0

    init(head: Position) {
        self.head = head
    }

    /// How many entries there are, as was said last.
    var current: Position { lock.withLock { head } }

    /// Says that the log has grown.
    func publish(_ newHead: Position) {
        let woken: [CheckedContinuation<LogError?, Never>] = lock.withLock {
            guard newHead > head else { return [] }
            head = newHead
            return takeWaiters()
        }
        for waiter in woken { waiter.resume(returning: nil) }
    }

    /// Tells those who wait now that whether the log grows cannot be seen. Who waits later is not concerned: it may be
    /// seen again by then, and if not, is said again.
    func fail(_ error: LogError) {
        let woken = lock.withLock { takeWaiters() }
        for waiter in woken { waiter.resume(returning: error) }
    }

    /// Wakes all for the last time.
    func close() {
        let woken = lock.withLock {
            isClosed = true
            return takeWaiters()
        }
        for waiter in woken { waiter.resume(returning: nil) }
    }

    private func takeWaiters() -> [CheckedContinuation<LogError?, Never>] {
        let all = Array(waiters.values)
        waiters.removeAll(keepingCapacity: true)
        return all
    }

    /// Waits until the head is above a position, the signal is closed, or the task is cancelled.
    ///
    /// - Returns: Whether there is or will be more to read.
    /// - Throws: ``LogError``: what ``fail(_:)`` was told meanwhile.
    func wait(above position: Position) async throws(LogError) -> Bool {
        let number = lock.withLock {
            nextWaiter += 1
            return nextWaiter
        }
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = lock.withLock {
                    guard head <= position, !isClosed, !Task.isCancelled else { return true }
                    waiters[number] = continuation
                    return false
                }
                if isReady { continuation.resume(returning: nil) }
            }
        } onCancel: {
            lock.withLock { waiters.removeValue(forKey: number) }?.resume(returning: nil)
        }
        if let failure { throw failure }
        return lock.withLock { head > position || !isClosed }
    }
}
