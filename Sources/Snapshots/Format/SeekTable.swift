internal import LMDB

/// The end of a snapshot's file: where its frames lie, so that any of them can be read without those before.
///
/// Source: the Zstandard Seekable Format, version 0.1.0 (zstd, contrib/seekable_format): a skippable frame with the magic
/// number `5E 2A 4D 18`; for each frame before it the length compressed and the length of the content, four bytes each; then how many
/// frames there are, four bytes, a descriptor, one byte, and `B1 EA 92 8F`. All little-endian. What is to be passed over counts
/// as a frame with no content. `sanhu` writes no checksums there: each frame has one.
struct SeekTable: Hashable {
    /// A frame by its lengths.
    struct Frame: Hashable, Sendable {
        var bytes: UInt32
        var content: UInt32
    }

    private static let magic: [UInt8] = [0x5E, 0x2A, 0x4D, 0x18]
    private static let footerMagic: [UInt8] = [0xB1, 0xEA, 0x92, 0x8F]
    static let footerBytes = 9
    /// The most frames: with 4 MiB each, 64 TiB.
    static let maximumFrames = 1 << 24

    var frames: [Frame] = []

    /// How many bytes the table of so many frames has.
    static func byteCount(frames: Int) -> Int { 8 + frames * 8 + footerBytes }

    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.append(littleEndian: UInt32(Self.byteCount(frames: frames.count) - 8))
        for frame in frames {
            bytes.append(littleEndian: frame.bytes)
            bytes.append(littleEndian: frame.content)
        }
        bytes.append(littleEndian: UInt32(frames.count))
        bytes.append(0)
        bytes += Self.footerMagic
        return bytes
    }

    /// How many frames a footer speaks of, the last bytes of a file; nil if it is none.
    static func frameCount(footer: Span<UInt8>) -> Int? {
        guard footer.count == footerBytes, footer.extracting(5...).copied == footerMagic, footer[4] == 0 else {
            return nil
        }
        let count = Int(footer.littleEndianHalf(at: 0))
        return count <= maximumFrames ? count : nil
    }

    /// Reads a table, whole; nil if it is none.
    init?(_ table: Span<UInt8>) {
        guard table.count >= Self.byteCount(frames: 0),
            let count = Self.frameCount(footer: table.extracting((table.count - Self.footerBytes)...)),
            table.count == Self.byteCount(frames: count)
        else { return nil }
        frames.reserveCapacity(count)
        for number in 0..<count {
            frames.append(
                Frame(
                    bytes: table.littleEndianHalf(at: 8 + number * 8),
                    content: table.littleEndianHalf(at: 12 + number * 8)))
        }
        guard table.copied == bytes else { return nil }
    }

    init() {}
}
