import ArgumentParser
import EventLog
import ExchangeClient

/// `sanhu subscribe consume`.
struct SubscribeConsume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume",
        abstract: "Print what a subscription delivers, and acknowledge it.",
        discussion: """
            Prints a line for each delivery, {"position":41,"delivery":1,"attempt":1,"entry":{…}}, until it is interrupted; \
            then what was acknowledged is sent, and the rest goes to other consumers.

            --acknowledge printed acknowledges what was handed to standard output: whoever reads it must not lose it. \
            --acknowledge input takes from standard input what became of deliveries, a line each: a position, or \
            {"acknowledged":[41],"rejected":[{"position":42,"reason":"…","retry":true}]}; the end of input ends it. What is \
            rejected without "retry" is parked. What was neither acknowledged nor rejected comes again.

            EXAMPLES
              sanhu subscribe consume risk --consumer a1 >> risk.ndjson
              sanhu subscribe consume risk --consumer nightly --until-caught-up | ./load
              coproc C { sanhu subscribe consume risk --consumer a1 --acknowledge input; }
              sanhu subscribe consume risk --consumer a1 --limit 10 | jq .entry.event.type
            """)

    /// When deliveries are acknowledged.
    enum Acknowledging: String, ExpressibleByArgument, CaseIterable {
        case printed, input
    }

    @Argument(help: "The subscription.")
    var name: String

    @Option(name: .long, help: "The consumer's name. Who comes under a name takes over from whoever has it.")
    var consumer: String

    @Option(name: .long, help: "printed: what was printed. input: what standard input says.")
    var acknowledge: Acknowledging = .printed

    @Option(name: .long, help: "With printed: the most deliveries.")
    var limit: Int?

    @Flag(name: .customLong("until-caught-up"), help: "With printed: end when all there is has been delivered.")
    var untilCaughtUp = false

    @OptionGroup var caller: CallerOptions

    func validate() throws {
        guard acknowledge == .printed || (limit == nil && !untilCaughtUp) else {
            throw ValidationError("--limit and --until-caught-up go with --acknowledge printed.")
        }
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() async throws {
        var consumer = SubscriptionConsumer(consumer)
        (consumer.role, consumer.purpose, consumer.caseName) = caller.claim
        try await caller.calling { [consumer, acknowledge] client in
            let printing = DeliveryPrinting(
                deliveries: client.deliveries(of: name, to: consumer), limit: limit, untilCaughtUp: untilCaughtUp)
            try await Interruption.ending {
                switch acknowledge {
                case .printed: try await printing.run()
                case .input: try await printing.run(answeredBy: DeliveryAnswers(path: "-"))
                }
            }
        }
    }
}
