/// The lines of a proof that hold its hashes, up to an empty one.
enum ProofHashes {
    /// Takes the hashes, and the empty line that ends them.
    ///
    /// - Returns: The hashes; nil if no empty line ends them.
    /// - Throws: ``NoteError`` with code `.malformedProof` if a line is no hash, or there are more than there may be.
    static func take(_ lines: inout ArraySlice<Substring>, atMost count: Int) throws(NoteError) -> [MerkleHash]? {
        var hashes: [MerkleHash] = []
        while let line = lines.popFirst() {
            if line.isEmpty { return hashes }
            guard let hash = MerkleHash(base64: line), hashes.count < count else {
                throw NoteError(.malformedProof, "“\(line.prefix(80))” is not a hash of the proof.")
            }
            hashes.append(hash)
        }
        return nil
    }
}
