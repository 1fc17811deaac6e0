/// Verifies proofs with nothing but their hashes.
///
/// Sources: RFC 9162, sections 2.1.3.2 and 2.1.4.2; for subtrees, draft-ietf-plants-merkle-tree-certs, section 4.
public enum MerkleVerifier {
    /// Verifies that a leaf is at an index of the tree with a given size and root.
    ///
    /// - Throws: ``MerkleProofError``.
    /// - Complexity: O(log *n*) hashes.
    public static func verifyInclusion(
        of leaf: MerkleHash, index: UInt64, size: UInt64, root: MerkleHash, proof: [MerkleHash]
    ) throws(MerkleProofError) {
        guard index < size else { throw .impossibleSizes }
        var position = index
        var last = size - 1
        var hash = leaf
        for sibling in proof {
            guard last > 0 else { throw .wrongLength }
            if position & 1 == 1 || position == last {
                hash = MerkleHash.node(sibling, hash)
                // At the right edge the levels that have no sibling are passed over.
                while position & 1 == 0, position != 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleHash.node(hash, sibling)
            }
            position >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength }
        guard hash == root else { throw .rootMismatch }
    }

    /// Verifies that the tree with one size and root is the beginning of the tree with another.
    ///
    /// The old size must be at least 1: the empty tree is the beginning of every tree, and proves nothing.
    ///
    /// - Throws: ``MerkleProofError``.
    /// - Complexity: O(log *n*) hashes.
    public static func verifyConsistency(
        from oldSize: UInt64, _ oldRoot: MerkleHash, to newSize: UInt64, _ newRoot: MerkleHash, proof: [MerkleHash]
    ) throws(MerkleProofError) {
        guard oldSize > 0 else { throw .impossibleSizes }
        try verifySubtree(0..<oldSize, hash: oldRoot, size: newSize, root: newRoot, proof: proof)
    }

    /// Verifies that a leaf is at an index of a subtree, given by its leaves in the whole tree.
    ///
    /// - Throws: ``MerkleProofError``.
    public static func verifySubtreeInclusion(
        of leaf: MerkleHash, index: UInt64, subtree: Range<UInt64>, hash: MerkleHash, proof: [MerkleHash]
    ) throws(MerkleProofError) {
        guard isSubtree(subtree), subtree.contains(index) else { throw .impossibleSizes }
        try verifyInclusion(
            of: leaf, index: index - subtree.lowerBound, size: subtree.upperBound - subtree.lowerBound, root: hash,
            proof: proof)
    }

    /// Verifies that a subtree with a given hash is part of the tree with a given size and root.
    ///
    /// An empty subtree is part of every tree: it has the empty tree's hash and an empty proof.
    ///
    /// - Throws: ``MerkleProofError``.
    /// - Complexity: O(log *n*) hashes.
    public static func verifySubtree(
        _ subtree: Range<UInt64>, hash: MerkleHash, size: UInt64, root: MerkleHash, proof: [MerkleHash]
    ) throws(MerkleProofError) {
        guard subtree.isEmpty || isSubtree(subtree), subtree.upperBound <= size else { throw .impossibleSizes }
        guard !subtree.isEmpty else {
            guard proof.isEmpty else { throw .wrongLength }
            guard hash == .emptyTree else { throw .rootMismatch }
            return
        }
        let found = try climb(subtree, hash: hash, size: size, proof: proof)
        guard found.subtree == hash, found.tree == root else { throw .rootMismatch }
    }

    /// The root of the first entries of a tree, as a proof of consistency that leads to the tree's root has it.
    ///
    /// - Returns: nil if the proof does not lead to the tree's root, or the first entries are a power of two: then their root
    ///   is not in the proof.
    static func rootOfBeginning(
        _ oldSize: UInt64, size: UInt64, root: MerkleHash, proof: [MerkleHash]
    ) -> MerkleHash? {
        guard oldSize > 0, oldSize < size, oldSize.nonzeroBitCount > 1,
            let found = try? climb(0..<oldSize, hash: root, size: size, proof: proof), found.tree == root
        else { return nil }
        return found.subtree
    }

    /// The hashes that a proof gives to a subtree and to the tree; neither is verified yet.
    private static func climb(
        _ subtree: Range<UInt64>, hash: MerkleHash, size: UInt64, proof: [MerkleHash]
    ) throws(MerkleProofError) -> (subtree: MerkleHash, tree: MerkleHash) {
        var first = subtree.lowerBound
        var last = subtree.upperBound - 1
        var end = size - 1
        var rest = proof[...]
        // Goes up to the largest perfect subtree that ends with this one: the proof starts there.
        let goesUpWhole = last == end
        while first != last, goesUpWhole || last & 1 == 1 { (first, last, end) = (first >> 1, last >> 1, end >> 1) }
        var subtreeHash = hash
        if first != last {
            guard let start = rest.popFirst() else { throw .wrongLength }
            subtreeHash = start
        }
        var treeHash = subtreeHash
        for sibling in rest {
            guard end > 0 else { throw .wrongLength }
            if last & 1 == 1 || last == end {
                if first < last { subtreeHash = MerkleHash.node(sibling, subtreeHash) }
                treeHash = MerkleHash.node(sibling, treeHash)
                while last & 1 == 0, last != 0 { (first, last, end) = (first >> 1, last >> 1, end >> 1) }
            } else {
                treeHash = MerkleHash.node(treeHash, sibling)
            }
            (first, last, end) = (first >> 1, last >> 1, end >> 1)
        }
        guard end == 0 else { throw .wrongLength }
        return (subtreeHash, treeHash)
    }

    /// Whether some leaves form a subtree: their first is a multiple of the power of two that holds them.
    private static func isSubtree(_ leaves: Range<UInt64>) -> Bool {
        guard !leaves.isEmpty else { return false }
        let count = leaves.upperBound - leaves.lowerBound
        guard count <= 1 << 63 else { return leaves.lowerBound == 0 }
        let holds: UInt64 = count == 1 ? 1 : 1 << UInt64(64 - (count - 1).leadingZeroBitCount)
        return leaves.lowerBound & (holds - 1) == 0
    }
}
