import Foundation
import TestSupport

/// Makes system calls of a process fail, by strace.
enum Strace {
    /// A system call of a run: the n-th of its kind on a file.
    struct Site: Hashable, CustomStringConvertible {
        let call: String
        let path: String
        let number: Int

        var description: String { "\(call) \((path as NSString).lastPathComponent) #\(number)" }
    }

    /// What is done to a call instead of carrying it out.
    struct Fault: Hashable, CustomStringConvertible {
        /// How strace is told.
        let injection: String
        /// Whether the call fails from then on, not only once.
        var lasts = false

        static func error(_ name: String, lasts: Bool = false) -> Fault {
            Fault(injection: "error=\(name)", lasts: lasts)
        }
        static let kill = Fault(injection: "error=EIO:signal=KILL")
        /// Fewer bytes written than asked for.
        static let short = Fault(injection: "retval=1")

        var description: String {
            injection.replacing("error=EIO:signal=", with: "SIG") + (lasts ? " from then on" : "")
        }
    }

    private static let program = ["/usr/bin/strace", "/bin/strace", "/usr/local/bin/strace"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Whether strace is there and may trace.
    static let works: Bool = {
        guard let program else { return false }
        let tried = try? Command.run([program, "-f", "-o", "/dev/null", "/bin/true"], limit: 10)
        return tried?.exitCode == 0
    }()

    /// The system calls that a run makes on some files or through descriptors of them, in their order.
    static func sites(_ arguments: [String], _ paths: [String], input: String, environment: [String: String]) throws
        -> [Site]
    {
        let folder = try TemporaryFolder()
        let outcome = try run(arguments, paths, [], folder.path("trace"), input, environment)
        try demand(outcome.exitCode == 0, "under strace: \(outcome.description)")
        var counts: [String: Int] = [:]
        var sites: [Site] = []
        for line in try lines(folder.path("trace")) {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2, let open = parts[1].firstIndex(of: "("), !parts[1].hasPrefix("<"),
                !parts[1].hasPrefix("+")
            else { continue }
            let call = parts[1][..<open].trimmingCharacters(in: .whitespaces)
            guard
                let path = paths.filter({ line.contains("<\($0)>") || line.contains("\"\($0)\"") }).max(by: {
                    $0.count < $1.count
                })
            else { continue }
            // strace counts for each thread on its own.
            let number = counts["\(parts[0]) \(call) \(path)", default: 0] + 1
            counts["\(parts[0]) \(call) \(path)"] = number
            let site = Site(call: call, path: path, number: number)
            if !sites.contains(site) { sites.append(site) }
        }
        return sites
    }

    /// Runs a program with a fault at a call.
    ///
    /// - Returns: What became of it, and how often the fault was done.
    static func run(
        _ arguments: [String], failing site: Site, _ fault: Fault, input: String, environment: [String: String]
    ) throws -> (outcome: Command.Outcome, faults: Int) {
        let folder = try TemporaryFolder()
        let injection = "inject=\(site.call):\(fault.injection):when=\(site.number)\(fault.lasts ? "+" : "")"
        let outcome = try run(arguments, [site.path], ["-e", injection], folder.path("trace"), input, environment)
        return (outcome, try lines(folder.path("trace")).count { $0.contains("INJECTED") || $0.contains("SIGKILL") })
    }

    /// The lines that strace prints of a run's calls on a file, with all bytes in hexadecimal digits.
    static func record(
        _ arguments: [String], calls: [String], on path: String, input: String, environment: [String: String]
    ) throws -> (outcome: Command.Outcome, lines: [String]) {
        let folder = try TemporaryFolder()
        let options = ["-e", "trace=" + calls.joined(separator: ","), "-e", "abbrev=none", "-xx", "-s", "33554432"]
        let outcome = try run(arguments, [path], options, folder.path("trace"), input, environment)
        return (outcome, try lines(folder.path("trace")))
    }

    private static func run(
        _ arguments: [String], _ paths: [String], _ options: [String], _ trace: String, _ input: String,
        _ environment: [String: String]
    ) throws -> Command.Outcome {
        guard let program else { throw TortureFailure("strace is not installed") }
        return try Command.run(
            [program, "-f", "-y", "-o", trace] + paths.flatMap { ["-P", $0] } + options + arguments, input: input,
            environment: environment, limit: 30)
    }

    private static func lines(_ path: String) throws -> [String] {
        try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }
}
