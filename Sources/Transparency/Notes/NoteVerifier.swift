internal import Crypto

/// A public key that verifies notes: a name and an Ed25519 key, written `name+id+key` with the key's id in
/// hexadecimal and the key in base64.
///
/// Source: C2SP signed-note; the text form is that of golang.org/x/mod/sumdb/note.
public struct NoteVerifier: Hashable, Sendable, CustomStringConvertible {
    /// The byte that stands for Ed25519 before the key.
    static let ed25519: UInt8 = 1

    /// Who signs, for example `port.example/ledger`.
    public let name: String
    /// The first four bytes, big-endian, of the SHA-256 of name, newline, algorithm and key.
    public let id: UInt32
    /// The 32 bytes of the public key.
    public let publicKey: [UInt8]

    /// - Throws: ``NoteError`` if the name is empty or holds white space, control characters or `+`, or the key is
    ///   none.
    public init(name: String, publicKey: [UInt8]) throws(NoteError) {
        guard Self.isName(name) else {
            throw NoteError(
                .malformedKey,
                "“\(name)” cannot name a key: it is empty or holds white space, a control character or “+”.")
        }
        guard publicKey.count == 32 else { throw NoteError(.malformedKey, "An Ed25519 public key has 32 bytes.") }
        self.name = name
        self.publicKey = publicKey
        id = Self.id(name: name, key: [Self.ed25519] + publicKey)
    }

    /// Reads a key as it is written. The error does not show the text: it may be a signing key given by mistake.
    ///
    /// - Throws: ``NoteError`` with code `.malformedKey`.
    public init(_ text: String) throws(NoteError) {
        let parts = try Self.parts(of: text, algorithm: Self.ed25519)
        try self.init(name: parts.name, publicKey: parts.key)
        guard parts.id == idText else {
            throw NoteError(.malformedKey, "The key “\(name)” has an id that does not fit it.")
        }
    }

    /// Takes the text of a key apart. Its id is still to be held against it.
    static func parts(
        of text: String, algorithm: UInt8
    ) throws(NoteError) -> (name: String, id: Substring, key: [UInt8]) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let key = Base64.decode(parts[2]), key.count == 33, key[0] == algorithm else {
            throw NoteError(.malformedKey, "This is not a verifier key of the form name+id+key.")
        }
        return (String(parts[0]), parts[1], Array(key.dropFirst()))
    }

    /// The id in eight hexadecimal digits.
    var idText: String { Self.text(ofID: id) }

    static func text(ofID id: UInt32) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    public var description: String { "\(name)+\(idText)+\(Base64.encode([Self.ed25519] + publicKey))" }

    /// Whether a signature over a text is this key's.
    func verifies(_ signature: [UInt8], of text: String) -> Bool {
        Self.verifies(signature, of: Array(text.utf8), by: publicKey)
    }

    static func verifies(_ signature: [UInt8], of bytes: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: bytes)
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && !name.unicodeScalars.contains {
                $0 == "+" || $0.properties.isWhitespace || $0.properties.generalCategory == .control
            }
    }

    static func id(name: String, key: [UInt8]) -> UInt32 {
        SHA256.hash(data: Array(name.utf8) + [0x0A] + key).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
