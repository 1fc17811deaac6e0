internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import JSON
internal import NIOCore
internal import Views

/// What is delivered to one consumer, as an answer without end.
struct SubscriptionFeed: Sendable {
    let live: LiveSubscription
    let consumer: String
    let standing: Standing
    let on: Following
    let form: Follower.Form

    /// Delivers until the consumer goes, may no longer, or the server stops.
    func run(_ stream: inout AnswerStream, over connection: any Channel) async throws {
        try await beat(&stream)
        let number: Int
        do throws(Problem) {
            number = try live.join(consumer)
        } catch {
            return try await stream.write(ending(error))
        }
        defer { live.leave(number) }
        // Who closes its side is gone: nothing else is heard of that until something is written.
        let departure = DepartureHandler { [live] in live.leave(number) }
        try? await connection.pipeline.addHandler(departure, position: .first).get()
        do throws(Problem) {
            try await deliver(number, &stream)
        } catch {
            if error != Self.gone { try await stream.write(ending(error)) }
        }
        try? await connection.pipeline.removeHandler(departure).get()
    }

    private func deliver(_ number: Int, _ stream: inout AnswerStream) async throws(Problem) {
        var count: UInt64 = 0
        var recorded: ContinuousClock.Instant?
        while true {
            guard !on.closing.isClosed else { throw Follower.stopping }
            if let last = recorded {
                try? await Task.sleep(until: last + Following.coalescing)
                recorded = nil
            }
            switch await live.next(number, until: .now + on.heartbeat) {
            case .deliveries(let deliveries):
                let (text, isRecorded) = try await text(of: deliveries, number, &count)
                try standing.check()
                if isRecorded { recorded = .now }
                guard !text.isEmpty else { continue }
                try await Self.taken {
                    try await stream.write(text)
                    try await stream.flush()
                }
            case .caughtUp(let head):
                try await Self.taken {
                    try await stream.write(caughtUp(head))
                    try await stream.flush()
                }
            case .timeout:
                try standing.check()
                try await Self.taken { try await beat(&stream) }
            case .ended(let why): throw why
            }
        }
    }

    /// Deliveries as text: each decided now, and recorded. If that cannot be done, they are given back.
    private func text(
        of deliveries: [Delivery], _ number: Int, _ count: inout UInt64
    ) async throws(Problem) -> (text: [UInt8], isRecorded: Bool) {
        let page: ReadPage
        do throws(ExchangeError) {
            page = try await on.ledger.delivered(
                deliveries.map(\.position), to: live.reader, upcasting: live.definition.upcasts ? .standard : nil)
        } catch {
            live.giveBack(deliveries, from: number)
            throw Problem(error)
        }
        var (text, passed): ([UInt8], [Position]) = ([], [])
        for (delivery, entry) in zip(deliveries, page.entries) {
            // It became one after it was found. Who was never given it need not know that it matches.
            if case .stub = entry, !live.definition.query.matchesAll, delivery.attempt == 1 {
                passed.append(delivery.position)
                continue
            }
            count += 1
            append(entry, delivery, count, to: &text)
        }
        live.pass(passed)
        on.metrics.delivered(deliveries.count - passed.count)
        return (text, page.isRecorded)
    }

    // MARK: Text

    private func append(_ entry: SeenEntry, _ delivery: Delivery, _ count: UInt64, to text: inout [UInt8]) {
        var json = JSONWriter(reservingCapacity: 1_024)
        json.object { json in
            json.member("position", Int64(clamping: delivery.position))
            json.member("delivery", Int64(clamping: count))
            json.member("attempt", Int64(delivery.attempt))
            json.key("entry")
            entry.write(to: &json)
        }
        switch form {
        case .events: EventStreamText.append(.event, id: delivery.position, json.bytes, to: &text)
        case .lines:
            text += json.bytes
            text.append(UInt8(ascii: "\n"))
        }
    }

    private func caughtUp(_ head: Position) -> [UInt8] {
        var json = JSONWriter()
        json.object { $0.member(form == .events ? "head" : "caughtUp", Int64(clamping: head)) }
        guard form == .events else { return json.bytes + [UInt8(ascii: "\n")] }
        var text: [UInt8] = []
        EventStreamText.append(.caughtUp, id: nil, json.bytes, to: &text)
        return text
    }

    private func ending(_ problem: Problem) -> [UInt8] {
        guard form == .events else { return ReadEndpoint.ending(problem) }
        var text: [UInt8] = []
        EventStreamText.append(.dropped, id: nil, problem.bytes, to: &text)
        return text
    }

    private func beat(_ stream: inout AnswerStream) async throws {
        try await stream.write(form == .events ? EventStreamText.heartbeat : [UInt8(ascii: "\n")])
        try await stream.flush()
    }

    private static func taken(_ body: () async throws -> Void) async throws(Problem) {
        do {
            try await body()
        } catch {
            throw gone
        }
    }

    /// The consumer is gone; nobody is told.
    private static let gone = Problem(499, "gone", "Who asked is gone", "The connection is closed.")
}
