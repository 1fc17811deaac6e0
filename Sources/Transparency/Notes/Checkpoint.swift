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

    /// - Throws: ``NoteError`` with code `.malformedCheckpoint` if the origin or an extension is no line: if it is empty or
    ///   holds a newline or another control character.
    public init(origin: String, size: UInt64, root: MerkleHash, extensions: [String] = []) throws(NoteError) {
        for line in [origin] + extensions where !Self.isLine(line) {
            throw NoteError(
                .malformedCheckpoint,
                "“\(line.prefix(80))” cannot stand in a checkpoint: it is empty or holds a control character.")
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The checkpoint of a log that has the name of a key, which is known to be a line.
    package init(origin: String, size: UInt64, root: MerkleHash) {
        precondition(Self.isLine(origin), "an origin is a line")
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    private static func isLine(_ text: String) -> Bool {
        !text.isEmpty && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Reads a checkpoint from a note's text.
    ///
    /// - Throws: ``NoteError`` with code `.malformedCheckpoint`.
    public init(_ text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", let size = Self.decimal(lines[1]),
            let root = MerkleHash(base64: lines[2])
        else { throw NoteError(.malformedCheckpoint, "A checkpoint is origin, size and root, a line each.") }
        try self.init(
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
