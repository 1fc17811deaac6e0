/// Checks of what stands inside strings: escapes and UTF-8 sequences.
enum JSONScalars {
    /// The offset, from a given one on, of the first byte that is not plain: not ASCII, a control character, `"` or `\`.
    ///
    /// Looks at eight bytes at once: in each, the highest bit is set if the byte is at 0x80 or above, below 0x20, or one
    /// of the two characters; a borrow reaches only bytes above one that is not plain.
    @inline(__always)
    static func afterPlain(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while bytes.count - at >= 8 {
            let word = word(bytes, at)
            let quotes = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
            let backslashes = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
            let controls = word &- 0x2020_2020_2020_2020
            let found = (word | quotes | backslashes | controls) & 0x8080_8080_8080_8080
            guard found == 0 else { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count {
            let byte = bytes[at]
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            at += 1
        }
        return at
    }

    /// Eight bytes, the first lowest. The load checks its bounds, and all bits make an integer: it is called unsafe for
    /// the sake of other types.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ at: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

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
        guard unit & 0xF800 == 0xD800 else {
            guard !isNonCharacter(UInt32(unit)) else { throw JSONError(.nonCharacter, at: start) }
            return start + 6
        }
        guard unit & 0xFC00 == 0xD800, start + 7 < bytes.count,
            bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u"),
            let low = JSONEscape.codeUnit(bytes, at: start + 8), low & 0xFC00 == 0xDC00
        else { throw JSONError(.loneSurrogate, at: start) }
        let scalar = (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF + 0x10000
        guard !isNonCharacter(scalar) else { throw JSONError(.nonCharacter, at: start) }
        return start + 12
    }

    /// Whether a code point is set aside for ever and never a character (Unicode 16, section 23.7; RFC 7493, section 2.1).
    private static func isNonCharacter(_ scalar: UInt32) -> Bool {
        scalar & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar)
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
        var scalar = UInt32(lead) & (0xFF >> UInt32(length + 1))
        for at in start + 1..<start + length {
            guard bytes[at] & 0xC0 == 0x80 else { throw JSONError(.invalidUTF8, at: start) }
            scalar = scalar << 6 | UInt32(bytes[at] & 0x3F)
        }
        guard !isNonCharacter(scalar) else { throw JSONError(.nonCharacter, at: start) }
        return start + length
    }
}
