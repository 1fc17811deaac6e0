/// Pieces of JSON text.
package enum JSONText {
    /// Appends a string in quotes, escaped as below; in one copy if nothing is to be escaped.
    package static func appendQuoted(_ string: String, to bytes: inout [UInt8]) {
        let utf8 = string.utf8Span.span
        guard !needsEscape(utf8) else {
            appendQuoted(utf8, to: &bytes)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: string.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a string holds anything that stands escaped in JSON.
    package static func needsEscape(_ utf8: Span<UInt8>) -> Bool {
        for at in utf8.indices where utf8[at] < 0x20 || utf8[at] == UInt8(ascii: "\"") || utf8[at] == UInt8(ascii: "\\")
        {
            return true
        }
        return false
    }

    /// Appends a string in quotes, escaping `"`, `\` and the control characters below U+0020, as RFC 8785 does it.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    package static func appendQuoted(_ utf8: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for at in utf8.indices {
            let byte = utf8[at]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                bytes.append(byte)
            } else {
                appendEscape(of: byte, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexDigit(byte >> 4))
            bytes.append(hexDigit(byte & 0xF))
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    /// Appends an integer in decimal.
    package static func appendDecimal(_ value: UInt64, to bytes: inout [UInt8]) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
