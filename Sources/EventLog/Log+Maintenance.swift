internal import Foundation
internal import LMDB
internal import Transparency

extension Log {
    /// What a log holds, in numbers.
    public struct Statistics: Hashable, Sendable {
        public let entries: Position
        /// When the first and the last entry were recorded; nil if there are none.
        public let firstRecorded: Timestamp?
        public let lastRecorded: Timestamp?
        /// Bytes of pages, by what they hold.
        public let entryBytes: Int
        public let treeBytes: Int
        public let disclosureBytes: Int
        public let disclosures: Int
        /// Bytes that the log's file and the index's file use.
        public let logFileBytes: Int
        public let indexFileBytes: Int
        /// How many entries the runs on disk cover, and how many runs there are.
        public let indexed: Position
        public let indexRuns: Int
    }

    /// Counts what is there.
    public func statistics() throws(LogError) -> Statistics {
        let transaction = try store.beginRead()
        let state = try store.readState(in: transaction)
        let size = state.frontier.size
        let manifest = try reader.index.flatMap { index throws(LogError) in
            try IndexLoader.manifest(of: index.store)
        }
        do throws(LMDBError) {
            return Statistics(
                entries: size,
                firstRecorded: size == 0 ? nil : try? store.header(at: 0, in: transaction).recorded,
                lastRecorded: size == 0 ? nil : state.recorded,
                entryBytes: try transaction.size(of: store.entries),
                treeBytes: try transaction.size(of: store.nodes),
                disclosureBytes: try transaction.size(of: store.disclosures),
                disclosures: try transaction.count(of: store.disclosures),
                logFileBytes: store.environment.usage.used,
                indexFileBytes: reader.index?.store.environment.usage.used ?? 0,
                indexed: manifest?.size ?? 0, indexRuns: manifest?.runs.count ?? 0)
        } catch {
            throw LogError(error)
        }
    }

    /// How much room there is.
    public struct Room: Hashable, Sendable {
        /// Bytes of the log's file that are in use, and at which it refuses appends.
        public let used: Int
        public let maximum: Int
        /// Bytes that are free on the disk; 0 if the system does not say.
        public let free: UInt64
    }

    /// How much room there is for more.
    public func room() throws(LogError) -> Room {
        let usage = store.environment.usage
        return Room(used: usage.used, maximum: usage.mapSize, free: FreeSpace.bytes(at: path) ?? 0)
    }

    /// Verifies everything: entries are hashed anew, hashes compared, the signature checked, the index held against the
    /// entries.
    ///
    /// - Parameter progress: Gets how many entries of how many have been verified.
    /// - Returns: What was found; it does not throw for what is wrong with the ledger.
    /// - Complexity: O(*n*) in the bytes of the ledger.
    public func verify(progress: @escaping (Position, Position) -> Void = { _, _ in }) -> VerificationReport {
        var report = LogVerifier(
            store: store, index: reader.index?.store, verifier: verifier, progress: progress
        ).verify()
        if reader.index == nil { report.add(.index, nil, "It is missing or is not of this log.") }
        return report
    }

    /// Verifies the ledger in a folder, whatever state it is in, also while another process writes it.
    ///
    /// - Throws: ``LogError`` if there is no ledger, or its file cannot be opened at all.
    public static func verify(
        at path: String, progress: @escaping (Position, Position) -> Void = { _, _ in }
    ) throws(LogError) -> VerificationReport {
        let folder = try LedgerFolder(opening: path)
        let store = try LogStore(path: folder.logPath, isReadOnly: true)
        let index: IndexStore?
        var indexFault: String?
        do throws(LogError) {
            index = try IndexStore(path: folder.indexPath, isReadOnly: true)
        } catch {
            index = nil
            indexFault = error.reason
        }
        var report = LogVerifier(store: store, index: index, verifier: folder.verifier, progress: progress).verify()
        if let indexFault { report.add(.index, nil, "It cannot be opened: \(indexFault)") }
        return report
    }

    /// Deletes the index of the ledger in a folder and makes it anew from the entries. It takes no key: an index vouches
    /// for nothing.
    ///
    /// - Parameter progress: Gets how many entries have been filed.
    /// - Throws: ``LogError``: `.inUse` if another process writes the ledger.
    /// - Complexity: O(*n*) in the bytes of the log, a few microseconds an entry.
    public static func rebuildIndex(at path: String, progress: (Position) -> Void = { _ in }) throws(LogError) {
        let folder = try LedgerFolder(opening: path)
        let lock = try WriterLock(path: folder.lockPath)
        try folder.deleteIndex()
        let log = try LogStore(path: folder.logPath, isReadOnly: true)
        let (store, manifest) = try IndexLoader.open(folder, log: log)
        let index = LogIndex(store: store, manifest: manifest)
        let maintainer = IndexMaintainer(log: log, index: index)
        maintainer.start(manifest)
        defer { lock.release() }
        do throws(LogError) {
            let head = try LogReader(store: log, index: nil).head()
            try IndexLoader.catchUp(index, log: log, to: head, maintainer: maintainer, progress: progress)
        } catch {
            maintainer.stop()
            throw error
        }
        if let failure = maintainer.stop() { throw failure }
    }
}
