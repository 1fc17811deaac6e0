internal import CLMDB

/// A consistent view of an environment. Values are read in place, and cannot outlive it.
@safe
public struct LMDBReadTransaction: ~Copyable, LMDBReading {
    public let handle: LMDBTransactionHandle

    @unsafe
    init(handle: OpaquePointer) {
        self.handle = unsafe LMDBTransactionHandle(pointer: handle)
    }

    deinit {
        unsafe mdb_txn_abort(handle.pointer)
    }
}
