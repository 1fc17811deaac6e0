public import EventLog

extension ExchangeLedger {
    /// How often an append is tried when the charter, or what was asked and granted, changes meanwhile.
    private static let attempts = 32

    /// Appends events of an agency together: checked against its powers and their schemas, sealed, and durable on return.
    ///
    /// Checking and sealing is done off the writer's thread, on all cores where there are many events. An event that is in
    /// the log already is known again whatever has changed since, its schema, the agency's power and its key too, and which
    /// kinds of tags are personal; no key of a subject is made for it, and a signature must hold now or have held then. The
    /// append is made on the condition that no charter event has come that touches agency or schema since they were looked
    /// at, and that nothing has begun or ended by its date; else it is all checked anew.
    ///
    /// - Returns: For each event its receipt; `erased` if it is there, says the same so far as that can be told, and its
    ///   subject was erased.
    /// - Throws: ``ExchangeError``: `.unknownAgency`, `.foreignSource`, `.noPower`, `.unknownSchema`, `.eventInvalid` with the
    ///   path, `.subjectErased`, what the events of disclosure break, for events that the agency sealed itself
    ///   `.digestMismatch`, `.unknownKey`, `.revokedKey` or `.wrongSignature`, or `.log` with the log's reason, also for an
    ///   id that is reused. Nothing is appended then, and of several events the reason names which it is.
    public func append(_ events: [AgencyEvent], as agency: String) async throws(ExchangeError) -> [Receipt] {
        try await append(events, as: agency, decidingBy: nil)
    }

    func append(
        _ events: [AgencyEvent], as agency: String, decidingBy decide: AppendDecision.Maker?
    ) async throws(ExchangeError) -> [Receipt] {
        var failure = ExchangeError(
            .conflict,
            "The charter, or what was asked and granted, changes faster than events can be checked. Try again.")
        for _ in 0..<Self.attempts {
            var prepared = try await prepare(events, agency)
            guard !prepared.request.events.isEmpty else { return prepared.receipts }
            var lasting: Range<Int> = 0..<0
            if let decide { lasting = try await add(try await decide(prepared.drafts), to: &prepared) }
            do throws(LogError) {
                prepared.answers = try await log.append(prepared.request)
            } catch {
                failure = ExchangeError(error)
                guard error.code == .conditionFailed else { throw failure }
                guard !error.breaks(conditions: lasting) else {
                    throw ExchangeError(error.keeping(conditions: lasting))
                }
                continue
            }
            if prepared.decides { try await recordDeniedRequests(decidedAt: prepared.answers.map(\.position)) }
            return prepared.receipts
        }
        throw failure
    }

    /// What is to be appended, and what is known already.
    struct Prepared {
        var request = AppendRequest([])
        /// By the index of the event, the position of those that were erased.
        var erased: [Int: Position] = [:]
        /// Whether there are decisions on requests for disclosure among them.
        var decides = false
        /// What the log said of the others.
        var answers: [Receipt] = []
        let count: Int

        var receipts: [Receipt] {
            // Those after them are of what was appended with them.
            guard !erased.isEmpty else { return Array(answers.prefix(count)) }
            var rest = answers.makeIterator()
            return (0..<count).compactMap { erased[$0].map { .erased($0) } ?? rest.next() }
        }
    }

    func prepare(_ events: [AgencyEvent], _ agency: String) async throws(ExchangeError) -> Prepared {
        let terms = try current { state throws(ExchangeError) in try state.intakeTerms() }
        var prepared = Prepared(count: events.count)
        var schemas: Set<String> = []
        prepared.request.events.reserveCapacity(events.count)
        var judge = GoverningIntake(agency)
        for share in await taken(events, agency, terms) {
            schemas.formUnion(share.schemas)
            prepared.decides = prepared.decides || share.decides
            let first = prepared.request.events.count + prepared.erased.count
            for (offset, position) in share.erased { prepared.erased[first + offset] = position }
            for (offset, event) in share.governing {
                do throws(ExchangeError) {
                    try judge.take(event, terms, self)
                } catch {
                    throw Self.numbered(error, first + offset, of: events.count)
                }
            }
            if let failure = share.failure { throw Self.numbered(failure, first + share.count, of: events.count) }
            prepared.request.events += share.drafts
        }
        prepared.request.conditions = schemas.sorted().map { schema in
            CharterTags.condition(agency: agency, schema: schema, head: terms.head)
        }
        if !schemas.isEmpty { judge.conditions.insert(ErasureEvent.condition(forType: nil, head: terms.head)) }
        prepared.request.conditions += judge.conditions
        prepared.request.recordedBefore = terms.turningPoint
        return prepared
    }

    /// What became of some of the events, up to the first that failed.
    private struct Share: Sendable {
        var drafts: [EventDraft] = []
        /// By the index among these events, the position of those that were erased.
        var erased: [Int: Position] = [:]
        /// By the index among these events, those of disclosure and of erasure that are new.
        var governing: [(Int, GoverningEvent)] = []
        var schemas: Set<String> = []
        /// Whether there are decisions on requests for disclosure among them, new or known.
        var decides = false
        var failure: ExchangeError?

        var count: Int { drafts.count + erased.count }
    }

    /// Checks and seals events, in several tasks if they are many. Of the shares, in the order of the events, those after
    /// one that failed count for nothing.
    private func taken(_ events: [AgencyEvent], _ agency: String, _ terms: IntakeTerms) async -> [Share] {
        let tasks = min(TaskShares.processors, events.count / TaskShares.least)
        guard tasks > 1 else { return [take(events[...], agency, terms)] }
        return await withTaskGroup(of: (Int, Share).self) { group in
            for task in 0..<tasks {
                let slice = events[TaskShares.range(task, of: tasks, events.count)]
                group.addTask { (task, self.take(slice, agency, terms)) }
            }
            var shares = [Share](repeating: Share(), count: tasks)
            for await (task, share) in group { shares[task] = share }
            return shares
        }
    }

    private func take(_ events: ArraySlice<AgencyEvent>, _ agency: String, _ terms: IntakeTerms) -> Share {
        var share = Share()
        var intake = EventIntake(self, agency: agency, terms: terms)
        share.drafts.reserveCapacity(events.count)
        do throws(ExchangeError) {
            var forms: [EventForm] = []
            forms.reserveCapacity(events.count)
            var fault: ExchangeError?
            var parser = ParsedEvent.Parser()
            for event in events {
                do throws(ExchangeError) {
                    forms.append(try EventForm.of(event, with: &parser))
                } catch {
                    // Those before it come first, and may be at fault themselves.
                    fault = error
                    break
                }
            }
            let known = try ExchangeError.wrapping { () throws(LogError) in
                try log.entries(of: forms.map(\.parsed.identity))
            }
            let queue = forms.span
            for index in queue.indices {
                switch try intake.take(queue[index], known: known[index]) {
                case .append(let draft, let governing):
                    if queue[index].parsed.type == DisclosureEvent.Kind.decided.rawValue { share.decides = true }
                    share.drafts.append(draft)
                    if let governing { share.governing.append((index, governing)) }
                case .erased(let position): share.erased[index] = position
                }
            }
            share.failure = fault
        } catch {
            share.failure = error
        }
        share.schemas = intake.schemas
        return share
    }

    package static func numbered(_ error: ExchangeError, _ index: Int, of count: Int) -> ExchangeError {
        guard count > 1 else { return error }
        return ExchangeError(
            error.code, "Event \(index + 1) of \(count): \(error.reason)", pointer: error.pointer, log: error.log)
    }
}
