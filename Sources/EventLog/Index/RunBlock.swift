internal import LMDB

/// A block of a run: lists of positions in the order of their hashes, sized to fill whole pages of LMDB.
///
/// Layout, integers little-endian: number of lists (2), zero (2), their hashes (8 each), the ends of their bytes (2
/// each), the bytes: count, first position and differences, as variable-length integers. A hash with many positions has
/// several lists. The block's key: run (4), first hash (8), first position (4), big-endian.
enum RunBlock {
    /// The most bytes of a block: four pages of 4 KiB less the 16 bytes that LMDB puts before a large value.
    static let maximumBytes = 4 * 4096 - 16
    /// The most positions of one list.
    static let maximumPositions = 2048
    static let keyBytes = 16

    static func key(run: UInt32, hash: UInt64, offset: UInt32) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(keyBytes)
        key.append(bigEndian: run)
        key.append(bigEndian: hash)
        key.append(bigEndian: offset)
        return key
    }

    /// The run that a block's key belongs to.
    static func run(ofKey key: Span<UInt8>) -> UInt32? {
        key.count == keyBytes ? key.littleEndianHalf(at: 0).byteSwapped : nil
    }

    /// The first hash of a block's key.
    static func hash(ofKey key: Span<UInt8>) -> UInt64 {
        key.littleEndianWord(at: 4).byteSwapped
    }

    /// How many lists a block has; 0 if it is malformed.
    static func count(_ block: Span<UInt8>) -> Int {
        guard block.count >= 4 else { return 0 }
        // With the two bytes that must be zero: if they are not, there are more lists than any block holds.
        let count = Int(block.littleEndianHalf(at: 0))
        guard 4 + count * 10 <= block.count else { return 0 }
        return count
    }

    static func hash(_ block: Span<UInt8>, _ index: Int) -> UInt64 {
        block.littleEndianWord(at: 4 + index * 8)
    }

    /// The index of the first list whose hash is a given one or after it.
    static func lowerBound(_ block: Span<UInt8>, _ hash: UInt64) -> Int {
        var low = 0
        var high = count(block)
        while low < high {
            let middle = (low + high) / 2
            if Self.hash(block, middle) < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The positions of a list, from the run's base; empty if the block is malformed.
    static func offsets(_ block: Span<UInt8>, _ index: Int) -> [UInt32] {
        let count = count(block)
        let bytes = 4 + count * 10
        let end = bytes + Int(block.littleEndianQuarter(at: 4 + count * 8 + index * 2))
        var at = index == 0 ? bytes : bytes + Int(block.littleEndianQuarter(at: 4 + count * 8 + index * 2 - 2))
        guard end <= block.count, let listed = varint(block, &at, end), listed <= maximumPositions else { return [] }
        var offsets: [UInt32] = []
        offsets.reserveCapacity(Int(listed))
        var offset: UInt32 = 0
        for _ in 0..<listed {
            guard let difference = varint(block, &at, end) else { return [] }
            offset &+= difference
            offsets.append(offset)
        }
        return offsets
    }

    /// Appends all postings of a block; of a malformed one, those before the fault.
    static func appendPostings(_ block: Span<UInt8>, to postings: inout [RunPosting]) {
        let count = count(block)
        let bytes = 4 + count * 10
        var at = bytes
        for index in 0..<count {
            let end = bytes + Int(block.littleEndianQuarter(at: 4 + count * 8 + index * 2))
            guard end <= block.count, let listed = varint(block, &at, end), listed <= maximumPositions else { return }
            let hash = hash(block, index)
            var offset: UInt32 = 0
            for _ in 0..<listed {
                guard let difference = varint(block, &at, end) else { return }
                offset &+= difference
                postings.append(RunPosting(hash: hash, offset: offset))
            }
            at = end
        }
    }

    private static func varint(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int) -> UInt32? {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while at < end, shift < 35 {
            let byte = bytes[at]
            at += 1
            value |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    static func appendVarint(_ value: UInt32, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
