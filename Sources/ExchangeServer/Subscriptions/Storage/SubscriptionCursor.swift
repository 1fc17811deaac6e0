internal import EventLog
internal import LMDB
internal import Transparency

/// Where a subscription stands, and in which log.
struct SubscriptionCursor: Sendable, Hashable {
    /// Everything below it is done.
    let position: Position
    /// The position after the last that was ever settled, and the root of the log when it had that size.
    let end: Position
    let root: MerkleHash

    private static let byteCount = 16 + MerkleHash.byteCount

    init(position: Position, end: Position, root: MerkleHash) {
        (self.position, self.end, self.root) = (position, end, root)
    }

    /// Position (8), end (8), big-endian, root (32).
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: position)
        bytes.append(bigEndian: end)
        return bytes + root.bytes
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, let root = MerkleHash(Array(bytes[16...])) else { return nil }
        self.init(
            position: bytes.span.littleEndianWord(at: 0).byteSwapped,
            end: bytes.span.littleEndianWord(at: 8).byteSwapped, root: root)
    }
}
