internal import EventLog

/// What is shared by the charter for the time being: the same for every read until something of it changes, begins or ends.
struct StandingSharing: Sendable {
    /// How many readers' policies are kept.
    static let maximumReaders = 1_024

    /// After how many events of the charter it holds, from when, and until when; nil: for good.
    private let events: Int
    private let from: Timestamp
    private let until: Timestamp?
    private let rules: [SharingRule]
    private let purposes: Set<String>
    /// By reader, the grants of its agency that were in force, and what it is given by all that.
    private var policies: [Reader: (grants: [Grant], policy: DisclosurePolicy)] = [:]

    init(_ charter: Charter, events: Int, from: Timestamp, until: Timestamp?) {
        (self.events, self.from, self.until) = (events, from, until)
        rules = charter.sharingRules(at: from)
        purposes = Set(charter.purposes(at: from).map(\.code))
    }

    /// Whether it holds at a time.
    func holds(events: Int, at time: Timestamp) -> Bool {
        self.events == events && from <= time && until.map { time < $0 } ?? true
    }

    /// What a reader is given, by grants that are in force.
    ///
    /// - Complexity: O(*g*) in the grants if the reader is known, else O(*n*) in the rules as well.
    mutating func policy(for reader: Reader, _ grants: [Grant], at time: Timestamp) -> DisclosurePolicy {
        if let known = policies[reader], known.grants == grants { return known.policy }
        let terms = SharingTerms(rules: rules, purposes: purposes, grants: grants)
        let policy = DisclosurePolicy(reader, under: terms, at: time)
        if policies.count >= Self.maximumReaders { policies.removeAll() }
        policies[reader] = (grants, policy)
        return policy
    }
}

extension ExchangeState {
    /// What a reader is given now, and the grants of its agency that are in force.
    ///
    /// - Parameter reader: As the charter confirms it.
    mutating func policy(
        for reader: Reader, at now: Timestamp
    ) throws(ExchangeError) -> (policy: DisclosurePolicy, grants: [Grant]) {
        let events = history.charters.count
        let grants = reader.agency.map { book.history().grants(inForceAt: now, for: $0) } ?? []
        if standing?.holds(events: events, at: now) != true {
            standing = StandingSharing(try charter(), events: events, from: now, until: try turningPoint(after: now))
        }
        guard let policy = standing?.policy(for: reader, grants, at: now) else {
            throw ExchangeError(.notFounded, "The ledger has no charter: it was not founded as an exchange.")
        }
        return (policy, grants)
    }
}
