public import EventLog
internal import Foundation
internal import Glibc
public import Transparency

/// Makes a ledger of a backup.
public enum Restore {
    /// Restores a ledger into a folder, which gets its name once all of it has been verified and is durable.
    ///
    /// - Parameters:
    ///   - path: The folder of backups.
    ///   - ledger: The ledger's folder; it must not exist.
    ///   - keys: The copy of the keys; nil to put them in place later.
    ///   - verifier: The ledger's key; nil takes the one that the backup names.
    ///   - progress: Gets what is being restored, and how much of it is.
    /// - Returns: The last snapshots: of the log, and of the access log if there is one.
    /// - Throws: ``SnapshotError``; nothing is left behind then.
    public static func run(
        from path: String, into ledger: String, keys: String? = nil, verifier: NoteVerifier? = nil,
        progress: (_ part: String, Position, Position) -> Void = { _, _, _ in }
    ) throws(SnapshotError) -> [SnapshotSummary] {
        let backup = try BackupFolder(opening: path, of: nil, access: nil)
        if let verifier, verifier != backup.verifier {
            throw SnapshotError(.wrongLedger, "\(path) is a backup of \(backup.verifier), not of \(verifier).")
        }
        guard access(ledger, F_OK) != 0 else { throw OwnedPath.exists(ledger) }
        let chain = try backup.chain(.log).map(\.file)
        guard !chain.isEmpty else { throw SnapshotError(.notFound, "\(path) has no snapshot of the log.") }
        let work = ledger + ".restoring"
        try? FileManager.default.removeItem(atPath: work)
        do throws(SnapshotError) {
            var summaries = try SnapshotImporter.import(
                from: chain, into: work, verifier: backup.verifier, progress: { progress("log", $0, $1) },
                indexing: { progress("index", $0, $1) }
            ).suffix(1)
            if let key = backup.access {
                let files = try backup.chain(.access).map(\.file)
                summaries += try SnapshotImporter.import(
                    from: files, into: work + "/access", verifier: key, progress: { progress("access", $0, $1) }
                ).suffix(1)
            }
            for (source, name) in [(path + "/state", "state"), (keys ?? "", "keys")]
            where access(source, F_OK) == 0 && !source.isEmpty {
                try EnvironmentCopy.copy(source, to: work + "/" + name)
            }
            guard rename(work, ledger) == 0 else { throw SnapshotError(errno: errno, "rename \(work) to \(ledger)") }
            do throws(LogError) {
                try DurableFile.sync(folder: OwnedPath.parent(of: ledger))
            } catch {
                throw SnapshotError(error, "sync the folder of \(ledger)")
            }
            return Array(summaries)
        } catch {
            try? FileManager.default.removeItem(atPath: work)
            throw error
        }
    }
}
