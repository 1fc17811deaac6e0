public import EventLog

extension GrantBook {
    /// What has ended because its time is over and has not been noted, in an order in which it can be: grants, then
    /// requests, then requests for assistance, each the oldest first. Nothing of it has any effect any more.
    ///
    /// - Complexity: O(*n* log *n*) in the number of grants and requests that have not ended.
    public func unnoted(at time: Timestamp) -> [DisclosureEvent] {
        let over = ends.filter { $0.value <= time }.keys.sorted()
        return over.filter { grants[$0] != nil }.map { .expired(grant: $0) }
            + over.filter { requests[$0] != nil }.map { .lapsed(request: $0) }
            + over.filter { assistances[$0] != nil }.map { .lapsed(request: $0) }
    }

    /// When the next of what has not ended is over by its time; nil if there is nothing.
    ///
    /// - Complexity: O(*n*) in the number of grants and requests that have not ended.
    public var nextEnd: Timestamp? { ends.values.min() }

    /// A request, for disclosure or for assistance, has ended because the time it asked for is over.
    func lapsed(_ position: Position, at moment: RecordedAt) throws(ExchangeError) -> GrantChange {
        let to: Timestamp
        if assistances[position] != nil {
            to = try openAssistance(position, pointer: "/request").request.scope.to
        } else {
            to = try openRequest(position).request.scope.to
        }
        guard to <= moment.time else {
            throw ExchangeError(
                .conflict, "What position \(position) asks for lasts until \(to); who asked may close it.",
                pointer: "/request")
        }
        return assistances[position] == nil ? .lapse(request: position) : .closing(assistance: position, reasons: [])
    }
}
