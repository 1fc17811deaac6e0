internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes

/// Health, metrics, tokens: what is about the server itself.
struct ServerRoutes: Routing {
    let health: HealthEndpoints
    let metrics: MetricsEndpoint
    let tokens: TokenEndpoint

    var routes: [Route] {
        [
            Route(Self.health("live", "healthLive", "Whether the server lives.")) { call throws(Problem) in
                try health.answer(call)
            },
            Route(
                Self.health("ready", "healthReady", "Whether the server can do its work; 503 with the reason if not.")
            ) {
                call throws(Problem) in try health.answer(call)
            },
            Route(Self.measuring) { call throws(Problem) in try metrics.answer(call) },
            Route(Self.revoking) { call async throws(Problem) in try await tokens.answer(call) },
        ]
    }

    private static func health(_ name: String, _ id: String, _ summary: String) -> APIOperation {
        APIOperation(
            method: .get, path: "/health/\(name)", id: id, summary: summary,
            access: .anyone,
            answers: [
                APIAnswer(
                    200, "It does.",
                    [
                        APIVocabulary.json(
                            #"{"type":"object","required":["status"],"properties":{"head":{"type":"integer"}}}"#)
                    ])
            ])
    }

    private static let measuring = APIOperation(
        method: .get, path: "/metrics", id: "metrics",
        summary: "What the server counts, as Prometheus reads it; for members, and for its own machine.",
        access: .anyone,
        answers: [APIAnswer(200, "Metrics.", [APIContent(MetricsText.mediaType, "{\"type\":\"string\"}")])])

    private static let revoking = APIOperation(
        method: .post, path: "/tokens/revocations", id: "revokeToken",
        summary: "Takes a token back that the agency signed.",
        body: [
            APIContent(
                MediaType.json, .object([("id", .text(1...TokenEndpoint.idLength))], required: ["id"]),
                example: #"{"id":"0b5e…"}"#)
        ],
        answers: [
            APIAnswer(
                200, "It counts no more.",
                [APIVocabulary.json(.object([("revoked", #"{"type":"string"}"#)], required: ["revoked"]))])
        ], problems: [413, 422, 507])
}
