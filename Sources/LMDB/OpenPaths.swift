internal import Synchronization

/// The environments that this process has open. LMDB's locks break if a process opens one file twice.
enum OpenPaths {
    private static let paths = Mutex<Set<String>>([])

    /// Notes a path, unless it is open already.
    static func insert(_ path: String) -> Bool {
        paths.withLock { $0.insert(path).inserted }
    }

    static func remove(_ path: String) {
        _ = paths.withLock { $0.remove(path) }
    }
}
