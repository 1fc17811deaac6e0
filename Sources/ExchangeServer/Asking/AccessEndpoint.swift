internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON

/// `GET /who-saw`: as `sanhu who-saw`.
struct AccessEndpoint: Routing {
    let ledger: ExchangeLedger

    var routes: [Route] {
        [.apart(Self.operation) { call async throws(Problem) in try await answer(call) }]
    }

    private func answer(_ call: Call) async throws(Problem) -> Answer {
        let agency = try call.caller.member()
        var parameters = try call.parameters()
        // “case” is the one that was read for, not that of who asks.
        let claims = try call.caller.claims(&parameters)
        let query = try Self.query(&parameters)
        try parameters.end()
        let reader = Reader(member: agency, role: claims.role, purpose: claims.purpose, caseName: nil)
        var text: [UInt8] = []
        do throws(ExchangeError) {
            for access in try await ledger.accesses(query, for: reader) {
                var json = JSONWriter()
                access.write(to: &json)
                json.endLine()
                text += json.bytes
            }
        } catch {
            throw Problem(error)
        }
        var answer = Answer(.ok, MediaType.lines, .bytes(text))
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    private static func query(_ parameters: inout RequestParameters) throws(Problem) -> AccessQuery {
        var positions: [ClosedRange<Position>] = []
        for text in try parameters.several("position") {
            guard let range = PositionText.range(text) else {
                throw RequestParameters.bad(
                    "“\(text.prefix(64))” is neither a position nor a range of them. Write for example 17 or 17-20.")
            }
            positions.append(range)
        }
        let limit = try parameters.number("limit", 1...UInt64(AccessQuery.maximumLimit))
        return AccessQuery(
            pointers: try parameters.several("field"), types: try parameters.several("type"),
            tags: try parameters.tags("tag"),
            positions: positions, readers: try parameters.several("reader"), caseName: try parameters.text("case"),
            since: try parameters.time("since"), until: try parameters.time("until"),
            limit: limit.map { Int($0) } ?? 1_000)
    }

    private static let operation = APIOperation(
        method: .get, path: "/who-saw", id: "whoSaw",
        summary: "Who saw which classified fields, when, what for and under which rule. To ask is recorded.",
        parameters: [
            .queries("field", .free, "A field by its JSON Pointer.", #""/commercial""#)
        ] + APIVocabulary.matching + [
            .queries(
                "position", .text(1...41, pattern: #"^\d{1,20}(-\d{1,20})?$"#),
                "A position, or a range of them: 17-20.", #""17""#),
            .queries("reader", .free, "An agency that read.", #""TAX""#),
            .query("case", .anyText, "The case that was read for.", #""T-7""#),
            .query("since", .time, "Recorded at this time or after it.", #""2026-01-01T00:00:00Z""#),
            .query("until", .time, "Recorded before this time.", #""2099-01-01T00:00:00Z""#),
            .query("limit", .number(1...Int64(AccessQuery.maximumLimit)), "At most so many, the latest.", "100"),
        ] + APIVocabulary.claims.filter { $0.name != "case" },
        answers: [
            APIAnswer(
                200, "A line for each record, the oldest of them first.",
                [APIVocabulary.lines(#"{"access":3,"recorded":"2026-03-01T00:00:00.000000Z","record":{}}"#)])
        ], problems: [404, 422])
}
