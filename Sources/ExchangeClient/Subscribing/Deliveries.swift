public import EventLog
internal import ExchangeProtocol
internal import JSON

/// What a durable subscription delivers to a consumer, as it is asked for: nothing is read ahead but what the network holds.
///
/// A connection that is cut is made anew, under the same name, and takes over from itself. What was said of an event and had not
/// reached the server by then is said again, and the event is not handed out once more. What was handed out and nothing said of
/// comes again.
///
/// It ends when the task is cancelled, or when nobody holds its iterator any more; then what was not settled goes to other
/// consumers. One iterator at a time: a second one takes over from the first.
public struct Deliveries: AsyncSequence, Sendable {
    public enum Element: Sendable {
        case event(ServedDelivery)
        /// All there is below a head has been delivered to somebody.
        case caughtUp(Position)
    }

    let transport: Transport
    let subscription: String
    let consumer: SubscriptionConsumer
    let settler: DeliverySettler

    init(_ transport: Transport, _ subscription: String, _ consumer: SubscriptionConsumer) {
        (self.transport, self.subscription, self.consumer) = (transport, subscription, consumer)
        settler = DeliverySettler(transport, subscription: subscription, delay: consumer.acknowledgeWithin)
    }

    public func makeAsyncIterator() -> Iterator { Iterator(source: self) }

    // MARK: What became of them

    /// Says that an event was dealt with. It goes to the server soon, with others: see ``flush()``. Why it could not be made
    /// durable, the sequence throws.
    public func acknowledge(_ delivery: ServedDelivery) { settle(CollectionOfOne(delivery.position), .acknowledged) }

    /// Says that an event is not to come again, and why: it is parked.
    public func reject(_ delivery: ServedDelivery, reason: String) {
        settle(CollectionOfOne(delivery.position), .rejected(reason: reason))
    }

    /// Says that an event is to come again later, and why.
    public func retry(_ delivery: ServedDelivery, reason: String) {
        settle(CollectionOfOne(delivery.position), .retried(reason: reason))
    }

    /// Says what became of events.
    public func settle(_ positions: some Sequence<Position>, _ outcome: DeliveryOutcome) {
        settler.settle(positions, outcome)
    }

    /// Waits until all that was said is durable at the server. What is said before the process ends, and not flushed, may be lost;
    /// then the events come again.
    ///
    /// - Throws: ``ClientError``: nothing more can be said; what was not durable comes again.
    public func flush() async throws(ClientError) { try await settler.flush() }

    public struct Iterator: AsyncIteratorProtocol {
        private let source: Deliveries
        private var lines: AnswerLines?
        private var failures = 0
        /// Whether the stream has said anything yet.
        private var hasBegun = false
        private var isOver = false

        init(source: Deliveries) { self.source = source }

        /// - Returns: Nil once the task is cancelled.
        /// - Throws: ``ClientError``, if it cannot go on: `.refused` with `replaced` if another consumer took the name, or
        ///   `unknownSubscription` if the subscription is ended; or because what was said could not be made durable.
        public mutating func next() async throws(ClientError) -> Element? {
            while !isOver {
                guard !Task.isCancelled else { return await end() }
                do throws(ClientError) {
                    try source.settler.check()
                    guard let element = try await step() else { continue }
                    failures = 0
                    return element
                } catch {
                    lines = nil
                    guard !Task.isCancelled else { return await end() }
                    failures += 1
                    do throws(ClientError) {
                        try await source.transport.wait(after: failures, error)
                    } catch {
                        guard !Task.isCancelled else { return await end() }
                        isOver = true
                        throw error
                    }
                }
            }
            return nil
        }

        /// What was said is sent, once, before what was not settled is given back.
        private mutating func end() async -> Element? {
            isOver = true
            try? await source.settler.flush(isLast: true)
            lines = nil
            return nil
        }

        private mutating func step() async throws(ClientError) -> Element? {
            if lines == nil {
                source.settler.beginStream()
                hasBegun = false
                let request = ClientRequest(
                    path: ["subscriptions", source.subscription, "events"], parameters: source.consumer.parameters,
                    headers: [("Accept", "application/x-ndjson")])
                lines = AnswerLines(
                    try await source.transport.send(request), maximumBytes: Transport.maximumBytes)
            }
            source.settler.set(isDry: lines?.hasLine == false)
            defer { source.settler.set(isDry: false) }
            guard let line = try await lines?.next() else {
                throw ClientError(.interrupted, "The server ended a live answer.")
            }
            guard !line.isEmpty else {
                // A stream that goes on stands. The first heartbeat comes with every answer, also with one that refuses.
                if hasBegun { failures = 0 }
                hasBegun = true
                return nil
            }
            return try element(line)
        }

        private func element(_ line: [UInt8]) throws(ClientError) -> Element? {
            let root = try ExchangeClient.parse(line)
            if let told = root["problem"].flatMap(Problem.init(_:)) {
                // A token ends in the middle of a stream; the next one is signed anew.
                throw told.code == "expiredToken" ? ClientError(.interrupted, told.detail) : ClientError(told)
            }
            if let head = root["caughtUp"]?.integer.flatMap({ Position(exactly: $0) }) { return .caughtUp(head) }
            let delivery = try ServedDelivery(line, root)
            return source.settler.isSettled(delivery.position) ? nil : .event(delivery)
        }
    }
}
