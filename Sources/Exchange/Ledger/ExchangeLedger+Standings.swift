public import EventLog
internal import JSON

extension ExchangeLedger {
    /// How many entries are looked at together.
    private static let together = 256

    /// How requests, requests for assistance and grants stand now, the oldest first, with what is due and how late it is.
    ///
    /// What a reader sees of it is what it sees of their events: of one that is a stub to it, it learns nothing, and
    /// of grounds that are withheld from it neither. Grounds that it is shown are in the access log before this returns.
    ///
    /// - Parameters:
    ///   - claim: Who looks, as what and what for.
    ///   - includingOthers: Whether also those in which the reader's agency neither asks nor is asked.
    /// - Throws: ``ExchangeError``.
    /// - Complexity: O(*n*) in the number of all requests and grants, and a query of the log for each request listed.
    public func standings(
        for claim: Reader, includingOthers: Bool = false
    ) async throws(ExchangeError) -> [DisclosureStanding] {
        try await standings(for: claim, includingOthers: includingOthers, from: 0, limit: .max).standings
    }

    /// A part of them: of those from a position on, so many, of which those are left out whose events are stubs to the reader.
    ///
    /// - Returns: The standings, and where the next part begins; nil if this was the last.
    public func standings(
        for claim: Reader, includingOthers: Bool, from first: Position, limit: Int
    ) async throws(ExchangeError) -> (standings: [DisclosureStanding], next: Position?) {
        let book = try current { $0.book }
        let all = book.matters().filter { matter in
            matter.position >= first
                && (includingOthers || [matter.agency, matter.scope.owner].contains(claim.agency ?? ""))
        }
        let matters = all.prefix(limit)
        var standings: [DisclosureStanding] = []
        for start in stride(from: 0, to: matters.count, by: Self.together) {
            let part = matters[start..<min(start + Self.together, matters.count)]
            var entries: [Entry] = []
            for matter in part {
                entries.append(
                    try ExchangeError.wrapping { () throws(LogError) in try log.entry(at: matter.position) })
            }
            let seen = try await see(entries, for: claim, asOf: nil) { _ throws(ExchangeError) in }
            let (deadlines, now) = try current { state throws(ExchangeError) in
                (try state.charter().deadlines(at: state.now), state.now)
            }
            for (matter, entry) in zip(part, seen) {
                guard case .entry(let event) = entry else { continue }
                standings.append(
                    book.standing(
                        matter, at: now, deadlines, isPublished: try isPublished(matter), detail: Self.detail(event)))
            }
        }
        return (standings, all.count > matters.count ? all[matters.count].position : nil)
    }

    /// What stands in the place of sealed grounds, if it is disclosed.
    private static func detail(_ event: SeenEntry.Event) -> String? {
        let data = try? JSONDocument(parsing: event.event).root["data"]
        return (data?["purposeDetail"] ?? data?["subject"])?.string
    }

    /// Whether an event of the types and about one of the objects of a request stood in the log before it.
    private func isPublished(_ matter: DisclosureStanding.Matter) throws(ExchangeError) -> Bool {
        guard case .request(let record) = matter else { return true }
        let scope = record.request.scope
        // A query holds only so many names; with more types any will do.
        let types = scope.fields.types.count <= LogLimits.namesPerItem ? scope.fields.types : []
        for start in stride(from: 0, to: scope.objects.count, by: LogLimits.itemsPerQuery) {
            let objects = scope.objects[start..<min(start + LogLimits.itemsPerQuery, scope.objects.count)]
            let query = Query(objects.map { Query.Item(types: types, tags: [$0]) })
            let range = ReadRange(to: record.at.position, limit: 1)
            let found = try ExchangeError.wrapping { () throws(LogError) in try log.read(query, range) }
            if !found.isEmpty { return true }
        }
        return false
    }
}

extension GrantBook {
    /// All requests, requests for assistance and grants, the oldest first.
    fileprivate func matters() -> [DisclosureStanding.Matter] {
        let all =
            requests.values.map { DisclosureStanding.Matter.request($0) } + assistances.values.map { .assistance($0) }
            + grants.values.map { .grant($0) }
        return all.sorted { $0.position < $1.position }
    }
}
