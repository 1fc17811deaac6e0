internal import EventLog
internal import Foundation

/// Those who wait until a view has come to a position.
final class PositionWaiters: @unchecked Sendable {
    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var position: Position = 0
    private var isOver = false
    private var waiters: [UInt64: (position: Position, continuation: CheckedContinuation<Bool, Never>)] = [:]
    private var next: UInt64 = 0

    /// Says how far the view is. It may go back: a view that is of another ledger is made anew.
    func publish(_ position: Position) {
        let woken = lock.withLock {
            self.position = position
            return take { $0 <= position }
        }
        for waiter in woken { waiter.resume(returning: true) }
    }

    /// Wakes all: it goes no further. With `false` it goes on.
    func end(_ isOver: Bool = true) {
        let woken = lock.withLock {
            self.isOver = isOver
            return isOver ? take { _ in true } : []
        }
        for waiter in woken { waiter.resume(returning: false) }
    }

    private func take(_ isDone: (Position) -> Bool) -> [CheckedContinuation<Bool, Never>] {
        let done = waiters.filter { isDone($0.value.position) }
        for number in done.keys { waiters.removeValue(forKey: number) }
        return done.values.map(\.continuation)
    }

    /// Waits until everything below a position is there.
    ///
    /// - Returns: Whether it is; false after the time given, if the view has ended, or if the task was cancelled.
    func wait(for wanted: Position, timeout: Duration) async -> Bool {
        let number = lock.withLock {
            next += 1
            return next
        }
        let alarm = Task { [weak self] in
            try? await Task.sleep(for: timeout)
            self?.giveUp(number)
        }
        defer { alarm.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: Bool? = lock.withLock {
                    if position >= wanted { return true }
                    if isOver || Task.isCancelled || timeout <= .zero { return false }
                    waiters[number] = (wanted, continuation)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            giveUp(number)
        }
    }

    private func giveUp(_ number: UInt64) {
        lock.withLock { waiters.removeValue(forKey: number) }?.continuation.resume(returning: false)
    }
}
