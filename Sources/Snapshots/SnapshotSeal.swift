internal import Crypto

/// The end of a snapshot's file: a skippable frame (RFC 8878, section 3.1.2) that programs which decompress pass over.
///
/// It is 40 bytes: the magic number `53 2A 4D 18`, the length `20 00 00 00`, and the SHA-256 of all bytes of the file
/// before the frame. Some bits of compressed data mean nothing, so a changed file can have the same text; by the seal any
/// changed byte shows, as does a file that ends before it. It protects against accidents: what the text says, the
/// ledger's signatures vouch for.
struct SnapshotSeal {
    static let header: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 0x20, 0x00, 0x00, 0x00]
    static let byteCount = 40

    private var hash = SHA256()
    /// The last bytes of those taken, which may be a seal.
    private var tail: [UInt8] = []

    /// Takes bytes that are written before the seal.
    mutating func write(_ bytes: [UInt8]) {
        hash.update(data: bytes)
    }

    /// The seal of what was written.
    var frame: [UInt8] { Self.header + Array(hash.finalize()) }

    /// Takes bytes that are read; the last ones may be a seal.
    mutating func read(_ bytes: ArraySlice<UInt8>) {
        let excess = tail.count + bytes.count - Self.byteCount
        guard excess > 0 else {
            tail += bytes
            return
        }
        let old = min(excess, tail.count)
        hash.update(data: tail[..<old])
        tail.removeFirst(old)
        hash.update(data: bytes.prefix(excess - old))
        tail += bytes.dropFirst(excess - old)
    }

    /// Whether the last bytes that were read are a seal, and whether it is that of the others.
    var isThere: Bool { tail.count == Self.byteCount && tail.starts(with: Self.header) }
    var holds: Bool { isThere && tail == frame }
}
