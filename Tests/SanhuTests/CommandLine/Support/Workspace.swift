import Foundation
import TestSupport
import Testing

/// A folder of a test's own, with keys, a ledger and files, in which commands run.
struct Workspace {
    static let origin = "test.example/ledger"

    let folder: TemporaryFolder
    /// The public key of the ledger, if there is one.
    private(set) var key = ""

    var ledger: String { path("port.ledger") }
    var keys: String { path("keys") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A workspace with a new ledger.
    static func withLedger() async throws -> Workspace {
        var workspace = try Workspace()
        let made = try await workspace.run("init", "--origin", origin)
        try #require(made.status == 0, "\(made)")
        workspace.key = try #require(made.lines.first)
        return workspace
    }

    /// A workspace with a ledger of some events: number n has the id `e-n`, the tags `lot:n` and `parity:even` or
    /// `parity:odd`, and the type `test.a` or, each third, `test.b`.
    static func withEvents(_ count: Int) async throws -> Workspace {
        let workspace = try await withLedger()
        let appended = try await workspace.append((0..<count).map(Draft.numbered))
        try #require(appended.status == 0, "\(appended)")
        return workspace
    }

    func path(_ name: String) -> String { folder.path(name) }

    /// What commands find in their environment.
    func environment(_ more: [String: String] = [:]) -> [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "TMPDIR": folder.path, "LANG": "C.UTF-8",
            "SANHU_KEYS": keys, "SANHU_LEDGER": "port.ledger", "SWIFT_BACKTRACE": "enable=no",
        ].merging(more) { $1 }
    }

    /// Runs sanhu to its end.
    func run(
        _ arguments: [String], input: [UInt8] = [], environment more: [String: String] = [:]
    ) async throws -> SanhuProcess.Result {
        try await Turns.standard.take {
            try await SanhuProcess(
                arguments: arguments, input: input, environment: environment(more), folder: folder.path
            ).finish()
        }
    }

    /// Runs sanhu to its end.
    func run(
        _ arguments: String..., input: [UInt8] = [], environment more: [String: String] = [:]
    ) async throws -> SanhuProcess.Result {
        try await run(arguments, input: input, environment: more)
    }

    /// Runs sanhu to its end, which must be a good one.
    func succeed(_ arguments: String...) async throws -> SanhuProcess.Result {
        let result = try await run(arguments)
        try #require(result.status == 0, "\(result)")
        return result
    }

    /// Runs a line of shell in which `$SANHU` is the program.
    func shell(_ line: String, environment more: [String: String] = [:]) async throws -> SanhuProcess.Result {
        try await Turns.standard.take {
            try await SanhuProcess(
                "/bin/bash", arguments: ["-c", line], input: [],
                environment: environment(more.merging(["SANHU": SanhuProcess.binary]) { $1 }), folder: folder.path
            ).finish()
        }
    }

    /// Starts sanhu with a standard input that is handed over bit by bit.
    func start(_ arguments: String...) throws -> SanhuProcess {
        try SanhuProcess(arguments: arguments, input: nil, environment: environment(), folder: folder.path)
    }

    /// Appends drafts, one a line, from standard input.
    func append(_ drafts: [Draft], _ options: String...) async throws -> SanhuProcess.Result {
        try await run(["append", "-"] + options, input: Array(drafts.map(\.line).joined().utf8))
    }

    /// Appends a text from standard input.
    func append(text: String, _ options: String...) async throws -> SanhuProcess.Result {
        try await run(["append", "-"] + options, input: Array(text.utf8))
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let url = folder.url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// The positions that `read` prints.
    func positions(_ options: String...) async throws -> [Int] {
        let result = try await run(["read"] + options)
        try #require(result.status == 0, "\(result)")
        return try result.objects.map { try #require($0["position"] as? Int) }
    }

    /// Checks that the ledger is sound and has just so many entries, all of which can be read.
    func expectSound(entries: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let verified = try await run("verify")
        #expect(verified.status == 0, "\(verified)", sourceLocation: sourceLocation)
        let report = try verified.objects.first
        #expect(report?["sound"] as? Bool == true, "\(verified)", sourceLocation: sourceLocation)
        #expect(report?["entries"] as? Int == entries, "\(verified)", sourceLocation: sourceLocation)
        #expect(try await positions() == Array(0..<entries), sourceLocation: sourceLocation)
    }
}

/// An event with its agency and tags, as `append` takes it.
struct Draft {
    var id: String
    var type = "test.a"
    var agency = "CUS"
    var tags: [String] = []
    var data = "{}"

    var event: String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"\#(type)","data":\#(data)}"#
    }

    /// The draft on a line of its own.
    var line: String {
        let tags = tags.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"agency":"\#(agency)","tags":[\#(tags)],"event":\#(event)}"# + "\n"
    }

    static func numbered(_ number: Int) -> Draft {
        Draft(
            id: "e-\(number)", type: number % 3 == 2 ? "test.b" : "test.a",
            tags: ["lot:\(number)", number % 2 == 0 ? "parity:even" : "parity:odd"])
    }
}
