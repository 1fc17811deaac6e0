public import EventLog
public import Transparency

/// What a reader gets of an entry: a plain CloudEvent with what it may see in its place, or a stub.
public enum SeenEntry: Sendable, Hashable {
    case entry(Event)
    /// Where it stands, and its leaf in the tree: enough to prove the record complete, and nothing else.
    case stub(Position, leaf: MerkleHash)

    /// An event with the values that were disclosed.
    public struct Event: Sendable, Hashable {
        public let position: Position
        public let recorded: Timestamp
        public let agency: String
        public let tags: [Tag]
        /// The CloudEvent, compact. Fields that are withheld are not in it.
        public let event: [UInt8]
        /// The fields that its schema marks and that are withheld, in the schema's order: the same whether or not the event
        /// has them.
        public let withheld: [Withheld]
        /// Fields that were disclosed and whose values are gone: by erasure, or by damage.
        public let gone: [Gone]
        /// Whether it was brought up to the latest version of its schema; nil if that was not asked for, or it is of the
        /// latest.
        public internal(set) var upcast: Upcast?
    }

    /// What became of an event that was to be brought up.
    public enum Upcast: Sendable, Hashable {
        /// It was appended under this schema; the event now names the latest.
        case done(from: String)
        /// It is given as it was appended.
        case refused(UpcastRefusal)
    }

    public struct Withheld: Sendable, Hashable {
        public let pointer: String
        public let reason: WithholdingReason
    }

    /// Why a value that may be seen cannot be.
    public struct Gone: Sendable, Hashable {
        public enum Cause: String, Sendable, Hashable, CaseIterable {
            /// Its subject's key was destroyed.
            case erased
            /// It is damaged or missing.
            case lost
        }

        public let pointer: String
        public let cause: Cause
    }

    public var position: Position {
        switch self {
        case .entry(let event): event.position
        case .stub(let position, _): position
        }
    }
}
