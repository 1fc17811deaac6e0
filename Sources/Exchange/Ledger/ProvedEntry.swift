package import Transparency

/// What a reader gets of an entry, with the proof that it is in the log.
package struct ProvedEntry: Sendable {
    package let seen: SeenEntry
    /// The entry's leaf in the tree.
    package let leaf: MerkleHash
    /// The hashes that lead from the leaf to the root, from its sibling up.
    package let proof: [MerkleHash]
    /// The line of a verifiable read, without its newline.
    package let line: [UInt8]
}
