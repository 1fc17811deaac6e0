internal import EventLog
internal import Transparency

/// Holds tiles of a log against each other, so that nothing is published that does not lead up to the root: entries against
/// the hashes of their tile, each full tile against its hash in the tile above, and the last ones together against the root.
struct TileCheck {
    private let log: Log
    private let size: Position
    /// The tile that was looked into last for what others must hash to.
    private var last: (path: TilePath, bytes: [UInt8])?
    /// The hashes at the right edge of each level, from the lowest up.
    private var edge: [[MerkleHash]] = []

    init(log: Log, size: Position) {
        self.log = log
        self.size = size
    }

    /// Whether a tile's bytes are what the tiles above, or for entries their hashes, say they are. One at the right edge
    /// is taken into the root.
    mutating func holds(_ tile: TilePath, _ bytes: [UInt8]) throws(LogError) -> Bool {
        switch tile.content {
        case .entries:
            guard let path = TilePath(.hashes(level: 0), index: tile.index, width: tile.width) else { return false }
            return try Self.leaves(bytes) == hashes(of: path)
        case .hashes(let level):
            let found = Self.hashes(bytes)
            guard found.count == tile.width else { return false }
            guard tile.width == TilePath.fullWidth else {
                while edge.count <= level { edge.append([]) }
                edge[level] = found
                return true
            }
            let width = UInt64(TilePath.fullWidth)
            let above = size >> UInt64((level + 1) * TilePath.height)
            let first = tile.index / width * width
            guard
                let parent = TilePath(
                    .hashes(level: level + 1), index: tile.index / width, width: Int(min(width, above - first)))
            else { return false }
            return try hashes(of: parent)[Int(tile.index % width)] == Self.root(of: found)
        }
    }

    /// The root over the tiles at the right edge of all levels.
    var root: MerkleHash {
        var below: MerkleHash?
        for hashes in edge {
            let all = hashes + (below.map { [$0] } ?? [])
            if !all.isEmpty { below = Self.root(of: all) }
        }
        return below ?? .emptyTree
    }

    private mutating func hashes(of path: TilePath) throws(LogError) -> [MerkleHash] {
        if let last, last.path == path { return Self.hashes(last.bytes) }
        let bytes = try log.tile(path)
        last = (path, bytes)
        return Self.hashes(bytes)
    }

    private static func hashes(_ bytes: [UInt8]) -> [MerkleHash] {
        stride(from: 0, to: bytes.count, by: MerkleHash.byteCount).compactMap { start in
            MerkleHash(bytes.span.extracting(start..<min(bytes.count, start + MerkleHash.byteCount)))
        }
    }

    private static func root(of hashes: [MerkleHash]) -> MerkleHash {
        var frontier = MerkleFrontier()
        for hash in hashes { frontier.append(hash) }
        return frontier.root
    }

    /// The leaf hashes of a bundle's entries; fewer if it is malformed.
    private static func leaves(_ bundle: [UInt8]) -> [MerkleHash] {
        var leaves: [MerkleHash] = []
        var at = 0
        while at + 2 <= bundle.count {
            let end = at + 2 + Int(bundle[at]) << 8 + Int(bundle[at + 1])
            guard end <= bundle.count else { break }
            leaves.append(MerkleHash.leaf(bundle.span.extracting(at + 2..<end)))
            at = end
        }
        return leaves
    }
}
