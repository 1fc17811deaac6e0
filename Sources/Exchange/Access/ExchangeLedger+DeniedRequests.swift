internal import EventLog

extension ExchangeLedger {
    /// Records the requests that were denied by decisions at some positions, those of them that are not on record yet;
    /// durable on return.
    ///
    /// Nothing leaves by a denial, so the record follows the decision. If the process dies between, opening the ledger makes
    /// up for it. The same decision makes the same records, so none is made twice.
    func recordDeniedRequests(decidedAt positions: [Position]) async throws(ExchangeError) {
        let batches = try deniedRequestDrafts { book in positions.compactMap { book.decisions[$0] } }
        guard !batches.isEmpty else { return }
        do throws(LogError) {
            for batch in batches { _ = try await accessLog.append(AppendRequest(batch)) }
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
        let batches = try deniedRequestDrafts { $0.decisions.values.sorted { $0.at.position < $1.at.position } }
        guard !batches.isEmpty else { return }
        for batch in batches {
            try ExchangeError.wrapping { () throws(LogError) in
                _ = try accessLog.appendAndWait(AppendRequest(batch))
            }
        }
        anchoring?.noteGrowth()
    }

    /// The records that are missing, in the order in which to append them: of each request those with its first record,
    /// by which it is known to be on record, last.
    private func deniedRequestDrafts(
        _ decisions: (GrantBook) -> [DecisionRecord]
    ) throws(ExchangeError) -> [[EventDraft]] {
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
            let records = try records(of: request)
            let identities = records.indices.map { request.identity($0) }
            // Of many, some may have been recorded before the process died.
            let recorded = try ExchangeError.wrapping { () throws(LogError) in try accessLog.entries(of: identities) }
            for (number, record) in records.enumerated() where recorded[number] == nil {
                drafts.append(
                    EventDraft(
                        agency: LedgerVoice.agency, tags: try tagger.tags(of: record),
                        event: record.event(id: identities[number].id, source: identities[number].source)))
            }
        }
        return stride(from: 0, to: drafts.count, by: Self.deniedRecordsPerAppend).reversed().map { start in
            Array(drafts[start..<min(start + Self.deniedRecordsPerAppend, drafts.count)])
        }
    }

    /// So many are within ``LogLimits/requestBytes``, however large each is.
    private static let deniedRecordsPerAppend = 512

    /// The records of a request, with all entries that it was about.
    private func records(of request: DeniedRequest) throws(ExchangeError) -> [AccessRecord] {
        var request = request
        let query = try blind(request.objects, for: nil)
        for start in stride(from: 0, to: query.items.count, by: LogLimits.itemsPerQuery) {
            let items = query.items[start..<min(start + LogLimits.itemsPerQuery, query.items.count)]
            var range = ReadRange(to: request.end, limit: ReadPage.maximumEntries)
            var isMore = true
            while isMore {
                let part = range
                let found = try ExchangeError.wrapping { () throws(LogError) in
                    try log.read(Query(Array(items)), part)
                }
                for entry in found {
                    let view = try EntryView(entry)
                    let plan = try current { state throws(ExchangeError) in try state.plan(of: view) }
                    if let plan { request.note(Self.readable(view, plan, tags: view.tags), at: entry.position) }
                }
                isMore = found.count == part.limit
                range.from = (found.last?.position ?? request.end) + 1
            }
        }
        return request.records
    }
}
