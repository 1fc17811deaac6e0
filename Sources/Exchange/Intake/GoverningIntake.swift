internal import EventLog

/// Judges the events of disclosure and of erasure of one append: each must follow from those in the log and, if it is one of
/// disclosure, from those before it in the append.
///
/// What is judged so has an effect for certain, for the append is made on the condition that no event of disclosure has come
/// since: two decisions on one request, or a grant under a case that is being closed, do not both come in.
struct GoverningIntake {
    private typealias Taken = (event: DisclosureEvent, moment: RecordedAt)

    private let agency: String
    private var first: Taken?
    /// The book after several events; nil for one or none, so that it need not be copied for them.
    private var book: GrantBook?
    /// On what the append relies.
    var conditions: Set<AppendCondition> = []

    init(_ agency: String) {
        self.agency = agency
    }

    /// Judges an event by the terms of the append.
    ///
    /// - Throws: ``ExchangeError``: for one of disclosure as ``GrantBook/apply(_:by:at:)``, and `.notOwner` if the fields
    ///   asked for are another's; for one of erasure as ``ErasureRegister``, and `.conflict` if it was not begun in the key
    ///   store.
    mutating func take(
        _ event: GoverningEvent, _ terms: IntakeTerms, _ ledger: ExchangeLedger
    ) throws(ExchangeError) {
        switch event {
        case .disclosure(let disclosure):
            if let scope = disclosure.scope {
                try ledger.current { state throws(ExchangeError) in try state.checkOwner(of: scope) }
            }
            try take(disclosure, terms)
        case .erasure(let erasure):
            conditions.insert(ErasureEvent.condition(forType: erasure.kind.rawValue, head: terms.head))
            try ledger.check(erasure, by: agency, at: terms.now)
        }
    }

    /// Judges an event of disclosure by the terms of the append.
    ///
    /// - Throws: ``ExchangeError`` as ``GrantBook/apply(_:by:at:)``.
    private mutating func take(_ disclosure: DisclosureEvent, _ terms: IntakeTerms) throws(ExchangeError) {
        let position = (book?.last?.position ?? first?.moment.position).map { $0 + 1 } ?? terms.head
        let moment = RecordedAt(position, max(terms.now, terms.book.last?.time ?? terms.now))
        conditions.insert(
            AppendCondition(noneMatching: Query(types: DisclosureEvent.types), after: terms.head - 1))
        guard let first else {
            try terms.book.check(disclosure, by: agency, at: moment)
            self.first = (disclosure, moment)
            return
        }
        if book == nil {
            book = terms.book
            try book?.apply(first.event, by: agency, at: first.moment)
        }
        try book?.apply(disclosure, by: agency, at: moment)
    }
}
