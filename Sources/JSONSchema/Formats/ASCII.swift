/// Tests of single bytes, and of runs of them.
enum ASCII {
    /// The value of a decimal digit, or nil.
    @inline(__always)
    static func digit(_ byte: UInt8) -> Int? {
        byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
    }

    @inline(__always)
    static func isUppercase(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { isUppercase(byte & 0xDF) }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || digit(byte) != nil }

    static func isHexadecimal(_ byte: UInt8) -> Bool {
        digit(byte) != nil || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66
    }

    /// The number that a given count of digits makes, or nil if there are other bytes or too few.
    static func number(_ text: Span<UInt8>, _ start: Int, digits: Int) -> Int? {
        guard start + digits <= text.count else { return nil }
        var value = 0
        for at in start..<start + digits {
            guard let digit = digit(text[at]) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Whether a byte stands at an offset.
    @inline(__always)
    static func has(_ scalar: Unicode.Scalar, _ text: Span<UInt8>, _ at: Int) -> Bool {
        at < text.count && text[at] == UInt8(ascii: scalar)
    }
}
