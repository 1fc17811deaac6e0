internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

/// A subscription at work: its state, its consumers, and a task that looks for more while there are any.
///
/// Whatever changes goes through one lock, in which nothing is waited for. What is to be made durable is handed to the store
/// inside it, so that it is written in the order in which it was decided; it counts when the store says that it is durable.
final class LiveSubscription: Sendable {
    typealias Next = SubscriptionConsumers.Next

    let name: SubscriptionName
    let number: UInt64
    let definition: SubscriptionDefinition
    let reader: Reader
    let ledger: ExchangeLedger
    let tail: Tail
    let store: SubscriptionStore
    private let start = ContinuousClock.now
    let state: NIOLockedValueBox<State>

    struct State {
        var book: DurableSubscription
        var consumers = SubscriptionConsumers()
        /// How many entries the log had when it was looked at last.
        var head: Position = 0
        /// Whether all was looked at that there was, or that there is room for.
        var hasLooked = false
        /// Whether the filler waits for what comes, having looked at all that there was.
        var isFresh = false
        var filler: Task<Void, Never>?
        var idleFiller: CheckedContinuation<Void, Never>?
        /// Why it serves no more.
        var end: Problem?
    }

    /// Whom to wake once the lock is given back.
    struct Wakes {
        var consumers: [(SubscriptionConsumers.Waiter, Next)] = []
        var fillers: [CheckedContinuation<Void, Never>] = []

        func resume() {
            for (waiter, next) in consumers { waiter.resume(returning: next) }
            for filler in fillers { filler.resume() }
        }
    }

    init(_ stored: StoredSubscription, ledger: ExchangeLedger, tail: Tail, store: SubscriptionStore) {
        name = stored.name
        number = stored.number
        definition = stored.definition
        reader = stored.definition.reader(of: stored.name.agency)
        (self.ledger, self.tail, self.store) = (ledger, tail, store)
        state = NIOLockedValueBox(
            State(
                book: DurableSubscription(
                    stored.definition.terms, cursor: stored.cursor.position, end: stored.cursor.end,
                    marks: stored.marks)))
    }

    var now: Duration { ContinuousClock.now - start }

    /// Does something under the lock, and then wakes whoever has something to do.
    func change<Result>(_ body: (inout State, inout Wakes) -> Result) -> Result {
        let (result, wakes) = state.withLockedValue { state in
            var wakes = Wakes()
            let result = body(&state, &wakes)
            pump(&state, &wakes)
            return (result, wakes)
        }
        wakes.resume()
        return result
    }

    /// Hands out what can be.
    private func pump(_ state: inout State, _ wakes: inout Wakes) {
        // Who let the time of a delivery go by gets nothing while there are others, or it would come back to who hangs.
        let late = state.book.late
        let isAnyPunctual = !late.isEmpty && state.consumers.all.keys.contains { !late.contains($0) }
        for number in state.consumers.waiting {
            let limit = isAnyPunctual && late.contains(number) ? 0 : SubscriptionLimits.deliveriesAtOnce
            let deliveries = state.book.take(limit, for: number, at: now)
            if !deliveries.isEmpty {
                state.consumers.note(number, isCaughtUp: false)
                guard let waiter = state.consumers.wake(number) else { continue }
                wakes.consumers.append((waiter, .deliveries(deliveries)))
            } else if state.isFresh, state.book.reached == state.head, state.book.waiting == 0,
                state.book.unplaced.isEmpty, state.consumers.all[number]?.isCaughtUp == false
            {
                state.consumers.note(number, isCaughtUp: true)
                guard let waiter = state.consumers.wake(number) else { continue }
                wakes.consumers.append((waiter, .caughtUp(state.head)))
            }
        }
        if state.book.wantsMore, let filler = state.idleFiller {
            state.idleFiller = nil
            wakes.fillers.append(filler)
        }
    }

    // MARK: What is told of it

    var figures: SubscriptionFigures {
        state.withLockedValue { state in
            SubscriptionFigures(
                cursor: state.book.cursor, waiting: state.book.waiting, inFlight: state.book.inFlight,
                parked: state.book.parked.count, redelivered: state.book.redelivered,
                consumers: state.consumers.all.values.map(\.name).sorted())
        }
    }
}
