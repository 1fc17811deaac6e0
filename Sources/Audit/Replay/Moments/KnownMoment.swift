public import EventLog
public import Exchange
public import JSON

/// Up to where a log is known: a position, and the time by whose rules is decided what is seen.
public struct KnownMoment: Hashable, Sendable {
    /// Known is what stands below it.
    public let position: Position
    /// What was in force then governs.
    public let time: Timestamp
    /// Whether it is the present: then only the rules of now decide.
    public let isPresent: Bool

    /// The time for a read “as of” then; nil for the present.
    public var earlier: Timestamp? { isPresent ? nil : time }

    /// Writes it as the member `known`.
    public func write(to writer: inout JSONWriter) {
        writer.key("known")
        writer.object { writer in
            writer.member("position", Int64(clamping: position))
            writer.member("recorded", time.description)
        }
    }
}

extension Moment {
    /// Where it lies in the log of a ledger.
    ///
    /// A position alone is the moment at which the last entry below it was recorded. A time alone has all entries that were
    /// recorded by then. With both, what stands below the position and was recorded by the time is known.
    ///
    /// - Throws: ``ReplayError``: `.ahead` for a position beyond the head, or a time that has not come.
    /// - Complexity: O(log *n*) in the entries.
    public func known(in ledger: ExchangeLedger) throws(ReplayError) -> KnownMoment {
        let now = try ReplayError.exchange { () throws(ExchangeError) in try ledger.ownTime() }
        let found: Result<KnownMoment, ReplayError> = try ReplayError.log { () throws(LogError) in
            let head = try ledger.log.head
            guard !isPresent else { return .success(KnownMoment(position: head, time: now, isPresent: true)) }
            if let position, position > head {
                return .failure(
                    ReplayError(.ahead, "The log has \(head) entries: nothing is known at \(position)."))
            }
            var end = position ?? head
            if let recorded {
                guard recorded <= now else {
                    return .failure(
                        ReplayError(.ahead, "\(recorded) lies ahead: what will be known then nobody knows."))
                }
                let next = Timestamp(microseconds: recorded.microseconds + 1)
                end = min(end, try ledger.log.position(recordedAtOrAfter: next))
            }
            // Before the founding nothing is known, and the charter decides on nothing.
            let last = try ledger.log.entry(at: end > 0 ? end - 1 : 0).recorded
            return .success(KnownMoment(position: end, time: max(recorded ?? last, last), isPresent: false))
        }
        return try found.get()
    }
}
