internal import EventLog

extension DurableSubscription {
    /// Where an event stands, for whoever says something of it.
    private enum Knowledge { case open, settling, parked, done, unknown }

    /// Takes what a consumer says became of events; it counts once it is durable. No position is named twice.
    ///
    /// - Returns: nil if more would be parked than may be; then nothing was taken.
    mutating func answer(
        _ acknowledged: [Position], _ rejected: [Rejection], at now: Moment
    ) -> (settlement: Settlement, answered: Answered)? {
        let parks = rejected.count { !$0.isRetried && knowledge(of: $0.position) == .open }
        guard parks == 0 || parked.count + parking + parks <= terms.maximumParked else { return nil }
        var (answered, settlement) = (Answered(), Settlement())
        for position in acknowledged + rejected.map(\.position) {
            if let consumer = items[position]?.consumer { late.remove(consumer) }
        }
        for position in acknowledged {
            switch knowledge(of: position) {
            case .open:
                answered.acknowledged += 1
                acknowledge(position, &settlement)
            case .settling:
                // It is written once more: what was begun may yet fail.
                answered.repeated += 1
                acknowledge(position, &settlement)
            case .parked:
                answered.acknowledged += 1
                discard(position, &settlement)
            case .done: answered.repeated += 1
            case .unknown: answered.unknown.append(position)
            }
        }
        for rejection in rejected {
            switch knowledge(of: rejection.position) {
            case .open:
                answered.rejected += 1
                if rejection.isRetried {
                    fail(rejection.position, rejection.reason, at: now, &settlement)
                } else {
                    park(rejection.position, rejection.reason, &settlement)
                }
            case .settling, .parked, .done: answered.repeated += 1
            case .unknown: answered.unknown.append(rejection.position)
            }
        }
        return (complete(settlement), answered)
    }

    /// Begins to deliver parked events again, or to give them up.
    ///
    /// - Returns: nil if one of them is not parked; then nothing was begun.
    mutating func move(_ positions: [Position], _ outcome: Settlement.Outcome) -> Settlement? {
        guard positions.allSatisfy({ knowledge(of: $0) == .parked }) else { return nil }
        var settlement = Settlement()
        for position in positions {
            guard outcome == .replayed else {
                discard(position, &settlement)
                continue
            }
            pending[position, default: 0] += 1
            settlement.outcomes[position] = .replayed
            settlement.marks[position] = .open(deliveries: 0, reason: nil)
        }
        return complete(settlement)
    }

    /// The cursor, if it moved since it was written last.
    mutating func unwritten() -> Settlement? {
        cursor != writtenCursor || !passed.isEmpty ? complete(Settlement()) : nil
    }

    /// What was settled is durable, and counts.
    mutating func finish(_ settlement: Settlement) {
        for (position, outcome) in settlement.outcomes {
            settled(position)
            switch outcome {
            case .acknowledged:
                parked.remove(position)
                if let item = items[position] {
                    if item.isInWindow { marked.insert(position) }
                } else if settlement.marks[position] != nil {
                    // It was settled twice, and the cursor has passed it since the first time.
                    passed.append(position)
                }
                conclude(position)
            case .parked:
                parking -= 1
                parked.insert(position)
                marked.remove(position)
                conclude(position)
            case .discarded:
                parked.remove(position)
                guard settlement.marks[position] != nil else { continue }
                if items[position] != nil {
                    marked.insert(position)
                } else if position < reached {
                    passed.append(position)
                } else {
                    known[position] = .acknowledged
                }
            case .replayed:
                parked.remove(position)
                reopen(position)
            }
        }
        advance()
    }

    /// What was to be settled could not be made durable: it is as if it had not been said.
    mutating func abandon(_ settlement: Settlement) {
        for (position, outcome) in settlement.outcomes {
            settled(position)
            if outcome == .parked { parking -= 1 }
            // Of what is said twice, the second may yet hold.
            guard let item = items[position], item.standing == .settling, pending[position] == nil else { continue }
            stand(position, .waiting)
            leave(position, item.key)
        }
        passed += settlement.passed
        writtenCursor = nil
    }

    // MARK: -

    /// Adds to what is to be made durable how far the subscription is.
    mutating func complete(_ settlement: Settlement) -> Settlement {
        var settlement = settlement
        for position in settlement.outcomes.keys { end = max(end, position + 1) }
        end = max(end, cursor)
        (settlement.cursor, settlement.end, settlement.passed) = (cursor, end, passed)
        (passed, writtenCursor) = ([], cursor)
        return settlement
    }

    private func knowledge(of position: Position) -> Knowledge {
        if let item = items[position], item.standing != .done { return item.standing == .settling ? .settling : .open }
        if parked.contains(position) { return pending[position] != nil ? .unknown : .parked }
        if unplaced[position] != nil { return .unknown }
        return items[position] != nil || position < cursor || known[position] == .acknowledged ? .done : .unknown
    }

    private mutating func settled(_ position: Position) {
        let left = (pending[position] ?? 0) - 1
        pending[position] = left > 0 ? left : nil
    }

    private mutating func acknowledge(_ position: Position, _ settlement: inout Settlement) {
        stand(position, .settling)
        pending[position, default: 0] += 1
        settlement.outcomes[position] = .acknowledged
        if items[position]?.isInWindow == true {
            settlement.marks[position] = .acknowledged
        } else {
            settlement.cleared.append(position)
        }
    }

    private mutating func discard(_ position: Position, _ settlement: inout Settlement) {
        pending[position, default: 0] += 1
        settlement.outcomes[position] = .discarded
        if items[position] != nil || position >= reached {
            settlement.marks[position] = .acknowledged
        } else {
            settlement.cleared.append(position)
        }
    }

    /// Is done with an event.
    private mutating func conclude(_ position: Position) {
        guard let item = items[position] else { return }
        stand(position, .done)
        lanes[item.key]?.positions.removeAscending(position)
        if lanes[item.key]?.positions.isEmpty == true { lanes[item.key] = nil } else { leave(position, item.key) }
        if !item.isInWindow { items[position] = nil }
    }

    /// Delivers an event again that was parked.
    private mutating func reopen(_ position: Position) {
        if let item = items[position] {
            // The cursor has not passed it, so its key is known.
            items[position] = Item(key: item.key, isInWindow: item.isInWindow)
            marked.insert(position)
            line(up: position, item.key)
        } else if position < reached {
            unplaced[position] = .open(deliveries: 0, reason: nil)
        } else {
            known[position] = .open(deliveries: 0, reason: nil)
        }
    }
}
