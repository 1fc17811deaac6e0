internal import CLMDB
internal import Glibc

/// What read and write transactions have in common: looking things up.
public protocol LMDBReading: ~Copyable {
    /// LMDB's transaction.
    var handle: LMDBTransactionHandle { get }
}

/// LMDB's own handle of a transaction; of use only inside this room.
@safe
public struct LMDBTransactionHandle {
    let pointer: OpaquePointer

    @unsafe
    init(pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }
}

extension LMDBReading where Self: ~Copyable {
    /// The value of a key, in place, or nil if there is none.
    ///
    /// - Complexity: O(log *n*); no copy.
    @_lifetime(borrow self)
    public func value(for key: Span<UInt8>, in database: LMDBDatabase) throws(LMDBError) -> Span<UInt8>? {
        var found = unsafe MDB_val()
        let status = unsafe key.withUnsafeBufferPointer { key in
            var key = unsafe MDB_val(mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
            return unsafe mdb_get(handle.pointer, database.handle, &key, &found)
        }
        if status == MDB_NOTFOUND { return nil }
        try LMDBError.check(status, "read from \(database.name)")
        return unsafe _overrideLifetime(found.span, borrowing: self)
    }

    /// The value of a key that is a big-endian integer of 8 bytes, in place, or nil if there is none.
    ///
    /// - Complexity: O(log *n*); no copy.
    @_lifetime(borrow self)
    public func value(at position: UInt64, in database: LMDBDatabase) throws(LMDBError) -> Span<UInt8>? {
        var found = unsafe MDB_val()
        var bigEndian = position.bigEndian
        let status = unsafe withUnsafeMutableBytes(of: &bigEndian) { bytes in
            var key = unsafe MDB_val(mv_size: 8, mv_data: bytes.baseAddress)
            return unsafe mdb_get(handle.pointer, database.handle, &key, &found)
        }
        if status == MDB_NOTFOUND { return nil }
        try LMDBError.check(status, "read from \(database.name)")
        return unsafe _overrideLifetime(found.span, borrowing: self)
    }

    /// A cursor over a database, which cannot outlive the transaction.
    @_lifetime(borrow self)
    public func cursor(over database: LMDBDatabase) throws(LMDBError) -> LMDBCursor {
        var cursor: OpaquePointer?
        try LMDBError.check(
            unsafe mdb_cursor_open(handle.pointer, database.handle, &cursor), "open a cursor over \(database.name)")
        guard let opened = unsafe cursor else { throw LMDBError(status: ENOMEM, "open a cursor") }
        return unsafe _overrideLifetime(LMDBCursor(handle: opened), borrowing: self)
    }

    /// How many records a database has.
    public func count(of database: LMDBDatabase) throws(LMDBError) -> Int {
        var stat = MDB_stat()
        try LMDBError.check(unsafe mdb_stat(handle.pointer, database.handle, &stat), "count \(database.name)")
        return stat.ms_entries
    }

    /// How many bytes of pages a database has.
    public func size(of database: LMDBDatabase) throws(LMDBError) -> Int {
        var stat = MDB_stat()
        try LMDBError.check(unsafe mdb_stat(handle.pointer, database.handle, &stat), "measure \(database.name)")
        return (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) * Int(stat.ms_psize)
    }
}

extension MDB_val {
    /// The bytes, for as long as the caller says they are valid.
    @unsafe
    var span: Span<UInt8> {
        @_lifetime(immortal)
        get {
            let start = unsafe UnsafePointer(mv_data?.assumingMemoryBound(to: UInt8.self))
            return unsafe _overrideLifetime(
                Span(_unsafeElements: UnsafeBufferPointer(start: start, count: mv_size)), copying: ())
        }
    }
}
