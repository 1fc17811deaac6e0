internal import EventLog
internal import Exchange
internal import ExchangeProtocol

extension LiveSubscription {
    /// Takes a consumer in; one that goes by its name already is sent away.
    ///
    /// - Returns: By what it is known from now on.
    func join(_ name: String) throws(Problem) -> Int {
        let result: Result<Int, Problem> = change { state, wakes in
            if let end = state.end { return .failure(end) }
            if let old = state.consumers.number(of: name) { leave(old, &state, &wakes, Self.replaced) }
            guard state.consumers.all.count < SubscriptionLimits.consumers else { return .failure(Self.tooMany) }
            let number = state.consumers.add(name)
            if state.filler == nil { state.filler = Task { await self.fill() } }
            return .success(number)
        }
        return try result.get()
    }

    /// Waits until there is something for a consumer, or a time is over.
    func next(_ number: Int, until deadline: ContinuousClock.Instant) async -> Next {
        await withCheckedContinuation { continuation in
            change { state, wakes in
                if let end = state.end {
                    wakes.consumers.append((continuation, .ended(end)))
                } else if state.consumers.all[number] == nil {
                    wakes.consumers.append((continuation, .ended(Self.replaced)))
                } else {
                    state.consumers.wait(number, continuation, until: deadline)
                }
            }
        }
    }

    /// A consumer is gone: what it holds goes to others.
    func leave(_ number: Int) {
        change { state, wakes in
            guard state.end == nil, state.consumers.all[number] != nil else { return }
            leave(number, &state, &wakes, Self.replaced)
            guard state.consumers.all.isEmpty else { return }
            stopFilling(&state, &wakes)
            if let settlement = state.book.unwritten() { submit(settlement, &state) { _ in } }
        }
    }

    private func leave(_ number: Int, _ state: inout State, _ wakes: inout Wakes, _ why: Problem) {
        if let waiter = state.consumers.remove(number) { wakes.consumers.append((waiter, .ended(why))) }
        if let settlement = state.book.release(number, at: now) { submit(settlement, &state) { _ in } }
    }

    /// What was handed to a consumer did not leave; it is as if it had not been.
    func giveBack(_ deliveries: [Delivery], from number: Int) {
        change { state, _ in state.book.giveBack(deliveries.map(\.position), from: number) }
    }

    /// What a consumer was handed is a stub to it that it need not know of.
    func pass(_ positions: [Position]) {
        change { state, _ in
            guard !positions.isEmpty, state.end == nil,
                let (settlement, _) = state.book.answer(positions, [], at: now)
            else { return }
            submit(settlement, &state) { _ in }
        }
    }

    /// Serves nobody any more. What is in flight counts against nothing.
    func end(_ why: Problem) {
        change { state, wakes in
            guard state.end == nil else { return }
            state.end = why
            dismiss(&state, &wakes, why)
            if let settlement = state.book.unwritten() { submit(settlement, &state) { _ in } }
        }
    }

    func dismiss(_ state: inout State, _ wakes: inout Wakes, _ why: Problem) {
        for number in state.consumers.all.keys {
            if let waiter = state.consumers.remove(number) { wakes.consumers.append((waiter, .ended(why))) }
            state.book.giveBack(all: number)
        }
        stopFilling(&state, &wakes)
    }

    /// Time has gone by.
    func tick() {
        let instant = ContinuousClock.now
        change { state, wakes in
            guard state.end == nil else { return }
            if let settlement = state.book.expire(at: now) { submit(settlement, &state) { _ in } }
            for number in state.consumers.late(at: instant) {
                if let waiter = state.consumers.wake(number) { wakes.consumers.append((waiter, .timeout)) }
            }
        }
    }

    private static let replaced = Problem(
        409, "replaced", "Another consumer has its name",
        "A consumer of the same name came, and has taken over. Give each consumer a name of its own.")

    private static var tooMany: Problem {
        Problem(
            429, "tooManyConsumers", "There are too many consumers",
            "\(SubscriptionLimits.consumers) consumers share the subscription already. End some.", retry: .later,
            retryAfter: 5)
    }
}
