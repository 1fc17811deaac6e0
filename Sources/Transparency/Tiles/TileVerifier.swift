/// Holds the hash tiles of a log against each other, wherever they come from: a server, a folder, a copy of one.
///
/// Tiles are taken in the order of ``next``. Those of the lowest level make the tree anew, leaf by leaf; each of the levels above must
/// be what the tree has there. Then ``root`` is the root over all leaves, to be held against a checkpoint.
///
/// Source: C2SP tlog-tiles.
public struct TileVerifier: Sendable {
    /// How many entries the log has.
    public let size: UInt64
    private var tree = MerkleFrontier()
    /// The hashes of the levels above the lowest, as the leaves make them.
    private var above: [[MerkleHash]] = []
    private var level = 0
    private var index: UInt64 = 0

    public init(size: UInt64) { self.size = size }

    /// The tile that is to be taken now; nil once all were.
    public var next: TilePath? {
        let (first, count) = (index << UInt64(TilePath.height), hashCount(level))
        guard first < count else { return nil }
        return TilePath(.hashes(level: level), index: index, width: Int(min(UInt64(TilePath.fullWidth), count - first)))
    }

    /// How many tiles there are.
    public var count: UInt64 {
        let width = UInt64(TilePath.fullWidth)
        return (0..<8).reduce(0) { $0 + hashCount($1) / width + (hashCount($1) % width > 0 ? 1 : 0) }
    }

    /// Takes the bytes of ``next``.
    ///
    /// - Returns: The hashes in it; of the lowest level they are those of entries.
    /// - Throws: ``TileFault`` if it is not what the tiles below make, or not of its length; then nothing is taken.
    /// - Complexity: O(1): a tile has 256 hashes. In all, one 256th of the hashes is kept.
    @discardableResult
    public mutating func take(_ bytes: [UInt8]) throws(TileFault) -> [MerkleHash] {
        guard let path = next else { throw TileFault(nil, "All tiles of a log of \(size) entries were taken.") }
        let length = MerkleHash.byteCount
        guard bytes.count == path.width * length else {
            throw TileFault(path, "It has \(bytes.count) bytes and not \(path.width * length).")
        }
        let hashes = (0..<path.width).compactMap { place in
            MerkleHash(bytes.span.extracting(place * length..<(place + 1) * length))
        }
        if level == 0 {
            for hash in hashes { append(hash) }
        } else {
            let first = Int(index) << TilePath.height
            guard above[level - 1][first..<first + path.width].elementsEqual(hashes) else {
                throw TileFault(path, "Its hashes are not those that the tiles below it make.")
            }
        }
        index += 1
        if next == nil { (level, index) = (level + 1, 0) }
        return hashes
    }

    /// The root over what was taken of the lowest level.
    public var root: MerkleHash { tree.root }

    /// The leaf hashes of the entries in a bundle; nil if it is malformed.
    public static func leaves(ofBundle bytes: [UInt8]) -> [MerkleHash]? {
        var (leaves, at) = ([MerkleHash](), 0)
        while at < bytes.count {
            guard at + 2 <= bytes.count else { return nil }
            let end = at + 2 + Int(bytes[at]) << 8 + Int(bytes[at + 1])
            guard end <= bytes.count else { return nil }
            leaves.append(MerkleHash.leaf(bytes.span.extracting(at + 2..<end)))
            at = end
        }
        return leaves
    }

    private func hashCount(_ level: Int) -> UInt64 { level < 8 ? size >> UInt64(level * TilePath.height) : 0 }

    private mutating func append(_ leaf: MerkleHash) {
        tree.append(leaf) { level, _, hash in
            guard level % TilePath.height == 0 else { return }
            let place = level / TilePath.height - 1
            if above.count <= place { above.append([]) }
            above[place].append(hash)
        }
    }
}

/// What is wrong with a tile.
public struct TileFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which; nil if it is none.
    public let path: TilePath?
    public let reason: String

    init(_ path: TilePath?, _ reason: String) { (self.path, self.reason) = (path, reason) }

    public var description: String { path.map { "\($0): \(reason)" } ?? reason }
}
