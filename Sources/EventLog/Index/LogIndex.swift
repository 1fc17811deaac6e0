internal import Foundation
internal import LMDB
internal import Transparency

/// The index of a log: a projection of it that answers which positions stand under a name.
///
/// New events go into memory at once; ``IndexMaintainer`` flushes memory to disk in large sorted runs, and merges runs.
/// The commit of an event writes no index page. A log opened again reads the entries after the last run anew.
final class LogIndex: Sendable {
    let store: IndexStore
    let hasher: IndexHasher
    let memory: IndexMemory
    let tuning: IndexTuning
    private let cachedRuns = CachedRuns()
    private let soundFilters = SoundFilters()

    /// The runs of the manifest that was read last; parsing it is saved as long as its bytes are the same.
    private final class CachedRuns: @unchecked Sendable {
        private let lock = NSLock()
        private var bytes: [UInt8] = []
        private var runs: [IndexManifest.Run] = []

        /// - Parameter changed: Gets the runs if they are others than before.
        func runs(
            of manifest: Span<UInt8>, changed: ([IndexManifest.Run]) -> Void
        ) throws(LMDBError) -> [IndexManifest.Run] {
            lock.lock()
            defer { lock.unlock() }
            if !bytes.span.isEqual(to: manifest) {
                bytes = manifest.copied
                guard let manifest = IndexManifest(bytes) else {
                    bytes = []
                    throw LMDBError(.corrupted, "read the index", "its manifest is damaged")
                }
                runs = manifest.runs
                changed(runs)
            }
            return runs
        }
    }

    init(store: IndexStore, manifest: IndexManifest, tuning: IndexTuning = .standard) {
        self.store = store
        self.tuning = tuning
        hasher = manifest.hasher
        memory = IndexMemory(base: manifest.size)
    }

    /// The index as it is now. Take it after the log's own read transaction, so that it covers all that one sees.
    @available(*, noasync)
    func snapshot() throws(LogError) -> IndexSnapshot {
        // Taken before the transaction begins, so that they begin at or below the end of the runs that it sees.
        let segments = memory.shared
        do throws(LMDBError) {
            let transaction = try store.environment.beginRead()
            let runs = try runs(in: transaction)
            return IndexSnapshot(
                store: store, transaction: transaction, runs: runs, memory: memory, segments: segments,
                soundFilters: soundFilters)
        } catch {
            throw LogError(ofIndex: error)
        }
    }

    private func runs(in transaction: borrowing LMDBReadTransaction) throws(LMDBError) -> [IndexManifest.Run] {
        let key = IndexManifest.key
        guard let bytes = try transaction.value(for: key.span, in: store.meta) else {
            throw LMDBError(.corrupted, "read the index", "its manifest is missing")
        }
        return try cachedRuns.runs(of: bytes) { soundFilters.keep($0.lazy.map(\.id)) }
    }
}
