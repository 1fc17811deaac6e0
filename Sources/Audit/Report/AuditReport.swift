package import EventLog
package import Exchange
package import Transparency

/// An audit report: what a reader may know of a case or a period at a position of the log, with proofs. A value that is made of the
/// ledger alone, so that the same position gives the same report.
package struct AuditReport: Sendable {
    /// How many events of an agency and a type there are.
    package struct Count: Sendable, Hashable {
        package let agency: String
        package let type: String
        package var events: Int
    }

    /// A breach of a rule that the ledger recorded (违规记录).
    package struct Breach: Sendable, Hashable {
        package let position: Position
        package let recorded: Timestamp
        package let rule: String
        /// What it is about, as the log tags it.
        package let object: String
        /// Where the event stands that broke it; nil if that is not in the log as it was.
        package let cause: Position?
        /// What stood against it.
        package let against: [Position]
    }

    /// What is told of who looked.
    package struct Accesses: Sendable {
        package enum Telling: String, Sendable, Hashable {
            case told
            /// The reader is none who is told.
            case notTold
            /// No access record had been anchored in the log by then.
            case nothingAnchored
        }

        package var telling = Telling.told
        /// How many entries the access log had by its last anchor below the position: later ones are in no report of it.
        package var anchored: Position = 0
        package var records: [Access] = []
        /// Whether there are more than are shown: the latest are.
        package var isCut = false
    }

    package let question: AuditQuestion
    package let reader: Reader
    /// What the reader is by the charter.
    package let kind: ReaderKind
    /// The log's name, and its state at the position.
    package let origin: String
    package let checkpoint: SignedNote
    package let root: MerkleHash
    /// When the last entry below the position was recorded, which is the time as of which fields are disclosed; nil if there is none.
    package let time: Timestamp?
    /// The position of the last charter event that was in force.
    package let charter: Position?
    /// By code, as the charter calls them.
    package internal(set) var agencies: [String: String]
    /// By event type without `sanhu.`: its title in English and Chinese.
    package let titles: [String: TypeTitle]

    /// By agency and type: all that the reader sees of what was asked for.
    package var counts: [Count] = []
    /// Per day of recording at +08:00 and agency.
    package var days: [String: [String: Int]] = [:]
    /// Entries in the range of which the reader is told nothing but that they are there; nil for an object.
    package var stubs: Int?
    /// The positions looked at: from the first up to, and without, the last.
    package var range: Range<Position> = 0..<0
    /// Those that are shown, by position: the first, and beyond them corrections and breaches.
    package var events: [AuditedEvent] = []
    /// Where the events begin that are only counted; nil if all are shown.
    package var rest: Position?
    /// Whether there are more corrections or breaches than are shown.
    package var isBesideCut = false
    package var decisions: [Position: DecisionAccount] = [:]
    package var breaches: [Breach] = []
    package var accesses = Accesses()

    /// All that the reader sees of what was asked for.
    package var total: Int { counts.reduce(0) { $0 + $1.events } }
}

/// What a type of event is called.
package struct TypeTitle: Sendable, Hashable {
    package let english: String
    package let chinese: String
}
