internal import Foundation
internal import LMDB

/// Writes to the disk what was committed, on a thread of its own while more is made, so that little is left to wait for at the
/// end. For an environment whose commits are not durable.
final class EarlySync: @unchecked Sendable {
    private let environment: LMDBEnvironment
    private let condition = NSCondition()
    // Guarded by ``condition``.
    private var isWanted = false
    private var isRunning = false
    private var failure: LMDBError?

    init(_ environment: LMDBEnvironment) {
        self.environment = environment
    }

    /// Says that there was a commit.
    func wake() {
        let starts = condition.withLock {
            isWanted = true
            defer { isRunning = true }
            return !isRunning
        }
        guard starts else { return }
        let thread = Thread { [self] in work() }
        thread.name = "sanhu-sync"
        thread.start()
    }

    private func work() {
        while condition.withLock({ takesWork() }) {
            do throws(LMDBError) {
                try environment.sync()
            } catch {
                // The system tells a failure once: the next sync may succeed without what failed here.
                condition.withLock { failure = failure ?? error }
            }
        }
    }

    private func takesWork() -> Bool {
        isRunning = isWanted
        isWanted = false
        condition.broadcast()
        return isRunning
    }

    /// Waits until what was begun has ended.
    ///
    /// - Throws: ``LMDBError`` if anything could not be written.
    func finish() throws(LMDBError) {
        let failure = condition.withLock {
            isWanted = false
            while isRunning { condition.wait() }
            return self.failure
        }
        if let failure { throw failure }
    }
}
