internal import EventLog
internal import JSON

/// Judges the events of disclosure of one append: each must follow from those in the log and from those before it.
///
/// What is judged so has an effect for certain, for the append is made on the condition that no event of disclosure has come
/// since: two decisions on one request, or a grant under a case that is being closed, do not both come in.
struct DisclosureIntake {
    private typealias Taken = (event: DisclosureEvent, moment: RecordedAt)

    private let agency: String
    private var first: Taken?
    /// The book after several events; nil for one or none, so that it need not be copied for them.
    private var book: GrantBook?
    /// On what the append relies, if it has such events.
    private(set) var condition: AppendCondition?

    init(_ agency: String) {
        self.agency = agency
    }

    /// Judges an event, if it is one of disclosure.
    ///
    /// - Throws: ``ExchangeError`` as ``GrantBook/apply(_:by:at:)``, and `.notOwner` if the fields asked for are another's.
    mutating func take(_ event: ParsedEvent, _ state: inout ExchangeState, at time: Timestamp) throws(ExchangeError) {
        guard let data = event.document.root["data"],
            let disclosure = try DisclosureEvent(type: event.type, data: data)
        else { return }
        if let scope = disclosure.scope { try state.checkOwner(of: scope) }
        let position = (book?.last?.position ?? first?.moment.position).map { $0 + 1 } ?? state.folded
        let moment = RecordedAt(position, max(time, state.book.last?.time ?? time))
        condition = AppendCondition(noneMatching: Query(types: DisclosureEvent.types), after: state.folded - 1)
        guard let first else {
            try state.book.check(disclosure, by: agency, at: moment)
            self.first = (disclosure, moment)
            return
        }
        if book == nil {
            book = state.book
            try book?.apply(first.event, by: agency, at: first.moment)
        }
        try book?.apply(disclosure, by: agency, at: moment)
    }
}
