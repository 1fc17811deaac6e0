/// A public key that verifies a witness's cosignatures, written `name+id+key` as a log's is. The id is another than that
/// of the same key for notes, so that neither is taken for the other.
///
/// Source: C2SP tlog-cosignature and signed-note, signature type 0x04.
public struct CosignatureVerifier: Hashable, Sendable, CustomStringConvertible {
    /// The byte that stands for Ed25519 cosignatures before the key.
    static let ed25519: UInt8 = 4

    /// The witness, for example `customs.example/witness`.
    public let name: String
    /// The first four bytes, big-endian, of the SHA-256 of name, newline, algorithm and key.
    public let id: UInt32
    /// The 32 bytes of the public key.
    public let publicKey: [UInt8]

    /// - Throws: ``NoteError`` with code `.malformedKey` if the name can name no key, or the key is none.
    public init(name: String, publicKey: [UInt8]) throws(NoteError) {
        self.init(try NoteVerifier(name: name, publicKey: publicKey))
    }

    /// The same name and key, for cosignatures.
    init(_ verifier: NoteVerifier) {
        name = verifier.name
        publicKey = verifier.publicKey
        id = NoteVerifier.id(name: name, key: [Self.ed25519] + publicKey)
    }

    /// Reads a key as it is written. The error does not show the text: it may be a signing key given by mistake.
    ///
    /// - Throws: ``NoteError`` with code `.malformedKey`.
    public init(_ text: String) throws(NoteError) {
        let parts = try NoteVerifier.parts(of: text, algorithm: Self.ed25519)
        try self.init(name: parts.name, publicKey: parts.key)
        guard parts.id == idText else {
            throw NoteError(.malformedKey, "The key “\(name)” has an id that does not fit it.")
        }
    }

    /// The id in eight hexadecimal digits.
    var idText: String { NoteVerifier.text(ofID: id) }

    public var description: String { "\(name)+\(idText)+\(Base64.encode([Self.ed25519] + publicKey))" }

    /// The cosignatures in a note that are this key's, the newest first. Lines of other keys are passed over.
    ///
    /// - Returns: Those that verify, and whether there is a line of this key that does not.
    /// - Complexity: about 80 µs for each line of this key.
    public func cosignatures(in note: SignedNote) -> (sound: [Cosignature], hasWrong: Bool) {
        var sound: [Cosignature] = []
        var hasWrong = false
        for line in note.signatures where owns(line) {
            if let cosignature = cosignature(line, of: note.text) {
                sound.append(cosignature)
            } else {
                hasWrong = true
            }
        }
        return (sound.sorted { $0.time > $1.time }, hasWrong)
    }

    /// Whether a line says that it is this key's.
    public func owns(_ line: SignedNote.Signature) -> Bool { line.id == id && line.name == name }

    /// The cosignature in a line over a text; nil if it is not this key's, or does not verify.
    public func cosignature(_ line: SignedNote.Signature, of text: String) -> Cosignature? {
        guard owns(line), let cosignature = Cosignature(line) else { return nil }
        let message = Cosignature.message(text, time: cosignature.time)
        return NoteVerifier.verifies(cosignature.signature, of: message, by: publicKey) ? cosignature : nil
    }
}
