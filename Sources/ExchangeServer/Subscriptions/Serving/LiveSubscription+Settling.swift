internal import EventLog
internal import Exchange
internal import ExchangeProtocol

extension LiveSubscription {
    /// Takes what a consumer says became of events; durable on return.
    ///
    /// - Returns: What became of what it said, and the cursor.
    func answer(
        _ acknowledged: [Position], _ rejected: [Rejection]
    ) async throws(Problem) -> (answered: Answered, cursor: Position) {
        try await offLoop { Result { () throws(Problem) in try lookOnce() } }.get()
        return try await settling { state -> Result<(Settlement, Answered), Problem> in
            guard let (settlement, answered) = state.book.answer(acknowledged, rejected, at: now) else {
                return .failure(Self.parkedFull)
            }
            return .success((settlement, answered))
        }
    }

    /// Delivers parked events again, or gives them up; durable on return.
    ///
    /// - Parameter positions: Which; nil for all.
    /// - Returns: How many.
    func move(_ positions: [Position]?, _ outcome: Settlement.Outcome) async throws(Problem) -> Int {
        let count = try await settling { state -> Result<(Settlement, Int), Problem> in
            let some = positions ?? state.book.parked.sorted()
            guard let settlement = state.book.move(some, outcome) else { return .failure(Self.notParked) }
            return .success((settlement, some.count))
        }.answered
        // Their keys are looked up at once, whoever consumes.
        try look()
        return count
    }

    private func settling<Said: Sendable>(
        _ body: (inout State) -> Result<(Settlement, Said), Problem>
    ) async throws(Problem) -> (answered: Said, cursor: Position) {
        let result: Result<(Said, Position), Problem> = await withCheckedContinuation { continuation in
            change { state, _ in
                if let end = state.end { return continuation.resume(returning: .failure(end)) }
                switch body(&state) {
                case .failure(let problem): continuation.resume(returning: .failure(problem))
                case .success(let (settlement, said)):
                    submit(settlement, &state) { continuation.resume(returning: $0.map { (said, $0) }) }
                }
            }
        }
        return try result.get()
    }

    /// Hands something to the store; it counts once it is durable.
    ///
    /// - Parameter done: Is told the cursor as it stands then, or why it could not be made durable.
    func submit(
        _ settlement: Settlement, _ state: inout State,
        _ done: @escaping @Sendable (Result<Position, Problem>) -> Void
    ) {
        let isTaken = store.submit(.settle(number: number, settlement)) { [self] result in
            let told: Result<Position, Problem> = change { state, _ in
                switch result {
                case .success:
                    state.book.finish(settlement)
                    return .success(state.book.cursor)
                case .failure(let error):
                    state.book.abandon(settlement)
                    return .failure(Problem(error))
                }
            }
            done(told)
        }
        guard !isTaken else { return }
        state.book.abandon(settlement)
        done(.failure(Problem(SubscriptionStore.closed)))
    }

    private static var parkedFull: Problem {
        Problem(
            409, "parkedFull", "No more can be parked",
            "\(SubscriptionLimits.parked) events of the subscription are parked already. Replay them or give them up; then "
                + "reject again.")
    }

    private static let notParked = Problem(
        404, "notParked", "The event is not parked",
        "One of the positions is not parked, or is being replayed already. GET …/parked lists those that are.")
}
