internal import Foundation

/// Wakes who waits for the log to grow. It carries no events: whoever wakes reads from where it was.
final class HeadSignal: @unchecked Sendable {
    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var head: Position
    private var isClosed = false
    private var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter: UInt64 = 0

    init(head: Position) {
        self.head = head
    }

    /// Says that the log has grown.
    func publish(_ newHead: Position) {
        let woken: [CheckedContinuation<Void, Never>] = lock.withLock {
            guard newHead > head else { return [] }
            head = newHead
            return takeWaiters()
        }
        for waiter in woken { waiter.resume() }
    }

    /// Wakes all for the last time.
    func close() {
        let woken = lock.withLock {
            isClosed = true
            return takeWaiters()
        }
        for waiter in woken { waiter.resume() }
    }

    private func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        let all = Array(waiters.values)
        waiters.removeAll(keepingCapacity: true)
        return all
    }

    /// Waits until the head is above a position, the signal is closed, or the task is cancelled.
    ///
    /// - Returns: Whether there is or will be more to read.
    func wait(above position: Position) async -> Bool {
        let number = lock.withLock {
            nextWaiter += 1
            return nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = lock.withLock {
                    guard head <= position, !isClosed, !Task.isCancelled else { return true }
                    waiters[number] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            lock.withLock { waiters.removeValue(forKey: number) }?.resume()
        }
        return lock.withLock { head > position || !isClosed }
    }
}
