/// `regex`: an expression of ECMA-262; one that is well formed but refused in `pattern` is of the format too, as far as
/// it is read before what is refused.
enum RegexFormat {
    static func accepts(_ text: Span<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        for at in text.indices { bytes.append(text[at]) }
        do throws(PatternError) {
            _ = try PatternParser.parse(String(decoding: bytes, as: UTF8.self))
            return true
        } catch {
            return error.code != .malformed
        }
    }
}
