/// An event as it is handed in: what the agency says happened, and what the log is to file it under.
public struct EventDraft: Hashable, Sendable {
    /// Who appends it: 1 to 64 of ASCII letters, digits, `.`, `_` and `-`.
    public var agency: String

    /// What it is about, in any order; repeated tags count once. At most ``LogLimits/tagsPerEvent``.
    public var tags: [Tag]

    /// The CloudEvents 1.0 JSON object, in UTF-8. White space between its tokens is dropped; nothing else is changed.
    public var event: [UInt8]

    /// Sealed disclosures to keep beside the entry, in the order of their ordinals. They are not part of what is hashed.
    public var disclosures: [[UInt8]]

    /// The agency's signature over the event, or nil: kept in the entry as it is. The log does not look into it.
    public var signature: String?

    public init(
        agency: String, tags: [Tag] = [], event: [UInt8], disclosures: [[UInt8]] = [], signature: String? = nil
    ) {
        self.agency = agency
        self.tags = tags
        self.event = event
        self.disclosures = disclosures
        self.signature = signature
    }
}
