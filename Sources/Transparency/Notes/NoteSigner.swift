internal import Crypto

/// A private key that signs notes. Its text form, `PRIVATE+KEY+name+id+key`, belongs in a file that only its owner may
/// read, never in the ledger's folder.
public struct NoteSigner: Sendable {
    private static let prefix = "PRIVATE+KEY+"

    /// The public half.
    public let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new key.
    ///
    /// - Throws: ``NoteError`` if the name cannot name a key.
    public static func generate(name: String) throws(NoteError) -> NoteSigner {
        try NoteSigner(name: name, key: Curve25519.Signing.PrivateKey())
    }

    /// Takes a key from the 32 bytes of its seed.
    ///
    /// - Throws: ``NoteError`` if the name cannot name a key, or the seed is none.
    public init(name: String, seed: [UInt8]) throws(NoteError) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw NoteError(.malformedKey, "The seed of an Ed25519 key has 32 bytes.")
        }
        try self.init(name: name, key: key)
    }

    private init(name: String, key: Curve25519.Signing.PrivateKey) throws(NoteError) {
        verifier = try NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
        self.key = key
    }

    /// Reads a key as ``secretText`` writes it. What is wrong is said without showing any of the text.
    ///
    /// - Throws: ``NoteError`` with code `.malformedKey`.
    public init(secretText: String) throws(NoteError) {
        let parts = secretText.dropFirst(Self.prefix.count)
            .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard secretText.hasPrefix(Self.prefix), parts.count == 3,
            let bytes = Base64.decode(parts[2]), bytes.count == 33, bytes[0] == NoteVerifier.ed25519
        else { throw NoteError(.malformedKey, "This is not a signing key (PRIVATE+KEY+name+id+key).") }
        try self.init(name: String(parts[0]), seed: Array(bytes.dropFirst()))
        guard parts[1] == verifier.idText else {
            throw NoteError(.malformedKey, "The signing key “\(parts[0])” has an id that does not fit it.")
        }
    }

    /// The key as a file keeps it. Whoever has it can sign as the ledger.
    public var secretText: String {
        Self.prefix + "\(verifier.name)+\(verifier.idText)+"
            + Base64.encode([NoteVerifier.ed25519] + Array(key.rawRepresentation))
    }

    /// Signs a text, which must end with a newline.
    ///
    /// - Throws: ``NoteError`` with code `.malformedNote` if the text cannot be a note's, or is too long for one.
    /// - Complexity: about 20 µs.
    public func sign(_ text: String) throws(NoteError) -> SignedNote {
        try SignedNote(text: text, signatures: [signature(over: text)])
    }

    /// Signs what others have signed: the note with a signature of this key under theirs. Whoever cosigns verifies the
    /// note first; this does not.
    ///
    /// - Throws: ``NoteError`` with code `.malformedNote` if there is no room for it.
    public func cosign(_ note: SignedNote) throws(NoteError) -> SignedNote {
        try note.adding(signature(over: note.text))
    }

    private func signature(over text: String) throws(NoteError) -> SignedNote.Signature {
        guard SignedNote.isText(text) else {
            throw NoteError(.malformedNote, "A note's text ends with a newline and holds no other control characters.")
        }
        return SignedNote.Signature(name: verifier.name, id: verifier.id, bytes: try bytes(signing: Array(text.utf8)))
    }

    /// The 64 bytes of a signature. What is signed must tell itself from the text of a note.
    func bytes(signing message: [UInt8]) throws(NoteError) -> [UInt8] {
        guard let signature = try? key.signature(for: message) else {
            throw NoteError(.malformedKey, "The key of “\(verifier.name)” could not sign.")
        }
        return Array(signature)
    }
}
