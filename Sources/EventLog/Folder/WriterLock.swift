internal import Foundation
internal import Glibc
package import JSON

/// The right to write a ledger: one process at a time has it. The operating system takes it back when the process ends,
/// however it ends.
package final class WriterLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: ``LogError`` with code `.inUse`, naming the holder, if another has it.
    package init(path: String) throws(LogError) {
        descriptor = try Self.locked(path, O_RDWR | O_CREAT, heldBy: path)
        ftruncate(descriptor, 0)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try? handle.write(contentsOf: Self.description())
    }

    /// Takes the lock of a folder itself, so that nothing in it is made or changed before it has been looked at.
    ///
    /// - Parameter file: Where a holder says who it is, by ``writeHolder(to:)``.
    /// - Throws: ``LogError`` with code `.inUse`, naming the holder, if another has it.
    package init(folder: String, heldBy file: String) throws(LogError) {
        descriptor = try Self.locked(folder, O_RDONLY | O_DIRECTORY, heldBy: file)
    }

    private static func locked(_ path: String, _ flags: Int32, heldBy file: String) throws(LogError) -> Int32 {
        let descriptor = open(path, flags | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw LogError(errno: errno, "open \(path)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = holder(file)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw LogError(errno: code, "lock \(path)") }
            throw LogError(
                .inUse, "The ledger is being written by \(holder). One at a time may write; reading is open to all.")
        }
        return descriptor
    }

    /// Takes the lock of a folder in which a ledger is to be made, so that two who make one do not undo each other. A
    /// folder that holds something else is left as it was.
    ///
    /// - Parameter others: What may lie in the folder besides.
    static func whileCreating(_ folder: String, beside others: Set<String> = []) throws(LogError) -> WriterLock {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            !others.contains($0)
        }
        guard names.isEmpty || names.contains("ledger.json") || names.contains("log") || names == ["writer.lock"] else {
            throw LogError(.alreadyExists, "\(folder) is not empty. Choose another folder for the ledger.")
        }
        if names.contains("ledger.json") { throw LogError(.alreadyExists, "\(folder) is a ledger already.") }
        try DurableFile.makeFolder(folder)
        return try WriterLock(path: folder + "/writer.lock")
    }

    deinit {
        // Closing alone would leave it locked while a process that was just forked has not run its program yet.
        release()
        close(descriptor)
    }

    /// Gives the lock up before it goes out of use.
    package func release() {
        flock(descriptor, LOCK_UN)
    }

    private static func description() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in writeHolder(to: &writer) }
        writer.endLine()
        return writer.bytes
    }

    /// Writes who this process is, as members of an object.
    package static func writeHolder(to writer: inout JSONWriter) {
        writer.member("process", Int64(getpid()))
        writer.member("command", CommandLine.arguments.prefix(2).joined(separator: " "))
        writer.member("host", ProcessInfo.processInfo.hostName)
        writer.member("since", Timestamp.now().description)
    }

    private static func holder(_ path: String) -> String {
        guard let bytes = try? DurableFile.read(path), let root = try? JSONDocument(parsing: bytes).root,
            let process = root["process"]?.integer, let command = root["command"]?.string,
            let host = root["host"]?.string, let since = root["since"]?.string
        else { return "another process" }
        return "process \(process) (\(command)) on \(host) since \(since)"
    }
}
