/// Looking at many bytes of a text at once.
package enum JSONScan {
    /// Eight bytes as one number, the first in the highest bits: numbers are ordered as their bytes are. They must be
    /// there.
    ///
    /// The load checks its bounds, and all bits make an integer: it is called unsafe for the sake of other types.
    @inlinable @inline(__always)
    package static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The offset of the first quotation mark in a range that one of two bytes follows, or the range's end.
    ///
    /// - Complexity: O(*n*) in the bytes looked at.
    package static func firstQuote(
        before one: UInt8, or other: UInt8, in bytes: Span<UInt8>, from start: Int, to end: Int
    ) -> Int {
        let quotes = SIMD32<UInt8>(repeating: UInt8(ascii: "\""))
        let (ones, others) = (SIMD32<UInt8>(repeating: one), SIMD32<UInt8>(repeating: other))
        var at = start
        while end - at > 32 {
            let followers = block(bytes, at: at + 1)
            let found = (block(bytes, at: at) .== quotes) .& ((followers .== ones) .| (followers .== others))
            // A lane that matches has all its bits set; the first is in the lowest bits.
            let words = unsafe unsafeBitCast(found, to: SIMD4<UInt64>.self)
            if words != .zero {
                for index in 0..<4 where words[index] != 0 {
                    return at + index * 8 + words[index].trailingZeroBitCount / 8
                }
            }
            at += 32
        }
        while at < end - 1 {
            if isQuote(bytes, at, before: one, or: other) { return at }
            at += 1
        }
        return end
    }

    @inline(__always)
    private static func block(_ bytes: Span<UInt8>, at offset: Int) -> SIMD32<UInt8> {
        unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD32<UInt8>.self)
    }

    @inline(__always)
    private static func isQuote(
        _ bytes: Span<UInt8>, _ at: Int, before one: UInt8, or other: UInt8
    ) -> Bool {
        bytes[at] == UInt8(ascii: "\"") && (bytes[at + 1] == one || bytes[at + 1] == other)
    }
}
