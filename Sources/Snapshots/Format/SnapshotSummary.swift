public import EventLog
public import Transparency

/// What a snapshot holds, after it was written, verified or restored in full.
public struct SnapshotSummary: Hashable, Sendable {
    /// What it is of.
    public let contents: SnapshotContents
    /// The ledger's key; its name is the ledger's origin.
    public let verifier: NoteVerifier
    /// How many entries the ledger had.
    public let size: Position
    /// The root they lead to, as the ledger signed it.
    public let root: MerkleHash
    /// The ledger's checkpoint over them.
    public let checkpoint: SignedNote
    /// When the snapshot was begun.
    public let created: Timestamp
    /// How many entries there are in it; the others are there as hashes.
    public let entries: UInt64
    /// How many things there are beside them or in place of others: sealed disclosures, or, for a recipient, what it was given
    /// of each entry; and lines that leave entries out.
    public let beside: UInt64
    /// How many bytes the file has, and how many its text.
    public let fileBytes: UInt64
    public let textBytes: UInt64
    /// Whether the key was known beforehand. If not, the key is the one that the snapshot names itself: the snapshot is
    /// whole and unchanged since somebody with that key signed it, and who that is is for the reader to find out.
    public let isKeyKnown: Bool

    /// The ledger's name.
    public var origin: String { verifier.name }

    init(
        _ manifest: SnapshotManifest, entries: UInt64, beside: UInt64, fileBytes: UInt64, textBytes: UInt64,
        isKeyKnown: Bool
    ) {
        contents = manifest.contents
        verifier = manifest.verifier
        size = manifest.checkpoint.size
        root = manifest.checkpoint.root
        checkpoint = manifest.note
        created = manifest.created
        self.entries = entries
        self.beside = beside
        self.fileBytes = fileBytes
        self.textBytes = textBytes
        self.isKeyKnown = isKeyKnown
    }
}
