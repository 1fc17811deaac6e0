import TestSupport
import Testing
import Transparency

@Suite("Frontiers, roots and proofs, against RFC 6962's own definitions")
struct MerkleTreeTests {
    private static let naive = NaiveTree(size: 600)

    @Test(
        "a frontier's root is the tree's at every size from 0 to 600, and it can be written down and taken up at each")
    func frontier() throws {
        var frontier = MerkleFrontier()
        for size in 0...600 {
            #expect(frontier.size == UInt64(size))
            #expect(frontier.hashes.count == size.nonzeroBitCount)
            #expect(frontier.root == NaiveTree.root(of: Self.naive.leaves[..<size]), "size \(size)")
            let takenUp = try #require(MerkleFrontier(size: frontier.size, hashes: frontier.hashes))
            #expect(takenUp == frontier)
            if size < 600 {
                frontier = takenUp
                frontier.append(Self.naive.leaves[size])
            }
        }
    }

    @Test("a frontier is refused that has more or fewer hashes than its size has bits")
    func frontierOfWrongLength() {
        let hash = MerkleHash.emptyTree
        #expect(MerkleFrontier(size: 0, hashes: [hash]) == nil)
        #expect(MerkleFrontier(size: 5, hashes: [hash]) == nil)
        #expect(MerkleFrontier(size: 5, hashes: [hash, hash, hash]) == nil)
    }

    @Test("a tree's root at an earlier size is the root it had then")
    func earlierRoots() throws {
        for size in [0, 1, 2, 3, 64, 65, 127, 128, 129, 255, 257, 599, 600] {
            #expect(Self.naive.root(atSize: UInt64(size)) == NaiveTree.root(of: Self.naive.leaves[..<size]))
        }
    }

    @Test(
        "inclusion proofs are RFC 6962's for every leaf of every tree up to 130 leaves, hold, and fail with any hash changed",
        arguments: 1...130)
    func inclusion(_ size: Int) {
        let tree = NaiveTree(size: size)
        let root = NaiveTree.root(of: tree.leaves[...])
        for index in 0..<size {
            let proof = tree.inclusionProof(index: UInt64(index), size: UInt64(size))
            let comment: Comment = "leaf \(index) of \(size)"
            #expect(proof == NaiveTree.path(index, tree.leaves[...]), comment)
            func fault(_ leaf: MerkleHash, _ root: MerkleHash, _ proof: [MerkleHash]) -> MerkleProofError? {
                proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifyInclusion(
                        of: leaf, index: UInt64(index), size: UInt64(size), root: root, proof: proof)
                }
            }
            let leaf = tree.leaves[index]
            #expect(fault(leaf, root, proof) == nil, comment)
            #expect(fault(leaf.flipping(index), root, proof) == .rootMismatch, comment)
            #expect(fault(leaf, root.flipping(index), proof) == .rootMismatch, comment)
            #expect(fault(leaf, root, proof + [root]) == .wrongLength, comment)
            if !proof.isEmpty { #expect(fault(leaf, root, Array(proof.dropLast())) == .wrongLength, comment) }
            for place in proof.indices {
                var changed = proof
                changed[place] = proof[place].flipping(index + place)
                #expect(fault(leaf, root, changed) == .rootMismatch, comment)
            }
        }
    }

    @Test(
        "an inclusion proof holds for no other index, and for another size only if the way up is the same",
        arguments: 1...33)
    func inclusionElsewhere(_ size: UInt64) {
        let tree = NaiveTree(size: Int(size))
        let root = NaiveTree.root(of: tree.leaves[...])
        for index in 0..<size {
            let leaf = tree.leaves[Int(index)]
            let proof = tree.inclusionProof(index: index, size: size)
            for otherSize in 0...70 as ClosedRange<UInt64> {
                let otherIndices = otherSize == size ? Array(0...size + 1) : [index]
                for otherIndex in otherIndices {
                    let fault = proofFault { () throws(MerkleProofError) in
                        try MerkleVerifier.verifyInclusion(
                            of: leaf, index: otherIndex, size: otherSize, root: root, proof: proof)
                    }
                    let holds =
                        otherSize > otherIndex && NaiveTree.root(leaf, otherIndex, otherSize, proof[...]) == root
                    #expect((fault == nil) == holds, "leaf \(index) of \(size) as \(otherIndex) of \(otherSize)")
                    if otherSize == size { #expect(holds == (otherIndex == index)) }
                    if otherIndex >= otherSize { #expect(fault == .impossibleSizes) }
                }
            }
        }
    }

    @Test(
        "consistency proofs are RFC 6962's for every two sizes up to 130, hold, and fail with any hash changed",
        arguments: 1...130)
    func consistency(_ new: Int) {
        let tree = NaiveTree(size: new)
        let newRoot = NaiveTree.root(of: tree.leaves[...])
        for old in 1...new {
            let proof = tree.consistencyProof(from: UInt64(old), to: UInt64(new))
            let comment: Comment = "from \(old) to \(new)"
            #expect(proof == NaiveTree.subproof(old, tree.leaves[...], true), comment)
            let oldRoot = NaiveTree.root(of: tree.leaves[..<old])
            func fault(_ oldRoot: MerkleHash, _ newRoot: MerkleHash, _ proof: [MerkleHash]) -> MerkleProofError? {
                proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifyConsistency(
                        from: UInt64(old), oldRoot, to: UInt64(new), newRoot, proof: proof)
                }
            }
            #expect(fault(oldRoot, newRoot, proof) == nil, comment)
            #expect(fault(oldRoot.flipping(new), newRoot, proof) == .rootMismatch, comment)
            #expect(fault(oldRoot, newRoot.flipping(old), proof) == .rootMismatch, comment)
            #expect(fault(oldRoot, newRoot, proof + [newRoot]) != nil, comment)
            if !proof.isEmpty { #expect(fault(oldRoot, newRoot, Array(proof.dropLast())) != nil, comment) }
            for place in proof.indices {
                var changed = proof
                changed[place] = proof[place].flipping(new + place)
                #expect(fault(oldRoot, newRoot, changed) == .rootMismatch, comment)
            }
        }
    }

    @Test("a consistency proof holds for other sizes only if the recursive definition says so", arguments: 1...20)
    func consistencyElsewhere(_ new: UInt64) {
        let tree = NaiveTree(size: Int(new))
        let newRoot = NaiveTree.root(of: tree.leaves[...])
        for old in 1...new {
            let oldRoot = NaiveTree.root(of: tree.leaves[..<Int(old)])
            let proof = tree.consistencyProof(from: old, to: new)
            for otherNew in 0...36 as ClosedRange<UInt64> {
                for otherOld in 0...otherNew + 1 {
                    let fault = proofFault { () throws(MerkleProofError) in
                        try MerkleVerifier.verifyConsistency(
                            from: otherOld, oldRoot, to: otherNew, newRoot, proof: proof)
                    }
                    var holds = false
                    if otherOld > 0, otherOld <= otherNew,
                        let roots = NaiveTree.roots(otherOld, otherNew, proof[...], known: oldRoot)
                    {
                        holds = roots == (oldRoot, newRoot)
                    }
                    #expect((fault == nil) == holds, "\(old)–\(new) as \(otherOld)–\(otherNew)")
                }
            }
        }
    }

    @Test("nothing is consistent with the empty tree, and no tree with a smaller one")
    func impossibleConsistency() {
        let root = MerkleHash.emptyTree
        for (old, new) in [(0, 0), (0, 1), (0, 8), (2, 1), (1, 0)] as [(UInt64, UInt64)] {
            #expect(
                proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifyConsistency(from: old, root, to: new, root, proof: [])
                } == .impossibleSizes, "\(old)–\(new)")
        }
    }

    @Test("an empty subtree is part of every tree, if its hash is the empty tree's and its proof empty")
    func emptySubtree() {
        let other = MerkleHash.emptyTree.flipping(0)
        func fault(_ at: UInt64, _ hash: MerkleHash, _ proof: [MerkleHash]) -> MerkleProofError? {
            proofFault { () throws(MerkleProofError) in
                try MerkleVerifier.verifySubtree(at..<at, hash: hash, size: 5, root: other, proof: proof)
            }
        }
        for at in 0...5 as ClosedRange<UInt64> {
            #expect(fault(at, .emptyTree, []) == nil)
            #expect(fault(at, other, []) == .rootMismatch)
            #expect(fault(at, .emptyTree, [other]) == .wrongLength)
        }
        #expect(fault(6, .emptyTree, []) == .impossibleSizes)
    }

    @Test("sizes and indices up to 2^64 − 1 are judged, not trapped on")
    func extremes() {
        let hash = MerkleHash.emptyTree
        for size in [.max, 1 << 63, 1 << 63 + 1] as [UInt64] {
            for index in [0, 1, size / 2, size - 1] as [UInt64] {
                for count in [0, 1, 63, 64, 65] {
                    let proof = Array(repeating: hash, count: count)
                    let inclusion = proofFault { () throws(MerkleProofError) in
                        try MerkleVerifier.verifyInclusion(of: hash, index: index, size: size, root: hash, proof: proof)
                    }
                    #expect(inclusion != nil)
                    let consistency = proofFault { () throws(MerkleProofError) in
                        try MerkleVerifier.verifyConsistency(from: index + 1, hash, to: size, hash, proof: proof)
                    }
                    #expect((consistency == nil) == (index + 1 == size && count == 0))
                    let subtree = proofFault { () throws(MerkleProofError) in
                        try MerkleVerifier.verifySubtree(
                            index..<size, hash: hash, size: size, root: hash, proof: proof)
                    }
                    #expect((subtree == nil) == (index == 0 && count == 0))
                }
            }
        }
    }

    @Test("a leaf's place in a subtree is proved by its place in the tree of the subtree's leaves")
    func subtrees() {
        let tree = NaiveTree(size: 16)
        let subtree = Array(tree.leaves[8..<13])
        let hash = NaiveTree.root(of: subtree[...])
        for index in 8..<13 as Range<UInt64> {
            let proof = NaiveTree.path(Int(index) - 8, subtree[...])
            func fault(_ leaves: Range<UInt64>, _ index: UInt64) -> MerkleProofError? {
                proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifySubtreeInclusion(
                        of: tree.leaves[Int(index)], index: index, subtree: leaves, hash: hash, proof: proof)
                }
            }
            #expect(fault(8..<13, index) == nil)
            #expect(fault(9..<14, index) == .impossibleSizes, "leaf 9 does not begin a subtree of five")
            #expect(fault(8..<8, index) == .impossibleSizes)
        }
        #expect(
            proofFault { () throws(MerkleProofError) in
                try MerkleVerifier.verifySubtreeInclusion(
                    of: tree.leaves[13], index: 13, subtree: 8..<13, hash: hash, proof: [])
            } == .impossibleSizes)
    }
}
