internal import CLMDB
internal import Glibc

extension LMDBEnvironment {
    /// Copies the environment as it is into a folder, without pages that are free, durable on return. Others may write it
    /// meanwhile; a read transaction is open until it is done, so it is for what is small.
    ///
    /// - Parameter folder: It must exist and hold no environment.
    /// - Throws: ``LMDBError``.
    /// - Complexity: O(*n*) in the bytes of the environment.
    @available(*, noasync)
    public func copy(to folder: String) throws(LMDBError) {
        try LMDBError.check(unsafe mdb_env_copy2(handle, folder, UInt32(MDB_CP_COMPACT)), "copy \(path)")
        let descriptor = unsafe Glibc.open(folder + "/data.mdb", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(status: errno, "sync the copy of \(path)") }
        defer { close(descriptor) }
        // LMDB makes it readable for all.
        guard fchmod(descriptor, 0o640) == 0, fsync(descriptor) == 0 else {
            throw LMDBError(status: errno, "sync the copy of \(path)")
        }
    }
}
