internal import CLMDB

/// A consistent view of an environment. Values are read in place, and cannot outlive it.
@safe
public struct LMDBReadTransaction: ~Copyable, LMDBReading {
    public let handle: LMDBTransactionHandle
    /// Kept open for as long as the transaction lasts.
    private let environment: LMDBEnvironment

    @unsafe
    init(handle: OpaquePointer, of environment: LMDBEnvironment) {
        self.environment = environment
        self.handle = unsafe LMDBTransactionHandle(pointer: handle)
    }

    deinit {
        unsafe mdb_txn_abort(handle.pointer)
    }
}
