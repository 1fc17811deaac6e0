/// Something that keeps the hashes of a tree's perfect subtrees.
///
/// From these come roots, inclusion proofs and consistency proofs at any size up to that of the tree.
public protocol MerkleTree: ~Copyable {
    associatedtype Failure: Error

    /// How many leaves it has.
    var size: UInt64 { get }

    /// The hash of the perfect subtree of 2^`level` leaves that begins at leaf `index` · 2^`level`.
    ///
    /// Asked for only where the subtree lies within ``size``.
    func hash(level: Int, index: UInt64) throws(Failure) -> MerkleHash
}

extension MerkleTree where Self: ~Copyable {
    /// The root of the tree as it was when it had a given size, which must not be above ``size``.
    ///
    /// - Complexity: O(log *n*) hashes read.
    public func root(atSize size: UInt64) throws(Failure) -> MerkleHash {
        size == 0 ? .emptyTree : try hash(from: 0, to: size)
    }

    /// The proof that the leaf at an index is in the tree of a given size (RFC 6962, section 2.1.1): hashes from the
    /// leaf's sibling up. The index must be below the size, and the size not above ``size``.
    ///
    /// - Complexity: O(log² *n*) hashes read at most.
    public func inclusionProof(index: UInt64, size: UInt64) throws(Failure) -> [MerkleHash] {
        var proof: [MerkleHash] = []
        var start: UInt64 = 0
        var end = size
        // Walks from the root down to the leaf, taking down the sibling at each step.
        while end - start > 1 {
            let middle = start + Self.split(end - start)
            if index < middle {
                proof.append(try hash(from: middle, to: end))
                end = middle
            } else {
                proof.append(try hash(from: start, to: middle))
                start = middle
            }
        }
        return proof.reversed()
    }

    /// The proof that the tree of one size is the beginning of the tree of another (RFC 6962, section 2.1.2). The old
    /// size must be at least 1 and not above the new one, which must not be above ``size``.
    ///
    /// - Complexity: O(log² *n*) hashes read at most.
    public func consistencyProof(from old: UInt64, to new: UInt64) throws(Failure) -> [MerkleHash] {
        var proof: [MerkleHash] = []
        var start: UInt64 = 0
        var end = new
        // Whether the old tree is a perfect subtree of the new one, so that the verifier knows its hash already.
        var isWhole = true
        while old != end {
            let middle = start + Self.split(end - start)
            if old <= middle {
                proof.append(try hash(from: middle, to: end))
                end = middle
            } else {
                proof.append(try hash(from: start, to: middle))
                start = middle
                isWhole = false
            }
        }
        if !isWhole { proof.append(try hash(from: start, to: end)) }
        return proof.reversed()
    }

    /// The hash over leaves `start` up to `end`, where `start` is a multiple of the power of two that holds them.
    private func hash(from start: UInt64, to end: UInt64) throws(Failure) -> MerkleHash {
        let count = end - start
        if count & (count - 1) == 0 {
            let level = count.trailingZeroBitCount
            return try hash(level: level, index: start >> UInt64(level))
        }
        let middle = start + Self.split(count)
        return MerkleHash.node(try hash(from: start, to: middle), try hash(from: middle, to: end))
    }

    /// The largest power of two below a count of at least two.
    private static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
