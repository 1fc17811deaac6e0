public import EventLog
public import Exchange

extension ViewRunner {
    /// How many entries are read at once for a reader.
    private static let together = 1_000

    /// What a reader sees of the facts about an object, in their order.
    ///
    /// Decided by the rules, grants and erasures of now. Classified values that it is given are in the access log before this
    /// returns.
    ///
    /// - Parameters:
    ///   - object: `kind:value`. One that names a person is found by those who may look for it.
    ///   - claim: Who reads, as what and what for.
    ///   - earlier: If given, what could be seen at that time, so far as it may be seen now as well.
    ///   - position: If given, only of entries below it; the view must have come so far. With an earlier time also of charter and
    ///     grants only what stands below it was known then.
    ///   - values: If given, only facts of these kinds, and of their values only those with these numbers: others are
    ///     ``FactValue/missing``, and what is classified in them is neither opened nor recorded.
    /// - Throws: ``ViewError``: `.notReached`, `.limitExceeded`, `.exchange`, `.closed`.
    /// - Complexity: O(*n*) in the facts; and a read of each entry for which schema, type and agency do not suffice, or of
    ///   which a classified field is asked for.
    public func facts(
        of object: String, for claim: Reader, asOf earlier: Timestamp? = nil, at position: Position? = nil,
        only values: [UInt8: Set<Int>]? = nil
    ) async throws(ViewError) -> [Fact] {
        let store = try openStore(at: position)
        var rows = try store.facts(of: stored(object, for: claim), before: position ?? .max)
        if let values { rows.keep(values) }
        let certain = try certainOrigins(rows.origins, for: claim, asOf: earlier, before: position)
        var asked: [Position: [String]] = [:]
        for fact in rows.facts where fact.hasReferences || !certain.contains(fact.origin) {
            asked[fact.position, default: []] += fact.references
        }
        let seen = try await see(asked, for: claim, asOf: earlier, before: position)
        var fields: [Position: SeenFields] = [:]
        let ledger = ledger
        let mergers = try ViewError.wrapping { () throws(ExchangeError) in try ledger.mergers() }
        return rows.facts.compactMap { fact in
            let event = seen[fact.position]
            guard certain.contains(fact.origin) && !fact.hasReferences || event != nil else { return nil }
            let values = fact.values.map { value in
                switch value {
                case .given(let value): return value
                case .reference(let pointer):
                    guard let event else { return FactValue.lost }
                    let known = fields[fact.position] ?? SeenFields(event)
                    fields[fact.position] = known
                    return known.value(at: pointer)
                }
            }
            let origin = rows.origins[fact.origin]
            return Fact(
                position: fact.position, ordinal: fact.ordinal, recorded: fact.recorded, agency: origin?.agency ?? "",
                type: origin?.type ?? "", schema: origin?.schema ?? "",
                predecessors: mergers.predecessors(of: origin?.agency ?? "", at: fact.recorded), kind: fact.kind,
                values: values)
        }
    }

    /// The objects to which a key leads by entries that a reader sees, in the order of their names.
    ///
    /// - Parameters: As of ``facts(of:for:asOf:at:)``.
    /// - Throws: ``ViewError``; `.limitExceeded` if there are more than ``ViewLimits/objectsPerLookup``.
    public func objects(
        foundBy key: String, for claim: Reader, asOf earlier: Timestamp? = nil, at position: Position? = nil
    ) async throws(ViewError) -> [String] {
        let store = try openStore(at: position)
        let rows = try store.lookup(stored(key, for: claim), before: position ?? .max)
        let objects = try await seen(rows, for: claim, asOf: earlier, before: position)
        guard objects.count <= ViewLimits.objectsPerLookup else {
            throw ViewError(.limitExceeded, "The key leads to more than \(ViewLimits.objectsPerLookup) objects.")
        }
        return Self.ordered(objects)
    }

    /// A page of the objects to which a key leads by entries that a reader sees, in the order of their names.
    ///
    /// - Parameters:
    ///   - last: Where the page before ended: only objects whose names come after it.
    ///   - limit: The most objects of the page, from 1 to ``ViewLimits/objectsPerLookup``.
    /// - Returns: The objects, and where the next page begins; nil if this was the last.
    /// - Throws: ``ViewError``.
    /// - Complexity: O(*n*) in the entries that lead to the objects of the page, and to those before the last of them which the
    ///   reader does not see.
    public func objects(
        foundBy key: String, for claim: Reader, asOf earlier: Timestamp? = nil, at position: Position? = nil,
        after last: String?, limit: Int
    ) async throws(ViewError) -> (objects: [String], next: String?) {
        let store = try openStore(at: position)
        let name = try stored(key, for: claim)
        let limit = max(1, min(limit, ViewLimits.objectsPerLookup))
        var (found, last): ([String], String?) = ([], last)
        while true {
            let rows = try store.lookup(name, before: position ?? .max, after: last, atMost: limit + 1)
            guard let end = rows.found.last?.object else { return (found, nil) }
            let objects = Self.ordered(try await seen(rows, for: claim, asOf: earlier, before: position))
            for object in objects {
                guard found.count < limit else { return (found, found.last) }
                found.append(object)
            }
            last = end
        }
    }

    private static func ordered(_ objects: Set<String>) -> [String] {
        objects.sorted { ByteOrder.isOrdered($0.utf8Span.span, before: $1.utf8Span.span) }
    }

    /// The objects of a lookup to which entries lead that a reader sees.
    private func seen(
        _ rows: StoredRows, for claim: Reader, asOf earlier: Timestamp?, before end: Position?
    ) async throws(ViewError) -> Set<String> {
        let certain = try certainOrigins(rows.origins, for: claim, asOf: earlier, before: end)
        var objects = Set(rows.found.filter { certain.contains($0.origin) }.map(\.object))
        let doubtful = rows.found.filter { !objects.contains($0.object) }
        let asked = Dictionary(doubtful.map { ($0.position, [String]()) }) { first, _ in first }
        let seen = try await see(asked, for: claim, asOf: earlier, before: end)
        for row in doubtful where seen[row.position] != nil { objects.insert(row.object) }
        return objects
    }

    /// The sums of the keys that begin with a text, in the order of the keys.
    ///
    /// - Throws: ``ViewError`` with code `.exchange` if the reader is neither an authority nor an auditor: these sums are of
    ///   what every authority sees.
    public func tallies(prefixedBy text: String = "", for claim: Reader) throws(ViewError) -> [(
        key: String, sum: Int64
    )] {
        try refuseStatistics(to: claim)
        return try openStore(at: nil).tallies(prefixedBy: text)
    }

    /// - Throws: ``ViewError`` with code `.exchange` if the reader is neither an authority nor an auditor.
    func refuseStatistics(to claim: Reader) throws(ViewError) {
        let ledger = ledger
        let mayKnow = try ViewError.wrapping { () throws(ExchangeError) in try ledger.mayKnowStatistics(claim) }
        guard mayKnow else {
            throw ViewError(
                ExchangeError(
                    .accessDenied, "Statistics of what every authority sees are for authorities and auditors."))
        }
    }

    func openStore(at position: Position?) throws(ViewError) -> ViewStore {
        guard let (store, meta) = snapshot else {
            throw ViewError(.closed, "The view \(definition.title) was closed.")
        }
        if let position, meta.position < position {
            throw ViewError(
                .notReached,
                "The view \(definition.title) has come to \(meta.position), not to \(position). Wait for it.")
        }
        return store
    }

    /// A name as entries have it.
    private func stored(_ name: String, for claim: Reader) throws(ViewError) -> String {
        guard let tag = try? Tag(name) else { return name }
        let ledger = ledger
        return try ViewError.wrapping { () throws(ExchangeError) in try ledger.stored(tag, askedFor: claim).text }
    }

    /// The origins of which a reader certainly sees all entries.
    private func certainOrigins(
        _ origins: [UInt64: StoredRows.Texts], for claim: Reader, asOf earlier: Timestamp?, before end: Position?
    ) throws(ViewError) -> Set<UInt64> {
        let ledger = ledger
        return try ViewError.wrapping { () throws(ExchangeError) in
            var sight = try ledger.sight(for: claim, asOf: earlier, before: end)
            var certain: Set<UInt64> = []
            for (number, texts) in origins
            where try sight.isCertain(agency: texts.agency, type: texts.type, schema: texts.schema) {
                certain.insert(number)
            }
            return certain
        }
    }

    /// What a reader sees of entries, of their fields only those that are asked for; stubs are left out.
    private func see(
        _ asked: [Position: [String]], for claim: Reader, asOf earlier: Timestamp?, before end: Position?
    ) async throws(ViewError) -> [Position: SeenEntry.Event] {
        var seen: [Position: SeenEntry.Event] = [:]
        seen.reserveCapacity(asked.count)
        var parts = [asked]
        if asked.count > Self.together {
            let positions = asked.keys.sorted()
            parts = stride(from: 0, to: positions.count, by: Self.together).map { start in
                let part = positions[start..<min(start + Self.together, positions.count)]
                return Dictionary(uniqueKeysWithValues: part.map { ($0, asked[$0] ?? []) })
            }
        }
        for part in parts where !part.isEmpty {
            do throws(ExchangeError) {
                let entries = try await ledger.seen(
                    FieldsAsked(part), by: claim, asOf: earlier, before: end, upcasting: options.upcasters)
                for case .entry(let event) in entries { seen[event.position] = event }
            } catch {
                throw ViewError(error)
            }
        }
        return seen
    }
}
