import Foundation

/// Lets no more than a few commands run to their end at once, so that each keeps within its time.
final class Turns: @unchecked Sendable {
    static let standard = Turns(max(2, ProcessInfo.processInfo.activeProcessorCount))

    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(_ count: Int) {
        free = count
    }

    /// Runs a body when it is its turn.
    func take<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        await withCheckedContinuation { continuation in
            let isFree = lock.withLock {
                guard free == 0 else {
                    free -= 1
                    return true
                }
                waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { pass() }
        return try await body()
    }

    private func pass() {
        let next = lock.withLock { () -> CheckedContinuation<Void, Never>? in
            guard waiting.isEmpty else { return waiting.removeFirst() }
            free += 1
            return nil
        }
        next?.resume()
    }
}
