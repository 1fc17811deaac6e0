internal import Glibc

/// A file or a folder that one process at a time works on under a name of its own, until it gets its real name. A
/// leftover of a process that was killed is taken over.
struct OwnedPath: ~Copyable {
    let path: String
    let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Takes a file over, as it is, or makes it.
    static func file(_ path: String) throws(SnapshotError) -> OwnedPath {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SnapshotError(errno: errno, "create \(path)") }
        let owned = OwnedPath(path: path, descriptor: descriptor)
        try owned.lock()
        return owned
    }

    /// Cuts a file off behind its first bytes; what is written next stands there.
    func cut(at count: UInt64) throws(SnapshotError) {
        guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) == off_t(count) else {
            throw SnapshotError(errno: errno, "cut off \(path)")
        }
    }

    /// Takes the file away.
    func remove() { unlink(path) }

    /// Takes a folder over, with what is in it, or makes it.
    static func folder(_ path: String, mode: UInt32 = 0o750) throws(SnapshotError) -> OwnedPath {
        if mkdir(path, mode) != 0, errno != EEXIST {
            throw SnapshotError(errno: errno, "make the folder \(path)")
        }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SnapshotError(errno: errno, "open the folder \(path)") }
        let owned = OwnedPath(path: path, descriptor: descriptor)
        try owned.lock()
        return owned
    }

    deinit {
        close(descriptor)
    }

    /// Locks what was opened, and makes sure that it still has the name: another process may just have finished with it.
    private func lock() throws(SnapshotError) {
        var opened = stat()
        var named = stat()
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &opened) == 0, stat(path, &named) == 0,
            opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
        else {
            throw SnapshotError(.inUse, "Another process is working on \(path). Wait for it, or end it.")
        }
    }

    /// Writes bytes at the end.
    func write(_ bytes: [UInt8]) throws(SnapshotError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SnapshotError(errno: errno, "write \(path)") }
            rest.removeFirst(count)
        }
    }

    /// Makes what was written durable.
    func sync() throws(SnapshotError) {
        guard fsync(descriptor) == 0 else { throw SnapshotError(errno: errno, "sync \(path)") }
    }

    /// Gives the file its real name.
    ///
    /// - Throws: ``SnapshotError`` with code `.alreadyExists` if something has that name and is not to be replaced.
    func publish(as name: String, replacing: Bool) throws(SnapshotError) {
        if !replacing {
            // A second name is refused where one exists, in one step; a rename would replace it.
            if link(path, name) == 0 {
                unlink(path)
                return
            }
            guard errno != EEXIST, access(name, F_OK) != 0 else { throw Self.exists(name) }
        }
        guard rename(path, name) == 0 else { throw SnapshotError(errno: errno, "rename \(path) to \(name)") }
    }

    static func exists(_ name: String) -> SnapshotError {
        SnapshotError(.alreadyExists, "\(name) exists already. Choose another name, or say that it is to be replaced.")
    }

    /// The folder that a path lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
