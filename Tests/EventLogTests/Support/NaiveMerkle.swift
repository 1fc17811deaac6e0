import Transparency

/// A tree hashed as RFC 6962 defines it, level by level from the leaves alone, to compare others with.
struct NaiveMerkle {
    /// The hashes of the perfect subtrees of each level, from the leaves up.
    private let levels: [[MerkleHash]]

    init(_ leaves: [MerkleHash]) {
        var levels = [leaves]
        while let last = levels.last, last.count > 1 {
            levels.append((0..<last.count / 2).map { MerkleHash.node(last[$0 * 2], last[$0 * 2 + 1]) })
        }
        self.levels = levels
    }

    /// MTH over the leaves from one up to another, section 2.1: the first must be a multiple of the power of two that
    /// holds them.
    func root(_ start: Int, _ end: Int) -> MerkleHash {
        if start == end { return .emptyTree }
        var level = 0
        while 1 << level < end - start { level += 1 }
        if 1 << level == end - start { return levels[level][start >> level] }
        let middle = start + 1 << (level - 1)
        return MerkleHash.node(root(start, middle), root(middle, end))
    }

    func root(atSize size: Int) -> MerkleHash { root(0, size) }

    /// The hashes of a tile, as C2SP tlog-tiles has it: hashes of subtrees of 256^level leaves.
    func tile(level: Int, index: Int, width: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in index * 256..<index * 256 + width {
            let count = 1 << (8 * level)
            bytes += root(place * count, (place + 1) * count).bytes
        }
        return bytes
    }
}
