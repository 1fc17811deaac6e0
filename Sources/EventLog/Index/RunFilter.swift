internal import LMDB

/// A filter that says of a hash either “surely not in this run” or “perhaps”: a split-block Bloom filter, so a question
/// touches one cache line.
///
/// Source: Putze, Sanders, Singler, “Cache-, Hash- and Space-Efficient Bloom Filters”; blocks of 256 bits with eight
/// lanes as in Apache Parquet. At 12 bits a key about one absent key in 200 passes.
struct RunFilter {
    private static let bitsPerKey = 12
    private static let lanes = 8
    private static let checksumBytes = 8
    private static let salts: InlineArray<8, UInt32> = [
        0x47B6_137B, 0x4497_4D91, 0x8824_AD5B, 0xA2B7_289D, 0x7054_95C7, 0x2DF1_424B, 0x9EFC_4947, 0x5C6B_FB31,
    ]

    private var words: [UInt32]
    private let blocks: UInt64

    /// An empty filter for a number of keys.
    init(keys: Int) {
        blocks = UInt64(max(1, (keys * Self.bitsPerKey + 255) / 256))
        words = Array(repeating: 0, count: Int(blocks) * Self.lanes)
    }

    /// An empty filter of the size of a stored one, or nil if that has none that filters have.
    init?(sizeOf stored: Span<UInt8>) {
        let count = stored.count - Self.checksumBytes
        guard count > 0, count % (Self.lanes * 4) == 0 else { return nil }
        blocks = UInt64(count / (Self.lanes * 4))
        words = Array(repeating: 0, count: count / 4)
    }

    mutating func insert(_ hash: UInt64) {
        let block = Self.block(of: hash, blocks) * Self.lanes
        for lane in 0..<Self.lanes { words[block + lane] |= Self.bit(of: hash, lane) }
    }

    /// The filter as it is stored under a key: its words, little-endian, then the checksum of key and words.
    func bytes(key: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 4 + Self.checksumBytes)
        for word in words { bytes.append(littleEndian: word) }
        bytes.append(littleEndian: XXHash64.hash(bytes.span, seed: XXHash64.hash(key)))
        return bytes
    }

    /// Whether a stored filter is, byte for byte, what was written under its key.
    ///
    /// - Complexity: O(*n*) in its bytes.
    static func isSound(_ stored: Span<UInt8>, key: Span<UInt8>) -> Bool {
        let count = stored.count - checksumBytes
        guard count > 0, count % (lanes * 4) == 0 else { return false }
        return stored.littleEndianWord(at: count)
            == XXHash64.hash(stored.extracting(0..<count), seed: XXHash64.hash(key))
    }

    /// Whether a stored filter, which is sound, may hold a hash.
    @inline(__always)
    static func mayContain(_ hash: UInt64, in filter: Span<UInt8>) -> Bool {
        let blocks = UInt64(filter.count / 32)
        guard blocks > 0 else { return true }
        let block = block(of: hash, blocks) * 32
        for lane in 0..<lanes {
            let bit = bit(of: hash, lane)
            if filter.littleEndianHalf(at: block + lane * 4) & bit == 0 { return false }
        }
        return true
    }

    @inline(__always)
    private static func block(of hash: UInt64, _ blocks: UInt64) -> Int {
        Int(((hash >> 32) &* blocks) >> 32)
    }

    @inline(__always)
    private static func bit(of hash: UInt64, _ lane: Int) -> UInt32 {
        1 << ((UInt32(truncatingIfNeeded: hash) &* salts[lane]) >> 27)
    }
}
