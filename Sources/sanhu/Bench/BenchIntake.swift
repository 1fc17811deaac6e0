import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON
import Transparency

/// `sanhu bench intake`.
struct BenchIntake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "What charter, schema and sealing cost: durable appends a second with them, beside those without.",
        discussion: """
            In turns, each on a new ledger in a temporary folder that is removed afterwards: entries of 700 bytes with \
            three tags into a plain log, and events of the same size into a ledger with a charter, where power and schema \
            are checked and two blocks sealed. The ratio is that of the medians.

            EXAMPLES
              sanhu bench intake
              sanhu bench intake --events 500000 --rounds 5
            """)

    @OptionGroup var size: BenchRounds

    @Option(name: .long, help: "How many events a request has.")
    var batch: Int = 1_000

    @Option(name: .long, help: "How many requests are under way at once.")
    var clients: Int = 8

    func validate() throws {
        guard (1...10_000).contains(batch), (1...1_000).contains(clients) else {
            throw ValidationError("--batch is from 1 to 10000, --clients from 1 to 1000.")
        }
    }

    func run() async throws {
        let bar = ProgressBar("measuring")
        var rates: (plain: [Double], exchange: [Double]) = ([], [])
        for round in 0..<size.rounds {
            rates.plain.append(try await BenchMachine.inTemporaryFolder(plain))
            bar.show((Double(round) + 0.3) / Double(size.rounds))
            rates.exchange.append(try await BenchMachine.inTemporaryFolder(exchange))
            bar.show((Double(round) + 1) / Double(size.rounds))
        }
        bar.finish()
        Output.standard.writeObject { writer in
            writer.member("bench", "intake")
            BenchMachine.write(
                comparing: "plain_per_second", rates.plain, "intake_per_second", rates.exchange, to: &writer)
            writer.member("events", Int64(size.events))
            writer.member("batch", Int64(batch))
            writer.member("clients", Int64(clients))
            BenchMachine.write(to: &writer, folder: NSTemporaryDirectory())
        }
        Output.standard.flush()
    }

    private func plain(_ folder: String) async throws -> Double {
        let log = try Log.create(at: folder, signer: NoteSigner.generate(name: "bench.example/ledger"))
        defer { log.close() }
        let run = BenchRun(log: log, events: BenchEvents(bytes: 700, tags: 3), batch: batch, clients: clients)
        return Double(size.events) / (try await run.append(from: 0, count: size.events)).time.seconds
    }

    private func exchange(_ folder: String) async throws -> Double {
        let bench = try await BenchExchange.found(at: folder)
        defer { bench.ledger.close() }
        let events = size.events
        let (batch, clients) = (batch, clients)
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup { group in
                for client in 0..<clients {
                    let plain = BenchEvents(bytes: 700, tags: 3).copied()
                    group.addTask {
                        for start in stride(from: client * batch, to: events, by: clients * batch) {
                            let request = BenchExchange.events(start..<min(start + batch, events), like: plain)
                            _ = try await bench.ledger.append(request, as: BenchExchange.agency)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(size.events) / time.seconds
    }
}
