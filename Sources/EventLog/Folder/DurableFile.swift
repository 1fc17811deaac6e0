internal import Foundation
internal import Glibc

/// Small files that are there whole or not at all.
package enum DurableFile {
    /// The most bytes of a file that is read whole.
    private static let maximumBytes = 1 << 20

    /// Reads a small file.
    ///
    /// - Returns: nil if there is none.
    /// - Throws: ``LogError`` if it cannot be read or is larger than such files are.
    package static func read(_ path: String) throws(LogError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw LogError(errno: errno, "read \(path)")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let data: Data
        do {
            // What is empty reads as nil.
            data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
        } catch {
            // A disk that fails is not a file that was changed: it must not look like one.
            throw LogError(errno: (error as NSError).underlyingPOSIXCode, "read \(path)")
        }
        guard data.count <= maximumBytes else {
            throw LogError(.corrupted, "The file \(path) is larger than such a file can be.")
        }
        return Array(data)
    }

    /// Writes a file, syncs it, and puts it in its place in one step.
    ///
    /// - Parameter syncsFolder: Whether its name is durable on return; else whoever writes many files syncs their folders.
    /// - Throws: ``LogError``; what stood there before then still does.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o640, syncsFolder: Bool = true
    ) throws(LogError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw LogError(errno: errno, "create \(temporary)") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
        } catch {
            unlink(temporary)
            throw LogError(errno: (error as NSError).underlyingPOSIXCode, "write \(temporary)")
        }
        guard rename(temporary, path) == 0 else { throw LogError(errno: errno, "rename \(temporary)") }
        if syncsFolder { try sync(folder: folder(of: path)) }
    }

    /// The folder in which something lies: `.` for a name alone. Foundation's own ends the process for a name of one letter.
    package static func folder(of path: String) -> String {
        var name = path[...]
        while name.count > 1, name.last == "/" { name.removeLast() }
        guard let slash = name.lastIndex(of: "/") else { return "." }
        var folder = name[..<slash]
        while folder.last == "/" { folder.removeLast() }
        return folder.isEmpty ? "/" : String(folder)
    }

    /// Makes the names in a folder durable.
    package static func sync(folder: String) throws(LogError) {
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LogError(errno: errno, "open \(folder)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw LogError(errno: errno, "sync \(folder)") }
    }

    /// Makes a folder, unless it is there.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o750) throws(LogError) {
        guard mkdir(path, mode) != 0, errno != EEXIST else { return }
        throw LogError(errno: errno, "make the folder \(path)")
    }
}

extension NSError {
    /// The number of the operating system's error behind this one, or that of an input or output error.
    fileprivate var underlyingPOSIXCode: Int32 {
        if domain == NSPOSIXErrorDomain { return Int32(code) }
        return (userInfo[NSUnderlyingErrorKey] as? NSError)?.underlyingPOSIXCode ?? EIO
    }
}

extension LogError {
    /// What an error of the operating system means.
    package init(errno code: Int32, _ operation: String) {
        switch code {
        case ENOSPC, EDQUOT:
            self.init(.diskFull, "The disk is full (\(operation)). Free some space and try again.")
        case EACCES, EPERM, EROFS:
            self.init(.permissionDenied, "No permission to \(operation). Check the owner and the mode.")
        case ENOENT, ENOTDIR:
            self.init(.notALedger, "There is nothing there (\(operation)).")
        default:
            self.init(.inputOutput, "Could not \(operation): error \(code) of the operating system.")
        }
    }
}
