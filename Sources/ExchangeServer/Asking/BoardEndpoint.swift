internal import Audit
internal import Clearance
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// `GET /boards/{board}` and `GET /boards/{board}/{object}`: as `sanhu board`.
struct BoardEndpoint: Routing {
    let views: ServedViews

    var routes: [Route] {
        [
            .apart(Self.listing) { call async throws(Problem) in try await list(call) },
            .apart(Self.row) { call async throws(Problem) in try await row(call) },
        ]
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let asked = try AskedView(call.caller, &parameters)
        var listing = try Self.listing(call, &parameters)
        listing.port = try parameters.text("port")
        listing.of = try parameters.text("of")
        listing.after = try parameters.text("after")
        let limit = try parameters.number("limit", 1...UInt64(BoardListing.maximumRows))
        listing.limit = limit.map { Int($0) } ?? listing.limit
        let moment = try asked.moment(&parameters)
        try parameters.end()
        if let moment {
            let (answer, view) = try await replayed(listing, moment, asked)
            return try Answer(.ok, MediaType.lines, .bytes(answer.json)).of(view, at: answer.known.position)
        }
        let (page, view, position) = try await page(listing, asked)
        var text: [UInt8] = []
        for row in page.rows { text += row.json + [UInt8(ascii: "\n")] }
        if let next = page.next {
            var json = JSONWriter()
            json.object { $0.member("next", next) }
            json.endLine()
            text += json.bytes
        }
        return try Answer(.ok, MediaType.lines, .bytes(text)).of(view, at: position)
    }

    private func row(_ call: Call) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let asked = try AskedView(call.caller, &parameters)
        var listing = try Self.listing(call, &parameters)
        let moment = try asked.moment(&parameters)
        try parameters.end()
        listing.object = call.path[2]
        guard (try? Tag(call.path[2])) != nil else {
            throw RequestParameters.bad("“\(call.path[2].prefix(64))” is no object. Write kind:value.")
        }
        if let moment {
            let (answer, view) = try await replayed(listing, moment, asked)
            return try Answer.json { json in
                if let row = answer.lines.first { json.raw(row) } else { json.object { _ in } }
            }.of(view, at: answer.known.position)
        }
        let (page, view, position) = try await page(listing, asked)
        return try Answer.json { json in
            if let row = page.rows.first { row.write(to: &json) } else { json.object { _ in } }
        }.of(view, at: position)
    }

    private func replayed(
        _ listing: BoardListing, _ moment: Moment, _ asked: AskedView
    ) async throws(Problem) -> (answer: ReplayAnswer, view: ViewRunner) {
        if let fault = listing.fault({ "“\($0)”" }) { throw RequestParameters.bad(fault) }
        return try await views.replayed(.board(listing), at: moment, for: asked)
    }

    private func page(
        _ listing: BoardListing, _ asked: AskedView
    ) async throws(Problem) -> (BoardPage, ViewRunner, Position) {
        if let fault = listing.fault({ "“\($0)”" }) { throw RequestParameters.bad(fault) }
        let (view, cases) = (try views.view(Boards.definition), try views.view(CaseFiles.definition))
        let position = try await views.ready([view, cases], at: asked.at, reached: asked.reached)
        let question = BoardQuestion(asked.reader, at: position, asOf: asked.asOf, on: listing.day)
        let boards = Boards(view, cases: CaseFiles(cases), of: views.ledger)
        let page = try await views.asking { () async throws(ViewError) in try await boards.page(listing, question) }
        return (page, view, position)
    }

    private static func listing(
        _ call: Call, _ parameters: inout RequestParameters
    ) throws(Problem) -> BoardListing {
        guard let kind = BoardKind(rawValue: call.path[1]) else {
            let known = BoardKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                404, "unknownBoard", "There is no such thing", "There is no such board. There are: \(known).")
        }
        var listing = BoardListing(kind)
        listing.day = try parameters.one("on")
        return listing
    }

    // MARK: Documented

    private static let board = APIParameter.path(
        "board", .words(BoardKind.allCases.map(\.rawValue)), "The board.", #""inspections""#)
    private static let day = APIParameter.query(
        "on", .day, "Inspections of this day; else the day of validity and due dates.", #""2026-03-02""#)
    private static let row = APIOperation(
        method: .get, path: "/boards/{board}/{object}", id: "showBoardRow", summary: "One row of a board.",
        access: .anyone,
        parameters: [
            board, .path("object", .tag, "The object, kind:value.", #""declaration:1""#), day, APIVocabulary.asOf,
            APIVocabulary.at, APIVocabulary.reached,
        ] + APIVocabulary.moment + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "The row, of what the reader may see.",
                [APIVocabulary.json(#"{"type":"object","required":["board","object"]}"#)],
                headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])
    private static let listing = APIOperation(
        method: .get, path: "/boards/{board}", id: "listBoard",
        summary: "A board: what is asked, open, overdue, left. Then where the next page begins, if there is more.",
        access: .anyone,
        parameters: [
            board,
            .query(
                "port", .anyText, "Of this port: inspections and incidents.", #""CNNSA""#),
            .query("of", .anyText, "Of whom: receipts, inbox, guarantees and credit.", #""in CUS""#), day,
            .query("limit", .number(1...Int64(BoardListing.maximumRows)), "At most so many rows; else 100.", "20"),
            .query("after", .anyText, "Rows after this object, where a page ended.", #""declaration:1""#),
            APIVocabulary.asOf, APIVocabulary.at, APIVocabulary.reached,
        ] + APIVocabulary.moment + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "A line for each row, of what the reader may see.",
                [APIVocabulary.lines(#"{"board":"inspections","object":"declaration:1"}"#)],
                headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])
}
