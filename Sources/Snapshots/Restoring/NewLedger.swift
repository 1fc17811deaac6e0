internal import EventLog
internal import Transparency

/// The ledger that comes to be. What it holds is vouched for only once the whole snapshot has been gone through.
struct NewLedger: ~Copyable {
    private let folder: LedgerFolder
    private let manifest: SnapshotManifest
    private var restorer: LogRestorer

    /// Makes a ledger's folder.
    init(path: String, _ manifest: SnapshotManifest) throws(SnapshotError) {
        let folder: LedgerFolder
        let restorer: LogRestorer
        do throws(LogError) {
            folder = try LedgerFolder(creating: path, verifier: manifest.verifier)
            restorer = try LogRestorer(folder)
        } catch {
            throw Self.error(error)
        }
        self.folder = folder
        self.manifest = manifest
        self.restorer = restorer
    }

    /// Goes on with a ledger that there is, whose writer's lock the caller has.
    init(continuing folder: LedgerFolder, _ manifest: SnapshotManifest) throws(SnapshotError) {
        let restorer: LogRestorer
        do throws(LogError) {
            restorer = try LogRestorer(continuing: folder)
        } catch {
            throw Self.error(error)
        }
        self.folder = folder
        self.manifest = manifest
        self.restorer = restorer
    }

    /// The tree so far.
    var frontier: MerkleFrontier { restorer.frontier }

    /// Takes the entries of a frame.
    mutating func add(_ content: FrameContent) throws(SnapshotError) {
        do throws(LogError) {
            for line in content.lines {
                guard case .entry(let entry) = line.item else { continue }
                try restorer.append(
                    Array(content.text[entry.bytes]), recorded: entry.recorded, leaf: entry.leaf,
                    disclosures: Array(content.disclosures[entry.disclosures]))
            }
        } catch {
            throw Self.error(error)
        }
    }

    /// Makes it a ledger, or brings the one there is to where the snapshot ends: durably.
    consuming func finish() throws(SnapshotError) {
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
