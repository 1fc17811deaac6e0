internal import EventLog
internal import JSON
internal import Transparency

/// What the log's events of government and sharing come to: the charter, the grants, the schemas. A fold.
struct ExchangeState: Sendable {
    private(set) var history: CharterHistory
    private(set) var book = GrantBook()
    private(set) var erasures = ErasureRegister()
    private(set) var releases = AccessReleases()
    /// How many entries of the log have been folded.
    private(set) var folded: Position = 0
    let schemas = SchemaShelf()
    /// After how many events of the charter it was looked for, and the next time at which something in it begins or ends.
    private var turningPoint: (events: Int, time: Timestamp?)?
    /// After how many events of the charter they were looked for, and the plans of what is sealed as a whole, by type.
    private var sealed: (events: Int, plans: [String: [SealingPlan]])?
    /// What is shared by the charter for the time being.
    var standing: StandingSharing?
    /// After how many events of the charter they were looked for, and the kinds of tags that are blinded.
    private var personal: (events: Int, kinds: Set<String>)?
    /// After how many events of the charter they were looked for, and the types that some readers get as stubs.
    var stubbed: (events: Int, types: Set<String>)?
    /// When the last event that was folded was recorded.
    private var latest = Timestamp(microseconds: 0)

    /// The present, after all that has been folded: a clock that lags behind must not make what has ended hold again. Ask for
    /// it after folding, for what is decided at a time before that may rest on what has ended meanwhile.
    var now: Timestamp { max(clock(), latest) }

    private let clock: LogClock

    init(of log: Log) {
        clock = log.clock
        history = CharterHistory(origin: log.verifier.name)
    }

    /// The charter as it stands.
    ///
    /// - Throws: ``ExchangeError`` with code `.notFounded` before the founding.
    func charter() throws(ExchangeError) -> Charter {
        guard let charter = history.current else {
            throw ExchangeError(.notFounded, "The ledger has no charter: it was not founded as an exchange.")
        }
        return charter
    }

    /// What changes it.
    private static let query = Query(
        types: CharterTags.types + DisclosureEvent.types + ErasureEvent.types + [AccessRelease.eventType])

    /// Folds what has come into a log.
    mutating func fold(_ log: Log) throws(ExchangeError) {
        let from = folded
        let (head, entries) = try ExchangeError.wrapping { () throws(LogError) in
            let head = try log.head
            guard from < head else { return (head, [Entry]()) }
            return (head, try log.read(Self.query, ReadRange(from: from, to: head)))
        }
        for entry in entries { try take(entry) }
        folded = max(folded, head)
    }

    private mutating func take(_ entry: Entry) throws(ExchangeError) {
        latest = max(latest, entry.recorded)
        let view = try EntryView(entry)
        guard !CharterTags.types.contains(view.type) else {
            try history.append(entry)
            return
        }
        if view.type == AccessRelease.eventType {
            guard let data = view.data, let release = try? AccessRelease(data: data) else { return }
            releases.apply(release, by: view.agency, at: view.recorded)
            return
        }
        // One that breaks a rule has no effect, for whoever folds the same log.
        if let data = view.data, let event = try? ErasureEvent(type: view.type, data: data) {
            let moment = RecordedAt(entry.position, entry.recorded)
            try? erasures.apply(event, by: view.agency, under: history.current, at: moment)
            return
        }
        guard let data = view.data, let event = try? DisclosureEvent(type: view.type, data: data) else { return }
        try? book.apply(event, by: view.agency, at: RecordedAt(entry.position, entry.recorded))
    }

    /// How an event was sealed; nil if its schema is not known.
    func plan(of view: EntryView) throws(ExchangeError) -> SealingPlan? {
        guard let uri = view.dataschema else { return nil }
        return try schema(uri)?.plan
    }

    /// A schema that was ever registered, compiled.
    func schema(_ uri: String) throws(ExchangeError) -> EventSchema? {
        guard let charter = history.current else { return nil }
        return try schemas.schema(uri, of: charter)
    }

    /// How events are sealed that any schema seals as a whole, by their types.
    ///
    /// - Complexity: O(1), and O(*n*) in the schemas after each event of the charter.
    mutating func plansOfSealed() throws(ExchangeError) -> [String: [SealingPlan]] {
        if let sealed, sealed.events == history.charters.count { return sealed.plans }
        var plans: [String: [SealingPlan]] = [:]
        for schema in try charter().allSchemas() {
            guard let plan = try self.schema(schema.uri)?.plan, plan.isSealedWhole else { continue }
            plans[schema.type, default: []].append(plan)
        }
        sealed = (history.charters.count, plans)
        return plans
    }

    /// The kinds of tags that are blinded.
    ///
    /// - Complexity: O(1), and O(*n*) in the charter's kinds after each of its events.
    mutating func personalKinds() throws(ExchangeError) -> Set<String> {
        if let personal, personal.events == history.charters.count { return personal.kinds }
        let kinds = try charter().personalTagKinds
        personal = (history.charters.count, kinds)
        return kinds
    }

    /// What intake decides by now.
    ///
    /// - Complexity: O(1), and O(*n*) in what the charter says after each of its events and turning points.
    mutating func intakeTerms() throws(ExchangeError) -> IntakeTerms {
        let (charter, now) = (try charter(), now)
        return IntakeTerms(
            charter: charter, personalKinds: try personalKinds(), book: book, schemas: schemas, now: now,
            head: folded, turningPoint: try turningPoint(after: now))
    }

    /// When something of the charter begins or ends next; nil if nothing will.
    ///
    /// - Complexity: O(1), and O(*n*) in what the charter says after each of its events and turning points.
    mutating func turningPoint(after now: Timestamp) throws(ExchangeError) -> Timestamp? {
        if let known = turningPoint, known.events == history.charters.count, known.time.map({ $0 > now }) ?? true {
            return known.time
        }
        let time = try charter().turningPoint(after: now)
        turningPoint = (history.charters.count, time)
        return time
    }
}
