internal import Glibc

/// How much room a disk has left.
enum FreeSpace {
    /// How many bytes whoever runs this may still write where a path leads; nil if the system does not say.
    static func bytes(at path: String) -> UInt64? {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 else { return nil }
        return UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
    }
}
