public import EventLog
public import Transparency

/// What an answer to a verifiable read was found to be, once all of it has been verified.
public struct VerifiedRead: Sendable, Hashable {
    /// The log's name.
    public let origin: String
    /// The positions that the answer covers: from the first up to, and without, the second.
    public let from: Position
    public let to: Position
    /// What was asked for. Where it matches every event, each position of the range stands in the answer once; where it does
    /// not, that none was left out cannot be told.
    public let query: Query
    /// How many entries and stubs there are.
    public let entries: UInt64
    public let stubs: UInt64
    /// How many disclosures were verified.
    public let disclosures: UInt64
    /// How many fields someone took out through whose hands the answer went.
    public let omitted: UInt64
    /// What each entry and stub was shown to be in, or nil if the answer has no proofs.
    public let checkpoint: Checkpoint?
    /// The checkpoint that was known before, whose log was shown to be the beginning of that of ``checkpoint``.
    public let known: Checkpoint?

    /// Whether the answer shows that its range is complete.
    public var isComplete: Bool { query.matchesAll }
}

/// A position of an answer, verified.
public struct VerifiedEntry: Sendable, Hashable {
    /// What its reader sees: the same as by a merged read.
    public let seen: SeenEntry
    /// The leaf in the tree.
    public let leaf: MerkleHash
    /// What the reader may see and the event does not have, as the ledger says.
    public let absent: [String]
    /// What someone took out through whose hands the answer went.
    public let omitted: [String]
}
