/// What a log commits to: that its tree has this size and this root.
///
/// Source: C2SP tlog-checkpoint. It is the text of a signed note: origin, size and root, a line each.
public struct Checkpoint: Hashable, Sendable, CustomStringConvertible {
    /// Which log it is, by its name.
    public let origin: String
    public let size: UInt64
    public let root: MerkleHash
    /// Further lines, whose meaning is the origin's.
    public let extensions: [String]

    public init(origin: String, size: UInt64, root: MerkleHash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads a checkpoint from a note's text.
    ///
    /// - Throws: ``NoteError`` with code `.malformedCheckpoint`.
    public init(_ text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", !lines[0].isEmpty, let size = Self.decimal(lines[1]),
            let root = MerkleHash(base64: lines[2]), !lines.dropLast().contains("")
        else { throw NoteError(.malformedCheckpoint, "A checkpoint is origin, size and root, a line each.") }
        self.init(
            origin: String(lines[0]), size: size, root: root, extensions: lines[3...].dropLast().map(String.init))
    }

    /// Reads a checkpoint from a note, after verifying that the log's key has signed it and that it is of that log.
    ///
    /// - Throws: ``NoteError``.
    public init(_ note: SignedNote, verifiedBy verifier: NoteVerifier) throws(NoteError) {
        try note.verify(verifier)
        try self.init(note.text)
        guard origin == verifier.name else {
            throw NoteError(.otherOrigin, "The checkpoint is of the log “\(origin)”, not of “\(verifier.name)”.")
        }
    }

    /// The text to sign.
    public var description: String {
        ([origin, String(size), root.base64] + extensions).map { $0 + "\n" }.joined()
    }

    /// A decimal without leading zeros.
    static func decimal(_ text: some StringProtocol) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), text == "0" || text.first != "0"
        else { return nil }
        return UInt64(text)
    }
}
