import ArgumentParser
import EventLog
import Foundation
import JSON

/// `sanhu bench open`.
struct BenchOpen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Seconds to open a ledger for reading and for writing.",
        discussion: """
            EXAMPLES
              sanhu bench open --ledger bench.ledger
            """)

    @OptionGroup var writing: WritingOptions

    func run() throws {
        let clock = ContinuousClock()
        let reading = try clock.measure { try Log.open(readingAt: writing.ledger.path).close() }
        var last: Entry?
        let query = try clock.measure {
            let log = try Log.open(readingAt: writing.ledger.path)
            last = try log.last(Query(types: ["sanhu.declaration.lodged"]))
            log.close()
        }
        var statistics: Log.Statistics?
        let write = try clock.measure {
            let log = try writing.openForWriting()
            statistics = try log.statistics()
            log.close()
        }
        Output.standard.writeObject { writer in
            writer.member("bench", "open")
            for (name, time) in [
                ("reading_seconds", reading), ("reading_and_last_of_a_type_seconds", query), ("writing_seconds", write),
            ] {
                writer.key(name)
                _ = writer.number(String(format: "%.6f", time.seconds))
            }
            writer.member("entries", Int64(statistics?.entries ?? 0))
            writer.member("indexed", Int64(statistics?.indexed ?? 0))
            writer.member("runs", Int64(statistics?.indexRuns ?? 0))
            writer.member("last", Int64(last?.position ?? 0))
            writer.member("rss_anon_bytes", BenchMachine.privateMemory)
            BenchMachine.write(to: &writer, folder: (try? writing.ledger.path) ?? ".")
        }
        Output.standard.flush()
    }
}
