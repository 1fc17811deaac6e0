internal import CLMDB
internal import Glibc

/// A place in a database that moves in key order. Keys and values are read in place, and are good until it moves.
@safe
public struct LMDBCursor: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private var currentKey = unsafe MDB_val()
    private var currentValue = unsafe MDB_val()

    @unsafe
    @_lifetime(immortal)
    init(handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe mdb_cursor_close(handle)
    }

    /// The key where the cursor stands; empty unless the last move returned true.
    public var key: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(currentKey.span, borrowing: self) }
    }

    /// The value where the cursor stands; empty unless the last move returned true.
    public var value: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(currentValue.span, borrowing: self) }
    }

    /// Moves to the first record; false if there is none.
    @_lifetime(self: copy self)
    public mutating func moveToFirst() throws(LMDBError) -> Bool { try move(MDB_FIRST) }

    /// Moves to the last record; false if there is none.
    @_lifetime(self: copy self)
    public mutating func moveToLast() throws(LMDBError) -> Bool { try move(MDB_LAST) }

    /// Moves to the record after this one, or to the first; false if there is none.
    @_lifetime(self: copy self)
    public mutating func moveToNext() throws(LMDBError) -> Bool { try move(MDB_NEXT) }

    /// Moves to the record before this one, or to the last; false if there is none.
    @_lifetime(self: copy self)
    public mutating func moveToPrevious() throws(LMDBError) -> Bool { try move(MDB_PREV) }

    /// Moves to the first record whose key is a given one or after it; false if there is none.
    @_lifetime(self: copy self)
    public mutating func move(toOrAfter key: Span<UInt8>) throws(LMDBError) -> Bool {
        let cursor = unsafe handle
        var found = unsafe MDB_val()
        var value = unsafe MDB_val()
        let status = unsafe key.withUnsafeBufferPointer { bytes in
            unsafe found = unsafe MDB_val(
                mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return unsafe mdb_cursor_get(cursor, &found, &value, MDB_SET_RANGE)
        }
        return try unsafe stand(at: found, value, status)
    }

    /// Moves to the first record whose key, a big-endian integer of 8 bytes, is a given one or after it.
    @_lifetime(self: copy self)
    public mutating func move(toOrAfter position: UInt64) throws(LMDBError) -> Bool {
        let cursor = unsafe handle
        var found = unsafe MDB_val()
        var value = unsafe MDB_val()
        var bigEndian = position.bigEndian
        let status = unsafe withUnsafeMutableBytes(of: &bigEndian) { bytes in
            unsafe found = unsafe MDB_val(mv_size: 8, mv_data: bytes.baseAddress)
            return unsafe mdb_cursor_get(cursor, &found, &value, MDB_SET_RANGE)
        }
        return try unsafe stand(at: found, value, status)
    }

    /// The key where the cursor stands as a big-endian integer, or nil if it is not of 8 bytes.
    public var position: UInt64? {
        guard unsafe currentKey.mv_size == 8, let data = unsafe currentKey.mv_data else { return nil }
        return unsafe UInt64(bigEndian: data.loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        var found = unsafe currentKey
        var value = unsafe currentValue
        let status = unsafe mdb_cursor_get(handle, &found, &value, operation)
        return try unsafe stand(at: found, value, status)
    }

    /// Takes over where LMDB went. If it found nothing, key and value are empty: what it was asked for lay in memory of
    /// the caller's.
    @unsafe
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func stand(at key: MDB_val, _ value: MDB_val, _ status: Int32) throws(LMDBError) -> Bool {
        let isFound = status == MDB_SUCCESS
        unsafe currentKey = unsafe isFound ? key : MDB_val()
        unsafe currentValue = unsafe isFound ? value : MDB_val()
        guard isFound || status == MDB_NOTFOUND else { throw LMDBError(status: status, "move a cursor") }
        return isFound
    }
}
