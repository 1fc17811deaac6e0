/// Reading characters out of UTF-8 that the parser has checked.
enum UTF8Text {
    /// The scalar that starts at an offset; moves past it.
    static func scalar(_ bytes: Span<UInt8>, _ at: inout Int) -> UInt32 {
        let lead = bytes[at]
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = length == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(length))
        for step in 1..<max(length, 1) where at + step < bytes.count {
            value = value << 6 | UInt32(bytes[at + step] & 0x3F)
        }
        at += length
        return value
    }

    /// How many scalars a text has: all bytes but those that continue one.
    static func count(_ bytes: Span<UInt8>) -> Int {
        var count = 0
        for at in bytes.indices where bytes[at] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
