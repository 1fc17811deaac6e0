internal import EventLog
internal import LMDB

/// What stands behind the text's frames: a skippable frame (RFC 8878, section 3.1.2) that programs which decompress pass over.
///
/// It is the magic number `53 2A 4D 18`, a length, and for each frame XXH64 of its bytes, seeded with its number from 0: all
/// little-endian. Frames have no checksums of their own; some bits of compressed data mean nothing, so that a changed file can have the
/// same text. By the seal any changed byte shows, whether a file is read from its beginning or one of its frames alone. It
/// protects against accidents: what the text says, the ledger's signatures vouch for.
struct SnapshotSeal: Hashable {
    static let magic: [UInt8] = [0x53, 0x2A, 0x4D, 0x18]

    private(set) var sums: [UInt64] = []

    /// Takes the next frame, whole.
    mutating func take(frame: Span<UInt8>) { sums.append(Self.sum(of: frame, number: sums.count)) }

    /// Takes the next frame by its sum.
    mutating func take(sum: UInt64) { sums.append(sum) }

    /// The sum of a frame.
    static func sum(of frame: Span<UInt8>, number: Int) -> UInt64 { XXHash64.hash(frame, seed: UInt64(number)) }

    /// The seal of the frames that were taken.
    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(8 + 8 * sums.count)
        bytes.append(littleEndian: UInt32(8 * sums.count))
        for sum in sums { bytes.append(littleEndian: sum) }
        return bytes
    }
}
