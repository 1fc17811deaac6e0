import Foundation
import JSON
import TestSupport

/// A ledger in a folder, used through the program only.
struct TestLedger {
    /// What `sanhu verify` says.
    struct Verification {
        let outcome: Command.Outcome
        let isSound: Bool
        let entries: UInt64
        let indexed: UInt64
        let root: String
        let problems: [(part: String, position: UInt64?, reason: String)]

        /// Whether nothing but the index is wrong.
        var concernsOnlyIndex: Bool { !problems.isEmpty && problems.allSatisfy { $0.part == "index" } }
    }

    let path: String
    let keys: String

    /// - Parameter keys: The folder of the signing keys.
    init(at path: String, keys: String) {
        self.path = path
        self.keys = keys
    }

    /// Makes a new ledger.
    static func make(at path: String, keys: String) throws -> TestLedger {
        let ledger = TestLedger(at: path, keys: keys)
        let made = try ledger.run(["init", "--origin", "torture.example/ledger"])
        try demand(made.exitCode == 0, "init: \(made.description)")
        return ledger
    }

    /// A copy of the whole folder, with the same keys.
    func copy(to path: String) throws -> TestLedger {
        try FileManager.default.copyItem(atPath: self.path, toPath: path)
        return TestLedger(at: path, keys: keys)
    }

    /// The file of the entries.
    var logFile: String { path + "/log/data.mdb" }
    /// The file of the index.
    var indexFile: String { path + "/index/data.mdb" }

    /// The command line for something to do with this ledger.
    func arguments(_ arguments: [String]) -> [String] { [Torture.binary] + arguments + ["--ledger", path] }

    var environment: [String: String] { ["SANHU_KEYS": keys] }

    /// Starts the program.
    func start(_ arguments: [String], input: String = "/dev/null") throws -> Command {
        try Command(self.arguments(arguments), input: input, environment: environment)
    }

    /// Runs the program to its end.
    func run(_ arguments: [String], input: String = "/dev/null") throws -> Command.Outcome {
        try start(arguments, input: input).wait()
    }

    /// Verifies.
    func verify() throws -> Verification {
        let outcome = try run(["verify"])
        try demand(outcome.signal == nil, "verify ended by \(outcome.description)")
        guard
            let root = try? JSONDocument(parsing: outcome.output.split(separator: 0x0A).first.map(Array.init) ?? [])
                .root
        else {
            try demand(outcome.exitCode != 0 && !outcome.errors.isEmpty, "verify said nothing: \(outcome.description)")
            return Verification(
                outcome: outcome, isSound: false, entries: 0, indexed: 0, root: "",
                problems: [("file", nil, outcome.errors)])
        }
        let isSound = root["sound"]?.bool == true
        try demand(
            isSound == (outcome.exitCode == 0), "verify says one thing and exits with another: \(outcome.description)")
        let problems = (root["problems"]?.elements ?? []).map { problem in
            (
                part: problem["part"]?.string ?? "", position: problem["position"]?.integer.map { UInt64($0) },
                reason: problem["reason"]?.string ?? ""
            )
        }
        try demand(isSound == problems.isEmpty, "verify counts no problems, or some of a sound ledger")
        return Verification(
            outcome: outcome, isSound: isSound, entries: UInt64(root["entries"]?.integer ?? 0),
            indexed: UInt64(root["indexed"]?.integer ?? 0), root: root["root"]?.string ?? "", problems: problems)
    }

    /// What `sanhu read` prints.
    func read(_ arguments: [String] = []) throws -> [UInt8] {
        let outcome = try run(["read"] + arguments)
        try demand(outcome.exitCode == 0, "read \(arguments.joined(separator: " ")): \(outcome.description)")
        return outcome.output
    }

    /// Keeps the folder of a failure for whoever looks into it, and says where.
    func keep() -> String {
        let kept = "\(Torture.keepFolder)/sanhu-torture-kept-\(Torture.seed)-\(UUID().uuidString.prefix(8))"
        try? FileManager.default.copyItem(atPath: path, toPath: kept)
        return kept
    }
}
