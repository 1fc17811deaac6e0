/// `json-pointer`.
///
/// Source: RFC 6901, section 3.
enum JSONPointerFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty else { return true }
        guard text[0] == UInt8(ascii: "/") else { return false }
        for at in text.indices where text[at] == UInt8(ascii: "~") {
            guard ASCII.has("0", text, at + 1) || ASCII.has("1", text, at + 1) else { return false }
        }
        return true
    }
}
