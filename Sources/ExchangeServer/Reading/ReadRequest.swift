internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes

/// What a request reads, by its parameters: as the options of `sanhu read`.
struct ReadRequest: Sendable {
    let reader: Reader
    let query: Query
    var range: ReadRange
    let recordedFrom: Timestamp?
    let recordedTo: Timestamp?
    let asOf: Timestamp?
    let upcasts: Bool
    let isVerifiable: Bool
    let proofs: ExchangeLedger.ReadProofs
    let isStored: Bool
    let follows: Bool
    /// The most entries of a page, if it is read in pages.
    let page: Int?
    let cursor: PageCursor?
    let fields: [String]

    init(_ call: Call) throws(Problem) {
        var parameters = try call.parameters()
        reader = try call.caller.reader(&parameters)
        query = try Self.query(&parameters)
        range = ReadRange(
            from: try parameters.number("from") ?? 0, to: try parameters.number("to"),
            isBackwards: try parameters.flag("backwards"),
            limit: Int(clamping: try parameters.number("limit") ?? UInt64(Int.max)))
        (recordedFrom, recordedTo) = (try parameters.time("recorded-from"), try parameters.time("recorded-to"))
        asOf = try parameters.time("as-of")
        upcasts = try parameters.flag("upcast")
        isVerifiable = try parameters.flag("verifiable")
        let wantsProofs = try parameters.flag("proofs")
        let since = try parameters.number("since")
        proofs = wantsProofs ? since.map { .inclusionSince($0) } ?? .inclusion : .none
        isStored = try parameters.flag("stored")
        follows =
            try parameters.flag("follow") || MediaType.accepts(call.headers[.accept], MediaType.eventStream)
        page = try parameters.number("page", 1...UInt64(ReadPage.maximumEntries)).map { Int($0) }
        cursor = try Self.cursor(try parameters.one("cursor"))
        fields = try parameters.several("field")
        try parameters.end()
        try check(wantsProofs: wantsProofs, since: since)
        try resume(call)
    }

    private func check(wantsProofs: Bool, since: Position?) throws(Problem) {
        func refuse(_ wrong: Bool, _ detail: String) throws(Problem) {
            if wrong { throw RequestParameters.bad(detail) }
        }
        try refuse(wantsProofs && !isVerifiable, "“proofs” goes with “verifiable”.")
        try refuse(since != nil && !wantsProofs, "“since” goes with “proofs”.")
        try refuse(isVerifiable && upcasts, "“verifiable” shows events as they are: leave out “upcast”.")
        try refuse(isVerifiable && follows, "What is followed comes merged; read it again with “verifiable”.")
        try refuse(isVerifiable && (page != nil || cursor != nil), "A verifiable read has no pages.")
        try refuse(follows && (range.isBackwards || range.to != nil), "What is followed has no end: leave out “to”.")
        try refuse(follows && (page != nil || cursor != nil), "What is followed has no pages.")
        try refuse(
            isStored && (isVerifiable || follows || upcasts || asOf != nil || page != nil || cursor != nil),
            "“stored” gives entries as the log has them, and goes with a query and a range alone.")
    }

    /// A stream that was cut goes on after the last event that came (HTML, server-sent events, section 9.2.4).
    private mutating func resume(_ call: Call) throws(Problem) {
        guard follows, let text = call.headers[EventStreamText.lastEventID] else { return }
        guard let last = Position(text), last < .max else {
            throw RequestParameters.bad("Last-Event-ID is the position of an event that came.")
        }
        range.from = max(range.from, last + 1)
    }

    private static func cursor(_ text: String?) throws(Problem) -> PageCursor? {
        guard let text else { return nil }
        do throws(ExchangeError) {
            return try PageCursor(text)
        } catch {
            throw Problem(error)
        }
    }

    /// The query of `query`, or of `type` and `tag`.
    static func query(_ parameters: inout RequestParameters) throws(Problem) -> Query {
        let (types, tags) = (try parameters.several("type"), try parameters.tags("tag"))
        let text = try parameters.one("query")
        guard text == nil || (types.isEmpty && tags.isEmpty) else {
            throw RequestParameters.bad("Give “query”, or “type” and “tag”.")
        }
        do throws(LogError) {
            let query = if let text { try QueryText.query(text) } else { Query(types: types, tags: tags) }
            try query.validate()
            return query
        } catch {
            throw Problem(error)
        }
    }
}
