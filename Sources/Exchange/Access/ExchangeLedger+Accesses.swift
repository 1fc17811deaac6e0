internal import EventLog

extension ExchangeLedger {
    /// Who saw which fields, when, and under which rule or grant: the access records that answer a question and that the
    /// reader may see.
    ///
    /// These may ask: an auditor, for all; an agency, for fields it owns, and for its own readings by naming itself alone as
    /// the reader; a party or a participant, for entries that name it and that it sees, where that is no secret. Reading
    /// access records makes one record, before this returns; being denied makes one, too.
    ///
    /// - Returns: The latest that answer, the oldest of them first.
    /// - Throws: ``ExchangeError``: `.accessDenied`, whatever there is; `.limitExceeded` for a question that is too wide;
    ///   `.log`.
    /// - Complexity: O(*n* + *r*) in the entries that tags come to, and the records under the tags of what is asked for.
    public func accesses(_ query: AccessQuery = AccessQuery(), for claim: Reader) async throws(ExchangeError)
        -> [Access]
    {
        try query.checkLimits()
        let head = try ExchangeError.wrapping { () throws(LogError) in try accessLog.head }
        let range = try accessRange(query, head)
        let last = max(range.to ?? 0, 1) - 1
        let (reader, now, entitlement) = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            let reader = charter.confirmed(claim, at: state.now)
            let entitlement = try AccessEntitlement(reader, query) { agency throws(ExchangeError) in
                try state.owns(agency, query)
            }
            return (reader, state.now, entitlement)
        }
        let record = AccessRecord.reading(
            min(range.from, last)...last, for: reader, basis: entitlement?.basis, at: now)
        guard let entitlement else {
            try await self.record([record])
            throw ExchangeError(
                .accessDenied,
                "Who looked is told to the owner of the fields, to auditors and, where it is no secret, to those whom the "
                    + "entries name. That this was asked is on record.")
        }
        let found = try search(query, range, reader, entitlement)
        try await self.record([record])
        return found
    }

    /// The part of the access log that a question is about.
    private func accessRange(_ query: AccessQuery, _ head: Position) throws(ExchangeError) -> ReadRange {
        try ExchangeError.wrapping { () throws(LogError) in
            let from = try query.since.map { time throws(LogError) in try accessLog.position(recordedAtOrAfter: time) }
            let to = try query.until.map { time throws(LogError) in try accessLog.position(recordedAtOrAfter: time) }
            let end = min(to ?? head, head)
            return ReadRange(from: min(from ?? 0, end), to: end, isBackwards: true)
        }
    }

    private func search(
        _ query: AccessQuery, _ range: ReadRange, _ reader: Reader, _ entitlement: AccessEntitlement
    ) throws(ExchangeError) -> [Access] {
        let positions = try positions(query, reader, entitlement)
        if let positions, positions.ranges.isEmpty { return [] }
        let tagger = AccessTagger(keys: keys)
        let caseTag = try query.caseName.flatMap { name throws(ExchangeError) in try tagger.existingCase(name) }
        // Without a key there is no record of any case.
        if query.caseName != nil, caseTag == nil { return [] }
        let (releases, charter, now) = try current { state throws(ExchangeError) in
            (state.releases, try state.charter(), state.now)
        }
        let search = AccessSearch(
            log: accessLog, query: query, entitlement: entitlement, positions: positions, caseTag: caseTag
        ) { position, recorded, record in
            guard let agency = record.reader.agency else { return false }
            let successor = charter.successor(of: agency, at: now)?.code
            return ([agency] + [successor].compactMap(\.self)).contains {
                releases.includes(position, recorded: recorded, by: $0)
            }
        }
        return try search.run(range)
    }

    /// The positions of the entries that are asked about, or nil if any will do.
    private func positions(
        _ query: AccessQuery, _ reader: Reader, _ entitlement: AccessEntitlement
    ) throws(ExchangeError) -> PositionRanges? {
        let asked = query.positions.isEmpty ? nil : PositionRanges(query.positions)
        guard entitlement == .named || !query.tags.isEmpty else { return asked }
        var found: [ClosedRange<Position>] = []
        try entries(about: query, reader, entitlement) { entries throws(ExchangeError) in
            let views = try entries.map { entry throws(ExchangeError) in try EntryView(entry) }
            let seen = entitlement == .named ? try sees(views, reader) : views.map { _ in true }
            for (view, isSeen) in zip(views, seen) where isSeen && asked?.contains(view.position) ?? true {
                found.append(view.position...view.position)
            }
            guard found.count <= AccessQuery.maximumPositions else {
                throw ExchangeError(
                    .limitExceeded,
                    "That is about more than \(AccessQuery.maximumPositions) entries. Ask about fewer: by another tag.")
            }
        }
        return PositionRanges(found)
    }

    /// Goes through the entries that carry the tags asked for and, for those whom entries name, that name the reader.
    private func entries(
        about query: AccessQuery, _ reader: Reader, _ entitlement: AccessEntitlement,
        _ visit: ([Entry]) throws(ExchangeError) -> Void
    ) throws(ExchangeError) {
        var items = [Query.Item(types: query.types, tags: query.tags)]
        if entitlement == .named {
            items = reader.identities.map { Query.Item(types: query.types, tags: query.tags + [$0]) }
        }
        let blinded = try blind(Query(items), for: reader)
        var failure: ExchangeError?
        try ExchangeError.wrapping { () throws(LogError) in
            try log.read(blinded, ReadRange()) { (entries) throws(LogError) in
                do throws(ExchangeError) {
                    try visit(entries)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        }
        if let failure { throw failure }
    }

    /// Whether a reader sees entries that name it: stubs tell nothing, also not that someone looked at them.
    private func sees(_ views: [EntryView], _ reader: Reader) throws(ExchangeError) -> [Bool] {
        let identities = try blind(Query(reader.identities.map { Query.Item(tags: [$0]) }), for: reader).items.flatMap(
            \.tags)
        let named = Reader(
            reader.kind, agency: reader.agency, role: reader.role, identities: reader.identities + identities,
            purpose: reader.purpose, caseName: reader.caseName)
        return try current { state throws(ExchangeError) in
            let (charter, now) = (try state.charter(), state.now)
            var policy = DisclosurePolicy(
                named, under: Self.terms(charter, state.book.history(), named, now), at: now)
            return try views.map { view throws(ExchangeError) in
                guard let plan = try state.plan(of: view) else { return false }
                return policy.decide(Self.readable(view, plan, tags: view.tags)).disclosure != nil
            }
        }
    }
}

extension ExchangeState {
    /// Whether an agency owns a field that is asked for, by some schema there ever was.
    ///
    /// - Complexity: O(*f*) in the fields of all schemas, which are compiled once.
    mutating func owns(_ agency: String, _ query: AccessQuery) throws(ExchangeError) -> Bool {
        for registered in try charter().allSchemas() where query.types.isEmpty || query.types.contains(registered.type)
        {
            guard let plan = try schema(registered.uri)?.plan else { continue }
            let whole = plan.wholeEvent.map { [Field(pointer: "", mark: $0)] } ?? []
            let owned = (whole + plan.fields).filter { $0.mark.owner == agency }
            if owned.contains(where: { query.speaks(of: $0.pointer) }) { return true }
        }
        return false
    }
}
