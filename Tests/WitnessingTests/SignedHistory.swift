import Transparency

/// A log that signs whatever history it is told to.
struct SignedHistory: MerkleTree {
    let signer: NoteSigner
    private let leaves: [MerkleHash]

    /// Entries 0, 1, 2 …; from a position on they are others.
    init(_ size: Int, forkedAt fork: Int? = nil, origin: String = "log.example", seed: UInt8 = 7) throws {
        signer = try NoteSigner(name: origin, seed: [UInt8](repeating: seed, count: 32))
        leaves = (0..<size).map { number in
            let text = number >= fork ?? .max ? "forged \(number)" : String(number)
            return MerkleHash.leaf(Array(text.utf8).span)
        }
    }

    var size: UInt64 { UInt64(leaves.count) }

    func hash(level: Int, index: UInt64) -> MerkleHash {
        let width = 1 << level
        let start = Int(index) * width
        guard level > 0 else { return leaves[start] }
        return MerkleHash.node(
            hash(level: level - 1, index: index * 2), hash(level: level - 1, index: index * 2 + 1))
    }

    func note(_ size: Int) throws -> SignedNote {
        let checkpoint = try Checkpoint(
            origin: signer.verifier.name, size: UInt64(size), root: root(atSize: UInt64(size)), extensions: [])
        return try signer.sign(checkpoint.description)
    }

    /// What is submitted to a witness.
    func submission(_ old: Int, _ new: Int) throws -> String {
        let hashes = old == 0 || old == new ? [] : consistencyProof(from: UInt64(old), to: UInt64(new))
        return ConsistencyProof(oldSize: UInt64(old), hashes: hashes, checkpoint: try note(new)).description
    }
}
