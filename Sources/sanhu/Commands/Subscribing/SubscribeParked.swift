import ArgumentParser
import EventLog
import ExchangeClient
import JSON

/// `sanhu subscribe parked`.
struct SubscribeParked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "The events that a subscription has parked, and why.",
        discussion: """
            EXAMPLES
              sanhu subscribe parked risk
              sanhu subscribe parked risk --format json | jq -r .reason | sort | uniq -c
            """)

    @Argument(help: "The subscription.")
    var name: String

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    @OptionGroup var caller: CallerOptions

    func run() async throws {
        let parked = try await caller.calling { client in try await client.parked(of: name) }
        switch ViewFormat.chosen(format) {
        case .json:
            for event in parked {
                Output.standard.write(event.line)
                Output.standard.writeLine("")
            }
        case .table:
            let rows = parked.map { ["\($0.position)", $0.since.description, "\($0.deliveries)", $0.reason] }
            ViewTable(titles: ["POSITION", "SINCE", "DELIVERIES", "REASON"], rows: rows).print(orElse: "nothing")
        }
        Output.standard.flush()
    }
}

/// `sanhu subscribe replay`.
struct SubscribeReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Have parked events delivered again, as if for the first time.",
        discussion: """
            EXAMPLES
              sanhu subscribe replay risk 42 57
              sanhu subscribe replay risk --all
            """)

    @Argument(help: "The subscription.")
    var name: String

    @Argument(help: "Their positions.")
    var positions: [Position] = []

    @Flag(name: .long, help: "All that are parked.")
    var all = false

    @OptionGroup var caller: CallerOptions

    func validate() throws {
        guard positions.isEmpty == all else { throw ValidationError("Give positions, or --all.") }
    }

    func run() async throws {
        let count = try await caller.calling { client in try await client.replay(all ? nil : positions, of: name) }
        Output.standard.writeObject { $0.member("replayed", Int64(count)) }
        Output.standard.flush()
    }
}

/// `sanhu subscribe give-up`.
struct SubscribeGiveUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "give-up",
        abstract: "Give parked events up: they are not delivered any more.",
        discussion: """
            EXAMPLES
              sanhu subscribe give-up risk 42
            """)

    @Argument(help: "The subscription.")
    var name: String

    @Argument(help: "Their positions.")
    var positions: [Position]

    @OptionGroup var caller: CallerOptions

    func run() async throws {
        try await caller.calling { client in
            for position in positions {
                try await client.giveUp(position, of: name)
                Output.standard.writeObject { $0.member("discarded", Int64(clamping: position)) }
            }
        }
        Output.standard.flush()
    }
}
