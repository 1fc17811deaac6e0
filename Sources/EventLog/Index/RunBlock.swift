internal import LMDB

/// A block of a run: lists of positions in the order of their hashes, sized to fill whole pages of LMDB.
///
/// It vouches for itself and for the gap to the next: a checksum over key and content finds changed bytes, and the name
/// of the block that follows tells when one is missing. So not finding a hash means that it is not there.
///
/// The block's key: run (4), first hash (8), first position (4), big-endian. The value, integers little-endian: checksum
/// (8), number of lists (2), flags (2; 1: the run's first block), first position (4) and hash (8) of the block after it
/// (all ones if it is the last), the lists' hashes (8 each), the ends of their bytes (2 each), the bytes: count, first
/// position and differences, as variable-length integers. A hash with many positions has several lists.
enum RunBlock {
    /// The most bytes of a block: four pages of 4 KiB less the 16 bytes that LMDB puts before a large value.
    static let maximumBytes = 4 * 4096 - 16
    /// The most positions of one list.
    static let maximumPositions = 2048
    static let keyBytes = 16
    static let headerBytes = 24
    static let isFirstFlag: UInt16 = 1

    /// Where a list stands in a run: by its hash and its first position.
    struct Place: Hashable, Comparable {
        let hash: UInt64
        let offset: UInt32

        /// What stands for the block after the last.
        static let end = Place(hash: .max, offset: .max)

        static func < (left: Place, right: Place) -> Bool {
            left.hash == right.hash ? left.offset < right.offset : left.hash < right.hash
        }
    }

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

    /// The place that a block's key names.
    static func place(ofKey key: Span<UInt8>) -> Place {
        Place(hash: key.littleEndianWord(at: 4).byteSwapped, offset: key.littleEndianHalf(at: 12).byteSwapped)
    }

    /// The checksum of a block under its key.
    static func checksum(_ block: Span<UInt8>, key: Span<UInt8>) -> UInt64 {
        XXHash64.hash(block.extracting(8..<block.count), seed: XXHash64.hash(key))
    }

    /// Whether a block is, byte for byte, what was written under its key.
    static func isSound(_ block: Span<UInt8>, key: Span<UInt8>) -> Bool {
        key.count == keyBytes && count(block) > 0 && block.littleEndianWord(at: 0) == checksum(block, key: key)
    }

    /// Whether a block is the first of its run.
    static func isFirst(_ block: Span<UInt8>) -> Bool {
        block.littleEndianQuarter(at: 10) & isFirstFlag != 0
    }

    /// Where the block after this one begins; ``Place/end`` if this is the run's last.
    static func next(_ block: Span<UInt8>) -> Place {
        Place(hash: block.littleEndianWord(at: 16), offset: block.littleEndianHalf(at: 12))
    }

    /// How many lists a block has; 0 if it is malformed.
    static func count(_ block: Span<UInt8>) -> Int {
        guard block.count >= headerBytes else { return 0 }
        let count = Int(block.littleEndianQuarter(at: 8))
        guard headerBytes + count * 10 <= block.count else { return 0 }
        return count
    }

    static func hash(_ block: Span<UInt8>, _ index: Int) -> UInt64 {
        block.littleEndianWord(at: headerBytes + index * 8)
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
        let (start, end) = bytes(block, index, count(block))
        var at = start
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
        for index in 0..<count {
            let (start, end) = bytes(block, index, count)
            var at = start
            guard end <= block.count, let listed = varint(block, &at, end), listed <= maximumPositions else { return }
            let hash = hash(block, index)
            var offset: UInt32 = 0
            for _ in 0..<listed {
                guard let difference = varint(block, &at, end) else { return }
                offset &+= difference
                postings.append(RunPosting(hash: hash, offset: offset))
            }
        }
    }

    /// Where the bytes of a list begin and end.
    @inline(__always)
    private static func bytes(_ block: Span<UInt8>, _ index: Int, _ count: Int) -> (start: Int, end: Int) {
        let ends = headerBytes + count * 8
        let bytes = ends + count * 2
        let start = index == 0 ? bytes : bytes + Int(block.littleEndianQuarter(at: ends + index * 2 - 2))
        return (start, bytes + Int(block.littleEndianQuarter(at: ends + index * 2)))
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
