internal import CLMDB
internal import Glibc

/// Appends to a database in a write transaction, without looking for its end each time: a third of what a put costs.
@safe
public struct LMDBAppender: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private let database: LMDBDatabase

    @unsafe
    @_lifetime(immortal)
    init(handle: OpaquePointer, database: LMDBDatabase) {
        unsafe self.handle = handle
        self.database = database
    }

    deinit {
        unsafe mdb_cursor_close(handle)
    }

    /// Writes a value under a key that is after all the others.
    ///
    /// - Throws: ``LMDBError``; `.keyExists` if the key is not after all the others.
    @_lifetime(self: copy self)
    public mutating func append(_ value: Span<UInt8>, for key: Span<UInt8>) throws(LMDBError) {
        let cursor = unsafe handle
        let status = unsafe key.withUnsafeBufferPointer { key in
            unsafe value.withUnsafeBufferPointer { value in
                var key = unsafe MDB_val(
                    mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
                var value = unsafe MDB_val(
                    mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
                return unsafe mdb_cursor_put(cursor, &key, &value, UInt32(MDB_APPEND))
            }
        }
        try LMDBError.check(status, "append to \(database.name)")
    }

    /// Writes a value of three pieces, one after another, under a big-endian integer key that is after all the others.
    /// The pieces are copied once, straight into the page.
    ///
    /// - Throws: ``LMDBError``; `.keyExists` if the key is not after all the others.
    @_lifetime(self: copy self)
    public mutating func append(
        _ first: RawSpan, _ second: Span<UInt8>, _ third: Span<UInt8>, at position: UInt64
    ) throws(LMDBError) {
        let cursor = unsafe handle
        var bigEndian = position.bigEndian
        var value = unsafe MDB_val(mv_size: first.byteCount + second.count + third.count, mv_data: nil)
        let status = unsafe withUnsafeMutableBytes(of: &bigEndian) { bytes in
            var key = unsafe MDB_val(mv_size: 8, mv_data: bytes.baseAddress)
            return unsafe mdb_cursor_put(cursor, &key, &value, UInt32(MDB_APPEND | MDB_RESERVE))
        }
        try LMDBError.check(status, "append to \(database.name)")
        guard let place = unsafe value.mv_data else { throw LMDBError(status: MDB_CORRUPTED, "append") }
        unsafe Self.copy(first, to: place)
        unsafe Self.copy(second.bytes, to: place + first.byteCount)
        unsafe Self.copy(third.bytes, to: place + first.byteCount + second.count)
    }

    @unsafe
    private static func copy(_ bytes: RawSpan, to place: UnsafeMutableRawPointer) {
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe place.copyMemory(from: start, byteCount: source.count)
        }
    }
}

extension LMDBWriteTransaction {
    /// What appends to a database. While it is there the transaction is only read, or appended to by others for other
    /// databases: what was read of this one before is no longer good.
    ///
    /// - Throws: ``LMDBError``.
    @_lifetime(borrow self)
    public func appender(to database: LMDBDatabase) throws(LMDBError) -> LMDBAppender {
        var cursor: OpaquePointer?
        try LMDBError.check(
            unsafe mdb_cursor_open(handle.pointer, database.handle, &cursor), "open a cursor over \(database.name)")
        guard let opened = unsafe cursor else { throw LMDBError(status: ENOMEM, "open a cursor") }
        return unsafe _overrideLifetime(LMDBAppender(handle: opened, database: database), borrowing: self)
    }
}
