public import EventLog

/// How a request, a request for assistance or a grant stands, for those who have to do with it.
public struct DisclosureStanding: Sendable, Hashable {
    public enum Matter: Sendable, Hashable {
        case request(RequestRecord)
        case assistance(AssistanceRecord)
        case grant(GrantRecord)

        /// By which it is named: where the request was made or the grant given.
        public var position: Position {
            switch self {
            case .request(let record): record.at.position
            case .assistance(let record): record.at.position
            case .grant(let record): record.at.position
            }
        }

        /// Who asks.
        public var agency: String {
            switch self {
            case .request(let record): record.agency
            case .assistance(let record): record.agency
            case .grant(let record): record.grant.agency
            }
        }

        /// What was asked for or given.
        public var scope: DisclosureScope {
            switch self {
            case .request(let record): record.request.scope
            case .assistance(let record): record.request.scope
            case .grant(let record): record.grant.scope
            }
        }
    }

    public enum State: String, Sendable, Hashable, CaseIterable {
        // Of requests.
        /// Nothing has been done about it.
        case open
        /// It is in order and waits for a decision.
        case checked
        /// It was not in order.
        case returned
        case granted, partly, denied
        /// It was for assistance, and has been answered; it is open all the same.
        case answered
        /// The time it asked for is over.
        case lapsed
        // Of grants.
        /// It was given for a time that has not begun.
        case pending
        case inForce
        case expired, revoked
        // Of both: the request for assistance was closed.
        case closed
    }

    /// Until when something was or is to be done.
    public struct Due: Sendable, Hashable {
        public let stage: DisclosureDeadlines.Stage
        /// Whether what was asked for was in the exchange when it was asked for; if not, there is more time for an answer.
        public let isPublished: Bool
        /// The first moment that is too late.
        public let at: Timestamp
        /// When it was done, or nil.
        public let done: Timestamp?
        public let isLate: Bool
        /// If it is late, how many working days after the last one it was done or is now; else how many are left after
        /// today, or were after the day on which it was done.
        public let workingDays: Int
    }

    public let matter: Matter
    public let state: State
    /// What is due of a request, the first stage first.
    public let due: [Due]
    /// The decision on a request, and how often it was disputed.
    public let decision: DecisionRecord?
    /// Its sealed grounds or subject, as far as the reader may see them.
    public let detail: String?

    /// Whether something of it is late and not done.
    public var isOverdue: Bool { due.contains { $0.isLate && $0.done == nil } }
}

extension Grant {
    /// What it opens.
    public var scope: DisclosureScope {
        DisclosureScope(
            owner: owner, fields: fields, roles: roles, objects: objects, purpose: purpose, caseName: caseName,
            from: validity.from, to: validity.to ?? Timestamp(microseconds: .max))
    }
}
