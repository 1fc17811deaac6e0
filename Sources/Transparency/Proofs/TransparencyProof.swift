/// A file that proves, offline, that an entry is in a log: index, inclusion proof and signed checkpoint.
///
/// Source: C2SP tlog-proof, `c2sp.org/tlog-proof@v1`. Who verifies needs the entry, this and the log's public key.
public struct TransparencyProof: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes a proof may have.
    public static let maximumBytes = 128 << 10
    private static let header = "c2sp.org/tlog-proof@v1"

    public let index: UInt64
    /// Hashes from the leaf's sibling up.
    public let hashes: [MerkleHash]
    public let checkpoint: SignedNote
    /// Anything the issuer wanted to say; not authenticated.
    public let extra: [UInt8]?

    public init(index: UInt64, hashes: [MerkleHash], checkpoint: SignedNote, extra: [UInt8]? = nil) {
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Reads a proof as it is written. Nothing is verified yet.
    ///
    /// - Throws: ``NoteError`` with code `.malformedProof` or `.malformedNote`.
    public init(_ text: String) throws(NoteError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw NoteError(.malformedProof, "A proof has at most \(Self.maximumBytes) bytes.")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.header[...] else {
            throw NoteError(.malformedProof, "A proof begins with the line \(Self.header).")
        }
        var extra: [UInt8]?
        if let line = lines.first, line.hasPrefix("extra ") {
            guard let bytes = Base64.decode(line.dropFirst("extra ".count)) else {
                throw NoteError(.malformedProof, "The proof's line “extra” is not base64.")
            }
            extra = bytes
            lines.removeFirst()
        }
        guard let line = lines.popFirst(), line.hasPrefix("index "),
            let index = Checkpoint.decimal(line.dropFirst("index ".count))
        else { throw NoteError(.malformedProof, "The proof has no line “index” with a decimal number.") }
        let hashes = try ProofHashes.take(&lines, atMost: 64) ?? []
        self.init(
            index: index, hashes: hashes, checkpoint: try SignedNote(lines.joined(separator: "\n")), extra: extra)
    }

    /// Verifies that an entry is in the log of a key, at ``index``.
    ///
    /// - Returns: The checkpoint that the proof leads to.
    /// - Throws: ``NoteError`` if the checkpoint is not that log's, or the proof does not lead to its root.
    public func verify(entry: [UInt8], verifier: NoteVerifier) throws(NoteError) -> Checkpoint {
        let checkpoint = try Checkpoint(checkpoint, verifiedBy: verifier)
        do throws(MerkleProofError) {
            try MerkleVerifier.verifyInclusion(
                of: MerkleHash.leaf(entry.span), index: index, size: checkpoint.size, root: checkpoint.root,
                proof: hashes)
        } catch {
            throw NoteError(.malformedProof, "The entry is not at position \(index) of this log: \(error).")
        }
        return checkpoint
    }

    /// The proof as it is written.
    public var description: String {
        var text = Self.header + "\n"
        if let extra { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(index)\n"
        for hash in hashes { text += hash.base64 + "\n" }
        return text + "\n" + checkpoint.description
    }
}
