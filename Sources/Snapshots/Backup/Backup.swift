public import EventLog
internal import Foundation
internal import Glibc
internal import LMDB
public import Transparency

/// Makes backups of a ledger that is in use: the first holds all, each further what came since.
///
/// What is copied first may not know more than what is copied after it: the state before the log, the log before the access log,
/// whose anchors stand in it, and both before the keys, which are durable before a log refers to them. So whatever a restored
/// ledger is made of fits together, whenever the backup was made.
public struct Backup: Sendable {
    /// What a backup added.
    public struct Report: Hashable, Sendable {
        /// The snapshots that were written: of the log, and of the access log; nil if nothing had come.
        public internal(set) var log: SnapshotSummary?
        public internal(set) var access: SnapshotSummary?
        /// How many entries of each the folder has now.
        public internal(set) var logSize: Position = 0
        public internal(set) var accessSize: Position = 0
        /// Whether the keys were copied.
        public internal(set) var hasKeys = false
    }

    private let ledger: String
    private let signer: NoteSigner
    private let access: NoteSigner?
    private let level: Int

    /// - Parameters:
    ///   - ledger: The ledger's folder; others may go on writing it.
    ///   - signer: The key that signs its checkpoints.
    ///   - access: The key that signs those of its access log; nil if it has none.
    public init(of ledger: String, signer: NoteSigner, access: NoteSigner?, level: Int = 3) {
        (self.ledger, self.signer, self.access, self.level) = (ledger, signer, access, level)
    }

    /// Brings a folder of backups up to the ledger as it is.
    ///
    /// - Parameters:
    ///   - path: The folder; it is made if it is not there.
    ///   - keys: Where a copy of the keys goes: another folder, on another disk, which is not there yet or is one that a backup
    ///     made. Nil for none.
    ///   - isFull: Whether a chain is begun anew. The one before stays until the new one is there.
    ///   - progress: Gets what is being copied, and how much of it is.
    /// - Throws: ``SnapshotError``. What was whole before still is.
    public func run(
        to path: String, keys: String? = nil, isFull: Bool = false,
        progress: (_ part: String, Position, Position) -> Void = { _, _, _ in }
    ) throws(SnapshotError) -> Report {
        let folder: LedgerFolder
        do throws(LogError) {
            folder = try LedgerFolder(opening: ledger)
        } catch {
            throw SnapshotError(error, "open the ledger")
        }
        let backup = try BackupFolder(opening: path, of: folder, access: access?.verifier)
        guard backup.verifier == folder.verifier else {
            throw SnapshotError(
                .wrongLedger,
                "\(path) is a backup of \(backup.verifier), not of \(folder.verifier). Choose another folder.")
        }
        if let keys, Self.isInside(keys, path) || Self.isInside(path, keys) {
            throw SnapshotError(
                .refused,
                "Keys are not kept with what they open: who has both has everything. Give --keys a folder of its own, elsewhere."
            )
        }
        var report = Report()
        try EnvironmentCopy.replace(ledger + "/state", at: path + "/state")
        report.log = try extend(.log, of: ledger, backup, signer, isFull, progress)
        report.logSize = try backup.chain(.log).last?.to ?? 0
        if let access {
            report.access = try extend(.access, of: ledger + "/access", backup, access, isFull, progress)
            report.accessSize = try backup.chain(.access).last?.to ?? 0
        }
        if let keys {
            try EnvironmentCopy.replace(ledger + "/keys", at: keys)
            report.hasKeys = true
        }
        return report
    }

    private func extend(
        _ part: BackupPart, of path: String, _ backup: BackupFolder, _ signer: NoteSigner, _ isFull: Bool,
        _ progress: (String, Position, Position) -> Void
    ) throws(SnapshotError) -> SnapshotSummary? {
        let folder = backup.path + "/" + part.rawValue
        let log: Log
        do throws(LogError) {
            try DurableFile.makeFolder(folder)
            log = try Log.open(readingAt: path)
        } catch {
            throw SnapshotError(error, "open \(path)")
        }
        defer { log.close() }
        let last = isFull ? nil : try backup.chain(part).last
        var since: SnapshotBase?
        if let last {
            let overview = try SnapshotIndex(path: last.file, verifier: signer.verifier).overview
            since = SnapshotBase(size: overview.size, root: overview.root)
        }
        let begun = folder + "/next"
        let summary = try SnapshotExporter(log: log, signer: signer, level: level).export(
            to: begun, since: since, replacing: true
        ) { progress(part.rawValue, $0, $1) }
        let from = since?.size ?? 0
        guard summary.size > from || since == nil else {
            unlink(begun)
            return nil
        }
        let name = "\(folder)/\(from)-\(summary.size).zst"
        guard rename(begun, name) == 0 else { throw SnapshotError(errno: errno, "rename \(begun) to \(name)") }
        do throws(LogError) {
            try DurableFile.sync(folder: folder)
        } catch {
            throw SnapshotError(error, "sync \(folder)")
        }
        if isFull { try removeOthers(than: name, in: folder) }
        return summary
    }

    /// Removes the files of a chain that another has replaced.
    private func removeOthers(than name: String, in folder: String) throws(SnapshotError) {
        for other in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where other.hasSuffix(".zst") && folder + "/" + other != name {
            unlink(folder + "/" + other)
        }
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        let (path, folder) = (
            URL(fileURLWithPath: path).standardizedFileURL.path + "/",
            URL(fileURLWithPath: folder).standardizedFileURL.path + "/"
        )
        return path.hasPrefix(folder)
    }
}
