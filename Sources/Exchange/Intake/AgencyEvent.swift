public import EventLog

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
    public var event: [UInt8]
    /// What it is about, beside what its schema derives. Those that name persons are blinded before the log sees them.
    public var tags: [Tag]
    /// Given if the agency sealed the event itself; nil if the ledger is to seal it.
    public var handOver: HandOver?

    public init(_ event: [UInt8], tags: [Tag] = [], handOver: HandOver? = nil) {
        self.event = event
        self.tags = tags
        self.handOver = handOver
    }
}
