internal import EventLog
internal import ExchangeProtocol
internal import Synchronization

/// What a consumer said of deliveries, until it is durable. It goes in batches, one request at a time and in the order in which it
/// was said; what fails and may pass is sent again, for saying it twice does no harm.
final class DeliverySettler: Sendable {
    /// So many go without waiting for more, and the most that go together. What has a reason is larger.
    static let batch = 64
    static let maximum = 5_000
    static let maximumReasons = 200
    /// How many acknowledged positions are known. Far more than a consumer can hold, so more than can still be under way to it.
    static let remembered = 16_384

    private typealias Waiter = CheckedContinuation<Result<Void, ClientError>, Never>

    private struct State {
        var waiting: [Position: DeliveryOutcome] = [:]
        var sending: [Position: DeliveryOutcome] = [:]
        /// Acknowledged, durably, since the stream began.
        var done = RecentPositions(capacity: DeliverySettler.remembered)
        var timer: Task<Void, Never>?
        var isSending = false
        /// Whether the reader waits for the server: then nothing is gained by waiting for more to say.
        var isDry = false
        /// Whether nothing is tried again.
        var isEnding = false
        var failure: ClientError?
        var waiters: [Waiter] = []
    }

    private let transport: Transport
    private let path: [String]
    private let delay: Duration
    private let state = Mutex(State())

    init(_ transport: Transport, subscription: String, delay: Duration) {
        (self.transport, self.delay) = (transport, delay)
        path = ["subscriptions", subscription, "acknowledgements"]
    }

    // MARK: Saying

    /// Takes what became of deliveries. Of two things said of one the later counts, if the first is not under way.
    func settle(_ positions: some Sequence<Position>, _ outcome: DeliveryOutcome) {
        state.withLock { state in
            guard state.failure == nil else { return }
            for position in positions { state.waiting[position] = outcome }
            schedule(&state)
        }
    }

    /// Waits until all that was said is durable.
    ///
    /// - Parameter isLast: Whether nothing is tried again.
    func flush(isLast: Bool = false) async throws(ClientError) {
        let result = await withCheckedContinuation { (waiter: Waiter) in
            state.withLock { state in
                if isLast { state.isEnding = true }
                if let failure = state.failure { return waiter.resume(returning: .failure(failure)) }
                guard !state.waiting.isEmpty || state.isSending else { return waiter.resume(returning: .success(())) }
                state.waiters.append(waiter)
                schedule(&state)
            }
        }
        try result.get()
    }

    // MARK: What the reader asks

    /// - Throws: Why what was said could not be made durable.
    func check() throws(ClientError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Takes note that a stream is about to begin: what is durable by now does not come on it.
    func beginStream() { state.withLock { $0.done.removeAll() } }

    /// Whether what became of an event is said already, so that it need not be handed out again: the server did not know yet
    /// when it sent it.
    func isSettled(_ position: Position) -> Bool {
        state.withLock { state in
            state.waiting[position] != nil || state.sending[position] != nil || state.done.contains(position)
        }
    }

    /// Takes note whether the reader waits for the server.
    func set(isDry: Bool) {
        state.withLock { state in
            state.isDry = isDry
            schedule(&state)
        }
    }

    // MARK: Sending

    private func schedule(_ state: inout State) {
        guard !state.isSending, !state.waiting.isEmpty, state.failure == nil else { return }
        guard state.isDry || state.waiting.count >= Self.batch || !state.waiters.isEmpty else {
            guard state.timer == nil else { return }
            state.timer = Task { [delay] in
                try? await Task.sleep(for: delay)
                self.state.withLock { state in
                    state.timer = nil
                    self.begin(&state)
                }
            }
            return
        }
        begin(&state)
    }

    private func begin(_ state: inout State) {
        guard !state.isSending, !state.waiting.isEmpty, state.failure == nil else { return }
        state.timer?.cancel()
        state.isSending = true
        Task { await self.send() }
    }

    private func send() async {
        while let some = next() {
            do throws(ClientError) {
                _ = try await post(some)
                state.withLock { state in
                    for (position, outcome) in some where outcome == .acknowledged { state.done.insert(position) }
                    state.sending.removeAll()
                }
            } catch {
                let waiters = state.withLock { state in
                    (state.failure, state.isSending) = (error, false)
                    defer { state.waiters.removeAll() }
                    return state.waiters
                }
                for waiter in waiters { waiter.resume(returning: .failure(error)) }
                return
            }
        }
    }

    /// What goes next; nil if there is nothing.
    private func next() -> [Position: DeliveryOutcome]? {
        let (some, waiters) = state.withLock { state -> ([Position: DeliveryOutcome], [Waiter]) in
            guard !state.waiting.isEmpty else {
                state.isSending = false
                defer { state.waiters.removeAll() }
                return ([:], state.waiters)
            }
            let some = Self.part(of: state.waiting)
            for position in some.keys { state.waiting[position] = nil }
            state.sending = some
            return (some, [])
        }
        for waiter in waiters { waiter.resume(returning: .success(())) }
        return some.isEmpty ? nil : some
    }

    /// A server that can park no more refuses a request as a whole: what is to be parked goes by itself, and last.
    static func part(of waiting: [Position: DeliveryOutcome]) -> [Position: DeliveryOutcome] {
        var (part, reasons) = ([Position: DeliveryOutcome](), 0)
        func isParked(_ outcome: DeliveryOutcome) -> Bool {
            if case .rejected = outcome { true } else { false }
        }
        let parks = !waiting.values.contains { !isParked($0) }
        for (position, outcome) in waiting.sorted(by: { $0.key < $1.key }) where isParked(outcome) == parks {
            if outcome != .acknowledged {
                guard reasons < maximumReasons else { continue }
                reasons += 1
            }
            part[position] = outcome
            guard part.count < maximum else { break }
        }
        return part
    }

    private func post(_ some: [Position: DeliveryOutcome]) async throws(ClientError) -> SettledDeliveries {
        var failures = 0
        while true {
            do throws(ClientError) {
                return try await ExchangeClient.settle(some, at: path, over: transport)
            } catch {
                failures += 1
                if state.withLock({ $0.isEnding }) { throw error }
                try await transport.wait(after: failures, error)
            }
        }
    }
}
