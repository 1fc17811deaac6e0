/// Resolving the escapes of strings that the parser has accepted.
enum JSONEscape {
    /// The UTF-8 of a string's content.
    static func decoded(_ bytes: Span<UInt8>, from start: Int, to end: Int, isEscaped: Bool) -> [UInt8] {
        guard isEscaped else {
            return unsafe bytes.extracting(start..<end).withUnsafeBufferPointer { unsafe Array($0) }
        }
        var result: [UInt8] = []
        result.reserveCapacity(end - start)
        var at = start
        while at < end {
            let byte = bytes[at]
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                at += 1
                continue
            }
            at += 1
            if bytes[at] == UInt8(ascii: "u") {
                appendScalar(bytes, &at, to: &result)
            } else {
                result.append(character(for: bytes[at]))
                at += 1
            }
        }
        return result
    }

    /// The text of bytes that are UTF-8.
    static func string(_ bytes: Span<UInt8>) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The character that `\` and a letter stand for.
    private static func character(for letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "r"): 0x0D
        default: letter
        }
    }

    /// Appends the scalar of a `\u` escape, or of a pair of them, and moves past it. `at` stands on the `u`.
    private static func appendScalar(_ bytes: Span<UInt8>, _ at: inout Int, to result: inout [UInt8]) {
        var value = codeUnit(bytes, at: at + 1) ?? 0xFFFD
        at += 5
        if value & 0xFC00 == 0xD800 {
            let low = codeUnit(bytes, at: at + 2) ?? 0xDC00
            value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
            at += 6
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        result.append(contentsOf: String(scalar).utf8)
    }

    /// The UTF-16 code unit of four hexadecimal digits, or nil if they are none.
    static func codeUnit(_ bytes: Span<UInt8>, at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for at in start..<start + 4 {
            let digit: UInt8
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[at] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[at] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[at] - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
