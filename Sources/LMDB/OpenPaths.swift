internal import Glibc
internal import Synchronization

/// The environments that this process has open. LMDB's locks break if a process opens one file twice.
enum OpenPaths {
    private static let paths = Mutex<Set<String>>([])

    /// Notes a path, unless it is open already. Waits a moment for one that is about to be closed: another thread may
    /// hold the last reference to it for a little longer than its owner did.
    static func insert(_ path: String) -> Bool {
        for _ in 0..<250 {
            if paths.withLock({ $0.insert(path).inserted }) { return true }
            usleep(1_000)
        }
        return false
    }

    static func remove(_ path: String) {
        _ = paths.withLock { $0.remove(path) }
    }
}
