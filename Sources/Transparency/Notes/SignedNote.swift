/// A text with signatures under it.
///
/// Source: C2SP signed-note.
public struct SignedNote: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes a note may have.
    public static let maximumBytes = 64 << 10
    /// The most signatures a note may have.
    public static let maximumSignatures = 64

    /// One signature, by the name and id of its key.
    public struct Signature: Hashable, Sendable, CustomStringConvertible {
        public let name: String
        public let id: UInt32
        public let bytes: [UInt8]

        init(name: String, id: UInt32, bytes: [UInt8]) {
            self.name = name
            self.id = id
            self.bytes = bytes
        }

        /// Reads a signature as its line is written, without the newline.
        ///
        /// - Throws: ``NoteError`` with code `.malformedNote`.
        public init(_ line: some StringProtocol) throws(NoteError) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "—", NoteVerifier.isName(String(parts[1])),
                let bytes = Base64.decode(parts[2]), bytes.count > 4
            else { throw NoteError(.malformedNote, "“\(line.prefix(80))” is not a line with a signature.") }
            let id: UInt32 = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            self.init(name: String(parts[1]), id: id, bytes: Array(bytes.dropFirst(4)))
        }

        /// The signature's line, without the newline.
        public var description: String {
            let prefix: [UInt8] = (0..<4).map { UInt8(truncatingIfNeeded: id >> UInt32(24 - $0 * 8)) }
            return "— \(name) \(Base64.encode(prefix + bytes))"
        }
    }

    /// What is signed; ends with a newline.
    public let text: String
    public let signatures: [Signature]

    /// - Throws: ``NoteError`` with code `.malformedNote` if no reader would take it: it is too long, or has too many
    ///   signatures.
    init(text: String, signatures: [Signature]) throws(NoteError) {
        self.text = text
        self.signatures = signatures
        try Self.check(bytes: description.utf8.count, signatures: signatures.count)
    }

    /// Some of the signatures of a note that was checked.
    init(unchecked text: String, signatures: [Signature]) {
        (self.text, self.signatures) = (text, signatures)
    }

    private static func check(bytes: Int, signatures: Int) throws(NoteError) {
        guard bytes <= maximumBytes else {
            throw NoteError(.malformedNote, "A note has at most \(maximumBytes) bytes; this has \(bytes).")
        }
        guard signatures <= maximumSignatures else {
            throw NoteError(
                .malformedNote, "A note has at most \(maximumSignatures) signatures; this has \(signatures).")
        }
    }

    /// Reads a note as it is written. Nothing is verified yet.
    ///
    /// - Throws: ``NoteError`` with code `.malformedNote`.
    public init(_ note: String) throws(NoteError) {
        try Self.check(bytes: note.utf8.count, signatures: 0)
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.last == "", let blank = lines.dropLast().lastIndex(of: ""), blank > 0 else {
            throw NoteError(.malformedNote, "A note is a text, an empty line, and lines of signatures.")
        }
        text = lines[..<blank].joined(separator: "\n") + "\n"
        guard Self.isText(text) else {
            throw NoteError(.malformedNote, "The note's text holds control characters.")
        }
        var signatures: [Signature] = []
        for line in lines[(blank + 1)...].dropLast() {
            signatures.append(try Signature(line))
            try Self.check(bytes: 0, signatures: signatures.count)
        }
        guard !signatures.isEmpty else { throw NoteError(.malformedNote, "The note has no signature.") }
        self.signatures = signatures
    }

    /// Verifies that a key has signed the note. Signatures of other keys are passed over.
    ///
    /// - Throws: ``NoteError`` with code `.noSignature` if there is none of this key, `.wrongSignature` if one does not
    ///   verify.
    /// - Complexity: about 80 µs.
    public func verify(_ verifier: NoteVerifier) throws(NoteError) {
        let own = signatures.filter { $0.name == verifier.name && $0.id == verifier.id }
        guard !own.isEmpty else {
            throw NoteError(.noSignature, "The note has no signature of \(verifier.name) (\(verifier.idText)).")
        }
        for signature in own where !verifier.verifies(signature.bytes, of: text) {
            throw NoteError(.wrongSignature, "The signature of \(verifier.name) (\(verifier.idText)) does not verify.")
        }
    }

    /// The note with another's signature under those that it has; unchanged if it has this one. Nothing is verified.
    ///
    /// - Throws: ``NoteError`` with code `.malformedNote` if there is no room for it.
    public func adding(_ signature: Signature) throws(NoteError) -> SignedNote {
        signatures.contains(signature) ? self : try SignedNote(text: text, signatures: signatures + [signature])
    }

    /// The note as it is written.
    public var description: String {
        text + "\n" + signatures.map { "\($0)\n" }.joined()
    }

    static func isText(_ text: String) -> Bool {
        text.last == "\n" && !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }
    }
}
