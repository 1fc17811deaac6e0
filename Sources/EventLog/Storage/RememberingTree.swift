internal import Transparency

/// A stored tree that remembers the hashes it was asked for: proofs of neighbours share nearly all of theirs.
final class RememberingTree: MerkleTree {
    private struct Place: Hashable {
        let level: Int
        let index: UInt64
    }

    private let tree: StoredTree
    private var known: [Place: MerkleHash] = [:]

    var size: UInt64 { tree.size }

    init(_ tree: consuming StoredTree) {
        self.tree = tree
    }

    func hash(level: Int, index: UInt64) throws(LogError) -> MerkleHash {
        let place = Place(level: level, index: index)
        if let hash = known[place] { return hash }
        let hash = try tree.hash(level: level, index: index)
        known[place] = hash
        return hash
    }
}
