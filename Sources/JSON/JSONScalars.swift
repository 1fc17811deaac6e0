/// Checks of what stands inside strings: escapes and UTF-8 sequences.
enum JSONScalars {
    /// Checks the escape that starts at an offset and returns the offset after it; for a surrogate pair, after both.
    static func afterEscape(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        guard start + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            break
        default:
            throw JSONError(.invalidEscape, at: start)
        }
        guard let unit = JSONEscape.codeUnit(bytes, at: start + 2) else { throw JSONError(.invalidEscape, at: start) }
        guard unit & 0xF800 == 0xD800 else { return start + 6 }
        guard unit & 0xFC00 == 0xD800, start + 7 < bytes.count,
            bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u"),
            let low = JSONEscape.codeUnit(bytes, at: start + 8), low & 0xFC00 == 0xDC00
        else { throw JSONError(.loneSurrogate, at: start) }
        return start + 12
    }

    /// Checks the UTF-8 sequence of several bytes that starts at an offset and returns the offset after it
    /// (Unicode 16, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
    static func afterSequence(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        let lead = bytes[start]
        let length: Int
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidUTF8, at: start)
        }
        guard start + length <= bytes.count, second.contains(bytes[start + 1]) else {
            throw JSONError(.invalidUTF8, at: start)
        }
        for at in start + 2..<start + length where bytes[at] & 0xC0 != 0x80 {
            throw JSONError(.invalidUTF8, at: start)
        }
        return start + length
    }
}
