public import EventLog
internal import Foundation
internal import Glibc
public import Transparency

/// Makes a ledger of a snapshot: the same entries, disclosures, tree and checkpoint.
public enum SnapshotImporter {
    /// What an import that was killed may have left in its folder, and nothing else.
    private static let ownNames: Set<String> = ["log", "index", "ledger.json", "ledger.json.new"]

    /// Restores a snapshot into a folder, which becomes a ledger only once the snapshot has been verified in full and
    /// everything is durable. Until then the ledger grows in the folder's name with `.importing` after it; what an import
    /// that was killed has left there is begun anew.
    ///
    /// The index is not restored, as it is derived: opening the ledger for writing makes it.
    ///
    /// - Parameters:
    ///   - file: The snapshot.
    ///   - folder: The ledger's folder; it must not exist, or be empty.
    ///   - verifier: The ledger's key; nil takes the one that the snapshot names (see ``SnapshotVerifier``).
    ///   - progress: Gets how many entries of how many have been restored.
    /// - Throws: ``SnapshotError``; nothing is left behind then.
    /// - Complexity: O(*n*) in the bytes of the snapshot; memory does not grow with it.
    @discardableResult
    public static func `import`(
        from file: String, into folder: String, verifier: NoteVerifier? = nil,
        progress: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        let folder = try target(folder)
        // A file that is no snapshot is refused before anything is made.
        var reader = try SnapshotReader(path: file, verifier: verifier)
        let work = try OwnedPath(folder: folder + ".importing")
        try clear(work.path)
        do throws(SnapshotError) {
            try restore(&reader, into: work.path, progress)
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
        return reader.summary
    }

    private static func restore(
        _ reader: inout SnapshotReader, into path: String, _ progress: (Position, Position) -> Void
    ) throws(SnapshotError) {
        let manifest = reader.manifest
        let total = manifest.checkpoint.size
        do throws(LogError) {
            let folder = try LedgerFolder(creating: path, verifier: manifest.verifier)
            var restorer = try LogRestorer(folder)
            var entry: [UInt8]?
            var disclosures: [[UInt8]] = []
            while let item = try next(&reader) {
                switch item {
                case .disclosure(let bytes):
                    disclosures.append(bytes)
                case .entry(let position, let offset):
                    if let entry { try restorer.append(entry, disclosures: disclosures) }
                    entry = reader.entry(from: offset)
                    disclosures.removeAll(keepingCapacity: true)
                    if position % SnapshotVerifier.entriesPerReport == 0 { progress(position, total) }
                }
            }
            if let entry { try restorer.append(entry, disclosures: disclosures) }
            try restorer.finish(manifest.note, manifest.verifier)
            try folder.finish()
            try DurableFile.sync(folder: folder.logPath)
        } catch {
            throw SnapshotError(error, "restore the snapshot")
        }
        progress(total, total)
    }
}
