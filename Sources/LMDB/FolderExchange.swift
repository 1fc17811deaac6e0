internal import CLMDB
internal import Glibc

/// Lets two folders change places in one step, so that under each name there is one of them at any time, also after a kill.
package enum FolderExchange {
    /// - Returns: 0, or the number of the system's error; `EINVAL` where the file system cannot do it.
    package static func exchange(_ one: String, _ other: String) -> Int32 {
        // RENAME_EXCHANGE of linux/fs.h.
        unsafe renameat2(AT_FDCWD, one, AT_FDCWD, other, 2) == 0 ? 0 : errno
    }
}
