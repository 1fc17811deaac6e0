internal import EventLog
internal import LMDB

/// A view's environment.
final class ViewStore: Sendable {
    let title: String
    let environment: LMDBEnvironment
    /// ``FactRow``.
    let rows: LMDBDatabase
    /// Key → sum (8, little-endian).
    let tallies: LMDBDatabase
    /// Number (8, big-endian) → schema, zero byte, type, zero byte, agency.
    let origins: LMDBDatabase
    /// Position (8, big-endian) of a parked entry → nothing.
    let skipped: LMDBDatabase
    /// Position (8, big-endian) and number (1) → values that facts of the entry have in common.
    let shared: LMDBDatabase
    /// `meta` → ``ViewMeta``.
    let meta: LMDBDatabase

    /// - Parameter isShadow: Whether it is being made beside the old one: what is written need not be durable before
    ///   ``LMDBEnvironment/syncFromNowOn()``, for it is thrown away if that does not come.
    /// - Throws: ``ViewError``: `.alreadyOpen`, `.damaged`, `.permissionDenied` …
    init(path: String, title: String, isReadOnly: Bool, isShadow: Bool = false) throws(ViewError) {
        self.title = title
        do throws(LMDBError) {
            var options = LMDBEnvironment.Options(isReadOnly: isReadOnly, mapSize: 1 << 39, databases: 8)
            options.isSyncedLater = isShadow
            environment = try LMDBEnvironment(path: path, options: options)
            let databases = try environment.databases(["rows", "tallies", "origins", "skipped", "meta", "shared"])
            (rows, tallies, origins) = (databases[0], databases[1], databases[2])
            (skipped, meta, shared) = (databases[3], databases[4], databases[5])
        } catch {
            throw ViewError(error, title)
        }
    }

    /// Does something on the environment, and says of its failure what it means for the view.
    func wrapping<Result>(_ body: () throws(LMDBError) -> Result) throws(ViewError) -> Result {
        do throws(LMDBError) {
            return try body()
        } catch {
            throw ViewError(error, title)
        }
    }

    /// The record of how far it has come; nil if there is none, or none of this format.
    @available(*, noasync)
    func readMeta() throws(ViewError) -> ViewMeta? {
        try wrapping { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            return try readMeta(in: transaction)
        }
    }

    func readMeta(in transaction: borrowing some LMDBReading & ~Copyable) throws(LMDBError) -> ViewMeta? {
        let key = ViewMeta.key
        guard let bytes = try transaction.value(for: key.span, in: meta) else { return nil }
        return ViewMeta(bytes.copied)
    }

    func write(_ record: ViewMeta, in transaction: inout LMDBWriteTransaction) throws(LMDBError) {
        let (key, bytes) = (ViewMeta.key, record.bytes)
        try transaction.put(bytes.span, for: key.span, in: meta)
    }

    /// How many entries were skipped.
    @available(*, noasync)
    func skippedCount() throws(ViewError) -> Int {
        try wrapping { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            return try transaction.count(of: skipped)
        }
    }

    /// The positions that were skipped.
    @available(*, noasync)
    func skippedPositions() throws(ViewError) -> [Position] {
        try wrapping { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(over: skipped)
            var positions: [Position] = []
            var found = try cursor.moveToFirst()
            while found {
                if let position = cursor.position { positions.append(position) }
                found = try cursor.moveToNext()
            }
            return positions
        }
    }
}
