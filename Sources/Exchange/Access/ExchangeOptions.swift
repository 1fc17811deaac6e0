/// How a ledger is opened.
public struct ExchangeOptions: Sendable {
    /// How much time there is at least between two anchors of the access log in the main log; nil for no anchors, which is
    /// for tests: without them the operator can cut off who looked.
    public var anchorInterval: Duration?

    public init(anchorInterval: Duration? = .seconds(1)) {
        self.anchorInterval = anchorInterval
    }
}
