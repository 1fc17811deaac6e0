public import EventLog
internal import Foundation
internal import Glibc
public import Transparency

/// Makes a ledger of a snapshot: the same entries, disclosures, tree and checkpoint.
public enum SnapshotImporter {
    /// What an import that was killed may have left in its folder, and nothing else.
    private static let ownNames: Set<String> = ["log", "index", "ledger.json", "ledger.json.new", "writer.lock"]

    /// Restores a snapshot into a folder, which becomes a ledger only once the snapshot has been verified in full and
    /// everything is durable. Until then the ledger grows in the folder's name with `.importing` after it; what an import
    /// that was killed has left there is begun anew.
    ///
    /// The index is not in the snapshot, as it is derived: it is made from the entries, before the folder gets its name, so
    /// that what is installed can be queried at once.
    ///
    /// - Parameters:
    ///   - file: The snapshot.
    ///   - folder: The ledger's folder; it must not exist, or be empty.
    ///   - verifier: The ledger's key; nil takes the one that the snapshot names (see ``SnapshotVerifier``).
    ///   - progress: Gets how many entries of how many have been restored.
    ///   - indexing: Gets how many entries of how many have been filed in the index.
    /// - Throws: ``SnapshotError``; nothing is left behind then.
    /// - Complexity: O(*n*) in the bytes of the snapshot; memory does not grow with it.
    @discardableResult
    public static func `import`(
        from file: String, into folder: String, verifier: NoteVerifier? = nil,
        progress: (Position, Position) -> Void = { _, _ in }, indexing: (Position, Position) -> Void = { _, _ in }
    ) throws(SnapshotError) -> SnapshotSummary {
        let folder = try target(folder)
        // A file that is no snapshot is refused before anything is made.
        var reader = try SnapshotReader(path: file, verifier: verifier)
        let work = try OwnedPath.folder(folder + ".importing")
        try clear(work.path)
        do throws(SnapshotError) {
            try restore(&reader, into: work.path, progress)
            try makeIndex(of: work.path, reader.manifest.checkpoint.size, indexing)
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
        let total = reader.manifest.checkpoint.size
        var ledger = try NewLedger(path: path, reader.manifest)
        while let item = try reader.next() {
            switch item {
            case .disclosure(let bytes):
                ledger.add(disclosure: bytes)
            case .entry(let position):
                try ledger.add(entry: reader.entry)
                if position % SnapshotVerifier.entriesPerReport == 0 { progress(position, total) }
            }
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

    /// The ledger that comes to be. What it holds is vouched for only once the whole snapshot has been gone through.
    private struct NewLedger: ~Copyable {
        private let folder: LedgerFolder
        private let manifest: SnapshotManifest
        private var restorer: LogRestorer
        /// The last entry, which disclosures may follow.
        private var entry: [UInt8]?
        private var disclosures: [[UInt8]] = []

        init(path: String, _ manifest: SnapshotManifest) throws(SnapshotError) {
            let folder = try Self.folder(path, manifest)
            let restorer = try Self.restorer(folder)
            self.folder = folder
            self.manifest = manifest
            self.restorer = restorer
        }

        private static func folder(_ path: String, _ manifest: SnapshotManifest) throws(SnapshotError) -> LedgerFolder {
            do throws(LogError) {
                return try LedgerFolder(creating: path, verifier: manifest.verifier)
            } catch {
                throw Self.error(error)
            }
        }

        private static func restorer(_ folder: LedgerFolder) throws(SnapshotError) -> LogRestorer {
            do throws(LogError) {
                return try LogRestorer(folder)
            } catch {
                throw Self.error(error)
            }
        }

        mutating func add(disclosure: [UInt8]) {
            disclosures.append(disclosure)
        }

        mutating func add(entry next: [UInt8]) throws(SnapshotError) {
            try passOn()
            entry = next
        }

        private mutating func passOn() throws(SnapshotError) {
            guard let complete = entry else { return }
            do throws(LogError) {
                try restorer.append(complete, disclosures: disclosures)
            } catch {
                throw Self.error(error)
            }
            entry = nil
            disclosures.removeAll(keepingCapacity: true)
        }

        /// Makes it a ledger, durably.
        consuming func finish() throws(SnapshotError) {
            try passOn()
            let folder = folder
            let manifest = manifest
            do throws(LogError) {
                try restorer.finish(manifest.note, manifest.verifier)
                try DurableFile.sync(folder: folder.logPath)
                try folder.finish()
            } catch {
                throw Self.error(error)
            }
        }

        private static func error(_ error: LogError) -> SnapshotError {
            guard error.code != .corrupted else {
                return SnapshotError(.changed, "The snapshot cannot be restored. \(error.reason)")
            }
            return SnapshotError(error, "restore the snapshot")
        }
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
