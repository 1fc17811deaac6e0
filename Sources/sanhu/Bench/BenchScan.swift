import ArgumentParser
import EventLog
import Foundation
import JSON

/// `sanhu bench scan`.
struct BenchScan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Entries a second of a full scan, every entry's first and last byte touched.",
        discussion: """
            EXAMPLES
              sanhu bench scan --ledger bench.ledger
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: "How many times; the best counts, the others are printed.")
    var rounds: Int = 3

    func run() throws {
        let log = try ledger.openForReading()
        var rates: [Double] = []
        var entries = 0
        var sum = 0
        for _ in 0..<max(1, rounds) {
            entries = 0
            let time = try ContinuousClock().measure {
                try log.scan { (_, _, entry) throws(LogError) in
                    sum &+= Int(entry[0]) &+ Int(entry[entry.count - 1])
                    entries += 1
                    return true
                }
            }
            rates.append(Double(entries) / time.seconds)
        }
        Output.standard.writeObject { writer in
            writer.member("bench", "scan")
            writer.key("entries_per_second")
            _ = writer.number(String(format: "%.0f", rates.max() ?? 0))
            writer.key("rounds")
            writer.array { writer in
                for rate in rates { _ = writer.number(String(format: "%.0f", rate)) }
            }
            writer.member("entries", Int64(entries))
            writer.member("touched", Int64(sum))
            BenchMachine.write(to: &writer, folder: log.path)
        }
        Output.standard.flush()
    }
}
