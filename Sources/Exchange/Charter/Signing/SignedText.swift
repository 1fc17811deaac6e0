import Crypto
public import JSON

/// What agencies sign with their Ed25519 keys: lines that say what it is and where it belongs, then the canonical form
/// (RFC 8785) of what is signed. A signature for one ledger, kind or agency is worth nothing for another.
///
/// ```text
/// sanhu/charter-founded/v1⏎  ORIGIN⏎  canonical data without its member "signatures"
/// sanhu/charter-amended/v1⏎  ORIGIN⏎  canonical data without its member "signatures"
/// sanhu/event/v1⏎  ORIGIN⏎  AGENCY⏎  canonical event, as it stands in the entry
/// ```
///
/// UTF-8, each line ended by one newline (0x0A) and nothing after the JSON; the origin is the ledger's name, which holds
/// no control characters.
public enum SignedText {
    static func founding(_ canonical: [UInt8], origin: String) -> [UInt8] {
        text(["sanhu/charter-founded/v1", origin], canonical)
    }

    static func amendment(_ canonical: [UInt8], origin: String) -> [UInt8] {
        text(["sanhu/charter-amended/v1", origin], canonical)
    }

    /// What an agency signs when it hands in an event that it sealed itself.
    ///
    /// - Parameter event: The CloudEvent, with digests in place of what is sealed.
    /// - Complexity: O(*n* log *n*) in its size.
    public static func event(_ event: JSONValue, agency: String, origin: String) -> [UInt8] {
        text(["sanhu/event/v1", origin, agency], JSONCanonicalForm.bytes(of: event))
    }

    private static func text(_ lines: [String], _ canonical: [UInt8]) -> [UInt8] {
        lines.flatMap { Array($0.utf8) + [0x0A] } + canonical
    }

    /// The canonical form of an object without its member `signatures`.
    static func canonicalWithoutSignatures(_ data: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            // Charter data has only members in ASCII, for which the order of bytes is that of UTF-16.
            for (key, value) in data.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
            where key != "signatures" {
                writer.key(key)
                writer.raw(JSONCanonicalForm.bytes(of: value))
            }
        }
        return writer.bytes
    }

    /// Whether a signature over a text is a key's.
    ///
    /// - Complexity: about 80 µs.
    static func verifies(_ signature: [UInt8], by publicKey: [UInt8], over text: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: text)
    }
}
