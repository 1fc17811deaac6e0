internal import EventLog
internal import ExchangeProtocol

/// Parameters, bodies and answers that several operations have.
enum APIVocabulary {
    /// Role, purpose and case: of who comes by a token they stand in it.
    static let claims: [APIParameter] = [
        .query("role", .code, "In which role; with a token, only what it says itself.", #""assessor""#),
        .query("purpose", .code, "For which purpose, by its code; with a token, only what it says itself.", #""duty""#),
        .query("case", .anyText, "For which case; with a token, only what it says itself.", #""T-7""#),
    ]

    static let asOf = APIParameter.query(
        "as-of", .time, "What could be seen at this time, so far as it may be seen now.",
        #""2099-01-01T00:00:00Z""#)

    static let at = APIParameter.query(
        "at", .position, "Only what stands below this position.", "1")

    /// As of when a view is asked.
    static let moment: [APIParameter] = [
        .query(
            "known", .anyText,
            "As known then: below this position, or recorded by this time; by the rules and grants of then.", #""1""#),
        .query(
            "true", .time, "As true at this time: what had happened by then, without what was taken back since.",
            #""2026-03-01T00:00:00Z""#),
    ]

    static let reached = APIParameter.query(
        "reached", .position,
        "The position of a receipt: the answer waits, some seconds at the most, until the view has the entry there.",
        "0")

    /// Which events are meant.
    static let matching: [APIParameter] = [
        .queries("type", .free, "A type of events; any of those that are given.", #""sanhu.hold.placed""#),
        .queries("tag", .tag, "What events are about; all of those that are given.", #""container:CMAU9592883""#),
    ]

    /// What an answer that is folded from a view says of it.
    static let viewHeaders: [(name: String, schema: APISchema, meaning: String)] = [
        ("Sanhu-Position", .position, "Everything below this position counts in the answer."),
        ("Sanhu-View", "{\"type\":\"string\"}", "Name and version of the view that was read."),
        ("Sanhu-Parked", .position, "How many entries the view could not take in, if any."),
    ]

    /// Newline-delimited JSON; the schema is that of a line.
    static func lines(_ example: String? = nil) -> APIContent {
        APIContent(MediaType.lines, "{\"type\":\"string\"}", example: example.map { text($0 + "\n") })
    }

    static func json(_ schema: APISchema, example: String? = nil) -> APIContent {
        APIContent(MediaType.json, schema, example: example)
    }

    static let plain = APIContent("text/plain; charset=utf-8", "{\"type\":\"string\"}")
    static let bytes = APIContent(MediaType.bytes, "{\"type\":\"string\",\"format\":\"binary\"}")

    /// A text as JSON.
    static func text(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }

    /// The receipts of an event that is appended.
    static let receipts: [APIAnswer] = [
        APIAnswer(
            201, "It was appended, and is durable.", [json(.named("Receipt"), example: #"{"appended":41}"#)],
            headers: [("Location", "{\"type\":\"string\"}", "Where the entry can be read.")]),
        APIAnswer(
            200, "It was there already.", [json(.named("Receipt"), example: #"{"duplicate":41}"#)],
            headers: [("Location", "{\"type\":\"string\"}", "Where the entry can be read.")]),
    ]

    // MARK: Components

    /// The schemas that the document names.
    static let schemas: [(name: String, schema: APISchema)] = [
        ("Problem", problem), ("Receipt", receipt), ("Event", event), ("Subscription", subscription),
        ("SubscriptionDefinition", definition),
    ]

    private static let problem = APISchema(
        #"""
        {"type":"object","description":"RFC 9457.","required":["type","title","status","detail","code","retry"],"properties":{
        "type":{"type":"string","pattern":"^urn:sanhu:problem:"},"title":{"type":"string"},
        "status":{"type":"integer","minimum":400,"maximum":599},"detail":{"type":"string"},"code":{"type":"string"},
        "retry":{"enum":["never","later","reread"]},"retryAfter":{"type":"integer"},"pointer":{"type":"string"},
        "conflicts":{"type":"array","items":{"type":"object","required":["kind"],"properties":{
        "kind":{"enum":["condition","idReused","idRepeated","beyondHead","tooLate"]},"index":{"type":"integer"},
        "position":{"type":"integer"}}}}}}
        """#)

    private static let receipt = APISchema(
        #"""
        {"type":"object","minProperties":1,"properties":{"appended":{"type":"integer"},"duplicate":{"type":"integer"},
        "erased":{"type":"integer"},"proof":{"type":"string"},"warnings":{"type":"array","items":{"type":"string"}}},
        "oneOf":[{"required":["appended"]},{"required":["duplicate"]},{"required":["erased"]}],
        "additionalProperties":false}
        """#)

    /// A CloudEvent; what its data must be, the schema in the charter says.
    private static let event = APISchema(
        #"""
        {"type":"object","description":"A CloudEvent 1.0 in JSON format.","required":["specversion","id","source","type"],
        "properties":{"specversion":{"const":"1.0"},"id":{"type":"string","minLength":1,"maxLength":\#(LogLimits.attributeBytes)},
        "source":{"type":"string","minLength":1,"maxLength":\#(LogLimits.attributeBytes)},"type":{"type":"string","minLength":1,"maxLength":\#(LogLimits.attributeBytes)},
        "time":{"type":"string","format":"date-time"},"dataschema":{"type":"string","minLength":1,"maxLength":\#(LogLimits.attributeBytes)},
        "data":{"type":"object"}}}
        """#)

    private static let definitionMembers: [(name: String, schema: APISchema)] = [
        ("query", .free), ("key", .text(1...32, pattern: "^[a-z][a-z0-9-]*$")),
        ("redeliverAfter", .number(1...3_600)), ("maximumDeliveries", .number(1...1_000)),
        ("maximumInFlight", .number(1...1_000)), ("window", .number(1...10_000)), ("upcast", #"{"type":"boolean"}"#),
    ]

    /// Either `query`, or `type` and `tag`; here the latter, whose form can be said.
    private static let definition = APISchema.object(
        definitionMembers.filter { $0.name != "query" } + [
            ("type", .list(.free, atMost: LogLimits.namesPerItem, isSet: false)),
            ("tag", .list(.tag, atMost: LogLimits.namesPerItem, isSet: false)),
            ("from", APISchema(#"{"anyOf":[{"const":"now"},\#(APISchema.position.json)]}"#)),
        ])

    private static let subscription = APISchema.object(
        [
            ("name", name), ("from", .position),
            ("state", #"{"type":"object","required":["cursor","head","lag","inFlight","parked","consumers"]}"#),
        ] + definitionMembers, required: ["name", "query", "state"], open: true)

    /// The name of a subscription or a consumer.
    static let name = APISchema.text(1...SubscriptionLimits.nameBytes, pattern: "^[A-Za-z0-9._-]+$")
}
