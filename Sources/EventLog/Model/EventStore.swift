/// What every store of events can do, whatever it is made of. One suite of tests holds for all of them.
public protocol EventStore: Sendable {
    /// How many entries there are: the position the next one gets.
    var head: Position { get throws(LogError) }

    /// Appends events together, or none of them.
    ///
    /// - Returns: A receipt for each event, in order, once all are durable.
    /// - Throws: ``LogError``; with everything that broke the request in ``LogError/conflicts``.
    func append(_ request: AppendRequest) async throws(LogError) -> [Receipt]

    /// The entries of a range that match a query.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the range begins or ends above the head.
    func read(_ query: Query, _ range: ReadRange) throws(LogError) -> [Entry]

    /// The position of the first entry recorded at a time or after it; the head if there is none.
    func position(recordedAtOrAfter time: Timestamp) throws(LogError) -> Position
}

extension EventStore {
    /// The last entry that matches a query, or nil.
    public func last(_ query: Query) throws(LogError) -> Entry? {
        try read(query, ReadRange(isBackwards: true, limit: 1)).first
    }
}
