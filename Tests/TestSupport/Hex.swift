/// Bytes written as pairs of hexadecimal digits, as vectors write them; white space between pairs is passed over.
public enum Hex {
    /// The digits of bytes, in lower case.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The bytes of a text, or nil if it is not pairs of digits.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        guard digits.count % 2 == 0, digits.count == text.count(where: { !$0.isWhitespace }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
