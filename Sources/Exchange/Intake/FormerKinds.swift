internal import EventLog

/// Which kinds of tags were blinded when an entry of a log was recorded: by them a retry of its event is sealed. Keeps
/// what it found out, so use one for many entries.
struct FormerKinds: ~Copyable {
    private let ledger: ExchangeLedger
    private var history: CharterHistory?
    /// How many entries the history is about.
    private var head: Position = 0
    /// Of the charter that was asked last, by its position.
    private var last: (charter: Position, kinds: Set<String>)?

    init(_ ledger: ExchangeLedger) {
        self.ledger = ledger
    }

    /// The kinds by which the event of an entry was sealed.
    ///
    /// - Parameter position: The entry's. It may have come after all that was folded before.
    /// - Throws: ``ExchangeError`` for what the log refuses.
    /// - Complexity: O(log *a*) in the number of amendments, and O(*k*) in the kinds for an entry of another charter.
    mutating func kinds(at position: Position) throws(ExchangeError) -> Set<String> {
        if position >= head {
            (history, head) = try ledger.current { state throws(ExchangeError) in (state.history, state.folded) }
        }
        guard let charter = history?.charter(asOf: position) else { return TagBlinder.personalKinds }
        if let last, last.charter == charter.position { return last.kinds }
        let kinds = charter.personalTagKinds
        last = (charter.position, kinds)
        return kinds
    }
}
