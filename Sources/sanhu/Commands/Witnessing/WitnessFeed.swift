import ArgumentParser
import ExchangeClient
import Foundation
import JSON
import Transparency

/// `sanhu witness feed`.
struct WitnessFeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Bring a ledger's checkpoints to witnesses that wait to be asked, and their cosignatures back.",
        discussion: """
            For the witnesses of a policy that have an address: those of `sanhu witness serve`, and any other that answers \
            POST /add-checkpoint (c2sp.org/tlog-witness). It needs no key, and anyone may run it. Prints a line for each \
            witness that cosigned or refused. It goes on until it is interrupted.

            EXAMPLES
              sanhu witness feed https://port.example --witnesses policy.txt --once \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The address of the ledger's server.")
    var server: String

    @OptionGroup var key: PublicKeyOptions

    @Option(name: .long, help: "The file of the policy over the ledger's witnesses.")
    var witnesses: String

    @Option(name: .long, help: "Seconds between two rounds, a fifth more or less.")
    var every = 30

    @Flag(name: .long, help: "Make one round; exit code 2 if a witness refuses.")
    var once = false

    @Option(name: .customLong("ca"), help: "The PEM file of the authorities that certificates are of.")
    var authorities: String?

    func validate() throws {
        guard (1...86_400).contains(every) else { throw ValidationError("--every is from 1 to 86400 seconds.") }
    }

    func run() async throws {
        let (verifier, policy) = (try key.verifier, try PolicyFile.read(witnesses))
        let client = try ExchangeClient(settings(server))
        let feeder = try LedgerFeeder(client, key: verifier, policy: policy, settings: settings)
        try await Interruption.ending { [every, once] in
            try await Looking.repeatedly(every: every, once: once) {
                let round = try await feeder.round()
                var refusals = 0
                for (name, outcome) in round.outcomes where !Self.report(name, outcome, round.size) { refusals += 1 }
                Output.standard.flush()
                if once, refusals > 0 {
                    throw CommandFailure(.unsound, "\(refusals) witnesses do not cosign.", word: "notWitnessed")
                }
            }
        }
        await feeder.close()
        await client.close()
    }

    private func settings(_ url: String) -> ClientSettings {
        var settings = ClientSettings(url: url)
        settings.authorities = authorities
        settings.retry = RetryPolicy(attempts: 3)
        return settings
    }

    /// Prints what became of a witness.
    ///
    /// - Returns: Whether it vouches for the ledger, as far as it can be asked.
    private static func report(_ name: String, _ outcome: LedgerFeeder.Outcome, _ size: UInt64) -> Bool {
        switch outcome {
        case .fresh, .ahead: return true
        case .failed(let error):
            Terminal.say("\(name): \(error.reason)")
            return true
        case .cosigned, .refused: break
        }
        var isRefusal = false
        Output.standard.writeObject { json in
            json.member("witness", name)
            if case .refused(let status, let text) = outcome {
                isRefusal = true
                json.member("refused", Int64(status))
                json.member("reason", text.trimmingCharacters(in: .whitespacesAndNewlines))
            } else {
                // Whoever has the ledger's key may sign any 64-bit number.
                json.key("cosigned")
                json.raw(String(size).utf8)
            }
        }
        return !isRefusal
    }
}
