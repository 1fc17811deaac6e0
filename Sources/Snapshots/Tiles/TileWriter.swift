internal import EventLog
internal import Foundation
internal import Glibc
internal import Transparency

/// Writes tiles to where their paths say, each in one step, so that nobody is served half of one.
struct TileWriter {
    let log: Log
    let folder: String
    /// Full tiles below this size are kept where they are.
    let published: Position
    private let checksKept: Bool
    private var check: TileCheck
    private(set) var written = 0
    private(set) var kept = 0
    /// The folders in which something was written since they were synced, and the one that was written to last.
    private var touched: Set<String> = []
    private var lastFolder = ""

    init(log: Log, folder: String, published: Position, size: Position, checksKept: Bool) {
        self.log = log
        self.folder = folder
        self.published = published
        self.checksKept = checksKept
        check = TileCheck(log: log, size: size)
    }

    /// The root over what was written of the right edge.
    var root: MerkleHash { check.root }

    /// Writes the tiles of one level, or of the entries, that a tree of a size has.
    ///
    /// - Parameter progress: Gets how many entries the tiles gone through cover.
    mutating func write(
        _ content: TilePath.Content, of size: Position, level: Int, progress: (Position) -> Void
    ) throws(SnapshotError) {
        let width = UInt64(TilePath.fullWidth)
        let count = size >> UInt64(level * TilePath.height)
        let isThere = published >> UInt64(level * TilePath.height) / width
        for index in 0..<count / width {
            guard let tile = TilePath(content, index: index) else { continue }
            let path = "\(folder)/\(tile)"
            if index < isThere, try isKept(tile, at: path) {
                kept += 1
            } else {
                try write(tile)
            }
            // What an earlier run wrote when the tile was not full. A run that was killed may have left it.
            if index >= isThere { removePartial(path) }
            progress((index + 1) * width)
        }
        let rest = Int(count % width)
        if rest > 0, let tile = TilePath(content, index: count / width, width: rest) { try write(tile) }
    }

    private mutating func write(_ tile: TilePath) throws(SnapshotError) {
        try write(soundBytes(of: tile), to: "\(folder)/\(tile)")
    }

    /// The bytes of a tile, held against the others.
    private mutating func soundBytes(of tile: TilePath) throws(SnapshotError) -> [UInt8] {
        do throws(LogError) {
            let bytes = try log.tile(tile)
            guard try check.holds(tile, bytes) else {
                throw LogError(.corrupted, "It is not what the hashes above it say. Run `sanhu verify`.")
            }
            return bytes
        } catch {
            throw SnapshotError(error, "read \(tile)")
        }
    }

    /// Whether a full tile that is there can stay. Without checking, a tile of hashes must at least have its size.
    private mutating func isKept(_ tile: TilePath, at path: String) throws(SnapshotError) -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        let isHashes = tile.content != .entries
        guard checksKept || isHashes else { return true }
        let found = FileManager.default.contents(atPath: path).map(Array.init)
        guard checksKept else { return found?.count == TilePath.fullWidth * MerkleHash.byteCount }
        return try found == soundBytes(of: tile)
    }

    /// Writes a file. Its name is durable after ``syncFolders()``.
    mutating func write(_ bytes: [UInt8], to path: String) throws(SnapshotError) {
        do throws(LogError) {
            try makeFolder(of: path)
            try DurableFile.write(bytes, to: path, mode: 0o644, syncsFolder: false)
        } catch {
            throw SnapshotError(error, "write \(path)")
        }
        written += 1
    }

    /// Makes the folders that a file lies in, below the one that is there.
    private mutating func makeFolder(of path: String) throws(LogError) {
        let parent = OwnedPath.parent(of: path)
        guard parent != lastFolder else { return }
        var made = folder
        touched.insert(made)
        for name in parent.dropFirst(folder.count).split(separator: "/") {
            made += "/" + name
            try DurableFile.makeFolder(made, mode: 0o755)
            touched.insert(made)
        }
        lastFolder = parent
    }

    /// Makes the names of all that was written durable.
    mutating func syncFolders() throws(SnapshotError) {
        for folder in touched {
            do throws(LogError) {
                try DurableFile.sync(folder: folder)
            } catch {
                throw SnapshotError(error, "sync \(folder)")
            }
        }
        touched.removeAll()
        lastFolder = ""
    }

    /// Takes away the partial tiles of one that is full.
    private func removePartial(_ path: String) {
        let partial = path + ".p"
        guard access(partial, F_OK) == 0 else { return }
        for width in 1..<TilePath.fullWidth { unlink("\(partial)/\(width)") }
        rmdir(partial)
    }
}
