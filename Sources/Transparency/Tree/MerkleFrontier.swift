/// The right edge of a growing tree: the hashes of the perfect subtrees that make it up, largest first. All that is
/// needed to append leaves and to know the root.
public struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves the tree has.
    public private(set) var size: UInt64

    /// The hashes of the perfect subtrees, from left to right: one for each bit that is set in the size.
    public private(set) var hashes: [MerkleHash]

    /// The frontier of the empty tree.
    public init() {
        size = 0
        hashes = []
    }

    /// Takes up a frontier that was written down.
    ///
    /// - Returns: nil if there is not one hash for each bit that is set in the size.
    public init?(size: UInt64, hashes: [MerkleHash]) {
        guard hashes.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.hashes = hashes
    }

    /// Appends a leaf.
    ///
    /// - Complexity: amortised O(1); one node hash for each bit that the size carries over.
    public mutating func append(_ leaf: MerkleHash) {
        append(leaf) { _, _, _ in }
    }

    /// Appends a leaf and tells which perfect subtrees of two leaves and more it completed: level, index within the
    /// level, and hash, from the smallest up.
    public mutating func append<Failure: Error>(
        _ leaf: MerkleHash, completed: (_ level: Int, _ index: UInt64, _ hash: MerkleHash) throws(Failure) -> Void
    ) throws(Failure) {
        var hash = leaf
        var level = 0
        var carries = size
        while carries & 1 == 1 {
            hash = MerkleHash.node(hashes.removeLast(), hash)
            carries >>= 1
            level += 1
            try completed(level, carries, hash)
        }
        hashes.append(hash)
        size += 1
    }

    /// Appends a perfect subtree.
    ///
    /// - Returns: false, and nothing is appended, if one of its level cannot begin where the tree ends.
    /// - Complexity: amortised O(1).
    package mutating func append(_ subtree: MerkleHash, level: Int) -> Bool {
        guard level < 63, size & (1 << UInt64(level) - 1) == 0 else { return false }
        var hash = subtree
        var carries = size >> UInt64(level)
        while carries & 1 == 1 {
            hash = MerkleHash.node(hashes.removeLast(), hash)
            carries >>= 1
        }
        hashes.append(hash)
        size += 1 << UInt64(level)
        return true
    }

    /// The root of the tree.
    ///
    /// - Complexity: O(log *n*).
    public var root: MerkleHash {
        guard var root = hashes.last else { return .emptyTree }
        for hash in hashes.dropLast().reversed() { root = MerkleHash.node(hash, root) }
        return root
    }
}
