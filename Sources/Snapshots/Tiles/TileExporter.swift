public import EventLog
internal import Foundation
public import Transparency

/// Writes a log into a folder as the files that clients of C2SP tlog-tiles ask for, so that any web server that serves
/// files serves the log: `checkpoint`, `tile/<level>/…` and `tile/entries/…`.
///
/// It goes on where it was: full tiles below the checkpoint that the folder has are kept, whatever is new is written, and
/// the checkpoint last, after all that it is over is on the disk. So what is served is at any time whole, and a run that
/// was killed is made good by the next. A partial tile is taken away once the full one is there, as the format allows.
public struct TileExporter {
    private let log: Log
    private let includesEntries: Bool
    private let checksKept: Bool

    /// What was done.
    public struct Summary: Hashable, Sendable {
        /// The checkpoint that the folder has now.
        public let checkpoint: Checkpoint
        /// How many files were written, and how many full tiles were kept.
        public internal(set) var written = 0
        public internal(set) var kept = 0
    }

    /// - Parameters:
    ///   - log: The log; others may go on writing it.
    ///   - includesEntries: Whether the entries are written, too, and not only their hashes.
    ///   - checksKept: Whether full tiles that are there already are compared with the log, and mended.
    public init(log: Log, includesEntries: Bool = true, checksKept: Bool = false) {
        self.log = log
        self.includesEntries = includesEntries
        self.checksKept = checksKept
    }

    /// Writes the log, as it is when the export begins, to a folder.
    ///
    /// - Parameters:
    ///   - folder: A folder, which is made if it is not there.
    ///   - progress: Gets how many entries of how many have been gone through.
    /// What is written is held against the checkpoint first: entries against their hashes, hashes against those above them,
    /// and the last of all levels against the root. The checkpoint is written only if all of it holds.
    ///
    /// - Throws: ``SnapshotError``: `.alreadyExists` if the folder holds the checkpoint of another log, a ledger, other
    ///   files, or entries that are not to be served; `.ledgerDamaged` if the log is not what its checkpoint is over, or what
    ///   the folder holds is not its beginning; `.inUse`, or others of the machine.
    /// - Complexity: O(*n*) in the bytes of what is new, and one look at each full tile that is there; with `checksKept` in
    ///   the bytes of all.
    public func export(
        to folder: String, progress: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> Summary {
        let owned = try OwnedPath.folder(folder, mode: 0o755)
        try checkFolder(folder)
        let note: SignedNote
        var summary: Summary
        let published: Position
        do throws(LogError) {
            note = try log.checkpoint()
            summary = Summary(checkpoint: try Self.checkpoint(note, log.verifier))
            published = try publishedSize(folder, summary.checkpoint.size)
        } catch {
            throw error.code == .alreadyExists
                ? SnapshotError(.alreadyExists, error.reason) : SnapshotError(error, "export the tiles")
        }
        let size = summary.checkpoint.size
        var writer = TileWriter(
            log: log, folder: folder, published: published, size: size, checksKept: checksKept)
        for level in 0..<8 where size >> UInt64(level * TilePath.height) > 0 {
            try writer.write(.hashes(level: level), of: size, level: level) { _ in }
        }
        if includesEntries { try writer.write(.entries, of: size, level: 0) { progress($0, size) } }
        guard size == 0 || writer.root == summary.checkpoint.root else {
            throw SnapshotError(
                .ledgerDamaged,
                "The ledger's hashes are not those that its checkpoint is over. Run `sanhu verify`; the checkpoint in "
                    + "\(folder) was left as it was.")
        }
        try writer.syncFolders()
        try writer.write(Array(note.description.utf8), to: Self.checkpointPath(folder))
        try writer.syncFolders()
        extendLifetime(owned)
        progress(size, size)
        summary.written = writer.written
        summary.kept = writer.kept
        return summary
    }

    /// Refuses a folder that holds anything but tiles of a log, or entries that are to be left out.
    private func checkFolder(_ folder: String) throws(SnapshotError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw SnapshotError(errno: errno, "read the folder \(folder)")
        }
        // An export that was cut off leaves tiles and no checkpoint, or one under another name.
        let isOwn = names.contains("checkpoint") || names.allSatisfy { $0 == "tile" || $0.hasPrefix("checkpoint") }
        guard isOwn, !names.contains("ledger.json") else {
            throw SnapshotError(
                .alreadyExists, "\(folder) holds other things than tiles. Export into an empty folder of its own.")
        }
        guard includesEntries || !FileManager.default.fileExists(atPath: folder + "/tile/entries") else {
            throw SnapshotError(
                .alreadyExists,
                "\(folder) holds entries of an earlier export, which would go on being served. Remove tile/entries, or "
                    + "export the hashes into a folder of their own.")
        }
    }

    private static func checkpointPath(_ folder: String) -> String { folder + "/checkpoint" }

    private static func checkpoint(_ note: SignedNote, _ verifier: NoteVerifier) throws(LogError) -> Checkpoint {
        do throws(NoteError) {
            return try Checkpoint(note, verifiedBy: verifier)
        } catch {
            throw LogError(.corrupted, "The log's checkpoint does not hold: \(error).")
        }
    }

    /// Up to which size the folder has the log; 0 if it has nothing yet.
    private func publishedSize(_ folder: String, _ size: Position) throws(LogError) -> Position {
        let path = Self.checkpointPath(folder)
        guard let bytes = try DurableFile.read(path) else { return 0 }
        let old: Checkpoint
        do throws(NoteError) {
            old = try Checkpoint(SignedNote(String(decoding: bytes, as: UTF8.self)), verifiedBy: log.verifier)
        } catch {
            throw LogError(
                .alreadyExists,
                "\(path) is no checkpoint of this ledger: \(error) Export into a folder of its own.")
        }
        guard old.size <= size, try log.root(atSize: old.size) == old.root else {
            throw LogError(
                .corrupted,
                "\(path) is of \(old.size) entries that are not the beginning of this ledger's \(size), though its key "
                    + "signed it: the ledger was rolled back or changed. Nothing was written.")
        }
        return old.size
    }
}
