import EventLog
import Exchange
import Testing

@Suite("Assistance: a scope that closes with its case")
struct AssistanceTests {
    private static func assistance(deadline: Int = 100) -> DisclosureEvent {
        .assistanceRequested(AssistanceRequest(.smuggling, asked(), deadline: hour(deadline)))
    }

    private static func ruling(_ request: Position) -> DisclosureEvent {
        .decided(DisclosureRuling(on: request, .granted, reasons: ["Art. 5"]))
    }

    @Test("What is granted under a request for assistance, directly or by a request, ends when it is closed")
    func closing() throws {
        var book = GrantBook()
        try book.take(Self.assistance(), by: "TAX", at: 1)
        try book.take(Self.ruling(1), by: "CUS", at: 2)
        let inner = asked(objects: ["declaration:1"], to: hour(500))
        try book.take(.requested(DisclosureRequest(inner, under: 1)), by: "TAX", at: 3)
        try book.take(Self.ruling(3), by: "CUS", at: 4)
        try book.take(.requested(DisclosureRequest(inner, under: 1)), by: "TAX", at: 5)
        try book.take(.requested(DisclosureRequest(asked())), by: "TAX", at: 6)
        try book.take(Self.ruling(6), by: "CUS", at: 7)
        try book.take(.assistanceAnswered(AssistanceAnswer(to: 1, .provided)), by: "CUS", at: 8)
        #expect(book.grants(inForceAt: hour(9), for: "TAX").map(\.position) == [2, 4, 7])
        #expect(book.history().assistances(openAt: hour(9)).map(\.at.position) == [1])
        #expect(book.refusal(.assistanceClosed(assistance: 1, reasons: []), by: "CUS", at: 10) == .notOwner)
        try book.take(.assistanceClosed(assistance: 1, reasons: ["done"]), by: "TAX", at: 10)
        #expect(book.grants(inForceAt: hour(10), for: "TAX").map(\.position) == [7])
        #expect(book.grants[4]?.end?.cause == .closed && book.grants[7]?.end == nil)
        #expect(book.requests(openAt: hour(10)).isEmpty)
        #expect(book.history().assistances(openAt: hour(10)).isEmpty)
        #expect(book.history(asOf: 9).grants(inForceAt: hour(10), for: "TAX").map(\.position) == [2, 4, 7])
        // Nothing more comes of it.
        for (event, agency) in [
            (Self.ruling(1), "CUS"), (Self.ruling(5), "CUS"),
            (.requested(DisclosureRequest(inner, under: 1)), "TAX"),
            (.assistanceAnswered(AssistanceAnswer(to: 1, .provided)), "CUS"),
            (.assistanceClosed(assistance: 1, reasons: []), "TAX"),
        ] {
            #expect(book.refusal(event, by: agency, at: 11) == .caseClosed)
        }
    }

    @Test("Under a request for assistance only its own agency asks, and only within its scope")
    func scope() throws {
        var book = GrantBook()
        #expect(book.refusal(Self.assistance(deadline: 1), by: "TAX", at: 1) == .outsideRequest)
        try book.take(Self.assistance(), by: "TAX", at: 1)
        func refusal(_ scope: DisclosureScope, by agency: String = "TAX", under: Position = 1) -> ExchangeError.Code? {
            book.refusal(.requested(DisclosureRequest(scope, under: under)), by: agency, at: 2)
        }
        #expect(refusal(asked()) == nil)
        #expect(refusal(asked(), by: "BOR") == .notOwner)
        #expect(refusal(asked(), under: 9) == .unknownRequest)
        #expect(refusal(asked(owner: "POL")) == .outsideRequest)
        #expect(refusal(asked(caseName: "case-2")) == .outsideRequest)
        #expect(refusal(asked(objects: ["declaration:3"])) == .outsideRequest)
        #expect(refusal(asked(to: hour(1001))) == .outsideRequest)
        #expect(refusal(asked(fields: FieldSelector(owners: ["CUS"]))) == .outsideRequest)
        let answer = DisclosureEvent.assistanceAnswered(AssistanceAnswer(to: 1, .provided))
        #expect(book.refusal(answer, by: "TAX", at: 2) == .notOwner)
        #expect(book.refusal(Self.ruling(1), by: "POL", at: 2) == .notOwner)
    }
}
