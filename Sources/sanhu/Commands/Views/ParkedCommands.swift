import ArgumentParser
import Clearance
import EventLog
import Exchange
import JSON
import Views

/// `sanhu parked`.
struct ParkedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "Entries that views could not map, and automations could not take in.",
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
        abstract: "Map parked entries of a view again, or let an automation take them in.",
        discussion: """
            EXAMPLES
              sanhu parked retry timeline 4711
              sanhu parked retry timeline
            """)

    @OptionGroup var writing: WritingOptions
    @Argument(help: "The view or automation.")
    var name: String

    @Argument(help: "Their positions; without any, all that are parked.")
    var positions: [UInt64] = []

    func run() async throws {
        if let automation = PortAutomations.all.first(where: { $0.name == name }) {
            let session = try AutomationSession(writing)
            do {
                let runner = try session.keeper.open(automation)
                try await retry(try runner.parkedEntries()) { position in try await runner.retry(position) }
                try await runner.settle()
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        } else {
            let session = try ViewSession(writing, KnownViews.definition(of: name))
            defer { session.close() }
            try await session.catchUp()
            try await retry(try session.runner.parkedEntries()) { position in
                try await session.runner.retry(position)
            }
        }
    }

    private func retry(_ parked: [ParkedEntry], _ again: (Position) async throws -> Bool) async throws {
        for position in positions.isEmpty ? parked.map(\.position) : positions {
            let isMapped = try await again(position)
            Output.standard.writeObject { writer in
                writer.member("position", Int64(position))
                writer.key("mapped")
                writer.bool(isMapped)
            }
        }
        Output.standard.flush()
    }
}
