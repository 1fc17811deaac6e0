internal import Clearance
public import EventLog
public import Exchange
internal import JSON
internal import Views

extension Replay {
    /// The position of an event, by its source and id.
    ///
    /// - Throws: ``ReplayError`` with code `.notThere`.
    public func position(of identity: EventIdentity) throws(ReplayError) -> Position {
        let ledger = ledger
        let found = try ReplayError.log { () throws(LogError) in try ledger.log.entries(of: [identity]) }
        guard let entry = found.values.first else {
            throw ReplayError(
                .notThere, "There is no event \(identity.id.prefix(200)) of \(identity.source.prefix(200)).")
        }
        return entry.position
    }

    /// Why an event of the log stood. See docs/replay.md.
    ///
    /// - Parameters:
    ///   - position: Where the event stands.
    ///   - moment: Up to where later events are known; its position must lie behind the event.
    ///   - reader: Who asks, and is told what it may see.
    /// - Throws: ``ReplayError``.
    /// - Complexity: O(*n*) in what the rules look at for it, and in what is about the same objects.
    public func why(
        _ position: Position, knownAt moment: Moment = .present, for reader: Reader
    ) async throws(ReplayError) -> Why {
        let known = try moment.known(in: ledger)
        guard position < known.position else {
            throw ReplayError(.ahead, "Below \(known.position) there is no event at \(position).")
        }
        let ledger = ledger
        let seen = try await ReplayError.reading { () async throws(ExchangeError) in
            try await ledger.seen(
                at: [position], by: reader, asOf: known.earlier, before: known.position, upcasting: .standard)
        }
        guard let entry = seen.first else {
            throw ReplayError(.notThere, "There is nothing at \(position).")
        }
        // Of what who asks may not see, nothing is told but that it is there.
        guard let event = entry.event else { return Why(position: position, known: known, event: entry) }
        let teller = try await WhyTeller(self, event, known, reader)
        return try await teller.why(entry)
    }
}
