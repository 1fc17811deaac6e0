import Foundation
import Glibc

/// A file system that is soon full, mounted on a folder for as long as this lives.
final class SmallDisk {
    /// What it is made of.
    enum Kind: String, CaseIterable {
        /// Memory.
        case tmpfs
        /// A file with ext4 in it, which finds out late that it is full.
        case ext4
    }

    let path: String
    private var ballast: String { path + "/ballast" }

    /// Whether file systems may be mounted here.
    static func works(_ kind: Kind) -> Bool {
        let path = NSTemporaryDirectory() + "/sanhu-mount-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard (try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)) != nil,
            let disk = try? SmallDisk(kind, at: path, kilobytes: 4_096)
        else { return false }
        disk.unmount()
        try? FileManager.default.removeItem(atPath: path + ".image")
        return true
    }

    /// Mounts an empty file system on a folder that is there.
    init(_ kind: Kind, at path: String, kilobytes: Int) throws {
        self.path = path
        switch kind {
        case .tmpfs:
            try Self.run(["mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
        case .ext4:
            let image = path + ".image"
            try Self.run(["truncate", "-s", "\(kilobytes)k", image])
            try Self.run(["mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", image])
            try Self.run(["mount", "-o", "loop", image, path])
        }
    }

    deinit {
        unmount()
    }

    /// Takes the file system away, and with it what a memory disk holds.
    func unmount() {
        try? Self.run(["umount", "-l", path])
    }

    /// Gives a memory disk another size.
    func resize(kilobytes: Int) throws {
        try Self.run(["mount", "-o", "remount,size=\(kilobytes)k", path])
    }

    /// Takes space away.
    func occupy(kilobytes: Int) throws {
        try demand(
            FileManager.default.createFile(atPath: ballast, contents: Data(repeating: 1, count: kilobytes << 10)),
            "no room for \(kilobytes) KiB of ballast")
    }

    /// Takes all space away that is left.
    func fill() {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        for size in [4_096, 512, 1] {
            let bytes = [UInt8](repeating: 1, count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
        fsync(descriptor)
        close(descriptor)
    }

    /// Gives the space back.
    func free() {
        unlink(ballast)
        unlink(path + "/filler")
    }

    private static func run(_ command: [String]) throws {
        let outcome = try Command.run(["/usr/bin/env"] + command, limit: 20)
        try demand(outcome.exitCode == 0, "\(command.joined(separator: " ")): \(outcome.description)")
    }
}
