internal import LMDB

/// Passing over texts and values of an entry, eight bytes at a time, without parsing them.
enum TextScan {
    /// The first quotation mark or backslash from an offset on, eight bytes at a time.
    @inline(__always)
    static func quoteOrEscape(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + 8 <= bytes.count {
            let word = bytes.littleEndianWord(at: at)
            let found = zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "\\") { return at }
            at += 1
        }
        return nil
    }

    /// The highest bit of each byte that is zero; of those above the first one that is, also of some others.
    @inline(__always)
    static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// Goes past a text from its first quote on; escapes in it are no matter.
    @inline(__always)
    static func passText(_ bytes: Span<UInt8>, _ at: inout Int) -> Bool {
        at += 1
        while let stop = quoteOrEscape(bytes, from: at) {
            guard bytes[stop] != UInt8(ascii: "\\") else {
                at = stop + 2
                continue
            }
            at = stop + 1
            return true
        }
        return false
    }

    /// Goes past a value.
    static func passValue(_ bytes: Span<UInt8>, _ at: inout Int) -> Bool {
        if bytes[at] == UInt8(ascii: "\"") { return passText(bytes, &at) }
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard passText(bytes, &at) else { return false }
                if depth == 0 { return true }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
                at += 1
                if depth == 0 { return true }
            case UInt8(ascii: ",") where depth == 0:
                return true
            default:
                at += 1
            }
        }
        return false
    }
}
