import EventLog

@testable import ExchangeServer

/// A subscription as one would write it down first: a list of events that is gone through for everything.
struct NaiveSubscription {
    enum Standing: Equatable {
        case waiting, settling, done, parked
        case delayed(Duration)
        case flying(Int, Duration)
    }

    struct Event {
        let position: Position
        let key: DurableSubscription.Key
        var attempts = 0
        var standing = Standing.waiting
        /// Handed to somebody, and not yet back or done.
        var isOut = false
        var isDone: Bool { standing == .done || standing == .parked }
    }

    /// What a settlement means, in the words of this model.
    enum Effect: Equatable {
        case acknowledged
        case parked(Int)
        case attempts(Int)
        case replayed
        case discarded
    }

    let terms: DeliveryTerms
    /// Everything that matches, whether it was looked at or not.
    var events: [Event] = []
    var reached: Position = 0
    var cursor: Position = 0
    /// What would be left after a kill.
    var durable: [Position: Effect] = [:]

    private var looked: ArraySlice<Event> { events.prefix { $0.position < reached } }

    subscript(position: Position) -> Event? { events.first { $0.position == position } }

    mutating func change(_ position: Position, _ body: (inout Event) -> Void) {
        guard let index = events.firstIndex(where: { $0.position == position }) else { return }
        body(&events[index])
    }

    mutating func advance() {
        cursor = looked.first { $0.position >= cursor && !$0.isDone }?.position ?? reached
    }

    var room: Int { terms.window - looked.count { $0.position >= cursor } }
    var parked: Set<Position> { Set(events.filter { $0.standing == .parked }.map(\.position)) }

    /// What there may be delivered of below `reached`; what is replayed counts though the cursor may have passed it.
    func deliverable(to consumer: Int, _ limit: Int) -> [Position] {
        let held = events.count { if case .flying(consumer, _) = $0.standing { true } else { false } }
        var found: [Position] = []
        let open = looked.filter { !$0.isDone || $0.isOut }
        for event in open where event.standing == .waiting {
            guard found.count < min(limit, terms.maximumInFlight - held) else { break }
            let isBlocked = open.contains { other in
                other.key == event.key && (other.isOut || (other.position < event.position && !other.isDone))
            }
            if !isBlocked { found.append(event.position) }
        }
        return found
    }

    /// An attempt ends in vain.
    ///
    /// - Returns: What it means.
    mutating func fail(_ position: Position, delaying: Bool, at now: Duration, canPark: Bool) -> Effect {
        var effect = Effect.attempts(0)
        let terms = terms
        change(position) { event in
            let isUsedUp = event.attempts >= terms.maximumDeliveries
            if isUsedUp, canPark {
                event.standing = .settling
                effect = .parked(event.attempts)
                return
            }
            event.standing = delaying || isUsedUp ? .delayed(now + terms.redeliverAfter) : .waiting
            event.isOut = false
            effect = .attempts(event.attempts)
        }
        return effect
    }

    mutating func finish(_ effects: [Position: Effect]) {
        for (position, effect) in effects {
            change(position) { event in
                switch effect {
                case .acknowledged, .discarded: event.standing = .done
                case .parked: event.standing = .parked
                case .attempts: return
                case .replayed: (event.standing, event.attempts) = (.waiting, 0)
                }
                event.isOut = false
            }
        }
        advance()
    }

    /// - Parameter pending: What else is under way.
    mutating func abandon(_ effects: [Position: Effect], pending: Set<Position>) {
        for (position, effect) in effects where !pending.contains(position) {
            switch effect {
            case .acknowledged, .parked:
                change(position) { event in
                    guard event.standing == .settling else { return }
                    event.standing = .waiting
                    event.isOut = false
                }
            case .attempts, .replayed, .discarded: break
            }
        }
    }

    /// What is left after a kill.
    mutating func crash(cursor: Position) {
        (self.cursor, reached) = (cursor, cursor)
        for index in events.indices {
            events[index].isOut = false
            switch durable[events[index].position] {
            case .acknowledged, .discarded: events[index].standing = .done
            case .parked(let attempts): (events[index].standing, events[index].attempts) = (.parked, attempts)
            case .attempts(let attempts): (events[index].standing, events[index].attempts) = (.waiting, attempts)
            case .replayed, nil: (events[index].standing, events[index].attempts) = (.waiting, 0)
            }
        }
    }
}
