internal import EventLog
internal import JSON

/// What a text in the charter must look like.
enum NameForm: String {
    case code, title, type, pattern, uri, source, tagKind, pointer

    /// The form in words, after “must be”.
    var description: String {
        switch self {
        case .code: "1 to \(CharterLimits.codeBytes) of A–Z, a–z, 0–9, “.”, “_” and “-”"
        case .title: "1 to \(CharterLimits.titleBytes) bytes without control characters"
        case .type: "an event type such as sanhu.release.granted"
        case .pattern: "an event type such as sanhu.release.granted, or the beginning of some such as sanhu.release.*"
        case .uri: "a URI of at most \(CharterLimits.uriBytes) bytes without a fragment"
        case .source:
            "a URI reference of at most \(CharterLimits.uriBytes) bytes and \(CharterLimits.sourceSegments) parts "
                + "that does not end with “/”"
        case .tagKind: "a tag's kind: 1 to \(Tag.maximumKindBytes) of a–z, 0–9 and “-”, a letter first"
        case .pointer: "a JSON Pointer of at most \(CharterLimits.pointerBytes) bytes"
        }
    }

    func accepts(_ text: String) -> Bool {
        let bytes = text.utf8
        switch self {
        case .code:
            return (1...CharterLimits.codeBytes).contains(bytes.count)
                && bytes.allSatisfy { Self.isWordByte($0) || $0 == UInt8(ascii: ".") }
        case .title:
            return (1...CharterLimits.titleBytes).contains(bytes.count)
                && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        case .type:
            return Self.isType(text)
        case .pattern:
            return Self.isType(text.hasSuffix(".*") ? String(text.dropLast(2)) : text)
        case .uri:
            return (1...CharterLimits.uriBytes).contains(bytes.count) && bytes.allSatisfy(Self.isURIByte)
                && bytes.contains(UInt8(ascii: ":"))
        case .source:
            return (1...CharterLimits.uriBytes).contains(bytes.count) && bytes.allSatisfy(Self.isURIByte)
                && bytes.last != UInt8(ascii: "/")
                && bytes.count(where: { $0 == UInt8(ascii: "/") }) < CharterLimits.sourceSegments
        case .tagKind:
            return (try? Tag(kind: text, value: "-"))?.kind.utf8.elementsEqual(bytes) ?? false
        case .pointer:
            return bytes.count <= CharterLimits.pointerBytes && JSONPointer(text) != nil
        }
    }

    private static func isType(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= CharterLimits.typeBytes && parts.count <= CharterLimits.typeSegments
            && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isWordByte) }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Whether a byte can stand in a URI before its fragment (RFC 3986).
    private static func isURIByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"\"#<>\\^`{|}".utf8.contains(byte)
    }
}
