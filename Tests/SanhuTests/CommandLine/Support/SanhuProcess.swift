import Foundation
import Glibc
import TestSupport
import Testing

/// The real program, started as a process of its own. What it writes goes to files: nobody has to read for it to go on,
/// and what it wrote before it ended is there. It ends, at the latest, when nothing refers to it any more.
final class SanhuProcess {
    /// Seconds until a process counts as hanging.
    static let limit = 60.0

    /// `SANHU_BINARY`, or the program beside the test bundle.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["SANHU_BINARY"] { return path }
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("sanhu").path
    }()

    /// One start at a time, so that no process gets a descriptor that is meant for another.
    private static let starting = NSLock()

    /// The process's number.
    let number: pid_t
    private let name: String
    private let folder: TemporaryFolder
    /// The end of a pipe to standard input.
    private var input: FileHandle?
    /// How it ended, as `waitpid` says it.
    private var end: Int32?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: Its path; sanhu's if nothing is said.
    ///   - arguments: What it is told.
    ///   - input: The bytes of standard input, or nil to hand them over by ``write(_:)``.
    ///   - environment: All that is in its environment.
    ///   - workingFolder: Where it runs.
    init(
        _ program: String = SanhuProcess.binary, arguments: [String], input: [UInt8]?, environment: [String: String],
        folder workingFolder: String
    ) throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: program),
            "\(program) is not there. Build the product `sanhu`, or say by SANHU_BINARY where it is.")
        Self.starting.lock()
        defer { Self.starting.unlock() }
        name = ([program] + arguments).joined(separator: " ")
        folder = try TemporaryFolder()
        var ends: [Int32] = [-1, -1]
        let source: Spawn.Input
        if let input {
            try Data(input).write(to: folder.url.appendingPathComponent("in"))
            source = .file(folder.path("in"))
        } else {
            guard pipe(&ends) == 0 else { throw Failure("no pipe for “\(name)”: error \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            source = .descriptor(ends[0])
            self.input = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        }
        defer { if ends[0] >= 0 { close(ends[0]) } }
        number = try Spawn.start(
            ["/usr/bin/env", "--chdir=\(workingFolder)", program] + arguments, input: source,
            output: folder.path("out"), errors: folder.path("err"), environment: environment)
    }

    deinit {
        guard isRunning else { return }
        kill()
        waitpid(number, nil, 0)
    }

    /// Whether it has not ended.
    private var isRunning: Bool {
        var status: Int32 = 0
        if end == nil, waitpid(number, &status, WNOHANG) == number { end = status }
        return end == nil
    }

    /// Ends it, and all that it started, at once.
    private func kill() {
        _ = Glibc.kill(-number, SIGKILL)
    }

    /// Hands a text over to standard input.
    func write(_ text: String) throws {
        try input?.write(contentsOf: Data(text.utf8))
    }

    /// Ends standard input.
    func closeInput() throws {
        try input?.close()
        input = nil
    }

    /// Sends a signal.
    func send(_ signal: Int32) {
        _ = Glibc.kill(number, signal)
    }

    /// What it has written to standard output so far.
    var output: [UInt8] { bytes("out") }

    /// Waits until standard output has some whole lines, and returns all of them.
    func lines(_ count: Int, within seconds: Double = SanhuProcess.limit) async throws -> [String] {
        let began = ContinuousClock.now
        while true {
            let whole = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            if whole.count >= count { return whole.map { String(decoding: $0, as: UTF8.self) } }
            guard isRunning, ContinuousClock.now - began < .seconds(seconds) else {
                throw Failure("“\(name)” wrote \(whole.count) lines, not \(count). It said: \(errors)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for the end.
    func finish(within seconds: Double = SanhuProcess.limit) async throws -> Result {
        let began = ContinuousClock.now
        while isRunning {
            guard ContinuousClock.now - began < .seconds(seconds) else {
                kill()
                throw Failure("“\(name)” did not end within \(seconds) s. It said: \(errors)")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        let status = end ?? 0
        let signal = status & 0x7F
        return Result(
            command: name, status: signal == 0 ? status >> 8 & 0xFF : nil, signal: signal == 0 ? nil : signal,
            output: output, errorBytes: bytes("err"))
    }

    var errors: String { String(decoding: bytes("err"), as: UTF8.self) }

    private func bytes(_ name: String) -> [UInt8] {
        [UInt8](FileManager.default.contents(atPath: folder.path(name)) ?? Data())
    }

    /// What became of a process.
    struct Result: CustomStringConvertible {
        let command: String
        /// The exit code, or nil if a signal ended it.
        let status: Int32?
        let signal: Int32?
        let output: [UInt8]
        let errorBytes: [UInt8]

        var text: String { String(decoding: output, as: UTF8.self) }
        var errors: String { String(decoding: errorBytes, as: UTF8.self) }
        var lines: [String] { text.split(separator: "\n").map(String.init) }

        /// The lines of standard output, each a JSON object.
        var objects: [[String: Any]] {
            get throws { try lines.map(JSONLine.object) }
        }

        var description: String {
            let end = status.map { "exit code \($0)" } ?? "signal \(signal ?? 0)"
            return "“\(command)”: \(end); stderr: \(errors.suffix(600)); stdout: \(text.suffix(600))"
        }
    }

    /// Why a process could not be waited for.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}

/// Lines of JSON, read by code that is not the project's own.
enum JSONLine {
    static func object(_ line: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
}
