internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes

/// Checkpoint, tiles and proofs.
extension TransparencyEndpoints: Routing {
    private static let level = APIParameter.path(
        "level", .number(0...63), "The level of a hash tile.", "0")
    private static let index = APIParameter.path(
        "index", .text(3...64, pattern: #"^(x\d{3}/)*\d{3}(\.p/([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?$"#),
        "Its number as tlog-tiles writes it, with the width of a partial one: 067, x001/x234/067, 000.p/17. Its slashes are "
            + "parts of the path.", #""000.p/1""#)

    var routes: [Route] {
        [
            Route(Self.checkpointing) { call throws(Problem) in try checkpoint(call) },
            Route(Self.vouching) { call throws(Problem) in try witnessed(call) },
            Route(Self.proposing) { call throws(Problem) in try proposed(call) },
            Route(Self.cosigning) { call async throws(Problem) in try await cosign(call) },
            Route(Self.hashing, takesMore: true) { call throws(Problem) in try tile(call) },
            Route(Self.bundling, takesMore: true) { call throws(Problem) in try tile(call) },
            Route(Self.proving) { call throws(Problem) in try proof(call, at: call.path[1]) },
            Route(Self.extending) { call throws(Problem) in try consistency(call) },
        ]
    }

    private static let checkpointing = APIOperation(
        method: .get, path: "/checkpoint", id: "checkpoint", summary: "The signed checkpoint of the log (C2SP).",
        access: .anyone, answers: [APIAnswer(200, "A signed note.", [APIVocabulary.plain])])

    private static let vouching = APIOperation(
        method: .get, path: "/checkpoint/witnessed", id: "witnessedCheckpoint",
        summary: "The latest checkpoint that enough witnesses have cosigned, else the one that most have.",
        access: .anyone, answers: [APIAnswer(200, "A signed note.", [APIVocabulary.plain])], problems: [404])

    private static let proposing = APIOperation(
        method: .get, path: "/checkpoint/proposed", id: "proposedCheckpoint",
        summary:
            "The checkpoint that witnesses should cosign next: the same for all of them, for a minute at the most.",
        access: .anyone, answers: [APIAnswer(200, "A signed note.", [APIVocabulary.plain])])

    private static let cosigning = APIOperation(
        method: .post, path: "/checkpoint/cosignatures", id: "cosignCheckpoint",
        summary: "Hands in a checkpoint of this ledger with cosignatures of its witnesses (C2SP tlog-cosignature).",
        access: .anyone, body: [APIVocabulary.plain],
        answers: [
            APIAnswer(
                200, "They are kept.",
                [
                    APIVocabulary.json(
                        .object(
                            [
                                ("size", .position), ("witnesses", .number(1...63)),
                                ("satisfied", #"{"type":"boolean"}"#),
                            ], required: ["size", "witnesses", "satisfied"]))
                ])
        ], problems: [404, 409, 413, 507])

    private static let hashing = APIOperation(
        method: .get, path: "/tile/{level}/{index}", id: "hashTile", summary: "A tile of hashes (C2SP tlog-tiles).",
        access: .anyone, parameters: [level, index],
        answers: [APIAnswer(200, "Hashes of 32 bytes each.", [APIVocabulary.bytes])], problems: [404])

    private static let bundling = APIOperation(
        method: .get, path: "/tile/entries/{index}", id: "entryTile",
        summary: "Entries as they are stored (C2SP tlog-tiles), for who may see that each of them is there.",
        parameters: [index],
        answers: [APIAnswer(200, "Entries, each after its length in two bytes.", [APIVocabulary.bytes])],
        problems: [404])

    private static let proving = APIOperation(
        method: .get, path: "/proofs/{position}", id: "proof",
        summary: "The proof that an entry is in the log (C2SP tlog-proof).", access: .anyone,
        parameters: [.path("position", .position, "The position of the entry.", "0")],
        answers: [APIAnswer(200, "The proof.", [APIVocabulary.plain])], problems: [404])

    private static let extending = APIOperation(
        method: .get, path: "/consistency", id: "consistency",
        summary: "The proof that the log of a size is the beginning of what it is now, as witnesses take it.",
        access: .anyone,
        parameters: [
            .query(
                "from", .number(1...Int64(RequestParameters.maximumNumber)), "The size that is known.",
                "1", isRequired: true),
            .query(
                "to", .number(1...Int64(RequestParameters.maximumNumber)),
                "The size that it is proved to begin; else the present one, with its checkpoint.", "1"),
        ], answers: [APIAnswer(200, "The proof.", [APIVocabulary.plain])], problems: [404])
}
