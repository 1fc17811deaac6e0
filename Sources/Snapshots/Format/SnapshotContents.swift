public import EventLog
public import Transparency

/// What a snapshot is of.
public enum SnapshotContents: Hashable, Sendable {
    /// A log's entries up to the checkpoint, all of them or those since a position, with the sealed disclosures beside them.
    case log(since: SnapshotBase?)
    /// Some of the entries; of all others there are hashes.
    case part(SnapshotPart)

    /// The word for it in the manifest.
    public var kind: String {
        switch self {
        case .log: "log"
        case .part: "part"
        }
    }

    /// How many entries at the beginning are not in it because an earlier snapshot has them.
    public var base: Position {
        if case .log(let since?) = self { since.size } else { 0 }
    }
}

/// The log as it was when an earlier snapshot was made, which another goes on from.
public struct SnapshotBase: Hashable, Sendable {
    /// How many entries there were, at least 1.
    public let size: Position
    /// The root they lead to.
    public let root: MerkleHash

    public init(size: Position, root: MerkleHash) {
        self.size = size
        self.root = root
    }
}
