public import Transparency

/// How many witnesses must vouch for a log before it is believed.
public struct WitnessDemand: Sendable, Hashable {
    public var policy: WitnessPolicy
    /// How old a cosignature may be, in seconds.
    public var maximumAge: UInt64

    /// - Parameter maximumAge: A day, if nothing is said.
    public init(_ policy: WitnessPolicy, maximumAge: UInt64 = 86_400) {
        (self.policy, self.maximumAge) = (policy, maximumAge)
    }
}
