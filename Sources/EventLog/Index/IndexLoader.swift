internal import Foundation
internal import LMDB
internal import Transparency

/// Opens the index of a log and makes sure that it belongs to it; whatever is missing or wrong is made anew.
enum IndexLoader {
    /// Opens the index for the process that writes the log. Entries after the last run are not filed yet.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if the index knows more entries than the log holds: then the log
    ///   has lost some that were acknowledged.
    @available(*, noasync)
    static func open(_ folder: LedgerFolder, log: LogStore) throws(LogError) -> (IndexStore, IndexManifest) {
        if let store = try? IndexStore(path: folder.indexPath, isReadOnly: false) {
            let manifest = try soundManifest(store, log: log)
            // Appends trust the index to know every id, so a writer takes it only after reading it whole.
            let isWhole = manifest.map { (try? IndexAudit.isWhole($0, store)) ?? false } ?? true
            if isWhole, let begun = try? begin(store, manifest) { return begun }
        }
        try folder.deleteIndex()
        return try begin(IndexStore(path: folder.indexPath, isReadOnly: false), nil)
    }

    /// Makes a store ready to be written: without a manifest it is emptied.
    @available(*, noasync)
    private static func begin(
        _ store: IndexStore, _ manifest: IndexManifest?
    ) throws(LogError) -> (IndexStore, IndexManifest) {
        do throws(LMDBError) {
            var transaction = try store.environment.beginWrite()
            if let manifest {
                try store.deleteOrphans(manifest, in: &transaction)
                try transaction.commit()
                return (store, manifest)
            }
            let fresh = IndexManifest(hasher: .random())
            try transaction.removeAll(of: store.blocks)
            try transaction.removeAll(of: store.filters)
            try store.write(fresh, in: &transaction)
            try transaction.commit()
            return (store, fresh)
        } catch {
            throw LogError(error)
        }
    }

    /// Opens the index for a process that only reads.
    ///
    /// - Returns: nil if there is none that belongs to the log.
    @available(*, noasync)
    static func openReadOnly(_ folder: LedgerFolder, log: LogStore) throws(LogError) -> (IndexStore, IndexManifest)? {
        let store: IndexStore
        do throws(LogError) {
            store = try IndexStore(path: folder.indexPath, isReadOnly: true)
        } catch {
            // An index that may not be read is no reason to do without: who runs the ledger can mend that.
            guard error.code != .permissionDenied else { throw error }
            return nil
        }
        return try soundManifest(store, log: log).map { (store, $0) }
    }

    /// The manifest, if it is whole and made from this log.
    @available(*, noasync)
    private static func soundManifest(_ store: IndexStore, log: LogStore) throws(LogError) -> IndexManifest? {
        guard let manifest = try? manifest(of: store) else { return nil }
        let tree = try StoredTree(log)
        guard manifest.size <= tree.size else {
            throw LogError(
                .corrupted,
                "The index knows \(manifest.size) entries, but the log holds only \(tree.size): the log was rolled back "
                    + "or replaced. If you restored it yourself, run `sanhu index rebuild`.")
        }
        return try tree.root(atSize: manifest.size) == manifest.root ? manifest : nil
    }

    /// The manifest as it is now, or nil if there is none that can be read.
    @available(*, noasync)
    static func manifest(of store: IndexStore) throws(LogError) -> IndexManifest? {
        do throws(LMDBError) {
            let transaction = try store.environment.beginRead()
            return try store.manifestBytes(in: transaction).flatMap(IndexManifest.init)
        } catch {
            throw LogError(error)
        }
    }

    /// Files the entries of the log that the index does not have yet, up to a head.
    ///
    /// - Complexity: O(*n*) in those entries, about 2 µs each.
    @available(*, noasync)
    static func catchUp(
        _ index: LogIndex, log: LogStore, to head: Position, maintainer: IndexMaintainer?,
        progress: (Position) -> Void = { _ in }
    ) throws(LogError) {
        let reader = LogReader(store: log, index: index)
        var form = EntryForm()
        var position = index.memory.end
        while position < head {
            let end = min(head, position + 4_096)
            var keys: [UInt64] = []
            var places: [Range<Int>] = []
            try reader.scan(from: position, to: end) { (position, _, entry) throws(LogError) in
                let start = keys.count
                _ = try form.parse(entry, at: position)
                form.appendKeys(of: entry, index.hasher, to: &keys)
                places.append(start..<keys.count)
                return true
            }
            index.memory.append(places, of: keys)
            let waiting = index.memory.commit(freezingFrom: index.tuning.flushEvents)
            if let maintainer, waiting > 0 {
                maintainer.wake()
                try maintainer.waitForRoom()
            }
            position = end
            progress(position)
        }
    }
}
