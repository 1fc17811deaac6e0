import Foundation
import TestSupport
import Testing
import Transparency

@Suite(
    "The 518 proofs of transparency-dev/merkle",
    .enabled(
        if: SharedFolder.has("vectors/merkle-proofs"), "vectors/merkle-proofs is not in the shared folder"))
struct MerkleVectorTests {
    /// One vector, of any of the four kinds.
    private struct Vector: Decodable {
        let leafIdx, treeSize, size1, size2, start, end, size: UInt64?
        let root, root1, root2, leafHash: Data?
        let proof: [Data]?
        let wantErr: Bool

        /// A leaf's hash and a root of an inclusion proof, or nil if one is of another length, which no `MerkleHash` is.
        private func leafAndRoot() throws -> (leaf: MerkleHash, root: MerkleHash)? {
            guard let leaf = MerkleHash([UInt8](try #require(leafHash))),
                let root = MerkleHash([UInt8](try #require(root)))
            else { return nil }
            return (leaf, root)
        }

        /// The hash in a consistency proof. Some vectors have other bytes in place of hashes, such as “don't care 2”, and
        /// hold if they are equal; no `MerkleHash` can be made of these, so each gets a hash that only it has.
        private func hash(_ data: Data?) throws -> MerkleHash {
            let bytes = [UInt8](try #require(data))
            return MerkleHash(bytes) ?? MerkleHash.leaf((Array("in place of ".utf8) + bytes).span)
        }

        /// Whether it holds.
        func holds(_ kind: String) throws -> Bool {
            let hashes = try (proof ?? []).map(hash)
            switch kind {
            case "inclusion":
                let (index, size) = (try #require(leafIdx), try #require(treeSize))
                guard let (leaf, root) = try leafAndRoot() else { return false }
                return proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifyInclusion(of: leaf, index: index, size: size, root: root, proof: hashes)
                } == nil
            case "consistency":
                let (old, new) = (try #require(size1), try #require(size2))
                let (oldRoot, newRoot) = (try hash(root1), try hash(root2))
                return proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifyConsistency(from: old, oldRoot, to: new, newRoot, proof: hashes)
                } == nil
            case "subtreeinclusion":
                let (index, start, end) = (try #require(leafIdx), try #require(start), try #require(end))
                // No range can be made whose end is before its start.
                guard start <= end, let (leaf, root) = try leafAndRoot() else { return false }
                return proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifySubtreeInclusion(
                        of: leaf, index: index, subtree: start..<end, hash: root, proof: hashes)
                } == nil
            default:
                let (start, end, size) = (try #require(start), try #require(end), try #require(size))
                let (subtree, root) = (try hash(root1), try hash(root2))
                guard start <= end else { return false }
                return proofFault { () throws(MerkleProofError) in
                    try MerkleVerifier.verifySubtree(start..<end, hash: subtree, size: size, root: root, proof: hashes)
                } == nil
            }
        }
    }

    @Test(
        "hold or fail as they should, every one",
        arguments: [
            ("inclusion", 6, 92), ("consistency", 6, 92), ("subtreeinclusion", 12, 192),
            ("subtreeconsistency", 12, 106),
        ])
    func vectors(_ kind: String, _ holding: Int, _ failing: Int) throws {
        let paths = try SharedFolder.files(under: "vectors/merkle-proofs/testdata/\(kind)", suffix: ".json")
        var counts = [true: 0, false: 0]
        for path in paths {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(SharedFolder.bytes(path)))
            let holds = try vector.holds(kind)
            #expect(holds == !vector.wantErr, "\(path)")
            counts[holds, default: 0] += 1
        }
        #expect(counts == [true: holding, false: failing])
    }

    @Test("are 518")
    func count() throws {
        #expect(try SharedFolder.files(under: "vectors/merkle-proofs/testdata", suffix: ".json").count == 518)
    }
}
