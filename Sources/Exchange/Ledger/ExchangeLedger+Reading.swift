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
        try await disclosed(blind(query, for: claim), range, to: claim, asOf: earlier, approve).map(\.seen)
    }

    /// Gives a reader what it may see of the entries of a range or, of a query's, of those that are no stubs to it.
    ///
    /// That an entry matches types or tags says what it is about: who may not see it is not told. Of a range without a
    /// query every position is given, if only as a stub, so that the record can be proven complete.
    ///
    /// - Parameter query: Tags that name persons are blinded.
    func disclosed(
        _ query: Query, _ range: ReadRange, to claim: Reader, asOf earlier: Timestamp?,
        _ approve: ([AccessRecord]) throws(ExchangeError) -> Void = { _ throws(ExchangeError) in }
    ) async throws(ExchangeError) -> [DisclosedEntry] {
        var given: [DisclosedEntry] = []
        var rest = range
        while given.count < range.limit {
            rest.limit = range.limit - given.count
            if !query.matchesAll { rest.limit = min(rest.limit, ReadPage.maximumEntries) }
            let part = rest
            let source = try ExchangeError.wrapping { () throws(LogError) in try self.source(query, part) }
            let found = try await disclosed(source, to: claim, asOf: earlier, approve)
            let visible = query.matchesAll ? found : found.filter { !$0.isStub }
            if given.isEmpty { given = visible } else { given += visible }
            guard found.count == rest.limit, let last = found.last?.entry.position else { break }
            if rest.isBackwards { rest.to = last } else { rest.from = last + 1 }
        }
        return given
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
        try await disclosed(.entries(entries), to: claim, asOf: earlier, approve)
    }

    /// Where entries come from.
    enum Source: Sendable {
        case entries([Entry])
        /// The log, all that follow one another from a position on: each task reads its own.
        case run(Range<Position>)

        fileprivate var count: Int {
            switch self {
            case .entries(let entries): entries.count
            case .run(let positions): positions.count
            }
        }

        /// Some of the entries, by their indices.
        fileprivate func entries(_ range: Range<Int>, in log: Log) throws(LogError) -> ArraySlice<Entry> {
            switch self {
            case .entries(let entries): return entries[range]
            case .run(let positions):
                let first = positions.lowerBound
                return try log.read(
                    .all, ReadRange(from: first + Position(range.lowerBound), to: first + Position(range.upperBound)))[
                        ...]
            }
        }
    }

    private func source(_ query: Query, _ range: ReadRange) throws(LogError) -> Source {
        guard query.matchesAll, !range.isBackwards else { return .entries(try log.read(query, range)) }
        let head = try log.head
        let end = range.to ?? head
        // What is beyond the head is the log's to refuse.
        guard range.from < end, end <= head else { return .entries(try log.read(query, range)) }
        return .run(range.from..<range.from + min(end - range.from, Position(max(range.limit, 0))))
    }

    /// - Parameters:
    ///   - end: As of ``readingTerms(_:asOf:before:)``.
    ///   - asked: If given, which fields are to be disclosed.
    func disclosed(
        _ source: Source, to claim: Reader, asOf earlier: Timestamp?, before end: Position? = nil,
        asked: FieldsAsked? = nil,
        _ approve: ([AccessRecord]) throws(ExchangeError) -> Void = { _ throws(ExchangeError) in }
    ) async throws(ExchangeError) -> [DisclosedEntry] {
        let terms = try readingTerms(claim, asOf: earlier, before: end)
        let shares = await taken(source, asked, terms)
        var records: [AccessRecord] = []
        var given: [DisclosedEntry] = []
        for share in shares {
            let (entries, shared) = try share.get()
            if given.isEmpty { given = entries } else { given += entries }
            records += shared
        }
        try approve(records)
        try await record(AccessRecord.coalesced(records))
        return given
    }

    private typealias Share = Result<(given: [DisclosedEntry], records: [AccessRecord]), ExchangeError>

    /// Decides on entries and opens what is disclosed of them, in several tasks if they are many.
    private func taken(_ source: Source, _ asked: FieldsAsked?, _ terms: ReadingTerms) async -> [Share] {
        let count = source.count
        @Sendable func take(_ range: Range<Int>) -> Share {
            Share { () throws(ExchangeError) in
                let entries = try ExchangeError.wrapping { () throws(LogError) in try source.entries(range, in: log) }
                var discloser = EntryDiscloser(keys: keys, terms: terms, asked: asked)
                return (try discloser.disclose(entries, in: log), discloser.records)
            }
        }
        let tasks = min(TaskShares.processors, count / TaskShares.least)
        guard tasks > 1 else { return [take(0..<count)] }
        return await withTaskGroup(of: (Int, Share).self) { group in
            for task in 0..<tasks {
                group.addTask { (task, take(TaskShares.range(task, of: tasks, count))) }
            }
            var shares = [Share](repeating: .success(([], [])), count: tasks)
            for await (task, share) in group { shares[task] = share }
            return shares
        }
    }

    static func readable(_ view: EntryView, _ plan: SealingPlan?, tags: [Tag]) -> ReadableEntry {
        ReadableEntry(
            agency: view.agency, type: view.type, tags: tags, wholeEvent: plan?.wholeEvent,
            fields: plan?.fields ?? [])
    }

    /// By what terms a reader is given entries: those of now and, if asked for, of an earlier time as well.
    ///
    /// - Parameter end: With an earlier time: of the charter and the grants only what stands below this position is known then.
    ///   Several entries may be recorded at one time, so a time alone does not tell them apart.
    func readingTerms(
        _ claim: Reader, asOf earlier: Timestamp?, before end: Position? = nil
    ) throws(ExchangeError) -> ReadingTerms {
        try current { state throws(ExchangeError) in
            let (charter, now) = (try state.charter(), state.now)
            let reader = charter.confirmed(claim, at: now)
            let (policy, grants) = try state.policy(for: reader, at: now)
            var past: DisclosurePolicy?
            if let earlier {
                past = try Self.policy(of: state, for: claim, asOf: earlier, before: end)
            }
            return ReadingTerms(
                reader: reader, now: now, charter: charter, personalKinds: try state.personalKinds(),
                schemas: state.schemas, policy: policy, past: past, grants: grants)
        }
    }

    /// The policy for a reader as it was known at an earlier time.
    static func policy(
        of state: ExchangeState, for claim: Reader, asOf earlier: Timestamp, before end: Position?
    ) throws(ExchangeError) -> DisclosurePolicy {
        // The charter stands at position 0: before it there is nothing to decide on.
        let last = end.map { $0 > 0 ? $0 - 1 : 0 } ?? .max
        guard let charter = state.history.charter(asOf: earlier, upTo: last) else {
            throw ExchangeError(.notFounded, "There was no charter at \(earlier).")
        }
        let reader = charter.confirmed(claim, at: earlier)
        let terms = Self.terms(charter, state.book.history(asOf: last), reader, earlier)
        return DisclosurePolicy(reader, under: terms, at: earlier)
    }

    static func terms(
        _ charter: Charter, _ grants: GrantHistory, _ reader: Reader, _ time: Timestamp
    ) -> SharingTerms {
        SharingTerms(
            rules: charter.sharingRules(at: time), purposes: Set(charter.purposes(at: time).map(\.code)),
            grants: reader.agency.map { grants.grants(inForceAt: time, for: $0) } ?? [])
    }

    /// A query whose tags that name persons are blinded, so far as the reader may look for persons: members may, others for
    /// themselves alone: to them other persons are in no entry. The ledger itself, nil, may.
    package func blind(_ query: Query, for claim: Reader?) throws(ExchangeError) -> Query {
        let (reader, kinds) = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            return (claim.map { charter.confirmed($0, at: state.now) }, try state.personalKinds())
        }
        let mayLook = reader.map { $0.kind == .authority || $0.kind == .auditor } ?? true
        var items: [Query.Item] = []
        for item in query.items {
            var tags: [Tag] = []
            for tag in item.tags {
                guard let reference = TagBlinder.reference(for: tag, kinds: kinds),
                    mayLook || reader?.identities.contains(tag) ?? true,
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
