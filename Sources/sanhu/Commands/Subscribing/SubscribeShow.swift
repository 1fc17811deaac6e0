import ArgumentParser
import ExchangeClient
import ExchangeProtocol
import JSON

/// `sanhu subscribe list`.
struct SubscribeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The subscriptions of the agency, and how far they are.",
        discussion: """
            EXAMPLES
              sanhu subscribe list
              sanhu subscribe list --format json | jq '.state.lag'
            """)

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    @OptionGroup var caller: CallerOptions

    func run() async throws {
        let all = try await caller.calling { client in try await client.subscriptions() }
        switch ViewFormat.chosen(format) {
        case .json: for one in all { SubscriptionPrinter.print(one) }
        case .table: SubscriptionPrinter.table(all).print(orElse: "no subscriptions")
        }
        Output.standard.flush()
    }
}

/// `sanhu subscribe show`.
struct SubscribeShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "A subscription: what it is about, and how far it is.",
        discussion: """
            EXAMPLES
              sanhu subscribe show risk
            """)

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var caller: CallerOptions

    func run() async throws {
        SubscriptionPrinter.print(try await caller.calling { client in try await client.subscription(name) })
        Output.standard.flush()
    }
}

/// `sanhu subscribe delete`.
struct SubscribeDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "End a subscription, and all that is kept of it: its cursor and what is parked.",
        discussion: """
            EXAMPLES
              sanhu subscribe delete risk --yes
            """)

    @Argument(help: "Its name.")
    var name: String

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @OptionGroup var caller: CallerOptions

    func run() async throws {
        if !yes {
            try Confirmation.ask("The cursor of \(name) and what it has parked will be gone.", word: name)
        }
        try await caller.calling { client in try await client.delete(subscription: name) }
        Output.standard.writeObject { $0.member("deleted", name) }
        Output.standard.flush()
    }
}

/// Prints subscriptions.
enum SubscriptionPrinter {
    /// As the server told it.
    static func print(_ one: ServedSubscription) {
        Output.standard.write(one.json.text)
        Output.standard.writeLine("")
    }

    static func table(_ all: [ServedSubscription]) -> ViewTable {
        let rows = all.map { one -> [String] in
            guard let state = one.state else {
                return [one.name, "", "", "", "", "", one.problem?.code ?? ""]
            }
            let numbers = [state.cursor, state.lag].map { "\($0)" }
            let counts = [state.waiting, state.inFlight, state.parked].map { "\($0)" }
            return [one.name] + numbers + counts + [state.consumers.joined(separator: " ")]
        }
        return ViewTable(
            titles: ["NAME", "CURSOR", "LAG", "WAITING", "IN FLIGHT", "PARKED", "CONSUMERS"], rows: rows)
    }
}
