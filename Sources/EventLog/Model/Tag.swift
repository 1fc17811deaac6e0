/// What an entry is about: `kind:value`, for example `declaration:21GB7X8M7S6NG8N6R0` or `container:MSKU1234565`.
///
/// The kind is 1 to 32 of `a`–`z`, `0`–`9` and `-`, beginning with a letter; the value is everything after the first
/// colon: at least one byte, no control characters. The whole is at most ``maximumBytes`` bytes of UTF-8.
public struct Tag: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The most bytes a tag may have, kind, colon and value together.
    public static let maximumBytes = 255

    /// The most bytes a tag's kind may have.
    public static let maximumKindBytes = 32

    /// The tag as it is written: `kind:value`.
    public let text: String

    /// Reads a tag as it is written.
    ///
    /// - Throws: ``LogError`` with code `.invalidTag` if the text is not a tag.
    /// - Complexity: O(*n*) in the length of the text.
    public init(_ text: String) throws(LogError) {
        if let fault = Tag.fault(in: text.utf8Span.span) {
            throw LogError(.invalidTag, "The tag “\(Tag.abbreviated(text))” \(fault).")
        }
        self.text = text
    }

    /// Makes a tag of its kind and its value.
    ///
    /// - Throws: ``LogError`` with code `.invalidTag` if kind or value break the rules of a tag.
    public init(kind: String, value: String) throws(LogError) {
        try self.init(kind + ":" + value)
    }

    /// The part before the first colon.
    public var kind: Substring { text[..<(text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex)] }

    /// Whether a kind, given as ASCII, is the tag's.
    ///
    /// - Complexity: O(*k*) in the kind's length; nothing is allocated.
    public func isOf(kind: String) -> Bool {
        let (own, length) = (text.utf8Span.span, kind.utf8.count)
        guard length < own.count, own[length] == UInt8(ascii: ":") else { return false }
        let other = kind.utf8Span.span
        // A kind ends at the first colon.
        for at in other.indices where own[at] != other[at] || own[at] == UInt8(ascii: ":") { return false }
        return true
    }

    /// The part after the first colon.
    public var value: Substring { text[text.index(after: kind.endIndex)...] }

    public var description: String { text }

    /// Tags are the same if their bytes are: two ways to write a letter make two tags.
    public static func == (left: Tag, right: Tag) -> Bool {
        let (own, other) = (left.text.utf8Span.span, right.text.utf8Span.span)
        guard own.count == other.count else { return false }
        for at in own.indices where own[at] != other[at] { return false }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        // Texts of the same bytes are equal, and hash alike.
        hasher.combine(text)
    }

    /// Tags are ordered by their bytes, so that the order is the same everywhere.
    public static func < (left: Tag, right: Tag) -> Bool {
        isOrdered(left.text.utf8Span.span, right.text.utf8Span.span)
    }

    /// Whether one tag comes before another, both given as UTF-8.
    static func isOrdered(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Bool {
        let common = min(first.count, second.count)
        for at in 0..<common where first[at] != second[at] { return first[at] < second[at] }
        return first.count < second.count
    }

    /// What is wrong with a text, given as UTF-8, as a tag, or nil.
    static func fault(in bytes: Span<UInt8>) -> String? {
        var kindBytes = 0
        var valueBytes = 0
        var inValue = false
        for at in bytes.indices {
            let byte = bytes[at]
            if inValue {
                // U+0080 to U+009F are 0xC2 and a byte up to 0x9F.
                let isHigh = byte <= 0x9F && byte >= 0x80 && bytes[at - 1] == 0xC2
                guard byte >= 0x20, byte != 0x7F, !isHigh else { return "holds a control character" }
                valueBytes += 1
            } else if byte == UInt8(ascii: ":") {
                inValue = true
            } else {
                guard isKindByte(byte, first: kindBytes == 0) else {
                    return "has a kind with other than a–z, 0–9 and “-” (a letter first); write kind:value"
                }
                kindBytes += 1
            }
        }
        guard inValue, kindBytes > 0, valueBytes > 0 else { return "is not of the form kind:value" }
        guard kindBytes <= maximumKindBytes else { return "has a kind of over \(maximumKindBytes) bytes" }
        guard kindBytes + 1 + valueBytes <= maximumBytes else {
            return "has \(kindBytes + 1 + valueBytes) bytes, over the limit of \(maximumBytes)"
        }
        return nil
    }

    private static func isKindByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): !first
        default: false
        }
    }

    /// A text short enough to stand in an error.
    private static func abbreviated(_ text: String) -> String {
        text.utf8.count <= 60 ? text : String(text.prefix(60)) + "…"
    }
}
