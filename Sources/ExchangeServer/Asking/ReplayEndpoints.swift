internal import Audit
internal import Clearance
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// `GET /why`, `GET /differences` and `GET /could-see`: as the commands of these names.
struct ReplayEndpoints: Routing {
    let views: ServedViews

    var routes: [Route] {
        [
            .apart(Self.reason) { call async throws(Problem) in try await why(call) },
            .apart(Self.named) { call async throws(Problem) in try await why(call) },
            .apart(Self.comparison) { call async throws(Problem) in try await difference(call) },
            .apart(Self.sight) { call async throws(Problem) in try await couldSee(call) },
        ]
    }

    private func why(_ call: Call) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let reader = try call.caller.reader(&parameters)
        let known = try Self.moment(try parameters.one("known"))
        let replay = Replay(of: views.ledger, [])
        let position: Position
        if call.path.count > 1 {
            guard let number = Position(call.path[1]), number <= RequestParameters.maximumNumber else {
                throw RequestParameters.bad("“\(call.path[1].prefix(64))” is no position.")
            }
            position = number
            try parameters.end()
        } else {
            guard let source = try parameters.text("source"), let id = try parameters.text("id") else {
                throw RequestParameters.bad("Which event? Give its position, or “source” and “id”.")
            }
            try parameters.end()
            let identity = EventIdentity(source: source, id: id)
            position = try await Problem.replaying { () throws(ReplayError) in try replay.position(of: identity) }
        }
        let why = try await Problem.replaying { () async throws(ReplayError) in
            try await replay.why(position, knownAt: known, for: reader)
        }
        return .json { why.write(to: &$0) }
    }

    private func difference(_ call: Call) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let reader = try call.caller.reader(&parameters)
        let (from, to) = (try parameters.one("from"), try parameters.one("to"))
        let (fromTrue, toTrue) = (try parameters.one("from-true"), try parameters.one("to-true"))
        let subject = try Self.subject(&parameters)
        let reached = try parameters.number("reached")
        try parameters.end()
        if case .report = subject { _ = try call.caller.member() }
        guard let from else { throw RequestParameters.bad("From which moment? Give “from”, a position or a time.") }
        let (first, second) = (try Self.moment(from, fromTrue), try Self.moment(to, toTrue))
        let (difference, view) = try await views.replaying(subject, [first, second], reached: reached) {
            replay async throws(ReplayError) in
            try await replay.difference(of: subject, from: first, to: second, for: reader)
        }
        return try Answer.json { difference.write(to: &$0) }.of(view, at: difference.to.known.position)
    }

    private func couldSee(_ call: Call) async throws(Problem) -> Answer {
        _ = try call.caller.member()
        var parameters = try call.parameters()
        let asker = try call.caller.reader(&parameters)
        guard let agency = try parameters.text("reader") else {
            throw RequestParameters.bad("Whose sight is asked for? Give “reader”, an agency.")
        }
        let other = Reader(
            member: agency, role: try parameters.text("reader-role"), purpose: try parameters.text("reader-purpose"),
            caseName: try parameters.text("reader-case"))
        let known = try Self.moment(try parameters.one("known"))
        let types = try parameters.several("type")
        var tags = try parameters.tags("tag")
        if let object = try parameters.text("object") {
            guard let tag = try? Tag(object) else {
                throw RequestParameters.bad("“\(object.prefix(64))” is no object. Write kind:value.")
            }
            tags.append(tag)
        }
        var positions: [Position] = []
        for text in try parameters.several("position") {
            guard let position = Position(text), position <= RequestParameters.maximumNumber else {
                throw RequestParameters.bad("“\(text.prefix(64))” is no position.")
            }
            positions.append(position)
        }
        try parameters.end()
        let query = types.isEmpty && tags.isEmpty ? Query.all : Query(types: types, tags: tags)
        guard !query.matchesAll || !positions.isEmpty else {
            throw RequestParameters.bad("Of what? Give “object”, “type”, “tag” or “position”.")
        }
        let replay = Replay(of: views.ledger, [])
        let asked = positions
        let (_, sightings) = try await Problem.replaying { () async throws(ReplayError) in
            try await replay.sightings(of: other, in: query, at: asked, known, askedBy: asker)
        }
        var json = JSONWriter()
        for sighting in sightings {
            sighting.write(to: &json)
            json.endLine()
        }
        return Answer(.ok, MediaType.lines, .bytes(json.bytes))
    }

    private static func moment(_ known: String?, _ truth: String? = nil) throws(Problem) -> Moment {
        do throws(ReplayError) {
            return try Moment(known: known, true: truth)
        } catch {
            throw Problem(error)
        }
    }

    private static func subject(_ parameters: inout RequestParameters) throws(Problem) -> ReplaySubject {
        let (object, isTimeline) = (try parameters.text("object"), try parameters.flag("timeline"))
        let (board, report) = (try parameters.one("board"), try parameters.one("report"))
        if let report {
            guard let question = ReportQuestion(report) else {
                throw RequestParameters.bad("There is no report “\(report.prefix(64))”.")
            }
            return .report(question)
        }
        if let board {
            guard let kind = BoardKind(rawValue: board) else {
                throw RequestParameters.bad("There is no board “\(board.prefix(64))”.")
            }
            var listing = BoardListing(kind)
            listing.object = object
            return .board(listing)
        }
        guard let object else {
            throw RequestParameters.bad("Of what? Give “object”, “board” or “report”.")
        }
        return isTimeline ? .timeline(object) : .file(object)
    }

    // MARK: Documented

    private static let known = APIParameter.query(
        "known", .anyText, "Up to where the log is known: a position, or a time recorded; else now.", #""2""#)
    private static let told = APIAnswer(
        200, "Power, rules and what they read, what it rested on, what came later, as far as the reader may see.",
        [APIVocabulary.json(#"{"type":"object","required":["position","known","event"]}"#)])

    private static let reason = APIOperation(
        method: .get, path: "/why/{position}", id: "why", summary: "Why a decision stood.", access: .anyone,
        parameters: [.path("position", .position, "The position of the event.", "1"), known] + APIVocabulary.claims,
        answers: [told], problems: [404, 409, 422])

    private static let named = APIOperation(
        method: .get, path: "/why", id: "whyNamed", summary: "Why a decision stood, by source and id of its event.",
        access: .anyone,
        parameters: [
            .query("source", .anyText, "The source of the event.", #""/CUS/1""#, isRequired: true),
            .query("id", .anyText, "Its id.", #""e1""#, isRequired: true), known,
        ] + APIVocabulary.claims,
        answers: [told], problems: [404, 409, 422])

    private static let comparison = APIOperation(
        method: .get, path: "/differences", id: "difference",
        summary: "What is otherwise at one moment than at another: what appeared, went, changed, and by which events.",
        access: .anyone,
        parameters: [
            .query("object", .anyText, "Of the case file, or the board's row, of this object.", #""declaration:1""#),
            .query("timeline", .flag, "Of the object's timeline.", #""true""#),
            .query("board", .words(BoardKind.allCases.map(\.rawValue)), "Of this board.", #""inspections""#),
            .query("report", .anyText, "Of this figure or report.", #""K22""#),
            .query("from", .anyText, "The first moment: a position, or a time recorded.", #""1""#, isRequired: true),
            .query("to", .anyText, "The second one; else now.", #""2""#),
            .query("from-true", .time, "At the first moment, as true at this time.", #""2026-03-01T00:00:00Z""#),
            .query("to-true", .time, "At the second one, as true at this time.", #""2026-03-01T00:00:00Z""#),
            APIVocabulary.reached,
        ] + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "Both moments, the events between them, the changes.",
                [APIVocabulary.json(#"{"type":"object","required":["from","to","events","changes"]}"#)],
                headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])

    private static let sight = APIOperation(
        method: .get, path: "/could-see", id: "couldSee",
        summary: "What an agency could see at a moment, field by field, and by which rule or grant.",
        parameters: [
            .query("reader", .code, "The agency whose sight is asked for.", #""TAX""#, isRequired: true),
            .query("reader-role", .code, "… in this role.", #""assessor""#),
            .query("reader-purpose", .code, "… for this purpose.", #""duty""#),
            .query("reader-case", .anyText, "… for this case.", #""T-7""#),
            .query("object", .anyText, "What is about this object.", #""declaration:1""#), known,
            .queries("position", .position, "The entry at this position.", "1"),
        ] + APIVocabulary.matching + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "A line for each entry.",
                [APIVocabulary.lines(#"{"position":1,"seen":true,"fields":[]}"#)])
        ], problems: [403, 404, 409, 422])
}
