internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes

/// `/subscriptions`: docs/http.md.
extension SubscriptionEndpoints: Routing {
    private static let name = APIParameter.path("name", APIVocabulary.name, "The subscription.", #""risk""#)
    private static let shown = APIVocabulary.json(.named("Subscription"))

    var routes: [Route] {
        Self.operations.map { operation in
            Route(operation) { call async throws(Problem) in try await answer(call) }
        }
    }

    private static let operations: [APIOperation] = [
        APIOperation(
            method: .get, path: "/subscriptions", id: "listSubscriptions", summary: "The agency's subscriptions.",
            answers: [
                APIAnswer(
                    200, "Each with its definition and its state.",
                    [
                        APIVocabulary.json(
                            #"{"type":"object","required":["subscriptions"],"properties":{"subscriptions":{"type":"array"}}}"#
                        )
                    ])
            ]),
        APIOperation(
            method: .get, path: "/subscriptions/{name}", id: "showSubscription",
            summary: "What a subscription is, and how it stands.", parameters: [name],
            answers: [APIAnswer(200, "Its definition and its state.", [shown])], problems: [404, 409]),
        APIOperation(
            method: .put, path: "/subscriptions/{name}", id: "putSubscription",
            summary: "Makes a subscription, or changes it.", parameters: [name] + APIVocabulary.claims,
            body: [
                APIContent(
                    MediaType.json, .named("SubscriptionDefinition"),
                    example: #"{"type":["sanhu.declaration.lodged"],"key":"declaration"}"#)
            ],
            answers: [
                APIAnswer(201, "It was made.", [shown]), APIAnswer(200, "It was changed, or is as it was.", [shown]),
            ], problems: [404, 409, 413, 422, 507]),
        APIOperation(
            method: .delete, path: "/subscriptions/{name}", id: "deleteSubscription",
            summary: "Ends a subscription, and all that was kept of it.", parameters: [name],
            answers: [APIAnswer(200, "It is no more.", [counted("deleted", "string")])], problems: [404, 507]),
        APIOperation(
            method: .get, path: "/subscriptions/{name}/events", id: "takeDeliveries",
            summary: "What is delivered to a consumer, without end.",
            parameters: [
                name, .query("consumer", APIVocabulary.name, "Who takes the events.", #""a1""#, isRequired: true),
                .query("follow", .flag, "It always follows.", #""true""#),
            ] + APIVocabulary.claims,
            answers: [
                APIAnswer(
                    200, "Deliveries, as they come.",
                    [
                        APIVocabulary.lines(#"{"position":41,"delivery":7,"attempt":1,"entry":{}}"#),
                        APIContent("text/event-stream", "{\"type\":\"string\"}"),
                    ])
            ], problems: [404, 409]),
        APIOperation(
            method: .post, path: "/subscriptions/{name}/acknowledgements", id: "acknowledge",
            summary: "Says what became of deliveries; durable when it is answered.", parameters: [name],
            body: [
                APIContent(
                    MediaType.json, acknowledgement,
                    example: #"{"acknowledged":[41],"rejected":[{"position":42,"reason":"no such importer"}]}"#)
            ],
            answers: [
                APIAnswer(
                    200, "The cursor, and how many of each there were.",
                    [
                        APIVocabulary.json(
                            #"{"type":"object","required":["cursor","acknowledged","rejected","repeated","unknown"]}"#,
                            example: #"{"cursor":44,"acknowledged":2,"rejected":1,"repeated":0,"unknown":[]}"#)
                    ])
            ], problems: [404, 409, 413, 422, 507]),
        APIOperation(
            method: .get, path: "/subscriptions/{name}/parked", id: "listParked",
            summary: "The events that are parked.",
            parameters: [name],
            answers: [
                APIAnswer(
                    200, "A line for each.",
                    [
                        APIVocabulary.lines(
                            #"{"position":42,"reason":"no such importer","since":"2026-03-01T00:00:00.000000Z","deliveries":1}"#
                        )
                    ])
            ], problems: [404, 409]),
        APIOperation(
            method: .post, path: "/subscriptions/{name}/parked/replay", id: "replayParked",
            summary: "Delivers parked events again.", parameters: [name],
            body: [
                APIContent(
                    MediaType.json,
                    #"{"oneOf":[{"type":"object","properties":{"positions":{"type":"array","maxItems":10000,"items":{"type":"integer","minimum":0,"maximum":9007199254740991}}},"required":["positions"],"additionalProperties":false},{"type":"object","properties":{"all":{"const":true}},"required":["all"],"additionalProperties":false}]}"#,
                    example: #"{"all":true}"#)
            ], answers: [APIAnswer(200, "How many.", [counted("replayed", "integer")])],
            problems: [404, 409, 413, 422, 507]),
        APIOperation(
            method: .delete, path: "/subscriptions/{name}/parked/{position}", id: "discardParked",
            summary: "Gives a parked event up for good.",
            parameters: [name, .path("position", .position, "Its position.", "42")],
            answers: [APIAnswer(200, "It is given up.", [counted("discarded", "integer")])], problems: [404, 409, 507]),
    ]

    private static let acknowledgement = APISchema.object([
        (
            "acknowledged",
            .list(.position, atMost: SubscriptionLimits.positionsPerRequest)
        ),
        (
            "rejected",
            .list(
                .object(
                    [
                        ("position", .position),
                        ("reason", .text(1...SubscriptionLimits.reasonBytes)), ("retry", #"{"type":"boolean"}"#),
                    ], required: ["position", "reason"]), atMost: SubscriptionLimits.positionsPerRequest, isSet: false)
        ),
    ])

    private static func counted(_ name: String, _ type: String) -> APIContent {
        APIVocabulary.json(.object([(name, APISchema(#"{"type":"\#(type)"}"#))], required: [name]))
    }
}
