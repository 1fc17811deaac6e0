public import EventLog
internal import JSON
public import Transparency

/// A position of an answer to a verifiable read: the entry as everyone's log has it, with what its reader may see beside it,
/// or a stub.
public struct VerifiableEntry: Sendable, Hashable {
    /// The most bytes of a line.
    public static let maximumLineBytes = 16 << 20
    /// The most paths in each list of what is not disclosed.
    static let maximumPaths = LogLimits.disclosuresPerEvent

    public enum Content: Sendable, Hashable {
        case entry(Opened)
        /// The hash of the entry as a leaf of the tree, and nothing else.
        case stub(MerkleHash)
    }

    /// An entry and what may be seen of it. Paths are JSON Pointers within the event's `data`; the empty one is the data of
    /// an event that is sealed as a whole.
    public struct Opened: Sendable, Hashable {
        /// The entry as it is hashed, the same for all readers.
        public var entry: [UInt8]
        /// Whether the event is sealed as a whole, so that its data are one disclosure.
        public var isSealedWhole = false
        /// Disclosures as RFC 9901 writes them.
        public var disclosures: [[UInt8]] = []
        /// What the reader may not see, in the schema's order: the same whether or not it is there.
        public var withheld: [SeenEntry.Withheld] = []
        /// What the reader may see and is gone.
        public var gone: [SeenEntry.Gone] = []
        /// What the reader may see and the event does not have: the ledger says so, for a decoy cannot be opened.
        public var absent: [String] = []
        /// What someone took out through whose hands the answer went.
        public var omitted: [String] = []

        init(entry: [UInt8]) {
            self.entry = entry
        }
    }

    public let position: Position
    public var content: Content
    /// The hashes that lead from the leaf to the root of the checkpoint, from its sibling up; nil without proofs.
    public var proof: [MerkleHash]?

    /// The leaf in the tree.
    ///
    /// - Complexity: O(*n*) in the bytes of the entry, which is hashed.
    public var leaf: MerkleHash {
        switch content {
        case .stub(let leaf): leaf
        case .entry(let opened): MerkleHash.leaf(opened.entry.span)
        }
    }

    init(position: Position, content: Content, proof: [MerkleHash]?) {
        self.position = position
        self.content = content
        self.proof = proof
    }

    /// The verifiable form of what a reader is given.
    init(_ given: DisclosedEntry, proof: [MerkleHash]?) {
        guard case .entry(let event) = given.seen else {
            self.init(position: given.entry.position, content: .stub(given.entry.leafHash), proof: proof)
            return
        }
        var opened = Opened(entry: given.entry.bytes)
        opened.withheld = event.withheld
        opened.gone = event.gone
        if let plan = given.plan { opened.take(given.fields, of: plan) }
        self.init(position: given.entry.position, content: .entry(opened), proof: proof)
    }
}

extension VerifiableEntry.Opened {
    /// Takes in what rows held. A value within one that is not given cannot be placed, and is left out.
    mutating func take(_ fields: [FieldContent?], of plan: SealingPlan) {
        isSealedWhole = plan.isSealedWhole
        var isGiven = Array(repeating: false, count: plan.slots.count)
        for (index, slot) in plan.slots.enumerated() where index < fields.count {
            if let parent = slot.parent, !isGiven[parent] { continue }
            switch fields[index] {
            case .value(let json, _):
                isGiven[index] = true
                var encoded: [UInt8] = []
                Base64.append(json.span, .url, to: &encoded)
                disclosures.append(encoded)
            case .decoy:
                absent.append(slot.field.pointer)
            case .erased, .lost, nil:
                continue
            }
        }
    }
}
