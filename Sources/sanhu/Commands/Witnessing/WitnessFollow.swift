import ArgumentParser
import ExchangeClient
import ExchangeServer
import Foundation
import JSON
import Logging
import Transparency
import Witnessing

/// `sanhu witness follow`.
struct WitnessFollow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Follow a ledger's server: cosign what continues what was cosigned, again and again.",
        discussion: """
            Fetches the checkpoint that the server proposes, has it proved to continue the last one, compares with what other \
            witnesses saw, cosigns, and hands the cosignature to the server. Prints a line for each size that it cosigns. It goes on \
            until it is interrupted, or the ledger shows another history: then it keeps both checkpoints, says where, and ends \
            with exit code 2.

            EXAMPLES
              sanhu witness follow https://port.example --state witness/ --once \\
                --key port.example/ledger+2d3c…+AT…
              sanhu witness follow https://port.example --state witness/ \\
                --key port.example/ledger+2d3c…+AT… --peer https://tax.example:8444
            """)

    @Argument(help: "The address of the ledger's server.")
    var server: String

    @OptionGroup var key: PublicKeyOptions

    @OptionGroup var options: WitnessOptions

    @Option(name: .long, help: "The address of another witness to compare with; may be given several times.")
    var peer: [String] = []

    @Option(name: .long, help: "Seconds between two looks, a fifth more or less.")
    var every = 30

    @Option(name: .long, help: "Serve the witness meanwhile, by this file of settings: so it is a peer to others.")
    var config: String?

    @Flag(name: .long, help: "Look once.")
    var once = false

    @Option(name: .customLong("ca"), help: "The PEM file of the authorities that certificates are of.")
    var authorities: String?

    func validate() throws {
        guard (1...86_400).contains(every) else { throw ValidationError("--every is from 1 to 86400 seconds.") }
        guard !once || config == nil else { throw ValidationError("--config does not go with --once.") }
        guard peer.count <= 32 else { throw ValidationError("There are at most 32 peers.") }
    }

    func run() async throws {
        let verifier = try key.verifier
        let (client, others) = (try self.client(server), try peer.map { ($0, try self.client($0)) })
        let folder = try options.open()
        defer { folder.close() }
        let witness = LedgerWitness(client, folder, key: verifier, peers: others)
        let server = try server(folder)
        try await Interruption.ending { [every, once] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let server { group.addTask { try await server.server.run(onRunning: server.say) } }
                group.addTask {
                    var last: UInt64?
                    try await Looking.repeatedly(every: every, once: once) {
                        let round = try await witness.round()
                        try Self.report(round, isNews: round.size != last)
                        last = round.size
                    }
                }
                // Whichever ends first ends the other.
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        await client.close()
        for (_, other) in others { await other.close() }
    }

    /// What serves the witness, if it is to be served, and what is said once it does.
    private func server(_ folder: WitnessFolder) throws -> (server: WitnessServer, say: @Sendable (Int) async -> Void)?
    {
        guard let config else { return nil }
        let settings = try SettingsReader.read(
            file: InputFile.bytes(config), environment: ProcessInfo.processInfo.environment)
        var logger = Logger(label: "sanhu") { _ in LineLog() }
        logger.logLevel = .info
        let scheme = settings.tls == nil ? "http" : "https"
        return (
            try WitnessServer(folder, settings: settings, logger: logger),
            { port in
                Terminal.say("serving \(scheme)://\(settings.host):\(port)")
            }
        )
    }

    private func client(_ url: String) throws -> ExchangeClient {
        var settings = ClientSettings(url: url)
        settings.authorities = authorities
        settings.retry = RetryPolicy(attempts: 3)
        return try ExchangeClient(settings)
    }

    /// Prints what came of a look.
    ///
    /// - Parameter isNews: Whether the size is another than that of the look before.
    private static func report(_ round: WitnessRound, isNews: Bool) throws {
        for reason in round.unheard { Terminal.say("another witness was not heard: \(reason)") }
        if let undelivered = round.undelivered {
            Terminal.say("the ledger did not take the cosignature: \(undelivered.reason)")
        }
        switch round.outcome {
        case .cosigned where !isNews && round.undelivered == nil:
            if Terminal.showsProgress { Terminal.say("cosigned again: \(round.size) entries") }
        case .cosigned:
            line { json in
                number("cosigned", round.size, &json)
                number("time", round.time, &json)
                json.key("delivered")
                json.bool(round.undelivered == nil)
            }
        case .nothingNew:
            if Terminal.showsProgress { Terminal.say("nothing new beyond \(round.size) entries") }
        case .contradiction(let finding, let file, let reason):
            line { json in
                json.member("contradiction", finding.rawValue)
                number("size", round.size, &json)
                if let file { json.member("evidence", file) }
                json.member("reason", reason)
            }
            throw CommandFailure(
                .unsound,
                reason + (file.map { " Both checkpoints are kept in \($0): give them to the agencies." } ?? ""),
                word: finding.rawValue)
        }
    }

    private static func line(_ write: (inout JSONWriter) -> Void) {
        Output.standard.writeObject(write)
        Output.standard.flush()
    }

    /// Whoever has the ledger's key may sign any 64-bit number.
    private static func number(_ name: String, _ value: UInt64, _ json: inout JSONWriter) {
        json.key(name)
        json.raw(String(value).utf8)
    }
}
