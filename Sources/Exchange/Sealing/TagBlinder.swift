public import EventLog
internal import Transparency

/// Tags that do not tell what they are about: of the value, 128 bits of HMAC-SHA256 under a subject's key, base64url.
///
/// The same tag under the same key is blinded alike, so that the ledger finds it again: whoever queries blinds what is
/// asked for in the same way. That two entries are about the same thing shows; once the key is destroyed, nobody can
/// say what.
public enum TagBlinder {
    /// The kinds whose values name persons; such tags are blinded wherever they come from.
    public static let personalKinds: Set<String> = ["person", "passenger", "crew"]
    /// The compartment of the key under which personal tags are blinded; the subject is who the value names.
    public static let personalCompartment = "personal"

    private static let tagLabel = Array("sanhu/v1/tag".utf8)
    private static let decoyLabel = Array("sanhu/v1/untag".utf8)
    private static let attributeLabel = Array("sanhu/v1/attribute".utf8)
    static let byteCount = 16

    /// The key that a personal tag is blinded with, or nil if the tag's kind is not personal.
    ///
    /// - Parameter kinds: Those that are personal; ``Charter/personalTagKinds``.
    public static func reference(for tag: Tag, kinds: Set<String> = personalKinds) -> KeyReference? {
        // Most tags are of no such kind, which the byte after as many as a kind has tells.
        let text = tag.text.utf8Span.span
        let isPersonal = kinds.contains { kind in
            let length = kind.utf8.count
            return length < text.count && text[length] == UInt8(ascii: ":") && tag.isOf(kind: kind)
        }
        guard isPersonal else { return nil }
        return KeyReference(.named(String(tag.value)), compartment: personalCompartment)
    }

    /// A tag, blinded.
    ///
    /// - Throws: ``ExchangeError`` with code `.log` if the kind is none.
    public static func blinded(_ tag: Tag, under key: SubjectKey) throws(ExchangeError) -> Tag {
        let message = EventPlace.field(Array(tag.kind.utf8)) + tag.value.utf8
        return try Self.tag(String(tag.kind), key.code(tagLabel, message))
    }

    /// A tag that looks like one of its kind and is about nothing, for a field that an event does not have.
    static func decoy(kind: String, context: [UInt8], under key: SubjectKey) throws(ExchangeError) -> Tag {
        try tag(kind, key.code(decoyLabel, context))
    }

    /// The text that stands for an attribute of an event that is sealed as a whole.
    static func attribute(_ text: [UInt8], under key: SubjectKey) -> String {
        base64(key.code(attributeLabel, text))
    }

    private static func tag(_ kind: String, _ code: InlineArray<32, UInt8>) throws(ExchangeError) -> Tag {
        try ExchangeError.wrapping { () throws(LogError) in try Tag(kind: kind, value: base64(code)) }
    }

    private static func base64(_ code: InlineArray<32, UInt8>) -> String {
        Base64.encode((0..<byteCount).map { code[$0] }, .url)
    }
}
