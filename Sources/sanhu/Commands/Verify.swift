import ArgumentParser
import EventLog
import Exchange
import ExchangeClient
import Foundation
import JSON
import Transparency

/// `sanhu verify`.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify that nothing in the ledger was changed or left out.",
        discussion: """
            Hashes every entry anew, compares every stored hash, checks the signature of the checkpoint and holds the index \
            against the entries. Of a ledger with a charter, the access log is verified too, and held against all its \
            anchors. Prints one line with what was found. The reading is done by a second process, so that \
            a file whose structure is damaged beyond reading is reported too.

            With --server and --trust it is the server that is verified, and believed in nothing: its checkpoint is signed \
            with the ledger's key and continues the one in --state, the tiles of hashes lead up to its root, and every entry, as \
            far as the reader may see it, is in the log. What is disclosed for that is recorded, as by any read; \
            --hashes-only reads no entries.

            EXAMPLES
              sanhu verify --ledger port.ledger
              sanhu verify --server https://port.example --trust KEY --hashes-only
              sanhu verify --as AUD --server https://port.example --state aud.state \\
                --agency-key aud-1.key --key-id AUD-1 --trust KEY
            """)

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var caller: CallerOptions

    @Option(name: .long, help: "With --server: the file of the checkpoint from before. It is kept up to date.")
    var state: String?

    @Flag(name: .customLong("hashes-only"), help: "With --server: read no entries.")
    var hashesOnly = false

    @Flag(name: .customLong("in-process"), help: .hidden)
    var inProcess = false

    @Flag(name: .customLong("without-index"), help: .hidden)
    var withoutIndex = false

    func run() async throws {
        if inProcess {
            try verifyHere()
        } else if caller.remote.server != nil || (ledger.ledger == nil && caller.remote.address != nil) {
            try await verifyServer()
        } else {
            guard state == nil, !hashesOnly else {
                throw ValidationError("--state and --hashes-only go with --server.")
            }
            if let snapshot = try SnapshotReading(ledger) {
                try snapshot.verify()
            } else {
                try VerifyProcess(ledger: ledger.path).run()
            }
        }
    }

    private func verifyServer() async throws {
        guard let key = try caller.remote.key else {
            throw ValidationError("By which key? Give --trust KEY, the ledger's public key, as `init` printed it.")
        }
        var selection = ReadSelection()
        (selection.role, selection.purpose, selection.caseName) = caller.claim
        try await caller.calling(verifies: true) { client in
            try await RemoteVerify(
                client: client, key: key, selection: selection, state: state, hashesOnly: hashesOnly
            ).run()
        }
    }

    private func verifyHere() throws {
        let verify = withoutIndex ? Log.verifyWithoutIndex : Log.verify(at:progress:)
        let report = try verify(ledger.path) { done, total in
            Terminal.say("\(done) \(total)")
        }
        // What is not sound is not read for anchors, nor is what has no index that can be read.
        let access = report.isSound && !withoutIndex ? try ExchangeLedger.verifyAccessLog(at: ledger.path) : nil
        let isSound = report.isSound && access?.isSound ?? true
        Output.standard.writeObject { writer in
            writer.key("sound")
            writer.bool(isSound)
            writer.member("entries", Int64(report.entries))
            writer.member("root", report.root.base64)
            writer.member("indexed", Int64(report.indexed))
            if let access { Self.write(access, to: &writer) }
            writer.key("problems")
            writer.array { writer in
                for problem in report.problems {
                    writer.object { writer in
                        writer.member("part", problem.part.rawValue)
                        if let position = problem.position { writer.member("position", Int64(position)) }
                        writer.member("reason", problem.reason)
                    }
                }
                for problem in access?.problems ?? [] {
                    writer.object { writer in
                        writer.member("part", "access")
                        if let anchor = problem.anchor { writer.member("position", Int64(anchor)) }
                        writer.member("reason", problem.reason)
                    }
                }
            }
        }
        Output.standard.flush()
        if !isSound { throw ExitCode(CommandFailure.Code.unsound.rawValue) }
    }
}

extension Verify {
    private static func write(_ access: AccessVerification, to writer: inout JSONWriter) {
        writer.key("access")
        writer.object { writer in
            writer.member("records", Int64(access.records))
            writer.member("anchors", Int64(access.anchors))
            writer.member("anchored", Int64(access.anchored))
        }
    }
}

/// Verifies in a process of its own: LMDB ends the process that reads a file whose pages lead nowhere.
struct VerifyProcess {
    let ledger: String

    /// What became of the process.
    private struct Attempt {
        let output: Data
        let said: [String]
        /// How many entries it had verified when it said so last.
        let last: String
        let process: Process

        /// Whether reading the file ended it.
        var isCrash: Bool { process.terminationReason == .uncaughtSignal }
    }

    func run() throws {
        var attempt = try attempt()
        if attempt.isCrash {
            // The index is read, too. Only if the log can be read without it is the index to blame.
            let other = try self.attempt("--without-index")
            if other.isCrash {
                let place = other.last.isEmpty ? "before the first entries" : "after position \(other.last)"
                report("file", "The structure of the file is damaged: it cannot be read \(place).")
                Terminal.say("not sound: the file is damaged; restore the ledger from a snapshot")
                throw ExitCode(CommandFailure.Code.unsound.rawValue)
            }
            if other.process.terminationStatus == 0 {
                report("index", "The structure of its file is damaged: it cannot be read.")
                Terminal.say("not sound: only the index is damaged; run `sanhu index rebuild`")
                throw ExitCode(CommandFailure.Code.unsound.rawValue)
            }
            attempt = other
        }
        Output.standard.write(attempt.output)
        Output.standard.flush()
        for line in attempt.said where !line.isEmpty { Terminal.say(line) }
        if attempt.process.terminationStatus == 0 {
            Terminal.say(": nothing was changed or left out", after: Terminal.coloured("sound", .good))
        } else {
            if !attempt.output.isEmpty { Terminal.say(advice(attempt.output)) }
            throw ExitCode(attempt.process.terminationStatus)
        }
    }

    /// Verifies once, in a process of its own, and shows how far it is.
    private func attempt(_ options: String...) throws -> Attempt {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["verify", "--in-process", "--ledger", ledger] + options
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        let errors = Pipe()
        let output = Pipe()
        process.standardError = errors
        process.standardOutput = output
        try process.run()
        let bar = ProgressBar("verifying")
        var last = ""
        var said: [String] = []
        for line in Lines(errors.fileHandleForReading) {
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            if numbers.count == 2, numbers[1] > 0 {
                last = String(numbers[0])
                bar.show(Double(numbers[0]) / Double(numbers[1]), "\(numbers[0]) entries")
            } else {
                said.append(line)
            }
        }
        let result = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        bar.finish()
        return Attempt(output: result, said: said, last: last, process: process)
    }

    /// What to do about the problems.
    private func advice(_ output: Data) -> String {
        let problems = (try? JSONDocument(parsing: Array(output)).root)?["problems"]?.elements ?? []
        if !problems.isEmpty, problems.allSatisfy({ $0["part"]?.string == "access" }) {
            return
                "not sound: the access log is not what was anchored; see the problems, and keep both logs as they are"
        }
        let concernsOnlyIndex = !problems.isEmpty && problems.allSatisfy { $0["part"]?.string == "index" }
        return concernsOnlyIndex
            ? "not sound: only the index is damaged; run `sanhu index rebuild`"
            : "not sound: see the problems; restore the ledger from a snapshot"
    }

    private func report(_ part: String, _ reason: String) {
        Output.standard.writeObject { writer in
            writer.key("sound")
            writer.bool(false)
            writer.key("problems")
            writer.array { writer in
                writer.object { writer in
                    writer.member("part", part)
                    writer.member("reason", reason)
                }
            }
        }
        Output.standard.flush()
    }

    /// The lines that come through a pipe, as they come.
    private struct Lines: Sequence, IteratorProtocol {
        private let handle: FileHandle
        private var buffer: [UInt8] = []
        private var isAtEnd = false

        init(_ handle: FileHandle) {
            self.handle = handle
        }

        mutating func next() -> String? {
            while true {
                if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { buffer.removeFirst(end + 1) }
                    return String(decoding: buffer[..<end], as: UTF8.self)
                }
                if isAtEnd {
                    defer { buffer = [] }
                    return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
                }
                let data = handle.availableData
                if data.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: data) }
            }
        }
    }
}
