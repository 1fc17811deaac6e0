internal import LMDB
package import Transparency

/// The tree of a log as its file keeps it, seen by one read transaction, which it holds for as long as it lives.
///
/// Full tiles of leaf hashes are one record each; the root of every full tile is a record of the level above it. What
/// lies between is hashed when it is asked for. Leaves of the tile that is not full yet stand in the entries' headers.
package struct StoredTree: ~Copyable, MerkleTree {
    private let store: LogStore
    private let transaction: LMDBReadTransaction
    package let state: State

    /// What the transaction sees.
    package struct State {
        package let frontier: MerkleFrontier
        package let recorded: Timestamp
        package let checkpoint: String
    }

    package var size: UInt64 { state.frontier.size }

    /// The tree of the last commit.
    @available(*, noasync)
    init(_ store: LogStore) throws(LogError) {
        try self.init(store, store.beginRead())
    }

    private init(_ store: LogStore, _ transaction: consuming LMDBReadTransaction) throws(LogError) {
        let state = try store.readState(in: transaction)
        self.store = store
        self.transaction = transaction
        self.state = State(frontier: state.frontier, recorded: state.recorded, checkpoint: state.checkpoint)
    }

    package func hash(level: Int, index: UInt64) throws(LogError) -> MerkleHash {
        let height = level % TilePath.height
        let width = UInt64(1) << UInt64(height)
        let first = index << UInt64(height)
        var hashes = try row(level: level / TilePath.height, from: first, to: first + width)
        while hashes.count > 1 {
            for pair in 0..<hashes.count / 2 {
                hashes[pair] = MerkleHash.node(hashes[pair * 2], hashes[pair * 2 + 1])
            }
            hashes.removeLast(hashes.count / 2)
        }
        return hashes[0]
    }

    /// The bytes of a tile of hashes, as C2SP tlog-tiles has them.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the tree has no such tile.
    package func tile(level: Int, index: UInt64, width: Int) throws(LogError) -> [UInt8] {
        // Beyond any log, and beyond what the arithmetic below can bear.
        guard index < 1 << 48 else { throw Self.noTile(size) }
        let first = index * UInt64(TilePath.fullWidth)
        let end = first + UInt64(width)
        let leaves = level * TilePath.height < 64 ? end << UInt64(level * TilePath.height) : .max
        guard level < 8, leaves >> UInt64(level * TilePath.height) == end, leaves <= size else {
            throw Self.noTile(size)
        }
        var bytes: [UInt8] = []
        for hash in try row(level: level, from: first, to: end) { hash.append(to: &bytes) }
        return bytes
    }

    /// The bytes of a bundle of entries, as C2SP tlog-tiles has them: each after its length in two bytes, big-endian.
    package func entryBundle(index: UInt64, width: Int) throws(LogError) -> [UInt8] {
        guard index < 1 << 48, index * UInt64(TilePath.fullWidth) + UInt64(width) <= size else {
            throw Self.noTile(size)
        }
        let first = index * UInt64(TilePath.fullWidth)
        var bytes: [UInt8] = []
        for position in first..<first + UInt64(width) {
            let entry = try store.entry(at: position, in: transaction)
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: entry.bytes.count))
            bytes.append(contentsOf: entry.bytes)
        }
        return bytes
    }

    private static func noTile(_ size: UInt64) -> LogError {
        LogError(.positionBeyondHead, "The log has no such tile: it has \(size) entries.")
    }

    /// Hashes of one level of tiles, each over 256 times as many leaves as those of the level below.
    private func row(level: Int, from first: UInt64, to end: UInt64) throws(LogError) -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        hashes.reserveCapacity(Int(end - first))
        do throws(LMDBError) {
            if level > 0 {
                for index in first..<end {
                    let key = LogStore.nodeKey(level: level, index: index)
                    guard let value = try transaction.value(for: key.span, in: store.nodes),
                        let hash = MerkleHash(value)
                    else { throw LMDBError(.corrupted, "read the tree", "no node \(index) of level \(level)") }
                    hashes.append(hash)
                }
                return hashes
            }
            let tile = first / UInt64(TilePath.fullWidth)
            if (tile + 1) * UInt64(TilePath.fullWidth) <= size {
                let key = LogStore.nodeKey(level: 0, index: tile)
                guard let value = try transaction.value(for: key.span, in: store.nodes),
                    value.count == TilePath.fullWidth * MerkleHash.byteCount
                else { throw LMDBError(.corrupted, "read the tree", "no tile \(tile) of leaf hashes") }
                for index in first..<end {
                    hashes.append(MerkleHash(value, at: Int(index % UInt64(TilePath.fullWidth)) * MerkleHash.byteCount))
                }
                return hashes
            }
        } catch {
            throw LogError(error)
        }
        for position in first..<end { hashes.append(try store.header(at: position, in: transaction).leafHash) }
        return hashes
    }
}
