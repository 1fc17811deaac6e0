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

    /// Writes two series of rates, by their medians, and how the second compares with the first.
    static func write(
        comparing first: String, _ rates: [Double], _ second: String, _ others: [Double], to writer: inout JSONWriter
    ) {
        let medians = [rates, others].map { $0.sorted()[$0.count / 2] }
        for (name, median, series) in [(first, medians[0], rates), (second, medians[1], others)] {
            writer.key(name)
            _ = writer.number(String(format: "%.0f", median))
            writer.key(name + "_rounds")
            writer.array { writer in
                for rate in series { _ = writer.number(String(format: "%.0f", rate)) }
            }
        }
        writer.key("ratio")
        _ = writer.number(String(format: "%.3f", medians[1] / medians[0]))
    }

    /// Does something with a folder that is not there yet, and removes it afterwards.
    static func inTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = NSTemporaryDirectory() + "sanhu-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder + "/ledger")
    }

    /// How long it takes to write two pages to a file and make them durable, twice, as one commit does: the median, in seconds.
    static func commitTime(in folder: String, rounds: Int = 101) throws -> Double {
        let path = folder + "/flush"
        guard FileManager.default.createFile(atPath: path, contents: Data(count: 64 * 4_096)),
            let file = FileHandle(forWritingAtPath: path)
        else { throw CommandFailure(.failed, "A file in \(folder) cannot be written.") }
        defer { try? FileManager.default.removeItem(atPath: path) }
        try file.synchronize()
        let times = try (0..<rounds).map { round in
            try ContinuousClock().measure {
                for step in 0..<2 {
                    try file.seek(toOffset: UInt64((round + step * 31) % 64) * 4_096)
                    try file.write(contentsOf: Data(repeating: UInt8(round & 255), count: 4_096))
                    try file.synchronize()
                }
            }.seconds
        }
        return times.sorted()[rounds / 2]
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
