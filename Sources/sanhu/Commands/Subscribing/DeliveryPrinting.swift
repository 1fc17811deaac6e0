import EventLog
import ExchangeClient

/// Prints what is delivered, a line each.
struct DeliveryPrinting: Sendable {
    let deliveries: Deliveries
    let limit: Int?
    let untilCaughtUp: Bool

    /// Acknowledges what was handed to standard output.
    func run() async throws {
        var iterator = deliveries.makeAsyncIterator()
        var left = limit ?? .max
        while left > 0, let element = try await iterator.next() {
            switch element {
            case .event(let delivery):
                Self.print(delivery)
                deliveries.acknowledge(delivery)
                left -= 1
            case .caughtUp(let head):
                if untilCaughtUp { left = 0 }
                Self.say(head)
            }
        }
        // The connection stands meanwhile, so that nothing of it is given to others.
        try await deliveries.flush()
        extendLifetime(iterator)
    }

    /// Lets somebody else say what became of deliveries, and ends when that does.
    func run(answeredBy answers: DeliveryAnswers) async throws {
        let task = Task { try await show() }
        let fault = await withTaskCancellationHandler {
            await answers.take { deliveries.settle($0, $1) }
        } onCancel: {
            task.cancel()
            answers.end()
        }
        task.cancel()
        try await task.value
        try await deliveries.flush()
        if let fault { throw fault }
    }

    private func show() async throws {
        for try await element in deliveries {
            switch element {
            case .event(let delivery): Self.print(delivery)
            case .caughtUp(let head): Self.say(head)
            }
        }
    }

    private static func print(_ delivery: ServedDelivery) {
        Output.standard.write(delivery.line)
        Output.standard.writeLine("")
        Output.standard.flush()
    }

    private static func say(_ head: Position) {
        guard Terminal.showsProgress else { return }
        Terminal.say("all there is below \(head) has been delivered")
    }
}
