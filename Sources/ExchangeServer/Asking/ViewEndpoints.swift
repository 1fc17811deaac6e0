internal import Audit
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// `GET /views` and what is below it: as `sanhu view list` and `sanhu view show`.
struct ViewEndpoints: Routing {
    let views: ServedViews

    var routes: [Route] {
        [
            Route(Self.listing) { call throws(Problem) in try list(call) },
            .apart(Self.story) { call async throws(Problem) in try await timeline(call) },
            .apart(Self.sums) { call async throws(Problem) in try await counts(call) },
        ]
    }

    private func list(_ call: Call) throws(Problem) -> Answer {
        _ = try call.caller.member()
        try call.parameters().end()
        var all: [(ViewRunner, ViewStatus)] = []
        for view in views.all { all.append((view, try ServedViews.status(of: view))) }
        return .json { json in
            json.object { json in
                json.key("views")
                json.array { json in
                    for (view, status) in all {
                        json.object { json in
                            json.member("view", view.definition.name)
                            json.member("version", Int64(view.definition.version))
                            json.member("state", status.state.word)
                            json.member("position", Int64(clamping: status.position))
                            json.member("head", Int64(clamping: status.head))
                            json.member("lag", Int64(clamping: status.head - min(status.head, status.position)))
                            json.member("parked", Int64(status.parked))
                        }
                    }
                }
            }
        }
    }

    private func timeline(_ call: Call) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let asked = try AskedView(call.caller, &parameters)
        let moment = try asked.moment(&parameters)
        try parameters.end()
        let object = call.path[2]
        guard (try? Tag(object)) != nil else {
            throw RequestParameters.bad("“\(object.prefix(64))” is no object. Write kind:value.")
        }
        if let moment {
            let (answer, view) = try await views.replayed(.timeline(object), at: moment, for: asked)
            return try Answer(.ok, MediaType.lines, .bytes(answer.json)).of(view, at: answer.known.position)
        }
        let view = try views.view(StandardViews.timeline.definition)
        let position = try await views.ready([view], at: asked.at, reached: asked.reached)
        let facts = try await views.asking { () async throws(ViewError) in
            try await view.facts(of: object, for: asked.reader, asOf: asked.asOf, at: position)
        }
        var text: [UInt8] = []
        for step in StandardViews.timeline.state(of: object, from: facts).steps {
            var json = JSONWriter()
            step.write(to: &json)
            json.endLine()
            text += json.bytes
        }
        return try Answer(.ok, MediaType.lines, .bytes(text)).of(view, at: position)
    }

    private func counts(_ call: Call) async throws(Problem) -> Answer {
        _ = try call.caller.member()
        var parameters = try call.parameters()
        let reader = try call.caller.reader(&parameters)
        let prefix = try parameters.text("prefix") ?? ""
        let reached = try parameters.number("reached")
        try parameters.end()
        let view = try views.view(StandardViews.counts)
        let position = try await views.ready([view], at: nil, reached: reached)
        let sums = try await views.asking { () async throws(ViewError) in
            try view.tallies(prefixedBy: prefix, for: reader)
        }
        var text: [UInt8] = []
        for tally in sums {
            var json = JSONWriter()
            json.object { json in
                json.member("key", tally.key)
                json.member("sum", tally.sum)
            }
            json.endLine()
            text += json.bytes
        }
        return try Answer(.ok, MediaType.lines, .bytes(text)).of(view, at: position)
    }

    // MARK: Documented

    private static let listing = APIOperation(
        method: .get, path: "/views", id: "listViews",
        summary: "The views that the server keeps, the versions of their definitions, and how far each has come.",
        answers: [
            APIAnswer(
                200, "The views.",
                [
                    APIVocabulary.json(
                        #"{"type":"object","required":["views"],"properties":{"views":{"type":"array","items":{"type":"object","required":["view","version","state","position","head","lag","parked"]}}}}"#
                    )
                ])
        ])

    private static let story = APIOperation(
        method: .get, path: "/views/timeline/{object}", id: "showTimeline",
        summary: "What happened to an object, when, by which agency.", access: .anyone,
        parameters: [
            .path("object", .tag, "The object, kind:value.", #""container:CMAU9592883""#), APIVocabulary.asOf,
            APIVocabulary.at, APIVocabulary.reached,
        ] + APIVocabulary.moment + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "A line for each step.", [APIVocabulary.lines(#"{"position":1}"#)],
                headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])

    private static let sums = APIOperation(
        method: .get, path: "/views/counts", id: "showCounts",
        summary: "How many events of each type were recorded on each day.",
        parameters: [
            .query("prefix", .anyText, "Only keys that begin so.", #""sanhu.declaration.""#), APIVocabulary.reached,
        ] + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "A line for each type and day.",
                [APIVocabulary.lines(#"{"key":"sanhu.declaration.lodged 2026-03-02","sum":60}"#)],
                headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])
}
