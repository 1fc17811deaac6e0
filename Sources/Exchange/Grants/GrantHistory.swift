public import EventLog

/// What a ``GrantBook`` held when the log went up to some position: “what could Tax see on 3 March, as was known then?”
///
/// Two things can be asked for independently: the position, up to which events are known, and the time at which requests
/// and grants must be open. A revocation that came later is not known; one that is known counts from when it was recorded.
public struct GrantHistory: Sendable {
    private let book: GrantBook
    /// The last position that is known.
    public let position: Position

    init(_ book: GrantBook, asOf position: Position) {
        self.book = book
        self.position = position
    }

    /// The grants in force for an agency at a time, the oldest first. One whose time is over is not, whether or not that
    /// has been noted.
    ///
    /// - Complexity: O(*n*) in the number of grants the agency ever had.
    public func grants(inForceAt time: Timestamp, for agency: String) -> [Grant] {
        (book.grantsByAgency[agency] ?? []).compactMap { position in
            guard let record = book.grants[position], isInForce(record, at: time) else { return nil }
            return record.grant
        }
    }

    /// The grants in force at a time, for any agency, the oldest first.
    ///
    /// - Complexity: O(*n* log *n*) in the number of grants there ever were.
    public func grants(inForceAt time: Timestamp) -> [Grant] {
        book.grants.values.filter { isInForce($0, at: time) }.map(\.grant).sorted { $0.position < $1.position }
    }

    /// The requests for disclosure that waited for a decision at a time, the oldest first.
    ///
    /// - Complexity: O(*n* log *n*) in the number of requests there ever were.
    public func requests(openAt time: Timestamp) -> [RequestRecord] {
        book.requests.values.filter { record in
            has(record.at, by: time) && !has(record.ended, by: time)
        }.sorted { $0.at.position < $1.at.position }
    }

    /// The requests for assistance that were not closed at a time, the oldest first.
    ///
    /// - Complexity: O(*n* log *n*) in the number of requests there ever were.
    public func assistances(openAt time: Timestamp) -> [AssistanceRecord] {
        book.assistances.values.filter { record in
            has(record.at, by: time) && !has(record.closed, by: time)
        }.sorted { $0.at.position < $1.at.position }
    }

    private func isInForce(_ record: GrantRecord, at time: Timestamp) -> Bool {
        has(record.at, by: time) && record.grant.validity.contains(time) && !has(record.end?.at, by: time)
    }

    /// Whether something was known and had happened.
    private func has(_ moment: RecordedAt?, by time: Timestamp) -> Bool {
        moment.map { $0.position <= position && $0.time <= time } ?? false
    }
}
