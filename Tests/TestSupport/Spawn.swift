public import Glibc

/// Starting processes by `posix_spawn`: Foundation's `Process` crashes once a test process has some thousand descriptors
/// open. What they write goes to files: nobody has to read for them to go on.
public enum Spawn {
    /// Where a process reads from.
    public enum Input {
        case file(String)
        case descriptor(Int32)
    }

    /// Why a process could not be started.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Starts a program in a process group of its own.
    ///
    /// - Parameters:
    ///   - arguments: The path of the program, then its arguments.
    ///   - input: Its standard input.
    ///   - output: The file that standard output is appended to.
    ///   - errors: The file that standard error is appended to.
    ///   - environment: All that is in its environment.
    /// - Returns: The number of the process.
    public static func start(
        _ arguments: [String], input: Input, output: String, errors: String, environment: [String: String]
    ) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        switch input {
        case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
        }
        for (descriptor, path) in [(Int32(1), output), (2, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var texts = arguments.map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in texts + settings { free(text) } }
        var started: pid_t = 0
        let status = posix_spawn(&started, arguments[0], &actions, &attributes, &texts, &settings)
        guard status == 0 else {
            throw Failure(description: "“\(arguments.joined(separator: " "))” could not be started: error \(status)")
        }
        return started
    }
}
