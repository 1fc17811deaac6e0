public import EventLog
internal import JSON

extension ExchangeLedger {
    /// How often an append is tried when the charter changes meanwhile.
    private static let attempts = 4

    /// Appends events of an agency together: checked against its powers and their schemas, sealed, and durable on return.
    ///
    /// An event that is in the log already is known again whatever has changed since, its schema and the agency's power
    /// too. The append is made on the condition that no charter event has come that touches agency or schema since they
    /// were looked at; if one has, it is all checked anew.
    ///
    /// - Returns: For each event its receipt; `erased` if it is there and its subject was erased.
    /// - Throws: ``ExchangeError``: `.unknownAgency`, `.foreignSource`, `.noPower`, `.unknownSchema`, `.eventInvalid` with the
    ///   path, `.subjectErased`, what the events of disclosure break, or `.log` with the log's reason, also for an id that
    ///   is reused. Nothing is appended then, and of several events the reason names which it is.
    public func append(_ events: [AgencyEvent], as agency: String) async throws(ExchangeError) -> [Receipt] {
        var failure = ExchangeError(.conflict, "The charter changes faster than events can be checked. Try again.")
        for _ in 0..<Self.attempts {
            var prepared = try prepare(events, agency)
            guard !prepared.request.events.isEmpty else { return prepared.receipts }
            do throws(LogError) {
                prepared.answers = try await log.append(prepared.request)
            } catch {
                failure = ExchangeError(error.code == .conditionFailed ? .conflict : .log, error.reason)
                guard error.code == .conditionFailed else { throw failure }
                continue
            }
            if prepared.decides { try await recordDeniedRequests(decidedAt: prepared.answers.map(\.position)) }
            return prepared.receipts
        }
        throw failure
    }

    /// What is to be appended, and what is known already.
    private struct Prepared {
        var request = AppendRequest([])
        /// By the index of the event, the position of those that were erased.
        var erased: [Int: Position] = [:]
        /// Whether there are decisions on requests for disclosure among them.
        var decides = false
        /// What the log said of the others.
        var answers: [Receipt] = []
        let count: Int

        var receipts: [Receipt] {
            var rest = answers.makeIterator()
            return (0..<count).compactMap { erased[$0].map { .erased($0) } ?? rest.next() }
        }
    }

    private func prepare(_ events: [AgencyEvent], _ agency: String) throws(ExchangeError) -> Prepared {
        let parsed = try Self.numbered(events) { event throws(ExchangeError) in try ParsedEvent(event) }
        let identities = parsed.map(\.identity)
        let known = try ExchangeError.wrapping { () throws(LogError) in try log.entries(of: identities) }
        var prepared = Prepared(count: events.count)
        prepared.decides = parsed.contains { $0.type == "sanhu.disclosure.decided" }
        var conditions: Set<AppendCondition> = []
        var sealable: [SealableEvent] = []
        var index = 0
        try current { state throws(ExchangeError) in
            let (charter, now) = (try state.charter(), state.now)
            sealable = try Self.numbered(parsed) { event throws(ExchangeError) in
                defer { index += 1 }
                if known[index] == nil {
                    try Self.check(event, agency, charter, at: now)
                    conditions.insert(
                        CharterTags.condition(agency: agency, schema: event.dataschema, head: state.folded))
                }
                guard let schema = try state.schema(event.dataschema) else { throw Self.unknownSchema(event) }
                if known[index] == nil {
                    try schema.check(event.data)
                    try Self.checkDisclosure(event, agency, state, at: now)
                }
                return try SealableEvent(event.document, agency: agency, tags: event.tags, plan: schema.plan)
            }
        }
        prepared.request.conditions = Array(conditions)
        var sealer = EventSealer()
        for (number, event) in sealable.enumerated() {
            do throws(ExchangeError) {
                let sealed = try sealer.seal(event, keys: keys.keys(for: event.references))
                prepared.request.events.append(
                    EventDraft(agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows))
            } catch {
                guard error.code == .subjectErased, let entry = known[number] else {
                    throw Self.numbered(error, number, of: events.count)
                }
                prepared.erased[number] = entry.position
            }
        }
        return prepared
    }

    /// Whether an agency may append an event, by the charter.
    private static func check(
        _ event: ParsedEvent, _ agency: String, _ charter: Charter, at time: Timestamp
    ) throws(ExchangeError) {
        guard charter.agency(agency, at: time) != nil else {
            throw ExchangeError(.unknownAgency, "\(agency.prefix(64)) is no member of the exchange.")
        }
        guard charter.owner(ofSource: event.identity.source, at: time) == agency else {
            throw ExchangeError(
                .foreignSource, "The source \(event.identity.source.prefix(200)) does not belong to \(agency).",
                pointer: "/source")
        }
        guard charter.power(of: agency, type: event.type, port: event.port, at: time) != nil else {
            throw ExchangeError(
                .noPower,
                "\(agency) has no power to append \(event.type.prefix(200))\(event.port.map { " at \($0)" } ?? "").",
                pointer: "/type")
        }
        guard let schema = charter.schema(event.dataschema, at: time) else { throw unknownSchema(event) }
        guard schema.type == event.type else {
            throw ExchangeError(
                .unknownSchema, "\(event.dataschema) is a schema of \(schema.type), not of \(event.type.prefix(200)).",
                pointer: "/dataschema")
        }
    }

    /// Whether an event of disclosure follows from those before it.
    private static func checkDisclosure(
        _ event: ParsedEvent, _ agency: String, _ state: ExchangeState, at time: Timestamp
    ) throws(ExchangeError) {
        guard let data = event.document.root["data"],
            let disclosure = try DisclosureEvent(type: event.type, data: data)
        else { return }
        let moment = RecordedAt(state.folded, max(time, state.book.last?.time ?? time))
        try state.book.check(disclosure, by: agency, at: moment)
    }

    private static func unknownSchema(_ event: ParsedEvent) -> ExchangeError {
        ExchangeError(
            .unknownSchema, "The schema \(event.dataschema.prefix(200)) is not registered, or not in force.",
            pointer: "/dataschema")
    }

    /// Does something with each of several events, and says of a failure which it is.
    private static func numbered<Event, Result>(
        _ events: [Event], _ body: (Event) throws(ExchangeError) -> Result
    ) throws(ExchangeError) -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(events.count)
        for event in events {
            do throws(ExchangeError) {
                results.append(try body(event))
            } catch {
                throw numbered(error, results.count, of: events.count)
            }
        }
        return results
    }

    private static func numbered(_ error: ExchangeError, _ index: Int, of count: Int) -> ExchangeError {
        guard count > 1 else { return error }
        return ExchangeError(error.code, "Event \(index + 1) of \(count): \(error.reason)", pointer: error.pointer)
    }
}
