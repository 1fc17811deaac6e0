/// Two checkpoints of a log that should not both be, in one file. Whoever has the log's public key can check it.
///
/// It is a header, for two sizes the root that the second log has at the size of the first with the proof of it, and the
/// two notes, with an empty line between each.
public struct WitnessEvidence: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes of evidence.
    public static let maximumBytes = 256 << 10
    private static let header = "sanhu/witness-evidence@v1"

    /// What evidence shows, by the log's key alone.
    public enum Finding: String, Hashable, Sendable {
        /// The log has signed two histories: the same entries have two roots.
        case forked
        /// The second is smaller. That it was shown after the first is the word of who kept it.
        case rolledBack
        /// The second is larger, and nothing shows that it continues the first. The log owes the proof.
        case unproven
    }

    /// What the second log has in place of the entries of the first, proved to be its beginning.
    public struct Beginning: Hashable, Sendable {
        public let root: MerkleHash
        /// The proof of consistency from this root to that of the second checkpoint (RFC 6962).
        public let proof: [MerkleHash]

        public init(root: MerkleHash, proof: [MerkleHash]) {
            (self.root, self.proof) = (root, proof)
        }
    }

    /// The checkpoint that was seen first.
    public let first: SignedNote
    public let second: SignedNote
    public let beginning: Beginning?

    public init(first: SignedNote, second: SignedNote, beginning: Beginning? = nil) {
        (self.first, self.second, self.beginning) = (first, second, beginning)
    }

    /// Verifies that both are signed with the log's key, and finds what they show.
    ///
    /// - Throws: ``NoteError``: `.malformedEvidence` if they do not contradict each other, or the proof does not hold; or why a
    ///   note is not that log's.
    public func verify(_ key: NoteVerifier) throws(NoteError) -> Finding {
        let (old, new) = (try Checkpoint(first, verifiedBy: key), try Checkpoint(second, verifiedBy: key))
        if old.size == new.size {
            guard old.root != new.root else { throw Self.malformed("Both checkpoints have the same root: they agree.") }
            return .forked
        }
        if old.size > new.size { return .rolledBack }
        guard let beginning else {
            guard old.size > 0 else { throw Self.malformed("The empty log is the beginning of every log.") }
            return .unproven
        }
        guard beginning.root != old.root else {
            throw Self.malformed("The second log begins with the first: they agree.")
        }
        do throws(MerkleProofError) {
            try MerkleVerifier.verifyConsistency(
                from: old.size, beginning.root, to: new.size, new.root, proof: beginning.proof)
        } catch {
            throw Self.malformed("The proof of what the second log begins with does not hold: \(error).")
        }
        return .forked
    }

    /// The evidence with what a proof of consistency, which leads to the second root, has for the first; nil if it has nothing.
    package func proved(by hashes: [MerkleHash], _ old: Checkpoint, _ new: Checkpoint) -> WitnessEvidence? {
        guard
            let root = MerkleVerifier.rootOfBeginning(old.size, size: new.size, root: new.root, proof: hashes),
            root != old.root
        else { return nil }
        return WitnessEvidence(first: first, second: second, beginning: .init(root: root, proof: hashes))
    }

    /// Reads evidence as it is written. Nothing is verified yet.
    ///
    /// - Throws: ``NoteError`` with code `.malformedEvidence`, or that of a note.
    public init(_ text: String) throws(NoteError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw Self.malformed("Evidence has at most \(Self.maximumBytes) bytes.")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.header[...] else {
            throw Self.malformed("Evidence begins with the line \(Self.header).")
        }
        var root: MerkleHash?
        if let line = lines.first, line.hasPrefix("root ") {
            root = MerkleHash(base64: line.dropFirst("root ".count))
            guard root != nil else { throw Self.malformed("The line “root” holds no hash.") }
            lines.removeFirst()
        }
        guard let proof = try ProofHashes.take(&lines, atMost: ConsistencyProof.maximumHashes),
            root != nil || proof.isEmpty
        else { throw Self.malformed("An empty line comes before the first checkpoint, and a root before its proof.") }
        // The text of a checkpoint has no empty line: there is one in each note, and one between them.
        let ends = lines.indices.filter { lines[$0].isEmpty }
        guard ends.count == 4, ends[3] == lines.endIndex - 1 else {
            throw Self.malformed("After the header there are two checkpoints, with an empty line between them.")
        }
        self.init(
            first: try SignedNote(lines[..<ends[1]].joined(separator: "\n") + "\n"),
            second: try SignedNote(lines[(ends[1] + 1)...].joined(separator: "\n")),
            beginning: root.map { Beginning(root: $0, proof: proof) })
    }

    /// The evidence as it is written.
    public var description: String {
        var text = Self.header + "\n"
        if let beginning {
            text += "root \(beginning.root.base64)\n" + beginning.proof.map { $0.base64 + "\n" }.joined()
        }
        return text + "\n" + first.description + "\n" + second.description
    }

    private static func malformed(_ reason: String) -> NoteError { NoteError(.malformedEvidence, reason) }
}
