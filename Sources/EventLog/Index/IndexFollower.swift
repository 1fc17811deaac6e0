internal import Foundation
internal import LMDB

/// Keeps the index of a process that only reads up to the log that another process writes: runs come from disk, and the
/// entries after them are filed in memory as they are needed.
final class IndexFollower: @unchecked Sendable {
    private let log: LogStore
    private let index: LogIndex
    private let lock = NSLock()
    /// The file that was opened. An index that is made anew is another file under the same name.
    private let file: FileIdentity?

    init(log: LogStore, index: LogIndex) {
        self.log = log
        self.index = index
        file = FileIdentity(path: index.store.environment.path + "/data.mdb")
    }

    /// Makes sure that the index covers everything below a head.
    @available(*, noasync)
    func refresh(to head: Position) throws(LogError) {
        lock.lock()
        defer { lock.unlock() }
        guard index.memory.end < head else { return }
        guard file == FileIdentity(path: index.store.environment.path + "/data.mdb") else { throw Self.madeAnew }
        if let manifest = try IndexLoader.manifest(of: index.store) {
            guard manifest.hasher == index.hasher else { throw Self.madeAnew }
            // What has become a run since need not be kept in memory. Nothing else is dropped: another thread may be
            // about to read it.
            if manifest.size >= index.memory.end {
                index.memory.restart(at: manifest.size)
            } else {
                while let oldest = index.memory.oldestFrozen, oldest.end <= manifest.size {
                    index.memory.dropOldestFrozen()
                }
            }
        }
        try IndexLoader.catchUp(index, log: log, to: head, maintainer: nil)
    }

    private static var madeAnew: LogError {
        LogError(.closed, "The index was made anew meanwhile. Open the ledger again.")
    }
}
