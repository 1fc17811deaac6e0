internal import Audit
internal import Clearance
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import Foundation
internal import HTTPTypes
internal import JSON
internal import Views

/// `GET /reports` and `GET /reports/{report}`: as `sanhu report`.
struct ReportEndpoint: Routing {
    let views: ServedViews
    /// A report goes over the whole view; one core is left to others.
    private let turnstile = Turnstile(places: max(1, ProcessInfo.processInfo.activeProcessorCount - 1))

    init(views: ServedViews) {
        self.views = views
    }

    var routes: [Route] {
        [
            Route(Self.listing) { call throws(Problem) in try list(call) },
            .apart(Self.operation) { call async throws(Problem) in try await answer(call) },
        ]
    }

    private func list(_ call: Call) throws(Problem) -> Answer {
        try call.parameters().end()
        var text: [UInt8] = []
        for figure in PortFigures.all {
            var json = JSONWriter()
            figure.write(to: &json)
            json.endLine()
            text += json.bytes
        }
        return Answer(.ok, MediaType.lines, .bytes(text))
    }

    private func answer(_ call: Call) async throws(Problem) -> Answer {
        _ = try call.caller.member()
        var parameters = try call.parameters()
        let asked = try AskedView(call.caller, &parameters, hasAsOf: false)
        guard var question = ReportQuestion(call.path[1]) else {
            throw Problem(
                404, "unknownReport", "There is no such thing",
                "There is no such report. GET /reports names the figures; beside them there are "
                    + ReportQuestion.names.joined(separator: ", ") + ".")
        }
        question.selection = try Self.selection(&parameters)
        question.flow = try parameters.one("flow")
        guard question.flow.map(Self.flows.contains) ?? true else {
            throw RequestParameters.bad("“flow” is \(Self.flows.joined(separator: " or ")).")
        }
        let least = UInt64(FigureRanking.leastMinimum)
        question.minimum =
            try parameters.number("minimum", least...RequestParameters.maximumNumber).map { Int64(clamping: $0) }
            ?? question.minimum
        let moment = try asked.moment(&parameters)
        try parameters.end()
        let inquiry = question
        if let moment {
            let (answer, view) = try await turnstile.pass { () async throws(Problem) in
                try await views.replayed(.report(inquiry), at: moment, for: asked)
            }
            return try Answer(.ok, MediaType.lines, .bytes(answer.json)).of(view, at: answer.known.position)
        }
        let view = try views.view(PortFigures.definition)
        let position = try await views.ready([view], at: asked.at, reached: asked.reached)
        let answer = try await turnstile.pass { () async throws(Problem) in
            try await views.asking { () async throws(ViewError) in
                try await PortFigures(view).answer(question, at: position, for: asked.reader)
            }
        }
        return try Answer(.ok, MediaType.lines, .bytes(answer.json)).of(view, at: position)
    }

    private static let flows = ["import", "export"]

    private static func selection(_ parameters: inout RequestParameters) throws(Problem) -> FigureSelection {
        var selection = FigureSelection(
            port: try parameters.text("port"), from: try parameters.time("from"), to: try parameters.time("to"))
        guard let month = try parameters.one("month") else { return selection }
        guard selection.from == nil, selection.to == nil else {
            throw RequestParameters.bad("Give “month”, or “from” and “to”.")
        }
        guard let range = ReportQuestion.month(month) else {
            throw RequestParameters.bad("“\(month.prefix(64))” is no month. Write for example 2026-03.")
        }
        (selection.from, selection.to) = range
        return selection
    }

    // MARK: Documented

    private static let listing = APIOperation(
        method: .get, path: "/reports", id: "listReports", summary: "The figures there are.", access: .anyone,
        answers: [
            APIAnswer(
                200, "A line for each: code, names, version of its definition, unit.",
                [APIVocabulary.lines(#"{"figure":"K22","definition":1}"#)])
        ])

    private static let operation = APIOperation(
        method: .get, path: "/reports/{report}", id: "showReport",
        summary: "A figure or a report, with the position and root of the log it was computed from.",
        parameters: [
            .path(
                "report", .words(ReportQuestion.names + PortFigures.all.map(\.code)),
                "A figure by its code, or a report of several.", #""K22""#),
            .query("port", .anyText, "Only of this port.", #""2248""#),
            .query(
                "month", .text(7...7, pattern: #"^\d{4}-(0[1-9]|1[0-2])$"#), "Only of this month at +08:00.",
                #""2026-03""#),
            .query("from", .time, "Only from this time on.", #""2026-01-01T00:00:00Z""#),
            .query("to", .time, "Only before this time.", #""2027-01-01T00:00:00Z""#),
            .query("flow", .words(flows), "Only of this flow; for ranking.", #""import""#),
            .query(
                "minimum", .number(FigureRanking.leastMinimum...Int64(RequestParameters.maximumNumber)),
                "The fewest declarations by which a port is ranked.", "10"), APIVocabulary.at, APIVocabulary.reached,
        ] + APIVocabulary.moment + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "Lines, as the command line prints them.",
                [APIVocabulary.lines(#"{"figure":"K22","definition":1,"position":41,"root":"…"}"#)],
                headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])
}
