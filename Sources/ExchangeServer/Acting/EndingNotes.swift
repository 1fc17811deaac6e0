internal import EventLog
internal import Exchange
internal import Logging

/// Notes in the log what has ended by its time, grants and requests, while the ledger is served.
struct EndingNotes: Sendable {
    let ledger: ExchangeLedger
    let logger: Logger
    /// How often it is looked whether something has ended.
    var period: Duration = .seconds(1)
    /// How long it waits after it could not be noted. Nothing depends on it: what is over opens nothing, noted or not.
    private static let pause: Duration = .seconds(30)

    /// Notes until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(ExchangeError) {
                // Also for what the charter does not let the platform note: then there is nothing to be done.
                if let end = try ledger.nextEnd(), try end <= ledger.ownTime() { try await ledger.settle() }
                try? await Task.sleep(for: period)
            } catch {
                logger.error("what has ended could not be noted", metadata: ["cause": "\(error.reason)"])
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
