import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON

/// `sanhu bench reading`.
struct BenchReading: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reading",
        abstract:
            "What a reader with all rights costs: events merged with what is classified in them, beside a plain scan.",
        discussion: """
            On a ledger with a charter in a temporary folder that is removed afterwards, in turns: a scan of the entries as \
            they are stored, every entry's first and last byte touched, and reading them in pages as their owner, two blocks \
            of each opened and every disclosure recorded before it is handed out. The ratio is that of the medians.

            EXAMPLES
              sanhu bench reading
              sanhu bench reading --events 500000 --page 1000
            """)

    @OptionGroup var size: BenchRounds

    @Option(name: .long, help: "How many events a page has.")
    var page: Int = 1_000

    func validate() throws {
        guard (1...10_000).contains(page) else {
            throw ValidationError("--page is from 1 to 10000.")
        }
    }

    func run() async throws {
        let bar = ProgressBar("measuring")
        let rates = try await BenchMachine.inTemporaryFolder { folder in
            let bench = try await BenchExchange.found(at: folder)
            defer { bench.ledger.close() }
            let plain = BenchEvents(bytes: 700, tags: 3)
            for start in stride(from: 0, to: size.events, by: 1_000) {
                let request = BenchExchange.events(start..<min(start + 1_000, size.events), like: plain)
                _ = try await bench.ledger.append(request, as: BenchExchange.agency)
                bar.show(Double(start) / Double(size.events) / 2)
            }
            var rates: (scan: [Double], merged: [Double]) = ([], [])
            for round in 0..<size.rounds {
                rates.scan.append(try scan(bench.ledger.log))
                rates.merged.append(try await read(bench.ledger))
                bar.show(0.5 + Double(round + 1) / Double(size.rounds) / 2)
            }
            return rates
        }
        bar.finish()
        Output.standard.writeObject { writer in
            writer.member("bench", "reading")
            BenchMachine.write(
                comparing: "scanned_per_second", rates.scan, "merged_per_second", rates.merged, to: &writer)
            writer.member("events", Int64(size.events))
            writer.member("page", Int64(page))
            BenchMachine.write(to: &writer, folder: NSTemporaryDirectory())
        }
        Output.standard.flush()
    }

    private func scan(_ log: Log) throws -> Double {
        var (entries, sum) = (0, 0)
        let time = try ContinuousClock().measure {
            try log.scan { (_, _, entry) throws(LogError) in
                sum &+= Int(entry[0]) &+ Int(entry[entry.count - 1])
                entries += 1
                return true
            }
        }
        return Double(entries) / time.seconds
    }

    private func read(_ ledger: ExchangeLedger) async throws -> Double {
        let owner = Reader(.authority, agency: BenchExchange.agency)
        let head = try ledger.log.head
        let time = try await ContinuousClock().measure {
            for from in stride(from: 0, to: head, by: page) {
                _ = try await ledger.read(.all, ReadRange(from: from, to: min(head, from + Position(page))), for: owner)
            }
        }
        return Double(head) / time.seconds
    }
}
