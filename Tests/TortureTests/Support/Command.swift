import Foundation
import Glibc
import TestSupport

/// A process that a test starts. Its output goes to files, so what it wrote before it was killed is there; it has a time
/// limit, and ends together with everything it started.
final class Command {
    /// What became of a process.
    struct Outcome {
        /// The exit code, or nil if a signal ended it.
        let exitCode: Int32?
        /// The signal that ended it.
        let signal: Int32?
        let output: [UInt8]
        let errors: String

        var lines: [String] {
            String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        var description: String {
            let end = exitCode.map { "exit code \($0)" } ?? "signal \(signal ?? 0)"
            return "\(end); \(errors.suffix(400)) \(String(decoding: output.suffix(400), as: UTF8.self))"
        }
    }

    /// Seconds until a process counts as hanging.
    static let limit = 60.0

    let process: pid_t
    private let name: String
    private let folder: TemporaryFolder
    private let began = ContinuousClock.now

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - arguments: The path of the program, then its arguments.
    ///   - input: A file for standard input; else it is empty.
    ///   - environment: What is set besides the environment of the tests.
    init(_ arguments: [String], input: String = "/dev/null", environment: [String: String] = [:]) throws {
        name = arguments.joined(separator: " ")
        folder = try TemporaryFolder()
        let variables = ProcessInfo.processInfo.environment
            .merging(["SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1"]) { $1 }.merging(environment) { $1 }
        process = try Spawn.start(
            arguments, input: .file(input), output: folder.path("out"), errors: folder.path("err"),
            environment: variables)
    }

    /// Ends the process and all that it started, at once.
    func kill() {
        _ = Glibc.kill(-process, SIGKILL)
    }

    /// Waits for the end.
    ///
    /// - Throws: ``TortureFailure`` if it does not come in time.
    func wait(limit: Double = Command.limit) throws -> Outcome {
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            guard ContinuousClock.now - began < .seconds(limit) else {
                kill()
                waitpid(process, &status, 0)
                throw TortureFailure("“\(name)” did not end within \(limit) s. It said: \(errors.suffix(500))")
            }
            usleep(1_000)
        }
        // Whatever it left behind in its group goes with it.
        kill()
        let signal = status & 0x7F
        return Outcome(
            exitCode: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
            output: bytes("out"), errors: errors)
    }

    private var errors: String { String(decoding: bytes("err"), as: UTF8.self) }

    private func bytes(_ name: String) -> [UInt8] {
        [UInt8](FileManager.default.contents(atPath: folder.path(name)) ?? Data())
    }

    /// Runs a program to its end.
    static func run(
        _ arguments: [String], input: String = "/dev/null", environment: [String: String] = [:],
        limit: Double = Command.limit
    ) throws -> Outcome {
        try Command(arguments, input: input, environment: environment).wait(limit: limit)
    }
}
