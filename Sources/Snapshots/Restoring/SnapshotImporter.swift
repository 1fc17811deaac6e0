public import EventLog
internal import Foundation
internal import Glibc
public import Transparency

/// Makes a ledger of a snapshot: the same entries, disclosures, tree and checkpoint.
public enum SnapshotImporter {
    /// What an import that was killed may have left in its folder, and nothing else.
    private static let ownNames: Set<String> = ["log", "index", "ledger.json", "ledger.json.new", "writer.lock"]

    /// Restores snapshots into a folder, which becomes a ledger only once they have been verified in full and everything is
    /// durable. Until then the ledger grows in the folder's name with `.importing` after it; what an import that was killed has
    /// left there is begun anew.
    ///
    /// If the folder is a ledger already, the snapshots must go on from where it ends: each is there whole or not at all.
    ///
    /// The index is not in a snapshot, as it is derived: of a new ledger it is made from the entries before the folder gets its
    /// name, so that what is installed can be queried at once; that of a ledger that goes on is brought up when it is opened.
    ///
    /// - Parameters:
    ///   - files: A snapshot of a log, and those since then, one after another.
    ///   - folder: The ledger's folder; it must not exist, be empty, or be a ledger that the first file goes on from.
    ///   - verifier: The ledger's key; nil takes the one that the first snapshot names (see ``SnapshotVerifier``), or that of the
    ///     ledger there is.
    ///   - progress: Gets how many entries of how many have been restored.
    ///   - indexing: Gets how many entries of how many have been filed in the index.
    /// - Returns: What each file held.
    /// - Throws: ``SnapshotError``; of what it is about, nothing is left behind then. `.gap`, `.overlap`, `.older` and
    ///   `.otherHistory` say that a file does not go on from what there is; `.part` that it is not of a log.
    /// - Complexity: O(*n*) in the bytes of the snapshots; memory does not grow with them.
    @discardableResult
    public static func `import`(
        from files: [String], into folder: String, verifier: NoteVerifier? = nil,
        progress: (Position, Position) -> Void = { _, _ in }, indexing: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> [SnapshotSummary] {
        guard let first = files.first else { return [] }
        if access(LedgerFolder.descriptionPath(folder), F_OK) == 0 {
            return try LedgerContinuation.import(from: files, into: folder, verifier: verifier, progress: progress)
        }
        let folder = try target(folder)
        // A file that is no snapshot is refused before anything is made.
        var reader = try SnapshotReader(path: first, verifier: verifier, keepsDisclosures: true)
        try SnapshotChain.check(reader.manifest, first, goesOnFrom: nil)
        let verifier = reader.manifest.verifier
        try SnapshotChain.check(files, verifier)
        let work = try OwnedPath.folder(folder + ".importing")
        try clear(work.path)
        var summaries: [SnapshotSummary] = []
        do throws(SnapshotError) {
            try restore(&reader, into: work.path, progress)
            summaries.append(reader.summary)
            summaries += try LedgerContinuation.import(
                from: Array(files.dropFirst()), into: work.path, verifier: verifier, progress: progress)
            try makeIndex(of: work.path, summaries.last?.size ?? 0, indexing)
            guard rename(work.path, folder) == 0 else {
                let code = errno
                if code == ENOTEMPTY || code == EEXIST || code == ENOTDIR { throw notEmpty(folder) }
                if code == EBUSY {
                    throw SnapshotError(
                        .alreadyExists, "\(folder) is where a disk is mounted. Import into a folder inside it.")
                }
                throw SnapshotError(errno: code, "rename \(work.path) to \(folder)")
            }
            try sync(OwnedPath.parent(of: folder))
        } catch {
            if (try? clear(work.path)) != nil { rmdir(work.path) }
            throw error
        }
        return summaries
    }

    /// As the other, of one file.
    @discardableResult
    public static func `import`(
        from file: String, into folder: String, verifier: NoteVerifier? = nil,
        progress: (Position, Position) -> Void = { _, _ in }, indexing: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        let summaries = try Self.import(
            from: [file], into: folder, verifier: verifier, progress: progress, indexing: indexing)
        return summaries[0]
    }

    private static func restore(
        _ reader: inout SnapshotReader, into path: String, _ progress: (Position, Position) -> Void
    ) throws(SnapshotError) {
        let total = reader.manifest.checkpoint.size
        var ledger = try NewLedger(path: path, reader.manifest)
        progress(0, total)
        while let content = try reader.next() {
            try ledger.add(content)
            progress(reader.size, total)
        }
        try ledger.finish()
        progress(total, total)
    }

    /// Makes the index of what was restored.
    private static func makeIndex(
        of path: String, _ size: Position, _ progress: (Position, Position) -> Void
    ) throws(SnapshotError) {
        do throws(LogError) {
            try Log.rebuildIndex(at: path) { progress($0, size) }
        } catch {
            throw SnapshotError(error, "make the index of what was restored")
        }
        try sync(path + "/index")
        try sync(path)
    }

    // MARK: Folders

    /// The folder's path without links and without a slash at its end, if a ledger can be restored there.
    private static func target(_ folder: String) throws(SnapshotError) -> String {
        var path = folder
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard access(path, F_OK) == 0 else { return path }
        path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path), names.isEmpty else {
            throw notEmpty(path)
        }
        return path
    }

    private static func notEmpty(_ folder: String) -> SnapshotError {
        if access(folder + "/ledger.json", F_OK) == 0 {
            return SnapshotError(
                .alreadyExists, "\(folder) is a ledger already. A snapshot is restored into a folder of its own.")
        }
        return SnapshotError(
            .alreadyExists, "\(folder) is not an empty folder. A snapshot is restored into a new or an empty one.")
    }

    /// Removes what an import has left in its folder.
    ///
    /// - Throws: ``SnapshotError`` with code `.alreadyExists` if there is anything else: that is somebody's.
    private static func clear(_ path: String) throws(SnapshotError) {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            guard ownNames.isSuperset(of: names) else {
                throw SnapshotError(
                    .alreadyExists, "\(path) holds something that no import has left there. Remove or rename it.")
            }
            for name in names { try FileManager.default.removeItem(atPath: path + "/" + name) }
        } catch let error as SnapshotError {
            throw error
        } catch {
            throw SnapshotError(.inputOutput, "Could not empty \(path). Remove it and try again.")
        }
    }

    private static func sync(_ folder: String) throws(SnapshotError) {
        do throws(LogError) {
            try DurableFile.sync(folder: folder)
        } catch {
            throw SnapshotError(error, "sync the folder \(folder)")
        }
    }
}
