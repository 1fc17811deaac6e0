internal import Exchange
internal import HTTPTypes

/// What can be asked below `/disclosures`.
enum DisclosureOperations {
    private static let naming: [APIParameter] = [
        .query(
            "id", .free, "The event's id; else one made of what it says.", #""d-1""#
        ),
        .query(
            "source", .free, "The event's source; else the agency's first.",
            #""/CUS/1""#),
    ]
    private static let problems = [404, 409, 410, 413, 422, 507]

    static let listing = APIOperation(
        method: .get, path: "/disclosures", id: "listDisclosures",
        summary: "Requests and grants: how they stand, what is due and how late it is.",
        parameters: [
            .query("all", .flag, "Also those of other agencies.", #""true""#),
            .query("overdue", .flag, "Only what is late and not done.", #""false""#),
            .queries(
                "state", .words(DisclosureStanding.State.allCases.map(\.rawValue)), "Only what stands so.",
                #""inForce""#),
            .query("from", .position, "From this position on, where a page ended.", "0"),
            .query("limit", .number(1...1_000), "At most so many; else 100.", "20"),
        ] + APIVocabulary.claims,
        answers: [
            APIAnswer(
                200, "A line for each; then where the next page begins, if there is more.",
                [APIVocabulary.lines(#"{"request":41,"state":"open","agency":"TAX"}"#)])
        ], problems: [404, 409])

    static let requesting = APIOperation(
        method: .post, path: "/disclosures", id: "requestDisclosure", summary: "Asks an agency for fields it owns.",
        parameters: naming,
        body: [
            APIContent(
                MediaType.json,
                .object(
                    scope + [
                        ("assistance", .position), ("purposeDetail", .text(1...1_000)),
                    ], required: ["owner", "fields", "objects", "purpose", "case", "to"]),
                example: #"{"owner":"CUS","fields":{"pointers":["/commercial"]},"objects":["declaration:1"],"#
                    + #""purpose":"refund","case":"T-7","to":"2099-12-31T00:00:00+08:00"}"#)
        ], answers: APIVocabulary.receipts, problems: problems)

    /// In the order of the deeds.
    static let deeds: [APIOperation] = [
        deed(
            "check", "checkDisclosure", "Says that a request is in order, or gives it back.",
            .object([("conforms", #"{"type":"boolean"}"#), ("reasons", reasons)], required: ["conforms"]),
            #"{"conforms":true}"#),
        deed(
            "decision", "decideDisclosure", "Grants a request, a part of it, or denies it; always with reasons.",
            .object(
                [("outcome", .words(["granted", "partly", "denied"])), ("reasons", reasons)]
                    + scope.filter { ["fields", "roles", "objects", "from", "to"].contains($0.name) },
                required: ["outcome", "reasons"]),
            #"{"outcome":"granted","reasons":["Art. 5: refund case T-7"]}"#),
        deed(
            "dispute", "disputeDisclosure", "Objects to a decision.",
            .object([("reasons", reasons)], required: ["reasons"]), #"{"reasons":["the price is needed"]}"#),
        deed(
            "revocation", "revokeDisclosure", "Ends a grant at once.",
            .object([("reasons", reasons)], required: ["reasons"]), #"{"reasons":["case T-7 is closed"]}"#),
    ]

    private static func deed(
        _ name: String, _ id: String, _ summary: String, _ body: APISchema, _ example: String
    ) -> APIOperation {
        APIOperation(
            method: .post, path: "/disclosures/{position}/\(name)", id: id, summary: summary,
            parameters: [.path("position", .position, "The position of what it is about.", "41")] + naming,
            body: [APIContent(MediaType.json, body, example: example)], answers: APIVocabulary.receipts,
            problems: problems)
    }

    private static let reasons = APISchema.list(.text(1...1_000), atMost: 16, atLeast: 1)

    private static let scope: [(name: String, schema: APISchema)] = [
        ("owner", .code),
        (
            "fields",
            #"{"type":"object","minProperties":1,"additionalProperties":false,"properties":{"types":\#(APISchema.list(.code, atMost: 100, atLeast: 1).json),"compartments":\#(APISchema.list(.code, atMost: 100, atLeast: 1).json),"classes":\#(APISchema.list(.words(["conditional", "restricted"]), atMost: 2, atLeast: 1).json),"pointers":\#(APISchema.list(.pointer, atMost: 100, atLeast: 1).json)}}"#
        ),
        ("roles", .list(.code, atMost: 32, atLeast: 1)), ("objects", .list(.tag, atMost: 1_000, atLeast: 1)),
        ("purpose", .code), ("case", .text(1...50)), ("from", .time), ("to", .time),
    ]
}
