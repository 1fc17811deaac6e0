/// `uuid`: 32 hexadecimal digits in five groups, of any version.
///
/// Source: RFC 9562, section 4.
enum UUIDFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for at in text.indices {
            let isHyphen = at == 8 || at == 13 || at == 18 || at == 23
            guard isHyphen ? text[at] == UInt8(ascii: "-") : ASCII.isHexadecimal(text[at]) else { return false }
        }
        return true
    }
}
