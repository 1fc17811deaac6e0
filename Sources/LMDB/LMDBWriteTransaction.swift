internal import CLMDB
internal import Glibc

/// The one write transaction of an environment. What it writes is seen, by its own reads at once and by others after
/// ``commit()``; a transaction that goes out of use without it leaves nothing behind.
@safe
public struct LMDBWriteTransaction: ~Copyable, LMDBReading {
    public let handle: LMDBTransactionHandle
    /// Kept open for as long as the transaction lasts.
    private let environment: LMDBEnvironment
    private var isCommitted = false

    @unsafe
    init(handle: OpaquePointer, of environment: LMDBEnvironment) {
        self.environment = environment
        self.handle = unsafe LMDBTransactionHandle(pointer: handle)
    }

    deinit {
        if !isCommitted { unsafe mdb_txn_abort(handle.pointer) }
    }

    /// Makes what was written durable and visible: pages are written, then synced, then the root page is written.
    ///
    /// - Throws: ``LMDBError``. After `.inputOutput` the state of the disk is not known: open the environment anew.
    public consuming func commit() throws(LMDBError) {
        isCommitted = true
        try LMDBError.check(unsafe mdb_txn_commit(handle.pointer), "commit")
    }

    /// Writes a value under a key, replacing what was there. Values read before are no longer good.
    public mutating func put(
        _ value: Span<UInt8>, for key: Span<UInt8>, in database: LMDBDatabase
    ) throws(LMDBError) {
        try put(value, for: key, in: database, flags: 0)
    }

    /// Writes a value under a key that is after all the others; cheaper, and fills pages.
    ///
    /// - Throws: ``LMDBError``; `.keyExists` if the key is not after all the others.
    public mutating func append(
        _ value: Span<UInt8>, for key: Span<UInt8>, in database: LMDBDatabase
    ) throws(LMDBError) {
        try put(value, for: key, in: database, flags: UInt32(MDB_APPEND))
    }

    private mutating func put(
        _ value: Span<UInt8>, for key: Span<UInt8>, in database: LMDBDatabase, flags: UInt32
    ) throws(LMDBError) {
        let status = unsafe key.withUnsafeBufferPointer { key in
            unsafe value.withUnsafeBufferPointer { value in
                var key = unsafe MDB_val(
                    mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
                var value = unsafe MDB_val(
                    mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
                return unsafe mdb_put(handle.pointer, database.handle, &key, &value, flags)
            }
        }
        try LMDBError.check(status, "write to \(database.name)")
    }

    /// Writes a value of three pieces as ``LMDBAppender/append(_:_:_:at:)`` does, alone.
    public mutating func append(
        _ first: RawSpan, _ second: Span<UInt8>, _ third: Span<UInt8>, at position: UInt64,
        in database: LMDBDatabase
    ) throws(LMDBError) {
        var appender = try appender(to: database)
        try appender.append(first, second, third, at: position)
    }

    /// Deletes a key; false if there is no such key.
    @discardableResult
    public mutating func delete(_ key: Span<UInt8>, in database: LMDBDatabase) throws(LMDBError) -> Bool {
        let status = unsafe key.withUnsafeBufferPointer { key in
            var key = unsafe MDB_val(mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
            return unsafe mdb_del(handle.pointer, database.handle, &key, nil)
        }
        if status == MDB_NOTFOUND { return false }
        try LMDBError.check(status, "delete from \(database.name)")
        return true
    }

    /// Deletes every record of a database whose key begins with some bytes, and returns how many there were.
    @discardableResult
    public mutating func deleteAll(prefixedBy prefix: [UInt8], in database: LMDBDatabase) throws(LMDBError) -> Int {
        guard !prefix.isEmpty else {
            let deleted = try count(of: database)
            try removeAll(of: database)
            return deleted
        }
        var cursor: OpaquePointer?
        try LMDBError.check(unsafe mdb_cursor_open(handle.pointer, database.handle, &cursor), "open a cursor")
        defer { unsafe mdb_cursor_close(cursor) }
        var deleted = 0
        while true {
            var found = unsafe MDB_val()
            var value = unsafe MDB_val()
            var start = prefix
            let status = unsafe start.withUnsafeMutableBytes { bytes in
                unsafe found = unsafe MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
                let status = unsafe mdb_cursor_get(cursor, &found, &value, MDB_SET_RANGE)
                guard status == MDB_SUCCESS else { return status }
                guard unsafe found.mv_size >= bytes.count,
                    let wanted = bytes.baseAddress, let data = unsafe found.mv_data,
                    unsafe memcmp(data, wanted, bytes.count) == 0
                else { return MDB_NOTFOUND }
                return unsafe mdb_cursor_del(cursor, 0)
            }
            if status == MDB_NOTFOUND { return deleted }
            try LMDBError.check(status, "delete from \(database.name)")
            deleted += 1
        }
    }

    /// Deletes every record of a database.
    public mutating func removeAll(of database: LMDBDatabase) throws(LMDBError) {
        try LMDBError.check(unsafe mdb_drop(handle.pointer, database.handle, 0), "empty \(database.name)")
    }
}
