internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes

/// `/events`: appending, reading, following.
struct EventRoutes: Routing {
    let append: AppendEndpoint
    let read: ReadEndpoint

    var routes: [Route] {
        [
            Route(Self.reading) { call async throws(Problem) in try await read.answer(call) },
            Route(Self.appending) { call async throws(Problem) in try await append.answer(call) },
        ]
    }

    private static let reading = APIOperation(
        method: .get, path: "/events", id: "readEvents",
        summary: "Entries, as the reader may see them; without end, as they come, if it follows.", access: .anyone,
        parameters: APIVocabulary.matching + [
            .query(
                "query", .free,
                "A query as the command line writes it, instead of type and tag.",
                #""type=sanhu.hold.placed container:CMAU9592883""#),
            .query("from", .position, "From this position on.", "0"),
            .query("to", .position, "Below this position.", "3"),
            .query("recorded-from", .time, "Recorded at this time or after it.", #""2026-03-01T00:00:00Z""#),
            .query("recorded-to", .time, "Recorded before this time.", #""2099-03-01T00:00:00Z""#),
            .query("limit", .position, "At most so many.", "10"),
            .query("backwards", .flag, "The latest first.", #""true""#), APIVocabulary.asOf,
            .query("upcast", .flag, "Brought up to the latest versions of their schemas.", #""true""#),
            .query("verifiable", .flag, "In the form that can be verified.", #""true""#),
            .query("proofs", .flag, "With proofs; goes with verifiable.", #""true""#),
            .query("since", .position, "Proofs from the log of this size on; goes with proofs.", "1"),
            .query("stored", .flag, "As the log has them, for who may see that each is there.", #""true""#),
            .query("follow", .flag, "Without end, in lines.", #""false""#),
            .query("page", .number(1...Int64(ReadPage.maximumEntries)), "In pages of so many.", "2"),
            .query("cursor", .text(1...512), "Where the page before ended.", #""CURSOR""#),
            .queries(
                "field", .free, "A field that is asked for by name: its denial is recorded.", #""/commercial""#),
        ] + APIVocabulary.claims + [
            .header("Last-Event-ID", .free, "Of what is followed: goes on after this event.", "0")
        ],
        answers: [
            APIAnswer(
                200, "A line for each entry; what is followed, as server-sent events if they are accepted.",
                [
                    APIVocabulary.lines(#"{"position":1,"recorded":"2026-03-01T00:00:00.000000Z","agency":"CUS"}"#),
                    APIContent("text/event-stream", "{\"type\":\"string\"}"),
                ])
        ], problems: [404, 409, 410, 422])

    private static let appending = APIOperation(
        method: .post, path: "/events", id: "appendEvents",
        summary: "Appends events. The same request may be made again, whether or not its answer came.",
        parameters: [
            .queries(
                "tag", .tag, "What the events are about, beside what they say.", #""container:CMAU9592883""#,
                atMost: LogLimits.tagsPerEvent),
            .queries(
                "condition", .free,
                "Only if nothing that matches the query came after the position.",
                APIVocabulary.text(#"{"query":"type=sanhu.hold.placed declaration:1","after":0}"#)),
            .query("proof", .flag, "Each receipt with its proof.", #""true""#),
            .header("ce-specversion", .free, "In binary mode: the version of CloudEvents …", #""1.0""#),
            .header("ce-id", .free, "… the event's id …", #""m-2""#),
            .header("ce-source", .free, "… its source …", #""/TER/1""#),
            .header("ce-type", .free, "… its type …", #""sanhu.equipment.moved""#),
            .header("ce-dataschema", .free, "… and its schema.", #""urn:sanhu:schema:equipment.moved:1""#),
        ],
        body: [
            APIContent("application/cloudevents+json", .named("Event"), example: example),
            APIContent(
                "application/cloudevents-batch+json",
                .list(.named("Event"), atMost: LogLimits.eventsPerRequest, isSet: false), example: "[\(example)]"),
            APIContent("application/x-ndjson", "{\"type\":\"string\"}", example: APIVocabulary.text(example + "\n")),
            APIContent(MediaType.json, "{\"type\":\"object\"}", example: data),
        ],
        answers: [
            APIAnswer(
                201, "Something was appended, and is durable.",
                [APIVocabulary.json(receipts, example: #"{"appended":41}"#)],
                headers: [("Location", "{\"type\":\"string\"}", "Where the entry can be read.")]),
            APIAnswer(
                200, "All was there already; or, of lines, a receipt or a problem for each.",
                [
                    APIVocabulary.json(receipts, example: #"{"duplicate":41}"#),
                    APIVocabulary.lines(#"{"line":1,"appended":41}"#),
                ],
                headers: [("Location", "{\"type\":\"string\"}", "Where the entry can be read.")]),
        ], problems: [404, 409, 410, 413, 415, 422, 507])

    private static let receipts = APISchema(
        ##"{"anyOf":[{"$ref":"#/components/schemas/Receipt"},{"type":"array","items":{"$ref":"#/components/schemas/Receipt"}}]}"##
    )

    private static let example =
        #"{"specversion":"1.0","id":"m-1","source":"/TER/1","type":"sanhu.equipment.moved","port":"CNNSA","#
        + #""dataschema":"urn:sanhu:schema:equipment.moved:1","data":\#(data)}"#

    private static let data =
        #"{"container":"CMAU9592883","move":"gate-in","facility":"Nansha II","port":"CNNSA"}"#
}
