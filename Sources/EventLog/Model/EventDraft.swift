package import JSON

/// An event as it is handed in: what the agency says happened, and what the log is to file it under.
public struct EventDraft: Hashable, Sendable {
    /// Who appends it: 1 to 64 of ASCII letters, digits, `.`, `_` and `-`.
    public var agency: String

    /// What it is about, in any order; repeated tags count once. At most ``LogLimits/tagsPerEvent``.
    public var tags: [Tag]

    /// The CloudEvents 1.0 JSON object, in UTF-8. White space between its tokens is dropped; nothing else is changed.
    public var event: [UInt8] {
        didSet { document = nil }
    }

    /// The event parsed, if that was done already by the limits of a log: then it is not done again.
    package private(set) var document: JSONDocument?

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
    /// As the other, of an event that was parsed already: taken over if that was by the limits of a log, else parsed again.
    package init(
        agency: String, tags: [Tag] = [], parsed: JSONDocument, disclosures: [[UInt8]] = [], signature: String? = nil
    ) {
        self.init(
            agency: agency, tags: tags, event: parsed.bytes, disclosures: disclosures, signature: signature)
        if parsed.tape.depth <= LogLimits.depth, parsed.bytes.count <= LogLimits.entryBytes * 4 { document = parsed }
    }

    public static func == (left: EventDraft, right: EventDraft) -> Bool {
        left.agency == right.agency && left.tags == right.tags && left.event == right.event
            && left.disclosures == right.disclosures && left.signature == right.signature
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(agency)
        hasher.combine(tags)
        hasher.combine(event)
        hasher.combine(disclosures)
        hasher.combine(signature)
    }
}
