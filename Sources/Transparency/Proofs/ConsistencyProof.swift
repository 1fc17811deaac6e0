/// A file that proves, offline, that the log of one checkpoint is the beginning of the log of another: nothing that was
/// there was changed or taken away since.
///
/// Source: the body of `add-checkpoint` of C2SP tlog-witness, so that a witness takes it as it is: a line `old` and the old
/// size, the hashes of the proof, an empty line, the new checkpoint. Where the log has signed no checkpoint of the new
/// size, the file ends with the empty line, and who verifies brings that checkpoint, too.
public struct ConsistencyProof: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes a proof may have.
    public static let maximumBytes = 128 << 10
    /// The most hashes a proof may have: the tree has no more levels.
    public static let maximumHashes = 63

    public let oldSize: UInt64
    /// The hashes of RFC 6962, section 2.1.2.
    public let hashes: [MerkleHash]
    public let checkpoint: SignedNote?

    public init(oldSize: UInt64, hashes: [MerkleHash], checkpoint: SignedNote?) {
        self.oldSize = oldSize
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    /// Reads a proof as it is written. Nothing is verified yet.
    ///
    /// - Throws: ``NoteError`` with code `.malformedProof` or `.malformedNote`.
    public init(_ text: String) throws(NoteError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw NoteError(.malformedProof, "A proof has at most \(Self.maximumBytes) bytes.")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let line = lines.popFirst(), line.hasPrefix("old "),
            let size = Checkpoint.decimal(line.dropFirst("old ".count))
        else { throw NoteError(.malformedProof, "A proof of consistency begins with a line “old” and a size.") }
        guard let hashes = try ProofHashes.take(&lines, atMost: Self.maximumHashes), !lines.isEmpty else {
            throw NoteError(.malformedProof, "The proof is cut short: an empty line ends its hashes.")
        }
        let rest = lines.joined(separator: "\n")
        self.init(oldSize: size, hashes: hashes, checkpoint: rest.isEmpty ? nil : try SignedNote(rest))
    }

    /// Verifies that the log of an old checkpoint is the beginning of that of a new one, both signed by the log's key.
    ///
    /// - Parameter new: The new checkpoint; nil takes the one in the proof.
    /// - Returns: What the checkpoints say.
    /// - Throws: ``NoteError`` if a checkpoint is not that log's, or the proof does not lead from one to the other.
    public func verify(
        old: SignedNote, new: SignedNote? = nil, verifier: NoteVerifier
    ) throws(NoteError) -> (old: Checkpoint, new: Checkpoint) {
        guard let note = new ?? checkpoint else {
            throw NoteError(.malformedProof, "The proof holds no checkpoint; the new one must be given.")
        }
        let (old, new) = (
            try Checkpoint(old, verifiedBy: verifier), try Checkpoint(note, verifiedBy: verifier)
        )
        guard old.size == oldSize else {
            throw NoteError(
                .malformedProof, "The proof is for the old size \(oldSize), but the old checkpoint is of \(old.size).")
        }
        do throws(MerkleProofError) {
            if oldSize == 0 {
                // The empty tree is the beginning of every tree, and there is nothing to prove.
                guard hashes.isEmpty else { throw .wrongLength }
                guard old.root == .emptyTree else { throw .rootMismatch }
            } else {
                try MerkleVerifier.verifyConsistency(
                    from: old.size, old.root, to: new.size, new.root, proof: hashes)
            }
        } catch {
            throw NoteError(
                .malformedProof,
                "The log of \(old.size) entries is not the beginning of that of \(new.size): \(error).")
        }
        return (old, new)
    }

    /// The proof as it is written.
    public var description: String {
        "old \(oldSize)\n" + hashes.map { $0.base64 + "\n" }.joined() + "\n" + (checkpoint?.description ?? "")
    }
}
