import ArgumentParser
import EventLog
import ExchangeClient
import ExchangeProtocol

/// `sanhu subscribe define`.
struct SubscribeDefine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "define",
        abstract: "Make a subscription, or change it.",
        discussion: """
            One that is changed keeps its cursor, and its consumers come again by themselves. What is not said is as the \
            server has it, not as it was. Role, purpose and case are those of whoever makes or changes it; its consumers \
            need the same.

            EXAMPLES
              sanhu subscribe define risk --type sanhu.declaration.lodged --key declaration
              sanhu subscribe define all --from now --redeliver-after 120 --as CUS \\
                --server https://port.example --agency-key c.key --key-id CUS-1
              sanhu subscribe define seals --query "type=sanhu.seal.recorded | lot:7"
            """)

    @Argument(help: "Its name: 1 to 64 letters, digits, “.”, “_” and “-”.")
    var name: String

    @OptionGroup var match: MatchOptions

    @Option(name: .long, help: "A query instead of types and tags.")
    var query: String?

    @Option(name: .long, help: "The position it begins at, or `now`, when it is made; else 0.")
    var from: String?

    @Option(name: .long, help: "A kind of tag: events with the same one are delivered one after another, in order.")
    var key: String?

    @Option(name: .customLong("redeliver-after"), help: "Seconds until what was not acknowledged comes again; else 30.")
    var redeliverAfter: Int?

    @Option(name: .customLong("maximum-deliveries"), help: "After how many deliveries an event is parked; else 10.")
    var maximumDeliveries: Int?

    @Option(name: .customLong("maximum-in-flight"), help: "What one consumer holds unacknowledged; else 100.")
    var maximumInFlight: Int?

    @Option(name: .long, help: "How many events from the first unacknowledged on are handed out; else 1000.")
    var window: Int?

    @Flag(name: .long, help: "Events of older versions of their schemas brought up to the latest.")
    var upcast = false

    @OptionGroup var caller: CallerOptions

    func run() async throws {
        var terms = SubscriptionTerms(try parsedQuery(), start: try start(), key: key)
        (terms.redeliverAfter, terms.maximumDeliveries) = (redeliverAfter, maximumDeliveries)
        (terms.maximumInFlight, terms.window, terms.upcasts) = (maximumInFlight, window, upcast)
        (terms.role, terms.purpose, terms.caseName) = caller.claim
        let made = try await caller.calling { client in try await client.define(subscription: name, terms) }
        SubscriptionPrinter.print(made)
        Output.standard.flush()
    }

    private func start() throws -> SubscriptionTerms.Start? {
        guard let from else { return nil }
        if from == "now" { return .now }
        guard let position = Position(from) else { throw ValidationError("--from is a position, or `now`.") }
        return .position(position)
    }

    private func parsedQuery() throws -> Query {
        if let query {
            guard match.type.isEmpty, match.tag.isEmpty else {
                throw ValidationError("Give --query, or --type and --tag.")
            }
            return try QueryText.query(query)
        }
        var tags: [Tag] = []
        for text in match.tag { tags.append(try Tag(text)) }
        return Query(types: match.type, tags: tags)
    }
}
