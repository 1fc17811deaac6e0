/// Who takes what a subscription delivers. The consumers of a subscription share it; each has a name of its own.
public struct SubscriptionConsumer: Sendable, Hashable, ExpressibleByStringLiteral {
    /// 1 to 64 letters, digits, `.`, `_` and `-`. Who comes under a name takes over from whoever has it.
    public var name: String
    /// How long what was acknowledged may wait for more, so that they go together. It does not wait when nothing else has come.
    public var acknowledgeWithin: Duration
    /// Role, purpose and case of who calls with a certificate; a token says its own.
    public var role: String?
    public var purpose: String?
    public var caseName: String?

    public init(_ name: String, acknowledgeWithin: Duration = .milliseconds(20)) {
        (self.name, self.acknowledgeWithin) = (name, acknowledgeWithin)
    }

    public init(stringLiteral name: String) { self.init(name) }

    var parameters: [(name: String, value: String)] {
        [("consumer", name)] + claimParameters(role, purpose, caseName)
    }
}
