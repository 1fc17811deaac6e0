public import Transparency

extension Log {
    /// The signed checkpoint of the last commit: a note over origin, size and root.
    public func checkpoint() throws(LogError) -> SignedNote {
        try Self.note(StoredTree(store).state.checkpoint)
    }

    /// The root of the tree as it was when the log had a given size.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if it has never had.
    public func root(atSize size: Position) throws(LogError) -> MerkleHash {
        let tree = try StoredTree(store)
        try Self.check(size <= tree.size, "size \(size)", tree.size)
        return try tree.root(atSize: size)
    }

    /// The proof file for the entry at a position, under the current checkpoint.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if there is no such entry.
    /// - Complexity: O(log *n*); milliseconds at most.
    public func proof(at position: Position) throws(LogError) -> TransparencyProof {
        let tree = try StoredTree(store)
        try Self.check(position < tree.size, "position \(position)", tree.size)
        return TransparencyProof(
            index: position, hashes: try tree.inclusionProof(index: position, size: tree.size),
            checkpoint: try Self.note(tree.state.checkpoint))
    }

    /// The proofs that entries are in the tree of a size that the log has had, in the order of the positions: hashes from
    /// each leaf's sibling up.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the log never had that size, or an entry is not within it.
    /// - Complexity: O(log *n*) for each position; of positions side by side, one hash for each level.
    public func inclusionProofs(
        of positions: [Position], inTreeOfSize size: Position
    ) throws(LogError) -> [[MerkleHash]] {
        let tree = RememberingTree(try StoredTree(store))
        try Self.check(size <= tree.size, "size \(size)", tree.size)
        var proofs: [[MerkleHash]] = []
        proofs.reserveCapacity(positions.count)
        for position in positions {
            try Self.check(position < size, "position \(position)", size)
            proofs.append(try tree.inclusionProof(index: position, size: size))
        }
        return proofs
    }

    /// The proof that the log of one size is the beginning of the log of another.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the sizes are not 1 ≤ old ≤ new ≤ head.
    public func consistencyProof(from old: Position, to new: Position) throws(LogError) -> [MerkleHash] {
        let tree = try StoredTree(store)
        try Self.check(old >= 1 && old <= new && new <= tree.size, "sizes \(old) and \(new)", tree.size)
        return try tree.consistencyProof(from: old, to: new)
    }

    /// The hashes of the perfect subtrees that a range of leaves is made of, the largest that there can be, from left to right.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the range goes beyond the head.
    /// - Complexity: O(log² *n*).
    package func hashes(of range: Range<Position>) throws(LogError) -> [MerkleHash] {
        let tree = try StoredTree(store)
        try Self.check(range.upperBound <= tree.size, "position \(range.upperBound)", tree.size)
        var hashes: [MerkleHash] = []
        for part in PerfectSubtree.parts(of: range) {
            hashes.append(try tree.hash(level: part.level, index: part.index))
        }
        return hashes
    }

    /// The bytes of a tile, as C2SP tlog-tiles has them.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the log has no such tile.
    public func tile(_ path: TilePath) throws(LogError) -> [UInt8] {
        let tree = try StoredTree(store)
        switch path.content {
        case .hashes(let level): return try tree.tile(level: level, index: path.index, width: path.width)
        case .entries: return try tree.entryBundle(index: path.index, width: path.width)
        }
    }

    private static func note(_ text: String) throws(LogError) -> SignedNote {
        do throws(NoteError) {
            return try SignedNote(text)
        } catch {
            throw LogError(.corrupted, "The log's checkpoint is damaged: \(error)")
        }
    }

    private static func check(_ holds: Bool, _ what: String, _ size: Position) throws(LogError) {
        guard holds else {
            throw LogError(.positionBeyondHead, "The log has no \(what): it has \(size) entries.")
        }
    }
}
