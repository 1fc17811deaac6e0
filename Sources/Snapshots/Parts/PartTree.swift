internal import Transparency

/// The tree of a log, as far as a snapshot has it.
struct PartTree: MerkleTree {
    let size: UInt64
    private var hashes: [PerfectSubtree: MerkleHash] = [:]

    init(size: UInt64) {
        self.size = size
    }

    mutating func add(_ hash: MerkleHash, _ place: PerfectSubtree) { hashes[place] = hash }

    func hash(level: Int, index: UInt64) throws(SnapshotError) -> MerkleHash {
        if let hash = hashes[PerfectSubtree(level: level, index: index)] { return hash }
        guard level > 0 else {
            throw SnapshotError(.notFound, "The snapshot has no hash of the entry at position \(index) by itself.")
        }
        return MerkleHash.node(
            try hash(level: level - 1, index: index * 2), try hash(level: level - 1, index: index * 2 + 1))
    }
}
