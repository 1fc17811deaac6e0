import ArgumentParser
import EventLog
import Exchange
import JSON
import Views

/// `sanhu parked`.
struct ParkedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "Entries that views could not map, and skipped.",
        discussion: """
            EXAMPLES
              sanhu parked list
              sanhu parked retry timeline 4711
            """,
        subcommands: [ParkedList.self, ParkedRetry.self])
}

/// `sanhu parked list`.
struct ParkedList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The parked entries, by view and position.",
        discussion: """
            EXAMPLES
              sanhu parked list
              sanhu parked list --format json | jq .reason
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func run() throws {
        // That there is a ledger at all.
        _ = try StoredHead.head(of: ledger.path)
        let entries = try ViewOverview.parked(inLedgerAt: ledger.path)
        switch ViewFormat.chosen(format) {
        case .json:
            for entry in entries {
                Output.standard.writeObject { writer in
                    writer.member("view", "\(entry.view).\(entry.version)")
                    writer.member("position", Int64(entry.position))
                    writer.member("reason", entry.reason)
                    writer.member("since", entry.since.description)
                    writer.member("tries", Int64(entry.tries))
                }
            }
        case .table:
            let rows = entries.map { entry in
                [
                    "\(entry.view).\(entry.version)", "\(entry.position)", entry.since.description, "\(entry.tries)",
                    entry.reason,
                ]
            }
            ViewTable(titles: ["VIEW", "POSITION", "SINCE", "TRIES", "REASON"], rows: rows).print(orElse: "nothing")
        }
        Output.standard.flush()
    }
}

/// `sanhu parked retry`.
struct ParkedRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Map parked entries of a view again.",
        discussion: """
            EXAMPLES
              sanhu parked retry timeline 4711
              sanhu parked retry timeline
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var argument: ViewArgument

    @Argument(help: "Their positions; without any, all that are parked.")
    var positions: [UInt64] = []

    func run() async throws {
        let session = try ViewSession(writing, argument.definition)
        defer { session.close() }
        try await session.catchUp()
        let parked = try session.runner.parkedEntries().map(\.position)
        for position in positions.isEmpty ? parked : positions {
            let isMapped = try await session.runner.retry(position)
            Output.standard.writeObject { writer in
                writer.member("position", Int64(position))
                writer.key("mapped")
                writer.bool(isMapped)
            }
        }
        Output.standard.flush()
    }
}
