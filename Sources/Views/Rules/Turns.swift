internal import Synchronization

/// Lets those who want the same things go one after another, in the order in which they came, so that each of them makes
/// progress. Whoever wants several things takes them in one order, so nobody waits for ever.
final class Turns<Thing: Hashable & Sendable>: Sendable {
    /// For each thing that somebody has, those who wait for it.
    private let queues = Mutex<[Thing: [CheckedContinuation<Void, Never>]]>([:])

    /// Waits until all things are free.
    ///
    /// - Parameter things: Each once, in the order that everybody takes.
    func take(_ things: [Thing]) async {
        for thing in things {
            await withCheckedContinuation { continuation in
                let isFree = queues.withLock { queues in
                    guard queues[thing] == nil else {
                        queues[thing]?.append(continuation)
                        return false
                    }
                    queues[thing] = []
                    return true
                }
                if isFree { continuation.resume() }
            }
        }
    }

    /// Gives things to those who wait for them.
    func give(_ things: [Thing]) {
        for thing in things {
            let next: CheckedContinuation<Void, Never>? = queues.withLock { queues in
                guard let waiting = queues[thing], !waiting.isEmpty else {
                    queues[thing] = nil
                    return nil
                }
                return queues[thing]?.removeFirst()
            }
            next?.resume()
        }
    }
}
