internal import EventLog

/// Which events of a subscription are to be delivered, to whom they were, and which are done: a pure state machine. The clock,
/// the log and the disk are handed in.
///
/// ```text
///           add            take               answer                 finish
/// the log ──────► waiting ──────► in flight ──────────► settling ──────────► done
///                    ▲               │                     │
///                    ├── expire, release, giveBack ────────┤ abandon
///                 delayed ◄──────────┴─────────────────────┘
/// ```
///
/// Events of a key stand in a lane, of which one at a time is out, the first. The window holds what was looked at from the first
/// event on that is not done; the cursor stands at its beginning, and it never holds more than its terms say. An event that
/// was parked and is replayed stands in its lane, but in the window only if the cursor has not passed it.
struct DurableSubscription: Sendable {
    /// Time since some beginning, by a clock that never goes back.
    typealias Moment = Duration

    /// What events share that are delivered one after another.
    enum Key: Hashable, Sendable {
        case tag(Tag)
        /// Its own position: it waits for no other.
        case position(Position)
    }

    enum Standing: Sendable, Hashable {
        /// It is delivered once it is the first of its lane, and none of that is out.
        case waiting
        /// It was rejected, and waits until it is delivered again.
        case delayed(until: Moment)
        case inFlight(consumer: Int, until: Moment)
        /// What became of it is being made durable.
        case settling
        /// It was acknowledged or parked, and the cursor is not there yet.
        case done
    }

    struct Item: Sendable {
        let key: Key
        let isInWindow: Bool
        /// How often it was delivered.
        var attempts = 0
        /// To whom it was delivered last.
        var consumer: Int?
        /// Why it was rejected last.
        var reason: String?
        var standing = Standing.waiting
    }

    struct Lane: Sendable {
        /// What is not done, ascending.
        var positions: [Position] = []
        /// What is in flight or, after that, settling.
        var out: Position?
    }

    let terms: DeliveryTerms
    /// Up to where the log was looked through.
    var reached: Position
    /// The position after the last that was ever settled.
    var end: Position
    var items: [Position: Item] = [:]
    /// The items from the cursor on, ascending.
    var window: [Position] = []
    var lanes: [Key: Lane] = [:]
    /// The firsts of lanes of which none is out, so far as they wait, ascending.
    var ready: [Position] = []
    var delayed = TimeQueue()
    var flying = TimeQueue()
    /// What each consumer has in flight.
    var held: [Int: Set<Position>] = [:]
    /// Consumers that let the time of a delivery go by, and have said nothing since.
    var late: Set<Int> = []
    /// How many items wait or are delayed.
    var waiting = 0
    /// Done for now, wherever the cursor is.
    var parked: Set<Position> = []
    /// How many are being parked.
    var parking = 0
    /// Of how many settlements that are under way an event is part.
    var pending: [Position: Int] = [:]
    /// Replayed, not in the window, and their keys not looked up yet; with what was kept of them.
    var unplaced: [Position: PositionMark] = [:]
    /// What was kept of events that were not looked at yet.
    var known: [Position: PositionMark] = [:]
    /// Of the window, those of which a mark is kept that is to go once the cursor has passed.
    var marked: Set<Position> = []
    /// Those the cursor has passed since the last settlement.
    var passed: [Position] = []
    /// Where the last settlement left the cursor; nil if it may not be durable.
    var writtenCursor: Position?
    /// How many deliveries were not the first of their event.
    var redelivered: UInt64 = 0

    /// - Parameters:
    ///   - cursor: Everything below it is done.
    ///   - end: The position after the last that was ever settled.
    ///   - marks: What was kept of events.
    init(_ terms: DeliveryTerms, cursor: Position, end: Position, marks: [Position: PositionMark]) {
        self.terms = terms
        (reached, writtenCursor) = (cursor, cursor)
        self.end = max(cursor, end)
        for (position, mark) in marks {
            if case .parked = mark { parked.insert(position) }
            switch mark {
            case _ where position >= cursor: known[position] = mark
            case .open: unplaced[position] = mark
            case .acknowledged: passed.append(position)
            case .parked: break
            }
        }
    }

    /// The position below which everything was acknowledged or parked, or is not the subscription's.
    var cursor: Position { window.first ?? reached }

    /// How many events are in flight.
    var inFlight: Int { flying.count }

    /// How many more events may be looked at.
    var room: Int { max(0, terms.window - window.count) }

    /// Whether it is worth the while to look at more: not for each event that is done.
    var wantsMore: Bool { !unplaced.isEmpty || (room > 0 && (waiting == 0 || room * 4 >= terms.window)) }

    // MARK: What there is

    /// Takes note of what matches a stretch of the log.
    ///
    /// - Parameters:
    ///   - start: Where it begins; nothing is done unless that is where the last one ended.
    ///   - next: Where it ends.
    mutating func add(_ entries: [(position: Position, key: Key)], from start: Position, to next: Position) {
        guard start == reached, next >= reached else { return }
        for (position, key) in entries {
            window.append(position)
            var item = Item(key: key, isInWindow: true)
            let mark = known.removeValue(forKey: position)
            switch mark {
            case .acknowledged, .parked: item.standing = .done
            case .open(let deliveries, let reason): (item.attempts, item.reason) = (deliveries, reason)
            case nil: break
            }
            if let mark, !mark.isParked { marked.insert(position) }
            items[position] = item
            if item.standing == .waiting { line(up: position, key) }
        }
        reached = next
        // What no longer is the subscription's.
        for (position, mark) in known where position < next {
            known[position] = nil
            if !mark.isParked { passed.append(position) }
        }
        advance()
    }

    /// Takes note of the keys of events that are replayed.
    mutating func place(_ replays: [(position: Position, key: Key)]) {
        for (position, key) in replays {
            guard let mark = unplaced.removeValue(forKey: position) else { continue }
            var item = Item(key: key, isInWindow: false)
            if case .open(let deliveries, let reason) = mark { (item.attempts, item.reason) = (deliveries, reason) }
            items[position] = item
            line(up: position, key)
        }
    }

    /// Puts an item that waits into its lane.
    mutating func line(up position: Position, _ key: Key) {
        waiting += 1
        var lane = lanes[key] ?? Lane()
        // Who was first may be no longer.
        if let first = lane.positions.first, first > position { ready.removeAscending(first) }
        lane.positions.insertAscending(position)
        lanes[key] = lane
        wake(key)
    }

    /// Makes the first of a lane ready, if it may be delivered.
    mutating func wake(_ key: Key) {
        guard let lane = lanes[key], lane.out == nil, let first = lane.positions.first,
            items[first]?.standing == .waiting
        else { return }
        ready.insertAscending(first)
    }

    /// Moves the cursor past what is done.
    mutating func advance() {
        var count = 0
        while count < window.count, items[window[count]]?.standing == .done {
            let position = window[count]
            items[position] = nil
            if marked.remove(position) != nil { passed.append(position) }
            count += 1
        }
        window.removeFirst(count)
    }

    /// Gives an item another standing, and everything that goes by it.
    mutating func stand(_ position: Position, _ standing: Standing) {
        guard let old = items[position]?.standing else { return }
        switch old {
        case .waiting:
            waiting -= 1
            ready.removeAscending(position)
        case .delayed(let until):
            waiting -= 1
            delayed.remove(position, at: until)
        case .inFlight(let consumer, let until):
            flying.remove(position, at: until)
            held[consumer]?.remove(position)
        case .settling, .done: break
        }
        switch standing {
        case .waiting: waiting += 1
        case .delayed(let until):
            waiting += 1
            delayed.insert(position, at: until)
        case .inFlight(let consumer, let until):
            flying.insert(position, at: until)
            held[consumer, default: []].insert(position)
        case .settling, .done: break
        }
        items[position]?.standing = standing
    }
}
