public import EventLog
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
    public init(log: Log, includesEntries: Bool = true) {
        self.log = log
        self.includesEntries = includesEntries
    }

    /// Writes the log, as it is when the export begins, to a folder.
    ///
    /// - Parameters:
    ///   - folder: A folder, which is made if it is not there.
    ///   - progress: Gets how many entries of how many have been gone through.
    /// - Throws: ``SnapshotError``: `.alreadyExists` if the folder holds the checkpoint of another log, `.ledgerDamaged` if
    ///   what it holds is not the beginning of this one, `.inUse`, or others of the machine.
    /// - Complexity: O(*n*) in what is new, and one look at each full tile that is there.
    public func export(
        to folder: String, progress: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> Summary {
        let owned = try OwnedPath.folder(folder, mode: 0o755)
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
        var writer = TileWriter(log: log, folder: folder, published: published)
        for level in 0..<8 where size >> UInt64(level * TilePath.height) > 0 {
            try writer.write(.hashes(level: level), of: size, level: level) { _ in }
        }
        if includesEntries { try writer.write(.entries, of: size, level: 0) { progress($0, size) } }
        try writer.syncFolders()
        try writer.write(Array(note.description.utf8), to: Self.checkpointPath(folder))
        try writer.syncFolders()
        extendLifetime(owned)
        progress(size, size)
        summary.written = writer.written
        summary.kept = writer.kept
        return summary
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
