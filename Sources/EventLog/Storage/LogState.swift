internal import LMDB
internal import Transparency

/// The state that every commit writes: how far the log is, and what signs for it.
///
/// Format 1: version (1), size (8), recorded (8), root (32), number of frontier hashes (1), those hashes (32 each),
/// length of the checkpoint (2), the checkpoint, a signed note. Integers little-endian.
struct LogState: Sendable {
    static let key = Array("state".utf8)
    private static let version: UInt8 = 1

    var frontier = MerkleFrontier()
    /// When the last entry was recorded.
    var recorded = Timestamp(microseconds: 0)
    /// The checkpoint at this size; empty while a snapshot is being restored.
    var checkpoint = ""

    init() {}

    /// - Throws: ``LogError`` with code `.corrupted` if the record contradicts itself.
    init(_ bytes: Span<UInt8>) throws(LogError) {
        guard bytes.count >= 52, bytes[0] == Self.version else {
            throw Self.fault("is cut short or of another version")
        }
        let size = bytes.littleEndianWord(at: 1)
        recorded = Timestamp(microseconds: Int64(bitPattern: bytes.littleEndianWord(at: 9)))
        let root = MerkleHash(bytes, at: 17)
        let count = Int(bytes[49])
        let hashesEnd = 50 + count * MerkleHash.byteCount
        guard bytes.count >= hashesEnd + 2 else { throw Self.fault("is cut short") }
        var hashes: [MerkleHash] = []
        for index in 0..<count { hashes.append(MerkleHash(bytes, at: 50 + index * MerkleHash.byteCount)) }
        guard let frontier = MerkleFrontier(size: size, hashes: hashes), frontier.root == root else {
            throw Self.fault("has a root that does not come from its hashes")
        }
        self.frontier = frontier
        let noteLength = Int(bytes.littleEndianQuarter(at: hashesEnd))
        guard bytes.count == hashesEnd + 2 + noteLength else { throw Self.fault("has the wrong length") }
        guard let note = String(validating: bytes.copied(from: hashesEnd + 2, to: bytes.count), as: UTF8.self) else {
            throw Self.fault("holds a checkpoint that is not text")
        }
        checkpoint = note
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.append(littleEndian: frontier.size)
        bytes.append(littleEndian: recorded.microseconds)
        frontier.root.append(to: &bytes)
        bytes.append(UInt8(truncatingIfNeeded: frontier.hashes.count))
        for hash in frontier.hashes { hash.append(to: &bytes) }
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: checkpoint.utf8.count))
        bytes.append(contentsOf: checkpoint.utf8)
        return bytes
    }

    private static func fault(_ what: String) -> LogError {
        LogError(.corrupted, "The log's state record \(what). Restore the ledger from a snapshot.")
    }
}
