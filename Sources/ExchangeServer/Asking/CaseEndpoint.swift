internal import Audit
internal import Clearance
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Views

/// `GET /cases/{object}`: as `sanhu case`.
struct CaseEndpoint: Routing {
    let views: ServedViews

    var routes: [Route] {
        [.apart(Self.operation) { call async throws(Problem) in try await answer(call) }]
    }

    private func answer(_ call: Call) async throws(Problem) -> Answer {
        var parameters = try call.parameters()
        let asked = try AskedView(call.caller, &parameters)
        let moment = try asked.moment(&parameters)
        try parameters.end()
        let object = call.path[1]
        guard CaseFiles.has(object) else {
            throw RequestParameters.bad(
                "“\(object.prefix(64))” has no case file: only \(CaseFiles.kinds.joined(separator: ", ")) have.")
        }
        if let moment {
            let (answer, view) = try await views.replayed(.file(object), at: moment, for: asked)
            let text = moment.occurred == nil ? answer.lines.first : nil
            return try Answer.json { json in
                if let text { json.raw(text) } else { answer.writeTruth(to: &json) }
            }.of(view, at: answer.known.position)
        }
        let view = try views.view(CaseFiles.definition)
        let position = try await views.ready([view], at: asked.at, reached: asked.reached)
        // Of an earlier position nobody says for which day it is asked.
        let day = asked.at == nil ? asked.asOf ?? .now() : nil
        let file = try await views.asking { () async throws(ViewError) in
            try await CaseFiles(view).file(
                of: object, for: asked.reader, asOf: asked.asOf, at: position, expiringAt: day)
        }
        return try Answer.json { json in
            if let file { file.write(to: &json) } else { json.object { _ in } }
        }.of(view, at: position)
    }

    private static let operation = APIOperation(
        method: .get, path: "/cases/{object}", id: "showCase",
        summary: "The case file of an object: what happened, who must still release, what is missing.",
        access: .anyone,
        parameters: [
            .path(
                "object",
                .text(4...255, pattern: "^(" + CaseFiles.kinds.joined(separator: "|") + "):" + APISchema.value),
                "The object, kind:value.", #""declaration:1""#), APIVocabulary.asOf, APIVocabulary.at,
            APIVocabulary.reached,
        ] + APIVocabulary.moment + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "The file, of what the reader may see.",
                [
                    APIVocabulary.json(
                        #"{"type":"object","properties":{"object":{"type":"string"},"steps":{"type":"array"}}}"#
                    )
                ], headers: APIVocabulary.viewHeaders)
        ], problems: [404, 409, 422])
}
