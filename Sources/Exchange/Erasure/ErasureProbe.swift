internal import Synchronization

/// Steps of an erasure outside the key store after each of which the power may fail.
package enum ErasureStep: String, Sendable, CaseIterable {
    /// The fence is in the log, and nothing has been destroyed.
    case fenced
    /// Some of the subject's rows have been removed.
    case rowsRemoved
    /// All have, and the log has it noted.
    case marked
}

/// Is told of each step, and may stop there. For tests of faults.
package struct ErasureProbe: Sendable {
    package var keys = KeyProbe()
    package var reached: @Sendable (ErasureStep) throws(ExchangeError) -> Void = { _ in }
    /// How many rows are removed in one commit.
    package var rowsPerCommit = 10_000

    package init() {}
}

/// Lets one erasure at a time begin: what a second one found noted could be taken back while its fence is on its way.
final class ErasureTurn: Sendable {
    private let isTaken = Mutex(false)

    /// Takes the turn.
    ///
    /// - Throws: ``ExchangeError`` with code `.conflict` if it is taken.
    func take() throws(ExchangeError) {
        let isFree = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        guard isFree else {
            throw ExchangeError(.conflict, "Another erasure is under way. Wait for it, then try again.")
        }
    }

    func giveBack() { isTaken.withLock { $0 = false } }
}
