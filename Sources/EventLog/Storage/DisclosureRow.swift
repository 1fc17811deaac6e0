internal import LMDB

/// How a sealed disclosure is stored: its checksum (8, little-endian), then its bytes.
///
/// Disclosures are in no tree, and whoever verifies a log may not be able to open them. The checksum, XXH64 seeded with
/// that of the key, tells that one changed on disk or stands in the place of another.
enum DisclosureRow {
    private static let checksumBytes = 8

    /// The row of a disclosure.
    static func bytes(_ disclosure: [UInt8], key: Span<UInt8>) -> [UInt8] {
        var row: [UInt8] = []
        row.reserveCapacity(checksumBytes + disclosure.count)
        row.append(littleEndian: XXHash64.hash(disclosure.span, seed: XXHash64.hash(key)))
        row.append(copying: disclosure.span)
        return row
    }

    /// The disclosure in a row, or nil if the row is not as it was written.
    static func disclosure(in row: Span<UInt8>, key: Span<UInt8>) -> [UInt8]? {
        isSound(row, key: key) ? row.extracting(checksumBytes..<row.count).copied : nil
    }

    /// Whether a row is as it was written.
    static func isSound(_ row: Span<UInt8>, key: Span<UInt8>) -> Bool {
        row.count >= checksumBytes
            && row.littleEndianWord(at: 0)
                == XXHash64.hash(row.extracting(checksumBytes..<row.count), seed: XXHash64.hash(key))
    }

    /// The bytes of the disclosure in a row, in place, whether or not they are as they were written; nil if it is none.
    @_lifetime(copy row)
    static func stored(_ row: Span<UInt8>) -> Span<UInt8>? {
        row.count >= checksumBytes ? row.extracting(checksumBytes..<row.count) : nil
    }

    /// The first bytes of the disclosure in a row, or nil if it has no more than that.
    static func beginning(of row: Span<UInt8>, count: Int) -> [UInt8]? {
        row.count > checksumBytes + count ? row.copied(from: checksumBytes, to: checksumBytes + count) : nil
    }
}
