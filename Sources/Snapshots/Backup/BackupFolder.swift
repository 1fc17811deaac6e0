internal import EventLog
internal import Foundation
internal import JSON
internal import Transparency

/// A folder of backups of a ledger: for its log and its access log a chain of snapshots, each since the one before, and the latest
/// copy of what is in neither.
///
/// ```text
/// backup.json                       which ledger it is of
/// log/0-1000.zst, 1000-1400.zst …   the log, from how many entries to how many
/// access/0-30.zst …                 the access log
/// state/                            a copy of the ledger's `state`
/// ```
struct BackupFolder {
    static let format: Int64 = 1

    let path: String
    let verifier: NoteVerifier
    /// The key of the access log; nil if the ledger has none.
    let access: NoteVerifier?

    /// Opens a folder; makes it for a ledger if it is not there.
    init(opening path: String, of ledger: LedgerFolder?, access: NoteVerifier?) throws(SnapshotError) {
        self.path = path
        let description = path + "/backup.json"
        do throws(LogError) {
            if let bytes = try DurableFile.read(description) {
                guard let root = try? JSONDocument(parsing: bytes).root, let format = root["format"]?.integer else {
                    throw LogError(.corrupted, "\(description) does not say of what the folder is a backup.")
                }
                guard format == Self.format, let text = root["verifier"]?.string, let verifier = try? NoteVerifier(text)
                else {
                    throw LogError(.newerFormat, "\(path) has format \(format), which this program does not know.")
                }
                self.verifier = verifier
                self.access = root["access"]?.string.flatMap { try? NoteVerifier($0) }
                return
            }
            guard let ledger else { throw LogError(.notALedger, "\(path) is no backup: it has no backup.json.") }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            guard names.isEmpty else {
                throw LogError(.alreadyExists, "\(path) is not empty, and no backup. Choose another folder.")
            }
            verifier = ledger.verifier
            self.access = access
            try DurableFile.makeFolder(path)
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("format", Self.format)
                writer.member("verifier", ledger.verifier.description)
                if let access { writer.member("access", access.description) }
            }
            writer.endLine()
            try DurableFile.write(writer.bytes, to: description)
        } catch {
            throw SnapshotError(error, "open the backup in \(path)")
        }
    }

    /// The files of a chain, in their order, each going on where the one before ends.
    ///
    /// What an export that was killed has left is none of them, nor is a chain that another, from the beginning, has replaced.
    ///
    /// - Throws: ``SnapshotError`` with code `.gap` if one is missing.
    func chain(_ part: BackupPart) throws(SnapshotError) -> [(file: String, to: Position)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + part.rawValue)) ?? []
        var files: [(from: Position, to: Position, name: String)] = []
        for name in names where name.hasSuffix(".zst") {
            let numbers = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map { Position($0) }
            guard numbers.count == 2, let from = numbers[0], let to = numbers[1], from <= to else { continue }
            files.append((from, to, name))
        }
        // The longest that begins at 0, then what goes on from there.
        guard var last = files.filter({ $0.from == 0 }).max(by: { $0.to < $1.to }) else {
            guard files.isEmpty else { throw gap(part, at: 0) }
            return []
        }
        var chain = [last]
        while let next = files.filter({ $0.from == last.to && $0.to > last.to }).max(by: { $0.to < $1.to }) {
            chain.append(next)
            last = next
        }
        if files.contains(where: { $0.to > last.to }) { throw gap(part, at: last.to) }
        return chain.map { (path + "/" + part.rawValue + "/" + $0.name, $0.to) }
    }

    private func gap(_ part: BackupPart, at position: Position) -> SnapshotError {
        SnapshotError(
            .gap,
            "The backup's \(part.rawValue) has no file that begins at position \(position), and some that begin later: one is "
                + "missing from \(path)/\(part.rawValue). Put it back, or make a whole backup with --full.")
    }
}

/// What a backup has a chain of.
enum BackupPart: String {
    case log, access
}
