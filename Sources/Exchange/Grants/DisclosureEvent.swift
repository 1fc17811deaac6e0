public import EventLog
public import JSON

/// What the events about disclosure say, in their order of a request's life.
public enum DisclosureEvent: Sendable, Hashable {
    /// `sanhu.disclosure.requested`
    case requested(DisclosureRequest)
    /// `sanhu.disclosure.checked`: whether a request is in order; one that is not is given back.
    case checked(request: Position, conforms: Bool, reasons: [String])
    /// `sanhu.disclosure.decided`
    case decided(DisclosureRuling)
    /// `sanhu.disclosure.expired`: notes that a grant's time is over. It was over without it.
    case expired(grant: Position)
    /// `sanhu.disclosure.expired` of a request, for disclosure or for assistance: notes that the time it asked for is over.
    case lapsed(request: Position)
    /// `sanhu.disclosure.revoked`
    case revoked(grant: Position, reasons: [String])
    /// `sanhu.disclosure.disputed`: the agency that asked objects to a decision. It changes nothing yet.
    case disputed(decision: Position, reasons: [String])
    /// `sanhu.assistance.requested`
    case assistanceRequested(AssistanceRequest)
    /// `sanhu.assistance.answered`
    case assistanceAnswered(AssistanceAnswer)
    /// `sanhu.assistance.closed`: ends all grants under the request for assistance.
    case assistanceClosed(assistance: Position, reasons: [String])

    // The schemas count characters, so that there are four bytes here for each of theirs.

    /// The most bytes of a sealed text: the grounds of a request, the subject of a case.
    static let detailBytes = 4000
    static let maximumReasons = 16
    static let reasonBytes = 4000

    enum Kind: String, CaseIterable {
        case requested = "sanhu.disclosure.requested"
        case checked = "sanhu.disclosure.checked"
        case decided = "sanhu.disclosure.decided"
        case expired = "sanhu.disclosure.expired"
        case revoked = "sanhu.disclosure.revoked"
        case disputed = "sanhu.disclosure.disputed"
        case assistanceRequested = "sanhu.assistance.requested"
        case assistanceAnswered = "sanhu.assistance.answered"
        case assistanceClosed = "sanhu.assistance.closed"
    }

    /// What is asked for, if it is a request.
    var scope: DisclosureScope? {
        switch self {
        case .requested(let request): request.scope
        case .assistanceRequested(let request): request.scope
        default: nil
        }
    }

    var kind: Kind {
        switch self {
        case .requested: .requested
        case .checked: .checked
        case .decided: .decided
        case .expired, .lapsed: .expired
        case .revoked: .revoked
        case .disputed: .disputed
        case .assistanceRequested: .assistanceRequested
        case .assistanceAnswered: .assistanceAnswered
        case .assistanceClosed: .assistanceClosed
        }
    }

    /// The types of these events.
    public static let types = Kind.allCases.map(\.rawValue)

    /// Reads an event's data, sealed or not: what is classified in it is checked if it is there, and not kept.
    ///
    /// - Returns: Nil if the type is none of ``types``, or if it is a request for assistance that names no owner of data but
    ///   who is `asked`: to act, which opens no scope for disclosure.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of what is wrong.
    /// - Complexity: O(*n*) in the size of the data for each of its at most ten members.
    public init?(type: String, data: JSONValue) throws(ExchangeError) {
        guard let kind = Kind(rawValue: type) else { return nil }
        if kind == .assistanceRequested, data["asked"] != nil, data["owner"] == nil { return nil }
        let data = try EventDataReader(data, keys: Self.keys(kind), holdsDigests: true)
        switch kind {
        case .requested: self = .requested(try DisclosureRequest(data))
        case .checked: self = try Self.checked(data)
        case .decided: self = .decided(try DisclosureRuling(data))
        case .expired: self = try Self.expired(data)
        case .revoked:
            self = .revoked(
                grant: try data.required("grant", data.position("grant")), reasons: try Self.reasons(data))
        case .disputed:
            self = .disputed(
                decision: try data.required("decision", data.position("decision")), reasons: try Self.reasons(data))
        case .assistanceRequested: self = .assistanceRequested(try AssistanceRequest(data))
        case .assistanceAnswered: self = .assistanceAnswered(try AssistanceAnswer(data))
        case .assistanceClosed:
            self = .assistanceClosed(
                assistance: try data.required("assistance", data.position("assistance")),
                reasons: try data.has("reasons") ? Self.reasons(data) : [])
        }
    }

    private static func keys(_ kind: Kind) -> Set<String> {
        switch kind {
        case .requested: DisclosureScope.keys.union(["purposeDetail", "assistance"])
        case .checked: ["request", "conforms", "reasons"]
        case .decided: DisclosureRuling.keys
        case .expired: ["grant", "request"]
        case .revoked: ["grant", "reasons"]
        case .disputed: ["decision", "reasons"]
        case .assistanceRequested: AssistanceRequest.keys
        case .assistanceAnswered: AssistanceAnswer.keys
        case .assistanceClosed: ["assistance", "reasons"]
        }
    }

    private static func checked(_ data: EventDataReader) throws(ExchangeError) -> DisclosureEvent {
        let conforms = try data.required("conforms", data.bool("conforms"))
        return .checked(
            request: try data.required("request", data.position("request")), conforms: conforms,
            reasons: try data.has("reasons") || !conforms ? reasons(data) : [])
    }

    private static func expired(_ data: EventDataReader) throws(ExchangeError) -> DisclosureEvent {
        guard let request = try data.position("request") else {
            return .expired(grant: try data.required("grant", data.position("grant")))
        }
        guard !data.has("grant") else { throw data.fault("It is a grant or a request, not both.", at: "request") }
        return .lapsed(request: request)
    }

    static func reasons(_ data: EventDataReader) throws(ExchangeError) -> [String] {
        try data.required("reasons", data.texts("reasons", atMost: maximumReasons, bytes: reasonBytes))
    }
}
