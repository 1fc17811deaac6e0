import EventLog
import Foundation
import JSON

/// What a figure was measured on.
enum BenchMachine {
    /// Writes sync mode, processors, kernel and disk.
    static func write(to writer: inout JSONWriter, folder: String) {
        writer.member("sync", "fsync")
        writer.member("processors", Int64(ProcessInfo.processInfo.activeProcessorCount))
        writer.member("kernel", line("/proc/sys/kernel/osrelease") ?? "unknown")
        writer.member("disk", disk(of: folder))
    }

    /// Private memory of this process in bytes.
    static var privateMemory: Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in text.split(separator: "\n") where line.hasPrefix("RssAnon:") {
            return (Int64(line.split(separator: " ").dropLast().last ?? "0") ?? 0) * 1024
        }
        return 0
    }

    /// The device and file system that a folder lies on.
    private static func disk(of folder: String) -> String {
        let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        guard let mounts = try? String(contentsOfFile: "/proc/mounts", encoding: .utf8) else { return "unknown" }
        var best: (length: Int, text: String) = (-1, "unknown")
        for line in mounts.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count >= 3 else { continue }
            let mount = String(parts[1])
            let isPrefix = path == mount || path.hasPrefix(mount == "/" ? "/" : mount + "/")
            if isPrefix, mount.count > best.length { best = (mount.count, "\(parts[0]) \(parts[2])") }
        }
        return best.text
    }

    private static func line(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .newlines)
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
