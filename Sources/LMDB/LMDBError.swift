internal import CLMDB
internal import Glibc

/// A failure that LMDB or the operating system reported, and what was being done.
public struct LMDBError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Hashable, Sendable {
        case keyExists, mapFull, readersFull, transactionTooBig
        /// The file's pages contradict one another, or LMDB has given the environment up after a failed write.
        case corrupted, panic
        case notAnEnvironment, versionMismatch
        /// The path is open in this process already; a second open would break LMDB's locks.
        case alreadyOpen
        case badUse
        case diskFull, permissionDenied, noSuchFile, inputOutput
        /// Any other error of the operating system, by its number.
        case system(Int32)
    }

    public let code: Code
    /// What was being done, for example `commit`.
    public let operation: String
    /// LMDB's or the operating system's own words.
    public let message: String

    package init(_ code: Code, _ operation: String, _ message: String) {
        self.code = code
        self.operation = operation
        self.message = message
    }

    init(status: Int32, _ operation: String) {
        let code: Code =
            switch status {
            case MDB_KEYEXIST: .keyExists
            case MDB_MAP_FULL: .mapFull
            case MDB_READERS_FULL: .readersFull
            case MDB_TXN_FULL: .transactionTooBig
            case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL, MDB_PAGE_FULL, MDB_NOTFOUND: .corrupted
            case MDB_PANIC: .panic
            case MDB_INVALID: .notAnEnvironment
            case MDB_VERSION_MISMATCH: .versionMismatch
            case MDB_BAD_TXN, MDB_BAD_VALSIZE, MDB_BAD_DBI, MDB_INCOMPATIBLE, MDB_BAD_RSLOT, MDB_DBS_FULL, EINVAL:
                .badUse
            case ENOSPC, EDQUOT, EFBIG: .diskFull
            case EACCES, EPERM, EROFS: .permissionDenied
            case ENOENT: .noSuchFile
            case EIO: .inputOutput
            default: .system(status)
            }
        self.init(code, operation, unsafe String(cString: mdb_strerror(status)))
    }

    public var description: String { "LMDB, \(operation): \(message)" }

    /// Throws if a call did not succeed.
    @inline(__always)
    static func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(LMDBError) {
        if status != MDB_SUCCESS { throw LMDBError(status: status, operation()) }
    }
}
