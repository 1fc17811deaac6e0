public import EventLog

/// Where in the log and when something was recorded.
public struct RecordedAt: Sendable, Hashable {
    public let position: Position
    public let time: Timestamp

    public init(_ position: Position, _ time: Timestamp) {
        self.position = position
        self.time = time
    }
}

/// A request for disclosure and what became of it.
public struct RequestRecord: Sendable, Hashable {
    /// How a request was found when it was checked.
    public struct Check: Sendable, Hashable {
        public let at: RecordedAt
        /// Whether it is in order; if not, it was given back.
        public let conforms: Bool
        public let reasons: [String]
    }

    public let at: RecordedAt
    /// Who asks.
    public let agency: String
    public let request: DisclosureRequest
    public internal(set) var check: Check?
    /// The decision on it.
    public internal(set) var decision: RecordedAt?
    /// When the request for assistance it was made under was closed before it was decided.
    public internal(set) var closed: RecordedAt?
    /// When it was noted that the time it asked for was over before it was decided.
    public internal(set) var lapsed: RecordedAt?

    init(at: RecordedAt, agency: String, request: DisclosureRequest) {
        self.at = at
        self.agency = agency
        self.request = request
    }

    /// When nothing more was to be done about it, or nil.
    public var ended: RecordedAt? { decision ?? closed ?? lapsed ?? (check?.conforms == false ? check?.at : nil) }
}

/// A decision on a request.
public struct DecisionRecord: Sendable, Hashable {
    /// An objection of the agency that asked.
    public struct Dispute: Sendable, Hashable {
        public let at: RecordedAt
        public let reasons: [String]
    }

    public let at: RecordedAt
    /// Who asked.
    public let agency: String
    /// Who decided.
    public let owner: String
    public let ruling: DisclosureRuling
    public internal(set) var disputes: [Dispute] = []

    init(at: RecordedAt, agency: String, owner: String, ruling: DisclosureRuling) {
        self.at = at
        self.agency = agency
        self.owner = owner
        self.ruling = ruling
    }
}

/// A grant and how it ended.
public struct GrantRecord: Sendable, Hashable {
    public struct End: Sendable, Hashable {
        public enum Cause: String, Sendable, Hashable {
            /// Its time was over, and this was noted.
            case expired
            case revoked
            /// The request for assistance it was given under was closed.
            case closed
        }

        public let at: RecordedAt
        public let cause: Cause
        public let reasons: [String]
    }

    public let grant: Grant
    /// When it was given; its position names it.
    public let at: RecordedAt
    /// The position of the request for disclosure or for assistance it answers.
    public let request: Position
    /// The position of the request for assistance with which it ends, or nil.
    public let assistance: Position?
    /// How it was ended; one whose time is over has ended without this.
    public internal(set) var end: End?

    init(grant: Grant, at: RecordedAt, request: Position, assistance: Position?) {
        self.grant = grant
        self.at = at
        self.request = request
        self.assistance = assistance
    }
}

/// A request for assistance, the scope it opens, and what became of it.
public struct AssistanceRecord: Sendable, Hashable {
    public struct Answer: Sendable, Hashable {
        public let at: RecordedAt
        public let answer: AssistanceAnswer
    }

    public let at: RecordedAt
    /// Who asks.
    public let agency: String
    public let request: AssistanceRequest
    public internal(set) var answers: [Answer] = []
    /// When it was closed, by who asked or because its time was over.
    public internal(set) var closed: RecordedAt?
    /// The requests for disclosure made under it that are neither decided nor given back.
    var openRequests: Set<Position> = []
    var grants: [Position] = []

    init(at: RecordedAt, agency: String, request: AssistanceRequest) {
        self.at = at
        self.agency = agency
        self.request = request
    }
}
