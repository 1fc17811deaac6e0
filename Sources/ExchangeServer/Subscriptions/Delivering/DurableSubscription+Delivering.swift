internal import EventLog

extension DurableSubscription {
    /// Hands events to a consumer, in the order of the log, as many as it may still hold.
    ///
    /// - Parameter consumer: A number that is never given to another.
    /// - Complexity: O(*k* log *n*) in the events, and a move of what is ready.
    mutating func take(_ limit: Int, for consumer: Int, at now: Moment) -> [Delivery] {
        let free = terms.maximumInFlight - (held[consumer]?.count ?? 0)
        let taken = Array(ready.prefix(max(0, min(limit, free))))
        ready.removeFirst(taken.count)
        return taken.compactMap { position in
            guard let item = items[position] else { return nil }
            items[position]?.attempts += 1
            items[position]?.consumer = consumer
            if item.attempts > 0 { redelivered += 1 }
            lanes[item.key]?.out = position
            stand(position, .inFlight(consumer: consumer, until: now + terms.redeliverAfter))
            return Delivery(position: position, attempt: item.attempts + 1)
        }
    }

    /// Takes note that time has gone by: what was not acknowledged waits anew, what was delayed waits no longer, and what was
    /// delivered too often is parked.
    ///
    /// - Returns: What is to be made durable, if anything is.
    mutating func expire(at now: Moment) -> Settlement? {
        for position in delayed.due(at: now) {
            stand(position, .waiting)
            if let key = items[position]?.key { wake(key) }
        }
        var settlement = Settlement()
        for position in flying.due(at: now) {
            if let consumer = items[position]?.consumer { late.insert(consumer) }
            fail(position, nil, at: now, &settlement)
        }
        return settlement.isEmpty ? nil : complete(settlement)
    }

    /// Takes back what a consumer holds that is gone. The attempt counts for the first of it: the others it may never have
    /// looked at.
    ///
    /// - Returns: What is to be made durable, if anything is.
    mutating func release(_ consumer: Int, at now: Moment) -> Settlement? {
        late.remove(consumer)
        guard let held = held.removeValue(forKey: consumer), let first = held.min() else { return nil }
        giveBack(held.filter { $0 != first }.sorted(), from: consumer)
        var settlement = Settlement()
        fail(first, nil, at: now, &settlement)
        return complete(settlement)
    }

    /// Takes back what was handed to a consumer and never left; the attempts do not count. What another has meanwhile is its.
    mutating func giveBack(_ positions: [Position], from consumer: Int) {
        for position in positions {
            guard let item = items[position], case .inFlight(consumer, _) = item.standing else { continue }
            items[position]?.attempts -= 1
            stand(position, .waiting)
            leave(position, item.key)
        }
    }

    /// Takes back what a consumer holds that is sent away; the attempts do not count.
    mutating func giveBack(all consumer: Int) {
        giveBack((held[consumer] ?? []).sorted(), from: consumer)
        held[consumer] = nil
        late.remove(consumer)
    }

    /// Ends an attempt in vain.
    ///
    /// - Parameter reason: Why it was rejected, and is delayed therefore; nil if it was not, and can be delivered at once.
    mutating func fail(_ position: Position, _ reason: String?, at now: Moment, _ settlement: inout Settlement) {
        guard let item = items[position] else { return }
        if let reason { items[position]?.reason = reason }
        let last = reason ?? item.reason
        let isUsedUp = item.attempts >= terms.maximumDeliveries
        if isUsedUp, hasRoomToPark {
            park(position, Self.exhausted(item.attempts, last), &settlement)
            return
        }
        stand(position, reason != nil || isUsedUp ? .delayed(until: now + terms.redeliverAfter) : .waiting)
        leave(position, item.key)
        settlement.marks[position] = .open(deliveries: item.attempts, reason: last)
        if item.isInWindow { marked.insert(position) }
    }

    /// Begins to park an event.
    mutating func park(_ position: Position, _ reason: String, _ settlement: inout Settlement) {
        guard let item = items[position] else { return }
        parking += 1
        stand(position, .settling)
        pending[position, default: 0] += 1
        settlement.outcomes[position] = .parked
        settlement.marks[position] = .parked(deliveries: item.attempts, reason: reason)
    }

    var hasRoomToPark: Bool { parked.count + parking < terms.maximumParked }

    /// Lets the next of a lane go, if it was this that was out.
    mutating func leave(_ position: Position, _ key: Key) {
        if lanes[key]?.out == position { lanes[key]?.out = nil }
        wake(key)
    }

    private static func exhausted(_ attempts: Int, _ reason: String?) -> String {
        let times = attempts == 1 ? "once" : "\(attempts) times"
        guard let reason else { return "It was delivered \(times) and not acknowledged." }
        return "It was delivered \(times), and rejected: \(reason)"
    }
}
