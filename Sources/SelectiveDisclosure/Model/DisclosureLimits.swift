internal import JSON

/// What comes from outside may not exceed.
public struct DisclosureLimits: Hashable, Sendable {
    /// The most bytes of a payload.
    public let maximumPayloadBytes: Int
    /// The most bytes of a disclosure's JSON, before base64url.
    public let maximumDisclosureBytes: Int
    /// The most disclosures of a payload.
    public let maximumDisclosures: Int
    /// The most digests, in a payload and all that is disclosed of it.
    public let maximumDigests: Int
    /// How deep objects and arrays may stand in one another, disclosed ones included; at most 512.
    public let maximumDepth: Int

    public init(
        maximumPayloadBytes: Int = 16 << 20, maximumDisclosureBytes: Int = 1 << 20, maximumDisclosures: Int = 1024,
        maximumDigests: Int = 65_536, maximumDepth: Int = 64
    ) {
        self.maximumPayloadBytes = maximumPayloadBytes
        self.maximumDisclosureBytes = maximumDisclosureBytes
        self.maximumDisclosures = maximumDisclosures
        self.maximumDigests = maximumDigests
        // Values are walked by recursion.
        self.maximumDepth = min(maximumDepth, 512)
    }

    var payload: JSONParser.Limits {
        JSONParser.Limits(maximumBytes: maximumPayloadBytes, maximumDepth: maximumDepth)
    }

    /// A disclosure is an array, and its value is one deeper.
    var disclosure: JSONParser.Limits {
        JSONParser.Limits(maximumBytes: maximumDisclosureBytes, maximumDepth: maximumDepth + 1)
    }
}
