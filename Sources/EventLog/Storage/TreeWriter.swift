internal import LMDB
internal import Transparency

/// Writes the tree as it grows.
enum TreeWriter {
    /// Adds a leaf to the tree; a tile that becomes full is written, and its root in the level above.
    static func grow(
        _ frontier: inout MerkleFrontier, _ openTile: inout [MerkleHash], _ leaf: MerkleHash, _ store: LogStore,
        in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        openTile.append(leaf)
        if openTile.count == TilePath.fullWidth {
            var tile: [UInt8] = []
            tile.reserveCapacity(TilePath.fullWidth * MerkleHash.byteCount)
            for hash in openTile { hash.append(to: &tile) }
            let key = LogStore.nodeKey(level: 0, index: frontier.size / UInt64(TilePath.fullWidth))
            try transaction.put(tile.span, for: key.span, in: store.nodes)
            openTile.removeAll(keepingCapacity: true)
        }
        try frontier.append(leaf) { (level, index, hash) throws(LMDBError) in
            guard level % TilePath.height == 0 else { return }
            let key = LogStore.nodeKey(level: level / TilePath.height, index: index)
            let bytes = hash.bytes
            try transaction.put(bytes.span, for: key.span, in: store.nodes)
        }
    }
}
