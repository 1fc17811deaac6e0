public import EventLog

/// How a ledger is opened.
public struct ExchangeOptions: Sendable {
    /// How much time there is at least between two anchors of the access log in the main log; nil for no anchors, which is
    /// for tests: without them the operator can cut off who looked.
    public var anchorInterval: Duration?

    /// The ledger's time, of what is recorded and of what begins and ends by its date: the machine's, but for days that are
    /// played into a ledger of their own.
    public var clock: LogClock

    public init(anchorInterval: Duration? = .seconds(1), clock: @escaping LogClock = { .now() }) {
        self.anchorInterval = anchorInterval
        self.clock = clock
    }
}
