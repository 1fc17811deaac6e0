public import EventLog

/// What two snapshots of one ledger have that the other has not.
public struct SnapshotDifference: Hashable, Sendable {
    /// How the logs that they are of relate.
    public enum Relation: String, Hashable, Sendable {
        /// They are of the same size and root.
        case same
        /// The log of the second goes on from that of the first.
        case grown
        /// The log of the first goes on from that of the second.
        case earlier
        /// Neither goes on from the other: both are signed, and one history is not the ledger's.
        case forked
        /// One does not have enough of the tree to tell.
        case unknown
    }

    /// A position at which they differ.
    public struct Change: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            /// Both have an entry there, and not the same.
            case entry
            /// The entry is the same; what lies beside it is not: a disclosure came, went, or is another one.
            case beside
            /// One has the entry, the other its hash.
            case onlyInFirst, onlyInSecond
        }

        public let position: Position
        public let kind: Kind

        public init(position: Position, kind: Kind) {
            (self.position, self.kind) = (position, kind)
        }
    }

    public let first: SnapshotSummary
    public let second: SnapshotSummary
    public internal(set) var relation: Relation
    /// How many positions differ in each way, those beyond the end of the shorter log left out.
    public internal(set) var counts: [Change.Kind: UInt64] = [:]
    /// How many entries the longer log has beyond the end of the other.
    public var beyond: UInt64 { max(first.size, second.size) - min(first.size, second.size) }
}
