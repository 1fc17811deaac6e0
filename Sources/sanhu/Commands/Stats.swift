import ArgumentParser
import EventLog
import JSON
import Transparency

/// `sanhu stats`.
struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what the ledger holds, in numbers.",
        discussion: """
            EXAMPLES
              sanhu stats | jq .
            """)

    @OptionGroup var ledger: LedgerOptions

    func run() throws {
        let log = try ledger.openForReading()
        let statistics = try log.statistics()
        Output.standard.writeObject { writer in
            writer.member("origin", log.verifier.name)
            writer.member("entries", Int64(statistics.entries))
            if let first = statistics.firstRecorded { writer.member("firstRecorded", first.description) }
            if let last = statistics.lastRecorded { writer.member("lastRecorded", last.description) }
            writer.member("entryBytes", Int64(statistics.entryBytes))
            writer.member("treeBytes", Int64(statistics.treeBytes))
            writer.member("disclosures", Int64(statistics.disclosures))
            writer.member("disclosureBytes", Int64(statistics.disclosureBytes))
            writer.member("logFileBytes", Int64(statistics.logFileBytes))
            writer.member("indexFileBytes", Int64(statistics.indexFileBytes))
            writer.member("indexed", Int64(statistics.indexed))
            writer.member("indexRuns", Int64(statistics.indexRuns))
        }
        Output.standard.flush()
    }
}
