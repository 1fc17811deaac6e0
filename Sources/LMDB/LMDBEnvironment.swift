internal import CLMDB
internal import Glibc

/// An LMDB environment: one folder, one file of data, several named databases.
///
/// Many threads may read at once; a write transaction belongs to the thread that began it. Commits are durable when
/// they return, but for an environment that was opened to be synced later and was not yet.
@safe
public final class LMDBEnvironment: Sendable {
    /// How an environment is opened.
    public struct Options: Sendable {
        /// Whether only to read. Readers of other processes are welcome while one writes.
        public var isReadOnly = false
        /// How large the file may grow, in bytes. The file is sparse: this costs address space, not disk.
        public var mapSize = 1 << 40
        /// How many named databases there are.
        public var databases = 16
        /// How many read transactions may be open at once, over all processes.
        public var readers = 1024
        /// Whether commits are not durable until ``LMDBEnvironment/syncFromNowOn()``. A system that stops before leaves files
        /// that may be damaged in any way: only for what is thrown away then.
        public var isSyncedLater = false
        /// Permissions of the files it creates.
        public var mode: UInt32 = 0o640

        public init(isReadOnly: Bool = false, mapSize: Int = 1 << 40, databases: Int = 16) {
            self.isReadOnly = isReadOnly
            self.mapSize = mapSize
            self.databases = databases
        }
    }

    nonisolated(unsafe) let handle: OpaquePointer
    private let registeredPath: String
    /// The folder.
    public let path: String
    public let isReadOnly: Bool

    /// Opens the environment in a folder, which must exist.
    ///
    /// - Throws: ``LMDBError``; `.alreadyOpen` if this process has it open, `.notAnEnvironment` if the file is none.
    public init(path: String, options: Options = Options()) throws(LMDBError) {
        self.path = path
        isReadOnly = options.isReadOnly
        registeredPath = Self.realPath(path)
        guard OpenPaths.insert(registeredPath) else {
            throw LMDBError(.alreadyOpen, "open \(path)", "this process has it open already")
        }
        do throws(LMDBError) {
            unsafe handle = try Self.open(path, options)
        } catch {
            OpenPaths.remove(registeredPath)
            throw error
        }
    }

    deinit {
        unsafe mdb_env_close(handle)
        OpenPaths.remove(registeredPath)
    }

    private static func open(_ path: String, _ options: Options) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try LMDBError.check(unsafe mdb_env_create(&created), "create an environment")
        guard let handle = unsafe created else { throw LMDBError(status: ENOMEM, "create an environment") }
        do throws(LMDBError) {
            try LMDBError.check(unsafe mdb_env_set_mapsize(handle, options.mapSize), "set the map size")
            try LMDBError.check(unsafe mdb_env_set_maxdbs(handle, UInt32(options.databases)), "set the databases")
            try LMDBError.check(unsafe mdb_env_set_maxreaders(handle, UInt32(options.readers)), "set the readers")
            let flags =
                UInt32(MDB_NOTLS) | (options.isReadOnly ? UInt32(MDB_RDONLY) : 0)
                | (options.isSyncedLater ? UInt32(MDB_NOSYNC) : 0)
            if !options.isReadOnly { try reserveLockFile(path, options) }
            let status = unsafe mdb_env_open(handle, path, flags, options.mode)
            try LMDBError.check(status, "open " + (status == EACCES ? deniedFile(path, options) : path))
            var stale: Int32 = 0
            _ = unsafe mdb_reader_check(handle, &stale)
        } catch {
            unsafe mdb_env_close(handle)
            throw error
        }
        return unsafe handle
    }

    /// The file of an environment that may not be opened as it must be. Readers, too, write the lock file.
    private static func deniedFile(_ path: String, _ options: Options) -> String {
        func denies(_ name: String, _ mode: Int32) -> Bool {
            unsafe faccessat(AT_FDCWD, path + "/" + name, mode, AT_EACCESS) != 0
        }
        if denies("data.mdb", options.isReadOnly ? R_OK : R_OK | W_OK) { return path + "/data.mdb" }
        return denies("lock.mdb", R_OK | W_OK) ? path + "/lock.mdb for reading and writing" : path
    }

    /// Gives the lock file its room on the disk before LMDB maps it: a page of a sparse file that a full disk cannot
    /// provide would end the process.
    private static func reserveLockFile(_ path: String, _ options: Options) throws(LMDBError) {
        let descriptor = unsafe Glibc.open(path + "/lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, options.mode)
        guard descriptor >= 0 else { throw LMDBError(status: errno, "open \(path)") }
        // Nothing of this environment is open yet, so closing the file gives up no lock.
        defer { close(descriptor) }
        // The file keeps its size, by which LMDB knows how many readers there may be.
        let bytes = options.readers * bytesPerReader + 4096
        guard fallocate(descriptor, keepSize, 0, bytes) != 0 else { return }
        guard errno != ENOSPC, errno != EDQUOT else { throw LMDBError(status: errno, "open \(path)") }
    }

    /// Gives room without making the file longer (linux/falloc.h).
    private static let keepSize: Int32 = 1

    /// How much of the lock file a reader takes.
    private static let bytesPerReader = 64

    private static func realPath(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Opens named databases, creating them if the environment may be written.
    ///
    /// - Throws: ``LMDBError``; `.corrupted` if one is missing from an environment that may only be read.
    public func databases(_ names: [String]) throws(LMDBError) -> [LMDBDatabase] {
        let flags = isReadOnly ? UInt32(MDB_RDONLY) : 0
        var transaction: OpaquePointer?
        try LMDBError.check(unsafe mdb_txn_begin(handle, nil, flags, &transaction), "begin")
        var databases: [LMDBDatabase] = []
        for name in names {
            var database: MDB_dbi = 0
            let status = unsafe mdb_dbi_open(transaction, name, isReadOnly ? 0 : UInt32(MDB_CREATE), &database)
            guard status == MDB_SUCCESS else {
                unsafe mdb_txn_abort(transaction)
                throw LMDBError(status: status, "open the database \(name)")
            }
            databases.append(LMDBDatabase(handle: database, name: name))
        }
        // Handles last only if the transaction that opened them commits.
        try LMDBError.check(unsafe mdb_txn_commit(transaction), "commit")
        return databases
    }

    /// Begins a read transaction: a consistent view of the last commit, which it holds until it ends. End it soon:
    /// the file grows for as long as one stays open. What one that began before has seen, it sees too.
    ///
    /// LMDB takes the number of the last commit, and then its root from one of two places by turns. Should two commits come
    /// between, the second writes that place before it is announced: who begins next would see an older commit. So a
    /// transaction is begun anew if there has been a commit while it began. A writer that was killed before it announced its
    /// commit leaves one that nobody sees; so one alone is put up with after some tries.
    ///
    /// - Complexity: O(1), about 0.1 µs.
    @available(*, noasync)
    public func beginRead() throws(LMDBError) -> LMDBReadTransaction {
        var tries = 0
        while true {
            var transaction: OpaquePointer?
            try LMDBError.check(unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &transaction), "begin a read")
            guard let begun = unsafe transaction else { throw LMDBError(status: ENOMEM, "begin a read") }
            var info = unsafe MDB_envinfo()
            unsafe mdb_env_info(handle, &info)
            tries += 1
            if unsafe info.me_last_txnid <= mdb_txn_id(begun) + (tries > Self.strictTries ? 1 : 0) {
                return unsafe LMDBReadTransaction(handle: begun, of: self)
            }
            unsafe mdb_txn_abort(begun)
        }
    }

    private static let strictTries = 16

    /// Begins the write transaction; waits while another thread or process has it. It belongs to this thread.
    @available(*, noasync)
    public func beginWrite() throws(LMDBError) -> LMDBWriteTransaction {
        var transaction: OpaquePointer?
        try LMDBError.check(unsafe mdb_txn_begin(handle, nil, 0, &transaction), "begin a write")
        guard let begun = unsafe transaction else { throw LMDBError(status: ENOMEM, "begin a write") }
        return unsafe LMDBWriteTransaction(handle: begun, of: self)
    }

    /// Makes all commits so far durable.
    public func sync() throws(LMDBError) {
        try LMDBError.check(unsafe mdb_env_sync(handle, 1), "sync \(path)")
    }

    /// Makes all commits so far durable, and those that come as well, if it was opened to be synced later. While this is under
    /// way no transaction may be begun.
    ///
    /// - Throws: ``LMDBError``. The state of the disk is not known then: throw the files away.
    public func syncFromNowOn() throws(LMDBError) {
        try LMDBError.check(unsafe mdb_env_set_flags(handle, UInt32(MDB_NOSYNC), 0), "sync \(path)")
        try sync()
    }

    /// How much of the map the file uses, in bytes, and how large the map is.
    public var usage: (used: Int, mapSize: Int) {
        var info = unsafe MDB_envinfo()
        var stat = MDB_stat()
        unsafe mdb_env_info(handle, &info)
        unsafe mdb_env_stat(handle, &stat)
        return unsafe ((info.me_last_pgno + 1) * Int(stat.ms_psize), info.me_mapsize)
    }

    /// Drops the slots of readers whose process is gone, and returns how many there were.
    @discardableResult
    public func removeStaleReaders() -> Int {
        var stale: Int32 = 0
        _ = unsafe mdb_reader_check(handle, &stale)
        return Int(stale)
    }
}
