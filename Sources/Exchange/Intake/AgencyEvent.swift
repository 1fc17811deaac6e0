public import EventLog
internal import JSON

/// An event as an agency hands it in, to be checked and sealed.
public struct AgencyEvent: Sendable, Hashable {
    /// What an agency hands over with an event that it sealed and signed itself: then nobody can forge that agency, the
    /// operator of the ledger included.
    public struct HandOver: Sendable, Hashable {
        /// Each disclosure as it is written (RFC 9901): base64url of `[salt, name, value]`, in any order. The digests of
        /// the schema's other fields are decoys.
        public var disclosures: [[UInt8]]
        /// The agency's, over ``SignedText/event(_:agency:origin:)``.
        public var signature: AgencySignature

        public init(disclosures: [[UInt8]] = [], signature: AgencySignature) {
            self.disclosures = disclosures
            self.signature = signature
        }
    }

    /// The most bytes of an event with its classified values; without them, ``LogLimits/entryBytes``.
    public static let maximumBytes = 4 << 20

    /// The CloudEvents 1.0 JSON object, in UTF-8: plain, or sealed by the agency.
    public var event: [UInt8] {
        didSet { (document, form) = (nil, nil) }
    }
    /// What it is about, beside what its schema derives. Those that name persons are blinded before the log sees them.
    public var tags: [Tag] {
        didSet { form = nil }
    }
    /// Given if the agency sealed the event itself; nil if the ledger is to seal it.
    public var handOver: HandOver? {
        didSet { form = nil }
    }

    /// The event parsed, if that was done already by the limits of a log.
    private(set) var document: JSONDocument?
    /// What was found out about it already, which is not found out again.
    private(set) var form: EventForm?

    public init(_ event: [UInt8], tags: [Tag] = [], handOver: HandOver? = nil) {
        self.event = event
        self.tags = tags
        self.handOver = handOver
    }

    /// The event of a draft, which takes over what was parsed.
    package init(_ draft: EventDraft, handOver: HandOver?) {
        self.init(draft.event, tags: draft.tags, handOver: handOver)
        document = draft.document
    }

    /// The same, with what was found out about it.
    func formed(_ form: EventForm) -> AgencyEvent {
        var event = self
        event.form = form
        return event
    }

    /// The type that it says it is of, or nil if it cannot be read.
    package var type: String? {
        if let form { return form.parsed.type }
        let parsed = document ?? (try? JSONDocument(parsing: event))
        return parsed?.root["type"]?.string
    }

    public static func == (left: AgencyEvent, right: AgencyEvent) -> Bool {
        left.event == right.event && left.tags == right.tags && left.handOver == right.handOver
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(event)
        hasher.combine(tags)
        hasher.combine(handOver)
    }
}
