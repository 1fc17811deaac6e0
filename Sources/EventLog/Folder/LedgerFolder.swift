internal import Foundation
internal import JSON
package import Transparency

/// A ledger's folder: what `ledger.json` says, and where things lie.
package struct LedgerFolder: Sendable, Hashable {
    /// The version of the layout that this code reads and writes.
    package static let format: Int64 = 1
    private static let suite = "sha256-ed25519"
    /// How much room there must be for a new ledger.
    private static let leastBytes: UInt64 = 1 << 20

    package let path: String
    /// Whose signatures make its checkpoints; its name is the ledger's origin.
    package let verifier: NoteVerifier

    package var logPath: String { path + "/log" }
    package var indexPath: String { path + "/index" }
    package var lockPath: String { path + "/writer.lock" }
    package static func descriptionPath(_ path: String) -> String { path + "/ledger.json" }
    /// Where a snapshot that was imported to be read says what it is.
    package static func snapshotPath(_ path: String) -> String { path + "/snapshot.json" }

    private init(path: String, verifier: NoteVerifier) {
        self.path = path
        self.verifier = verifier
    }

    /// Reads the description of the ledger in a folder.
    ///
    /// - Throws: ``LogError``: `.notALedger` if there is none, `.newerFormat` if this code is too old for it.
    package init(opening path: String) throws(LogError) {
        guard let bytes = try DurableFile.read(Self.descriptionPath(path)) else {
            if try DurableFile.read(Self.snapshotPath(path)) != nil {
                throw LogError(
                    .notALedger,
                    "\(path) is a snapshot that was imported to be read: `sanhu read`, `proof`, `checkpoint` and `verify` work "
                        + "on it, and nothing that writes or needs the whole ledger.")
            }
            throw LogError(
                .notALedger, "\(path) is not a ledger: it has no ledger.json. `sanhu init --ledger \(path)` makes one.")
        }
        guard let root = try? JSONDocument(parsing: bytes).root, let format = root["format"]?.integer else {
            throw LogError(.corrupted, "\(Self.descriptionPath(path)) is not the description of a ledger.")
        }
        guard format <= Self.format else {
            throw LogError(
                .newerFormat,
                "\(path) has format \(format); this program knows formats up to \(Self.format). Use a newer one.")
        }
        guard format == Self.format, root["suite"]?.string == Self.suite, let text = root["verifier"]?.string,
            let verifier = try? NoteVerifier(text), root["origin"]?.string == verifier.name
        else { throw LogError(.corrupted, "\(Self.descriptionPath(path)) contradicts itself.") }
        self.init(path: path, verifier: verifier)
    }

    /// Makes the folders of a new ledger. It becomes one only by ``finish()``, after its log is there.
    ///
    /// - Parameter others: What may lie in the folder besides, and is left as it is.
    /// - Throws: ``LogError`` with code `.alreadyExists` if there is a ledger or anything else in the folder.
    package init(creating path: String, verifier: NoteVerifier, beside others: Set<String> = []) throws(LogError) {
        for name in try Self.leftovers(in: path, beside: others) where name != "writer.lock" {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        self.init(path: path, verifier: verifier)
        try DurableFile.makeFolder(path)
        // LMDB maps its lock file before it has room on the disk, and a full disk then ends the process by a signal.
        guard FreeSpace.bytes(at: path) ?? .max >= Self.leastBytes else {
            throw LogError(
                .diskFull,
                "The disk is full: a ledger needs \(Self.leastBytes >> 10) KiB. Free some space and try again.")
        }
        try DurableFile.makeFolder(logPath)
        try DurableFile.makeFolder(indexPath)
    }

    /// What an interrupted creation left behind in a folder in which a ledger is to be made. It may be begun anew; anything
    /// else may not.
    ///
    /// - Throws: ``LogError`` with code `.alreadyExists` if there is a ledger or anything else in the folder.
    package static func leftovers(in path: String, beside others: Set<String> = []) throws(LogError) -> Set<String> {
        if try DurableFile.read(descriptionPath(path)) != nil {
            throw LogError(.alreadyExists, "\(path) is a ledger already.")
        }
        let names = Set((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).subtracting(others)
        guard names.isSubset(of: ["log", "index", "writer.lock", "ledger.json.new"]), isLeftover(path + "/log"),
            isLeftover(path + "/index")
        else { throw LogError(.alreadyExists, "\(path) is not empty. Choose another folder for the ledger.") }
        guard !holdsEntries(path) else {
            throw LogError(
                .alreadyExists,
                "\(path) holds a ledger's log but no ledger.json. Put that file back, or choose another folder.")
        }
        return names
    }

    /// Whether a folder is not there or holds nothing but the files of an environment.
    private static func isLeftover(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return false }
        return Set(names).isSubset(of: ["data.mdb", "lock.mdb"])
    }

    /// Whether a ledger's folder holds a log with entries, or one of which that cannot be ruled out.
    package static func holdsEntries(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/log/data.mdb")
        guard let bytes = (attributes?[.size] as? NSNumber)?.intValue, bytes > 0 else { return false }
        do throws(LogError) {
            let store = try LogStore(path: path + "/log", isReadOnly: true)
            return try store.readState(in: store.beginRead()).frontier.size > 0
        } catch {
            // A creation that was cut off may leave a file that is no environment yet; a small one.
            return error.code != .corrupted || bytes > 64 << 10
        }
    }

    /// Writes the description: from now on the folder is a ledger, and stays one if the power fails.
    package func finish() throws(LogError) {
        // LMDB makes what is in its files durable, not their names.
        try DurableFile.sync(folder: logPath)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("format", Self.format)
            writer.member("origin", verifier.name)
            writer.member("suite", Self.suite)
            writer.member("verifier", verifier.description)
        }
        writer.endLine()
        try DurableFile.write(writer.bytes, to: Self.descriptionPath(path))
        do throws(LogError) {
            try DurableFile.sync(folder: path + "/..")
        } catch {
            // Who was given an empty folder may not be allowed to look at what it lies in.
            guard error.code == .permissionDenied else { throw error }
        }
    }

    /// Deletes the index, which is derived.
    func deleteIndex() throws(LogError) {
        try? FileManager.default.removeItem(atPath: indexPath)
        try DurableFile.makeFolder(indexPath)
    }
}
