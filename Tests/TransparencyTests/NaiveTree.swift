import TestSupport
import Transparency

/// A tree computed as RFC 6962 defines it, by recursion and from the leaves alone, to compare others with.
struct NaiveTree: MerkleTree {
    let leaves: [MerkleHash]

    /// A tree whose leaves are the entries "0", "1", "2" …
    init(size: Int) {
        leaves = (0..<size).map { MerkleHash.leaf(Array(String($0).utf8).span) }
    }

    var size: UInt64 { UInt64(leaves.count) }

    func hash(level: Int, index: UInt64) -> MerkleHash {
        let start = Int(index) << level
        return Self.root(of: leaves[start..<start + 1 << level])
    }

    /// MTH(D[n]), section 2.1.
    static func root(of leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        guard leaves.count > 1, let first = leaves.first else { return leaves.first ?? .emptyTree }
        guard leaves.count > 2 else { return MerkleHash.node(first, leaves[leaves.startIndex + 1]) }
        let middle = leaves.startIndex + split(leaves.count)
        return MerkleHash.node(root(of: leaves[..<middle]), root(of: leaves[middle...]))
    }

    /// PATH(m, D[n]), section 2.1.1.
    static func path(_ index: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        let (left, right) = (leaves.prefix(k), leaves.dropFirst(k))
        return index < k ? path(index, left) + [root(of: right)] : path(index - k, right) + [root(of: left)]
    }

    /// SUBPROOF(m, D[n], b), section 2.1.2.
    static func subproof(_ old: Int, _ leaves: ArraySlice<MerkleHash>, _ isWhole: Bool) -> [MerkleHash] {
        if old == leaves.count { return isWhole ? [] : [root(of: leaves)] }
        let k = split(leaves.count)
        let (left, right) = (leaves.prefix(k), leaves.dropFirst(k))
        return old <= k
            ? subproof(old, left, isWhole) + [root(of: right)] : subproof(old - k, right, false) + [root(of: left)]
    }

    /// The largest power of two below a count of at least two.
    static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }

    /// The root that an inclusion proof leads to, by recursion from the root down, or nil if it has the wrong length.
    static func root(
        _ leaf: MerkleHash, _ index: UInt64, _ size: UInt64, _ proof: ArraySlice<MerkleHash>
    ) -> MerkleHash? {
        if size == 1 { return proof.isEmpty ? leaf : nil }
        guard index < size, let sibling = proof.last else { return nil }
        let k = UInt64(split(Int(size)))
        return index < k
            ? root(leaf, index, k, proof.dropLast()).map { MerkleHash.node($0, sibling) }
            : root(leaf, index - k, size - k, proof.dropLast()).map { MerkleHash.node(sibling, $0) }
    }

    /// The two roots that a consistency proof leads to, or nil if it has the wrong length.
    static func roots(
        _ old: UInt64, _ new: UInt64, _ proof: ArraySlice<MerkleHash>, known: MerkleHash?
    ) -> (old: MerkleHash, new: MerkleHash)? {
        if old == new {
            guard proof.count == (known == nil ? 1 : 0), let hash = known ?? proof.first else { return nil }
            return (hash, hash)
        }
        guard old > 0, old < new, let sibling = proof.last else { return nil }
        let k = UInt64(split(Int(new)))
        if old <= k {
            guard let inner = roots(old, k, proof.dropLast(), known: known) else { return nil }
            return (inner.old, MerkleHash.node(inner.new, sibling))
        }
        guard let inner = roots(old - k, new - k, proof.dropLast(), known: nil) else { return nil }
        return (MerkleHash.node(sibling, inner.old), MerkleHash.node(sibling, inner.new))
    }
}

extension MerkleHash {
    /// The hash with one bit changed.
    func flipping(_ bit: Int) -> MerkleHash {
        var bytes = bytes
        bytes[bit / 8 % 32] ^= 1 << UInt8(bit % 8)
        return MerkleHash(bytes.span) ?? self
    }
}

/// What a verification says: nil if it holds.
func proofFault(_ verify: () throws(MerkleProofError) -> Void) -> MerkleProofError? {
    do throws(MerkleProofError) {
        try verify()
        return nil
    } catch {
        return error
    }
}

/// What is wrong with a note, a key or a proof: nil if nothing.
func noteFault(_ read: () throws(NoteError) -> Void) -> NoteError.Code? {
    do throws(NoteError) {
        try read()
        return nil
    } catch {
        return error.code
    }
}
