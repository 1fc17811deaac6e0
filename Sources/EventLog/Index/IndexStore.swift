internal import LMDB

/// The index's own environment, `DIR/index/`: runs, their filters, and the manifest. Derived: delete the folder, and it is
/// made anew.
struct IndexStore: Sendable {
    let environment: LMDBEnvironment
    /// Run, hash, position → ``RunBlock``.
    let blocks: LMDBDatabase
    /// Run (4, big-endian) → ``RunFilter``.
    let filters: LMDBDatabase
    /// `manifest` → ``IndexManifest``.
    let meta: LMDBDatabase

    init(path: String, isReadOnly: Bool) throws(LogError) {
        do throws(LMDBError) {
            environment = try LMDBEnvironment(
                path: path, options: .init(isReadOnly: isReadOnly, mapSize: 1 << 38, databases: 4))
            let databases = try environment.databases(["blocks", "filters", "meta"])
            blocks = databases[0]
            filters = databases[1]
            meta = databases[2]
        } catch {
            throw LogError(error)
        }
    }

    /// The manifest's bytes, or nil if there is none.
    func manifestBytes(in transaction: borrowing some LMDBReading & ~Copyable) throws(LMDBError) -> [UInt8]? {
        let key = IndexManifest.key
        guard let bytes = try transaction.value(for: key.span, in: meta) else { return nil }
        return bytes.copied
    }

    /// Makes a manifest the one in force.
    func write(_ manifest: IndexManifest, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let key = IndexManifest.key
        let bytes = manifest.bytes
        try transaction.put(bytes.span, for: key.span, in: meta)
    }

    /// Writes the blocks that a builder has ready.
    func writeBlocks(
        of builder: inout RunBuilder, in transaction: inout LMDBWriteTransaction
    ) throws(LMDBError) {
        for block in builder.ready { try transaction.put(block.value.span, for: block.key.span, in: blocks) }
        builder.ready.removeAll(keepingCapacity: true)
        builder.readyBytes = 0
    }

    /// Writes a finished builder's filter.
    func writeFilter(of builder: RunBuilder, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let key = Self.filterKey(builder.run)
        let bytes = builder.filter.bytes(key: key.span)
        try transaction.put(bytes.span, for: key.span, in: filters)
    }

    /// Deletes a run's blocks and filter.
    func delete(run: UInt32, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let key = Self.filterKey(run)
        try transaction.deleteAll(prefixedBy: key, in: blocks)
        try transaction.delete(key.span, in: filters)
    }

    /// Deletes what a merge left behind that was cut off.
    func deleteOrphans(_ manifest: IndexManifest, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let known = Set(manifest.runs.map(\.id))
        for database in [blocks, filters] {
            var next: UInt32 = 0
            while let run = try firstRun(from: next, of: database, in: transaction) {
                if !known.contains(run) { try delete(run: run, in: &transaction) }
                guard run < .max else { break }
                next = run + 1
            }
        }
    }

    private func firstRun(
        from run: UInt32, of database: LMDBDatabase, in transaction: borrowing LMDBWriteTransaction
    ) throws(LMDBError) -> UInt32? {
        let key = Self.filterKey(run)
        var cursor = try transaction.cursor(over: database)
        guard try cursor.move(toOrAfter: key.span), cursor.key.count >= 4 else { return nil }
        return cursor.key.littleEndianHalf(at: 0).byteSwapped
    }

    static func filterKey(_ run: UInt32) -> [UInt8] {
        var key: [UInt8] = []
        key.append(bigEndian: run)
        return key
    }
}
