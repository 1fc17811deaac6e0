internal import Crypto

/// What a witness knows of a log: its key, and the latest checkpoint that it has verified. A value: judging changes
/// nothing, and gives what is to be known next.
public struct WitnessedLog: Hashable, Sendable {
    /// The most bytes that the text of a checkpoint may have.
    public static let maximumTextBytes = 4 << 10

    public let key: NoteVerifier
    /// The latest checkpoint, with the log's signature alone; nil if there was none yet.
    public let note: SignedNote?
    /// What it says.
    public let checkpoint: Checkpoint?

    /// A log of which nothing is known yet.
    public init(_ key: NoteVerifier) {
        (self.key, note, checkpoint) = (key, nil, nil)
    }

    /// A log of which a checkpoint was verified before.
    ///
    /// - Throws: ``NoteError`` if the log's key has not signed it.
    public init(_ key: NoteVerifier, note: SignedNote) throws(NoteError) {
        checkpoint = try Checkpoint(note, verifiedBy: key)
        self.note = note
        self.key = key
    }

    private init(_ key: NoteVerifier, _ note: SignedNote, _ checkpoint: Checkpoint) {
        (self.key, self.note, self.checkpoint) = (key, note, checkpoint)
    }

    /// How a log is called in the paths of witnesses: the SHA-256 of its origin in hexadecimal.
    public static func pathName(of origin: String) -> String {
        SHA256.hash(data: Array(origin.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The size that was verified last; 0 if there was none.
    public var size: UInt64 { checkpoint?.size ?? 0 }

    /// Judges a checkpoint that is to be cosigned, with the proof that it continues the latest one.
    ///
    /// - Returns: What is to be known from now on. It must be durable before the checkpoint is cosigned.
    /// - Throws: ``WitnessRefusal``.
    /// - Complexity: A verification of a signature, about 80 µs, and O(log *n*) hashes.
    public func judge(_ submitted: ConsistencyProof) throws(WitnessRefusal) -> WitnessedLog {
        guard let note = submitted.checkpoint, note.text.utf8.count <= Self.maximumTextBytes else {
            throw WitnessRefusal(
                .malformed, "A checkpoint of at most \(Self.maximumTextBytes) bytes follows the proof.")
        }
        let new = try verified(note)
        guard submitted.oldSize <= new.size else {
            throw WitnessRefusal(
                .malformed, "The old size \(submitted.oldSize) is larger than that of the checkpoint, \(new.size).")
        }
        let own = SignedNote(note, keeping: key)
        if let known = self.note, let checkpoint, checkpoint.size == new.size, checkpoint.root != new.root {
            throw WitnessRefusal(
                .forked,
                "The log has signed two roots for its first \(new.size) entries: it shows different histories.",
                size: size, evidence: WitnessEvidence(first: known, second: own))
        }
        guard submitted.oldSize == size else {
            throw WitnessRefusal(
                .otherSize, "The proof begins at the size \(submitted.oldSize), and \(size) was cosigned last.",
                size: size)
        }
        try proves(submitted.hashes, new, own)
        return WitnessedLog(key, own, new)
    }

    private func verified(_ note: SignedNote) throws(WitnessRefusal) -> Checkpoint {
        do throws(NoteError) {
            return try Checkpoint(note, verifiedBy: key)
        } catch {
            switch error.code {
            case .noSignature, .wrongSignature: throw WitnessRefusal(.wrongSignature, error.reason)
            default: throw WitnessRefusal(.malformed, error.reason)
            }
        }
    }

    /// Holds a proof against the latest checkpoint and a new one.
    private func proves(
        _ hashes: [MerkleHash], _ new: Checkpoint, _ note: SignedNote
    ) throws(WitnessRefusal) {
        do throws(MerkleProofError) {
            guard let checkpoint, checkpoint.size > 0 else {
                // The empty log is the beginning of every log, and has one root.
                guard hashes.isEmpty else { throw .wrongLength }
                guard new.size > 0 || new.root == .emptyTree else { throw .rootMismatch }
                return
            }
            try MerkleVerifier.verifyConsistency(
                from: checkpoint.size, checkpoint.root, to: new.size, new.root, proof: hashes)
        } catch {
            throw WitnessRefusal(
                .notProved, "The log of \(new.size) entries is not shown to continue that of \(size): \(error).",
                evidence: evidence(hashes, new, note))
        }
    }

    /// A proof that leads to the new root, but from another root than the one known, shows another history.
    private func evidence(_ hashes: [MerkleHash], _ new: Checkpoint, _ second: SignedNote) -> WitnessEvidence? {
        guard let note, let checkpoint else { return nil }
        return WitnessEvidence(first: note, second: second).proved(by: hashes, checkpoint, new)
    }
}

extension SignedNote {
    /// The note with the signatures of one key alone.
    init(_ note: SignedNote, keeping key: NoteVerifier) {
        self.init(
            unchecked: note.text, signatures: note.signatures.filter { $0.name == key.name && $0.id == key.id })
    }

    /// The note without the lines that somebody does not want.
    package func keeping(_ isKept: (Signature) -> Bool) -> SignedNote {
        SignedNote(unchecked: text, signatures: signatures.filter(isKept))
    }
}
