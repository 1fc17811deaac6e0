public import EventLog
internal import JSON

extension ExchangeLedger {
    /// Reads entries as a reader may see them: plain CloudEvents with what is disclosed to it in place, stubs for the rest.
    ///
    /// Whatever classified is disclosed is in the access log before this returns.
    ///
    /// - Parameters:
    ///   - query: What to read. Tags that name persons are blinded as they were when the entries were sealed.
    ///   - claim: Who reads, as what and what for; the charter says whether that is so.
    ///   - earlier: If given, what could be seen at that time, so far as it may be seen now as well.
    ///   - upcasters: If given, events of older versions of their schemas are brought up to the latest.
    /// - Throws: ``ExchangeError``.
    /// - Complexity: O(*n*) in the entries; for each whose classified fields are disclosed also in the bytes of these.
    public func read(
        _ query: Query, _ range: ReadRange = ReadRange(), for claim: Reader, asOf earlier: Timestamp? = nil,
        upcasting upcasters: Upcasters? = nil
    ) async throws(ExchangeError) -> [SeenEntry] {
        let seen = try await read(query, range, for: claim, asOf: earlier) { _ throws(ExchangeError) in }
        return if let upcasters { try upcast(seen, by: upcasters) } else { seen }
    }

    /// Reads, and shows what is to be recorded of it before it is: if that is refused, nothing is read.
    func read(
        _ query: Query, _ range: ReadRange, for claim: Reader, asOf earlier: Timestamp?,
        _ approve: ([AccessRecord]) throws(ExchangeError) -> Void
    ) async throws(ExchangeError) -> [SeenEntry] {
        let blinded = try blind(query)
        let entries = try ExchangeError.wrapping { () throws(LogError) in try log.read(blinded, range) }
        return try await see(entries, for: claim, asOf: earlier, approve)
    }

    /// What a reader gets of entries.
    func see(
        _ entries: [Entry], for claim: Reader, asOf earlier: Timestamp?,
        _ approve: ([AccessRecord]) throws(ExchangeError) -> Void
    ) async throws(ExchangeError) -> [SeenEntry] {
        try await disclosed(entries, to: claim, asOf: earlier, approve).map(\.seen)
    }

    /// Gives a reader what it may see of entries: the one way by which classified values leave the ledger. What is given of
    /// them is in the access log before this returns.
    ///
    /// - Parameter approve: Is shown what is to be recorded before it is; if it throws, nothing is given.
    func disclosed(
        _ entries: [Entry], to claim: Reader, asOf earlier: Timestamp?,
        _ approve: ([AccessRecord]) throws(ExchangeError) -> Void = { _ throws(ExchangeError) in }
    ) async throws(ExchangeError) -> [DisclosedEntry] {
        var views: [EntryView] = []
        for entry in entries { views.append(try EntryView(entry)) }
        let (reader, now, decisions, plans) = try decide(views, claim, asOf: earlier)
        var records: [AccessRecord] = []
        var given: [DisclosedEntry] = []
        var opener = DisclosureOpener()
        for (index, entry) in entries.enumerated() {
            guard let disclosure = decisions[index].disclosure else {
                given.append(DisclosedEntry(entry: entry, seen: .stub(entry.position, leaf: entry.leafHash)))
                continue
            }
            let readable = Self.readable(views[index], plans[index], tags: views[index].tags)
            records += AccessRecord.records(of: decisions[index], readable, for: reader, at: entry.position, now)
            given.append(try open(entry, views[index], disclosure, plans[index], &opener))
        }
        try approve(records)
        try await record(AccessRecord.coalesced(records))
        return given
    }

    static func readable(_ view: EntryView, _ plan: SealingPlan?, tags: [Tag]) -> ReadableEntry {
        ReadableEntry(
            agency: view.agency, type: view.type, tags: tags, wholeEvent: plan?.wholeEvent,
            fields: plan?.fields ?? [])
    }

    /// Decides what a reader gets of each entry, by the terms of now and, if asked for, of an earlier time as well.
    private func decide(
        _ views: [EntryView], _ claim: Reader, asOf earlier: Timestamp?
    ) throws(ExchangeError) -> (Reader, Timestamp, [EntryDecision], [SealingPlan?]) {
        try current { state throws(ExchangeError) in
            let (charter, now) = (try state.charter(), state.now)
            let reader = charter.confirmed(claim, at: now)
            let terms = Self.terms(charter, state.book.history(), reader, now)
            var policy = DisclosurePolicy(reader, under: terms, at: now)
            // What is disclosed as of earlier is disclosed now as well, so that the tags of now are enough.
            var recognition = TagRecognition(for: reader, terms.grants, keys: keys)
            var past: DisclosurePolicy?
            if let earlier {
                guard let charter = state.history.charter(asOf: earlier) else {
                    throw ExchangeError(.notFounded, "There was no charter at \(earlier).")
                }
                let reader = charter.confirmed(claim, at: earlier)
                past = DisclosurePolicy(
                    reader, under: Self.terms(charter, state.book.history(), reader, earlier), at: earlier)
            }
            var decisions: [EntryDecision] = []
            var plans: [SealingPlan?] = []
            for view in views {
                // An entry whose schema is not known has no marks that could be kept: nobody sees it.
                let plan = try view.dataschema.flatMap { uri throws(ExchangeError) in try state.schema(uri)?.plan }
                plans.append(plan)
                guard plan != nil || CharterTags.types.contains(view.type) || Self.isAnchor(view) else {
                    decisions.append(.stub(.undecided))
                    continue
                }
                let tags = try plan.map { plan throws(ExchangeError) in try recognition.tags(of: view, plan) }
                let readable = Self.readable(view, plan, tags: tags ?? view.tags)
                var decision = policy.decide(readable)
                if let then = past?.decide(readable) { decision = decision.narrowed(by: then) }
                decisions.append(decision)
            }
            return (reader, now, decisions, plans)
        }
    }

    static func terms(
        _ charter: Charter, _ grants: GrantHistory, _ reader: Reader, _ time: Timestamp
    ) -> SharingTerms {
        SharingTerms(
            rules: charter.sharingRules(at: time), purposes: Set(charter.purposes(at: time).map(\.code)),
            grants: reader.agency.map { grants.grants(inForceAt: time, for: $0) } ?? [])
    }

    /// Puts what is disclosed into an event.
    private func open(
        _ entry: Entry, _ view: EntryView, _ disclosure: EntryDisclosure, _ plan: SealingPlan?,
        _ opener: inout DisclosureOpener
    ) throws(ExchangeError) -> DisclosedEntry {
        var withheld: [SeenEntry.Withheld] = []
        var gone: [SeenEntry.Gone] = []
        var event = Array(view.document.bytes[view.eventRange])
        var fields: [FieldContent?] = []
        if let plan, !plan.fields.isEmpty {
            let rows = try ExchangeError.wrapping { () throws(LogError) in try log.disclosures(at: view.position) }
            let place = EventPlace(agency: view.agency, source: view.identity.source, id: view.identity.id)
            var contents: [FieldContent?] = []
            for (ordinal, field) in plan.fields.enumerated() {
                switch disclosure.fields[ordinal] {
                case .withhold(let reason):
                    contents.append(nil)
                    withheld.append(SeenEntry.Withheld(pointer: field.pointer, reason: reason))
                case .disclose:
                    contents.append(
                        ordinal < rows.count
                            ? try opener.open(rows[ordinal], ordinal: ordinal, of: plan, at: place, keys: keys) : .lost)
                }
            }
            let opened = try opener.merge(view.document.bytes, view.eventRange, with: contents, of: plan)
            event = opened.event
            fields = opened.fields
            for (field, content) in zip(plan.fields, opened.fields) {
                if content == .erased { gone.append(SeenEntry.Gone(pointer: field.pointer, cause: .erased)) }
                if content == .lost { gone.append(SeenEntry.Gone(pointer: field.pointer, cause: .lost)) }
            }
        }
        let seen = SeenEntry.Event(
            position: view.position, recorded: view.recorded, agency: view.agency, tags: view.tags, event: event,
            withheld: withheld, gone: gone)
        return DisclosedEntry(entry: entry, seen: .entry(seen), plan: plan, fields: fields)
    }

    /// A query whose tags that name persons are blinded.
    func blind(_ query: Query) throws(ExchangeError) -> Query {
        var items: [Query.Item] = []
        for item in query.items {
            var tags: [Tag] = []
            for tag in item.tags {
                guard let reference = TagBlinder.reference(for: tag),
                    let key = try keys.queryKey(for: reference)
                else {
                    tags.append(tag)
                    continue
                }
                tags.append(try TagBlinder.blinded(tag, under: key))
            }
            items.append(Query.Item(types: item.types, tags: tags))
        }
        return Query(items)
    }
}
