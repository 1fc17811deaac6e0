internal import EventLog

extension ExchangeLedger {
    /// Records the requests that were denied by decisions at some positions, those of them that are not on record yet;
    /// durable on return.
    ///
    /// Nothing leaves by a denial, so the record follows the decision. If the process dies between, opening the ledger makes
    /// up for it. The same decision makes the same records, so none is made twice.
    func recordDeniedRequests(decidedAt positions: [Position]) async throws(ExchangeError) {
        let drafts = try deniedRequestDrafts { book in positions.compactMap { book.decisions[$0] } }
        guard !drafts.isEmpty else { return }
        do throws(LogError) {
            _ = try await accessLog.append(AppendRequest(drafts))
        } catch {
            throw ExchangeError(
                .log,
                "The request was denied, but this could not be recorded. Hand the decision in again: \(error.reason)")
        }
        anchoring?.noteGrowth()
    }

    /// Records all requests that were denied and are not on record, when the ledger is opened.
    ///
    /// - Complexity: O(*d*) in the decisions there ever were.
    @available(*, noasync)
    func recordAllDeniedRequests() throws(ExchangeError) {
        let drafts = try deniedRequestDrafts { $0.decisions.values.sorted { $0.at.position < $1.at.position } }
        guard !drafts.isEmpty else { return }
        for start in stride(from: 0, to: drafts.count, by: LogLimits.eventsPerRequest) {
            let part = drafts[start..<min(start + LogLimits.eventsPerRequest, drafts.count)]
            try ExchangeError.wrapping { () throws(LogError) in
                _ = try accessLog.appendAndWait(AppendRequest(Array(part)))
            }
        }
        anchoring?.noteGrowth()
    }

    /// The records that are missing.
    private func deniedRequestDrafts(
        _ decisions: (GrantBook) -> [DecisionRecord]
    ) throws(ExchangeError) -> [EventDraft] {
        let denied = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            return decisions(state.book).compactMap { DeniedRequest($0, state.book, charter) }
        }
        guard !denied.isEmpty else { return [] }
        let known = try ExchangeError.wrapping { () throws(LogError) in
            try accessLog.entries(of: denied.map { $0.identity(0) })
        }
        let tagger = AccessTagger(keys: keys)
        var drafts: [EventDraft] = []
        for (index, request) in denied.enumerated() where known[index] == nil {
            for (number, record) in try request.records(entries(of: request)).enumerated() {
                let identity = request.identity(number)
                drafts.append(
                    EventDraft(
                        agency: LedgerVoice.agency, tags: try tagger.tags(of: record),
                        event: record.event(id: identity.id, source: identity.source)))
            }
        }
        return drafts
    }

    /// The entries that a request was about.
    private func entries(
        of request: DeniedRequest
    ) throws(ExchangeError) -> [(position: Position, entry: ReadableEntry)] {
        let query = try blind(request.objects, for: nil)
        var entries: [(position: Position, entry: ReadableEntry)] = []
        for start in stride(from: 0, to: query.items.count, by: LogLimits.itemsPerQuery) {
            let items = query.items[start..<min(start + LogLimits.itemsPerQuery, query.items.count)]
            let found = try ExchangeError.wrapping { () throws(LogError) in
                try log.read(Query(Array(items)), request.range)
            }
            for entry in found {
                let view = try EntryView(entry)
                let plan = try current { state throws(ExchangeError) in try state.plan(of: view) }
                if let plan { entries.append((entry.position, Self.readable(view, plan, tags: view.tags))) }
            }
        }
        return entries
    }
}
