public import EventLog
public import Exchange

/// Why a decision stood: by which power and which rules, on what it rested, and what came later that would change it.
///
/// All is told as far as who asks may see it now. The same position, known up to the same position, comes to the same bytes.
public struct Why: Sendable {
    /// What is told of an entry that was relied on.
    public enum Told: Sendable, Hashable {
        case event(agency: String, type: String, recorded: Timestamp, id: String)
        /// An auditor is told that it is there.
        case stub
    }

    /// An entry of the charter: from where on it said so, and where that ended.
    public struct Power: Sendable, Hashable {
        public let id: String
        public let agency: String
        public let types: [String]
        public let ports: [String]?
        /// The charter event since which it was so.
        public let since: Position
        /// The charter event by which it was so no more, if one came.
        public let ended: Position?
    }

    public struct Schema: Sendable, Hashable {
        public let uri: String
        /// The charter event that registered it.
        public let since: Position
    }

    /// What a rule finds when it is run again at the head of then.
    public struct RuleRun: Sendable {
        public enum Outcome: String, Sendable, Hashable {
            case satisfied, broken
            /// It depends on what who asks may not see.
            case untold
        }

        public let rule: String
        public let version: Int
        public let effect: String
        public let requirement: String
        public let object: String?
        public let outcome: Outcome
        public let against: [Position]
        public let remedy: String?
        /// Where stands what it read, as far as that is told.
        public let read: [Position]
        /// How many entries it read beyond those that are named.
        public let more: Int
        /// Whether it read what who asks may not see.
        public let hasHidden: Bool
        /// What it finds of what had happened by then in truth, if that is otherwise.
        public let asTrue: Outcome?
    }

    /// The automation that appended it.
    public struct Act: Sendable, Hashable {
        public let automation: String
        /// The event from which it followed.
        public let cause: Position
        /// Its number among what followed from that.
        public let reaction: Int
    }

    /// An event that it rested on.
    public struct Ground: Sendable {
        public let position: Position
        /// `named` in it, `cause` of an automation's act, or `rule NAME` that read it.
        public let how: String
        public let told: Told
        public let rests: [Ground]
    }

    /// A grant under which the deciding agency could see inputs.
    public struct Sight: Sendable {
        public let grant: Position
        public let owner: String
        public let purpose: String
        public let caseName: String
        /// The fields that it opened.
        public let opened: [(position: Position, pointers: [String])]
    }

    /// What came later and would change it.
    public struct Later: Sendable {
        public let position: Position
        /// `corrected`; `named`, by what lifts, revokes, answers or ends it; `late`, what had happened before and a rule looks at.
        public let how: String
        public let told: Told
    }

    public let position: Position
    /// Up to where later events are known.
    public let known: KnownMoment
    public let event: SeenEntry
    public internal(set) var power: Power?
    public internal(set) var schema: Schema?
    public internal(set) var rules: [RuleRun] = []
    public internal(set) var act: Act?
    public internal(set) var grounds: [Ground] = []
    /// Whether there is more that it rested on than is told.
    public internal(set) var hasMore = false
    public internal(set) var sights: [Sight] = []
    public internal(set) var later: [Later] = []

    init(position: Position, known: KnownMoment, event: SeenEntry) {
        (self.position, self.known, self.event) = (position, known, event)
    }
}
