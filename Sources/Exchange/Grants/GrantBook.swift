public import EventLog

/// The requests, decisions and grants of a log: a fold over the events of disclosure and assistance.
///
/// It is a value without clock or disk. Give it the events in the order of their positions; the same events make the same
/// book. What may not happen is refused and changes nothing, at intake (``check(_:by:at:)``) as in the fold: an event that
/// came into the log nevertheless has no effect.
///
/// ```text
/// requested → checked → decided ─ granted → expired | revoked | closed
///                    ╰→ given back      ╰ denied     disputed: noted at the decision
/// ```
public struct GrantBook: Sendable {
    /// The most requests of one agency that may wait for decisions or be open as assistance.
    public static let maximumOpenRequests = 10_000
    /// The most answers to a request for assistance, and disputes of a decision.
    public static let maximumRepetitions = 64
    /// The most grants under one request for assistance.
    public static let maximumGrantsOfAssistance = 1000

    /// By the positions of their requests.
    public internal(set) var requests: [Position: RequestRecord] = [:]
    /// By the positions of their requests.
    public internal(set) var assistances: [Position: AssistanceRecord] = [:]
    /// By their positions.
    public internal(set) var decisions: [Position: DecisionRecord] = [:]
    /// By their positions.
    public internal(set) var grants: [Position: GrantRecord] = [:]
    /// For each agency its grants, the oldest first.
    var grantsByAgency: [String: [Position]] = [:]
    /// For each agency that asks, how many requests for disclosure and for assistance are open.
    var openCounts: [String: Int] = [:]
    /// By the positions of all grants, requests and requests for assistance that have not ended, when their time is over.
    var ends: [Position: Timestamp] = [:]
    /// The last event that had an effect.
    public private(set) var last: RecordedAt?

    public init() {}

    /// Says whether an event could be applied now, and changes nothing.
    ///
    /// - Throws: As ``apply(_:by:at:)``.
    public func check(_ event: DisclosureEvent, by agency: String, at moment: RecordedAt) throws(ExchangeError) {
        _ = try change(event, by: agency, at: moment)
    }

    /// Applies an event.
    ///
    /// - Parameters:
    ///   - agency: Who appended it.
    ///   - moment: Its position and the time it was recorded, both after those of the event before.
    /// - Throws: ``ExchangeError``; the book is then as it was. `.unknownRequest` and `.unknownGrant` if the event refers to
    ///   what is not there; `.notOwner` if it is not this agency's to say; `.outsideRequest` if it goes beyond what was
    ///   asked for; `.caseClosed` if the request for assistance is closed; `.grantEnded` if the grant has ended;
    ///   `.conflict` if it comes too early, twice or too late; `.limitExceeded`.
    /// - Complexity: O(*n*) in the size of the event; for a closing, in the number of grants it ends.
    public mutating func apply(
        _ event: DisclosureEvent, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) {
        commit(try change(event, by: agency, at: moment), at: moment)
        last = moment
    }

    private func change(
        _ event: DisclosureEvent, by agency: String, at moment: RecordedAt
    ) throws(ExchangeError) -> GrantChange {
        if let last, moment.position <= last.position || moment.time < last.time {
            throw ExchangeError(
                .conflict, "Position \(moment.position) does not come after \(last.position); apply events in order.")
        }
        switch event {
        case .requested(let request):
            return try requested(request, by: agency, at: moment)
        case .checked(let position, let conforms, let reasons):
            return try checked(position, conforms, reasons, by: agency, at: moment)
        case .decided(let ruling):
            return try decided(ruling, by: agency, at: moment)
        case .expired(let grant):
            return try expired(grant, at: moment)
        case .lapsed(let request):
            return try lapsed(request, at: moment)
        case .revoked(let grant, let reasons):
            return try revoked(grant, reasons, by: agency, at: moment)
        case .disputed(let decision, let reasons):
            return try disputed(decision, reasons, by: agency, at: moment)
        case .assistanceRequested(let request):
            return try assistanceRequested(request, by: agency, at: moment)
        case .assistanceAnswered(let answer):
            return try assistanceAnswered(answer, by: agency, at: moment)
        case .assistanceClosed(let assistance, let reasons):
            return try assistanceClosed(assistance, reasons, by: agency)
        }
    }

    /// The grants in force for an agency at a time, as far as the book goes, the oldest first.
    ///
    /// - Complexity: O(*n*) in the number of grants the agency ever had.
    public func grants(inForceAt time: Timestamp, for agency: String) -> [Grant] {
        history().grants(inForceAt: time, for: agency)
    }

    /// The requests for disclosure that waited for a decision at a time, as far as the book goes, the oldest first.
    ///
    /// - Complexity: O(*n* log *n*) in the number of requests there ever were.
    public func requests(openAt time: Timestamp) -> [RequestRecord] {
        history().requests(openAt: time)
    }

    /// The book as it was known when the log went up to a position, that included; without one, as it is.
    public func history(asOf position: Position = .max) -> GrantHistory {
        GrantHistory(self, asOf: position)
    }
}
