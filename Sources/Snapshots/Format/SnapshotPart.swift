public import EventLog

/// Which entries a snapshot of a part has: those of a range that match a query and are of an agency and a port.
public struct SnapshotPart: Hashable, Sendable {
    /// The first position, and the one after the last.
    public var from: Position
    public var to: Position
    /// What matches; tags that name persons are blinded.
    public var query: Query
    /// Whose entries; nil for everyone's.
    public var agency: String?
    /// The port that they concern: they name it, or share a declaration with an entry that does. Nil for any.
    public var port: String?
    /// For whom it was made; nil if it holds the sealed disclosures, as a snapshot of the log does.
    public var recipient: SnapshotRecipient?

    public init(
        from: Position, to: Position, query: Query = .all, agency: String? = nil, port: String? = nil,
        recipient: SnapshotRecipient? = nil
    ) {
        self.from = from
        self.to = to
        self.query = query
        self.agency = agency
        self.port = port
        self.recipient = recipient
    }
}

/// For whom a part was made: what it has of classified fields is what this reader was given.
public struct SnapshotRecipient: Hashable, Sendable {
    /// The kind of reader, as `authority`.
    public var kind: String
    public var agency: String?
    public var role: String?
    public var purpose: String?
    public var caseName: String?

    public init(
        kind: String, agency: String? = nil, role: String? = nil, purpose: String? = nil, caseName: String? = nil
    ) {
        self.kind = kind
        self.agency = agency
        self.role = role
        self.purpose = purpose
        self.caseName = caseName
    }
}
