internal import Glibc

/// Reading and writing integers in bytes, in one step where a loop over bytes would take eight.
extension Span where Element == UInt8 {
    /// The little-endian integer of 8 bytes at an offset, which must be there.
    @inlinable @inline(__always)
    package func littleEndianWord(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= count, "a word beyond the end")
        return unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The four little-endian integers of 32 bytes at an offset, which must be there.
    @inlinable @inline(__always)
    package func littleEndianWords(at offset: Int) -> (UInt64, UInt64, UInt64, UInt64) {
        precondition(offset >= 0 && offset + 32 <= count, "words beyond the end")
        let first = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        let second = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset + 8, as: UInt64.self)
        let third = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset + 16, as: UInt64.self)
        let fourth = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset + 24, as: UInt64.self)
        return (
            UInt64(littleEndian: first), UInt64(littleEndian: second), UInt64(littleEndian: third),
            UInt64(littleEndian: fourth)
        )
    }

    /// The little-endian integer of 4 bytes at an offset, which must be there.
    @inlinable @inline(__always)
    package func littleEndianHalf(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset + 4 <= count, "a word beyond the end")
        return unsafe UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
    }

    /// The little-endian integer of 2 bytes at an offset, which must be there.
    @inlinable @inline(__always)
    package func littleEndianQuarter(at offset: Int) -> UInt16 {
        precondition(offset >= 0 && offset + 2 <= count, "a word beyond the end")
        return unsafe UInt16(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
    }

    /// A copy of the bytes.
    @inlinable
    package var copied: [UInt8] {
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// A copy of some of the bytes.
    @inlinable
    package func copied(from start: Int, to end: Int) -> [UInt8] {
        extracting(start..<end).copied
    }

    /// Whether some of the bytes, which must be there, stand in another span at an offset that is not negative.
    package func isFound(_ range: Range<Int>, in other: Span<UInt8>, at offset: Int) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && offset >= 0, "a range beyond the end")
        guard offset + range.count <= other.count else { return false }
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return range.isEmpty }
                return unsafe memcmp(left + range.lowerBound, right + offset, range.count) == 0
            }
        }
    }

    /// Whether the bytes are those of another span.
    package func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBufferPointer { left in
            unsafe other.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return unsafe memcmp(left, right, count) == 0
            }
        }
    }
}

extension Array where Element == UInt8 {
    /// Appends a copy of bytes.
    @inlinable
    package mutating func append(copying span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer, little-endian, in all its bytes.
    @inlinable
    package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        for step in 0..<Value.bitWidth / 8 { append(UInt8(truncatingIfNeeded: value >> (step * 8))) }
    }

    /// Appends an integer, big-endian, in all its bytes.
    @inlinable
    package mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        for step in 0..<Value.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: value >> (Value.bitWidth - 8 - step * 8)))
        }
    }
}
