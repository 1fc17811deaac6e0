import EventLog
import TestSupport
import Testing

@testable import ExchangeServer

/// Plays a subscription at random, against the naive one, with a disk that can be killed at any moment and fail at any
/// write.
struct SubscriptionPlay {
    typealias Effects = [Position: NaiveSubscription.Effect]

    private(set) var dice: Dice
    private let terms: DeliveryTerms
    private var book: DurableSubscription
    private var naive: NaiveSubscription
    private var now: Duration = .zero
    private var consumers: Set<Int> = []
    private var nextConsumer = 0
    private var head: Position = 0
    // The disk, and what is on its way to it.
    private var cursor: Position = 0
    private var end: Position = 0
    private var marks: [Position: PositionMark] = [:]
    private var queue: [(settlement: Settlement, effects: Effects)] = []
    private(set) var delivered: Set<Position> = []
    private(set) var redeliveries = 0
    private(set) var kills = 0

    init(seed: UInt64) {
        dice = Dice(seed: seed)
        terms = DeliveryTerms(
            redeliverAfter: .seconds(1 + dice.below(5)), maximumDeliveries: 1 + dice.below(4),
            maximumInFlight: 1 + dice.below(6), window: 1 + dice.below(20), maximumParked: 1 + dice.below(8))
        book = DurableSubscription(terms, cursor: 0, end: 0, marks: [:])
        naive = NaiveSubscription(terms: terms)
    }

    private var told: String { "seed \(dice.seed)" }

    mutating func step() {
        switch dice.below(24) {
        case 0...3: append()
        case 4...6: look()
        case 7...10: take()
        case 11...14: answer()
        case 15: expire()
        case 16: join()
        case 17: leave()
        case 18...20: commit()
        case 21: move()
        case 22: if dice.oneIn(4) { failWrite() } else { giveBack() }
        default: if dice.oneIn(6) { kill() } else { flush() }
        }
        check()
    }

    /// A consumer that acknowledges all it gets, until there is nothing left.
    mutating func drain() {
        join()
        guard let consumer = consumers.max() else { return }
        for _ in 0..<10_000 {
            look()
            commit()
            now += terms.redeliverAfter
            note(book.expire(at: now), expiring())
            let taken = book.take(100, for: consumer, at: now)
            takeNaively(taken, consumer)
            settle(taken.map(\.position), [])
            check()
            if taken.isEmpty, queue.isEmpty, book.waiting == 0, book.inFlight == 0, book.reached == head { break }
        }
        let open = naive.events.filter { !$0.isDone }.map(\.position)
        #expect(open == [], "\(told): left over")
        #expect(book.cursor == head, "\(told)")
        #expect(book.window.isEmpty && book.items.isEmpty && book.lanes.isEmpty, "\(told): something is kept for ever")
    }

    // MARK: Steps

    private mutating func append() {
        for _ in 0...dice.below(4) {
            // Some entries do not match.
            if !dice.oneIn(3) {
                let tag = dice.oneIn(3) ? nil : try? Tag("k:\(dice.below(4))")
                naive.events.append(.init(position: head, key: tag.map { .tag($0) } ?? .position(head)))
            }
            head += 1
        }
    }

    private mutating func look() {
        let keys = book.unplaced.keys.sorted().compactMap { position in
            naive[position].map { (position: position, key: $0.key) }
        }
        book.place(keys)
        let (from, room) = (book.reached, book.room)
        #expect(room == naive.room, "\(told)")
        guard room > 0 else { return }
        let limit = 1 + dice.below(room)
        let found = naive.events.filter { $0.position >= from }.prefix(limit)
        let next = found.count == limit ? (found.last?.position ?? from) + 1 : head
        book.add(found.map { ($0.position, $0.key) }, from: from, to: next)
        naive.reached = next
        naive.advance()
        #expect(book.window.count <= terms.window, "\(told)")
    }

    private mutating func take() {
        guard let consumer = consumers.sorted().randomElement(using: &dice) else { return }
        // What was replayed and not looked up is not delivered yet.
        guard book.unplaced.isEmpty else { return look() }
        let limit = 1 + dice.below(8)
        let expected = naive.deliverable(to: consumer, limit)
        let taken = book.take(limit, for: consumer, at: now)
        #expect(taken.map(\.position) == expected, "\(told)")
        takeNaively(taken, consumer)
    }

    private mutating func takeNaively(_ taken: [Delivery], _ consumer: Int) {
        for delivery in taken {
            delivered.insert(delivery.position)
            if delivery.attempt > 1 { redeliveries += 1 }
            let until = now + terms.redeliverAfter
            naive.change(delivery.position) { event in
                event.attempts += 1
                event.isOut = true
                event.standing = .flying(consumer, until)
            }
            #expect(naive[delivery.position]?.attempts == delivery.attempt, "\(told)")
        }
    }

    private mutating func answer() {
        let known = naive.events.map(\.position) + [head + 3]
        var acknowledged: Set<Position> = []
        var rejected: [Rejection] = []
        for event in naive.events {
            guard case .flying = event.standing, dice.oneIn(2) else { continue }
            if dice.oneIn(4) {
                rejected.append(Rejection(position: event.position, reason: "r", isRetried: dice.oneIn(2)))
            } else {
                acknowledged.insert(event.position)
            }
        }
        // And something that is not in flight: late, again, or nonsense.
        let stray = dice.pick(known)
        if dice.oneIn(4), !rejected.contains(where: { $0.position == stray }) { acknowledged.insert(stray) }
        settle(acknowledged.sorted(), rejected)
    }

    private mutating func settle(_ acknowledged: [Position], _ rejected: [Rejection]) {
        var (effects, before): (Effects, _) = ([:], naive)
        let busy = busy
        for position in acknowledged {
            guard let event = naive[position], position < naive.reached || event.standing == .parked else { continue }
            switch event.standing {
            case .waiting where book.unplaced[position] != nil: continue
            case .waiting, .delayed, .flying, .settling:
                naive.change(position) { $0.standing = .settling }
                effects[position] = .acknowledged
            case .parked: if !busy.contains(position) { effects[position] = .discarded }
            case .done: continue
            }
        }
        for rejection in rejected {
            if rejection.isRetried {
                effects[rejection.position] = naive.fail(
                    rejection.position, delaying: true, at: now, canPark: hasRoom(effects))
            } else {
                let attempts = naive[rejection.position]?.attempts ?? 0
                naive.change(rejection.position) { $0.standing = .settling }
                effects[rejection.position] = .parked(attempts)
            }
        }
        guard let (settlement, answered) = book.answer(acknowledged, rejected, at: now) else {
            let parks = rejected.count { !$0.isRetried }
            #expect(parks > 0 && before.parked.count + parking + parks > terms.maximumParked, "\(told)")
            swap(&naive, &before)
            return
        }
        #expect(answered.acknowledged + answered.repeated + answered.unknown.count == acknowledged.count, "\(told)")
        queue.append((settlement, effects))
    }

    /// Of what something is on its way to the disk that is more than a count.
    private var busy: Set<Position> {
        Set(queue.flatMap(\.effects).filter { if case .attempts = $0.value { false } else { true } }.map(\.key))
    }

    private var parking: Int {
        queue.reduce(0) { $0 + $1.effects.values.count { if case .parked = $0 { true } else { false } } }
    }

    private func hasRoom(_ effects: Effects) -> Bool {
        let more = effects.values.count { if case .parked = $0 { true } else { false } }
        return naive.parked.count + parking + more < terms.maximumParked
    }

    private mutating func expire() {
        now += .milliseconds(dice.below(4_000))
        note(book.expire(at: now), expiring())
    }

    private mutating func expiring() -> Effects {
        var late: [(Duration, Position)] = []
        for event in naive.events {
            if case .delayed(let until) = event.standing, until <= now {
                naive.change(event.position) { $0.standing = .waiting }
            }
            if case .flying(_, let until) = event.standing, until <= now { late.append((until, event.position)) }
        }
        var effects: Effects = [:]
        for (_, position) in late.sorted(by: <) {
            effects[position] = naive.fail(position, delaying: false, at: now, canPark: hasRoom(effects))
        }
        return effects
    }

    private mutating func note(_ settlement: Settlement?, _ effects: Effects) {
        guard let settlement else {
            #expect(effects.isEmpty, "\(told)")
            return
        }
        queue.append((settlement, effects))
    }

    private mutating func join() {
        guard consumers.count < 4 else { return }
        nextConsumer += 1
        consumers.insert(nextConsumer)
    }

    private func held(by consumer: Int) -> [Position] {
        naive.events.filter { if case .flying(consumer, _) = $0.standing { true } else { false } }.map(\.position)
    }

    private mutating func leave() {
        guard let consumer = consumers.sorted().randomElement(using: &dice) else { return }
        consumers.remove(consumer)
        let held = held(by: consumer)
        for position in held.dropFirst() { giveBackNaively(position) }
        var effects: Effects = [:]
        if let first = held.first {
            effects[first] = naive.fail(first, delaying: false, at: now, canPark: hasRoom([:]))
        }
        note(book.release(consumer, at: now), effects)
    }

    private mutating func giveBack() {
        guard let consumer = consumers.sorted().randomElement(using: &dice) else { return }
        let some = held(by: consumer).filter { _ in dice.oneIn(2) }
        book.giveBack(some, from: consumer)
        for position in some { giveBackNaively(position) }
    }

    private mutating func giveBackNaively(_ position: Position) {
        naive.change(position) { event in
            event.attempts -= 1
            event.standing = .waiting
            event.isOut = false
        }
    }

    private mutating func move() {
        let some = naive.parked.sorted().filter { _ in dice.oneIn(2) }
        guard !some.isEmpty else { return }
        let outcome: Settlement.Outcome = dice.oneIn(3) ? .discarded : .replayed
        let isBusy = !busy.isDisjoint(with: some)
        let settlement = book.move(some, outcome)
        #expect((settlement == nil) == isBusy, "\(told)")
        guard let settlement else { return }
        let effect: NaiveSubscription.Effect = outcome == .replayed ? .replayed : .discarded
        queue.append((settlement, Effects(uniqueKeysWithValues: some.map { ($0, effect) })))
    }

    private mutating func flush() {
        if let settlement = book.unwritten() { queue.append((settlement, [:])) }
    }

    // MARK: The disk

    private mutating func write(_ settlement: Settlement, _ effects: Effects) {
        #expect(settlement.cursor >= cursor && settlement.end >= end, "\(told): the cursor on the disk goes back")
        (cursor, end) = (settlement.cursor, settlement.end)
        for position in settlement.passed + settlement.cleared { marks[position] = nil }
        for (position, mark) in settlement.marks { marks[position] = mark }
        for (position, effect) in effects { naive.durable[position] = effect }
        for event in naive.events where event.position < cursor && marks[event.position] == nil {
            let last = naive.durable[event.position]
            #expect(last == .acknowledged || last == .discarded, "\(told): \(event.position) would be lost")
        }
    }

    private mutating func commit() {
        for (settlement, effects) in queue.prefix(1 + dice.below(3)) {
            write(settlement, effects)
            book.finish(settlement)
            naive.finish(effects)
            queue.removeFirst()
        }
    }

    private mutating func failWrite() {
        guard let (settlement, effects) = queue.first else { return }
        queue.removeFirst()
        book.abandon(settlement)
        naive.abandon(effects, pending: busy)
    }

    private mutating func kill() {
        kills += 1
        // Some of what is on its way may be on the disk, and nobody was told.
        for (settlement, effects) in queue.prefix(dice.below(3)) { write(settlement, effects) }
        queue = []
        consumers = []
        book = DurableSubscription(terms, cursor: cursor, end: end, marks: marks)
        naive.crash(cursor: cursor)
    }

    // MARK: -

    private func check() {
        #expect(book.cursor == naive.cursor, "\(told)")
        #expect(book.parked == naive.parked, "\(told)")
        #expect(
            book.marked.count <= terms.window && book.items.count <= terms.window + terms.maximumParked + 8, "\(told)")
        let flying = naive.events.count { if case .flying = $0.standing { true } else { false } }
        #expect(book.inFlight == flying, "\(told)")
    }
}
