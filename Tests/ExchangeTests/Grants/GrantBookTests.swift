import EventLog
import Exchange
import Testing

@Suite("Requests, decisions and grants")
struct GrantBookTests {
    private static let request = DisclosureEvent.requested(DisclosureRequest(asked()))

    private static func ruling(
        _ request: Position, _ outcome: DisclosureRuling.Outcome = .granted,
        _ part: DisclosureRuling.Part = .init()
    ) -> DisclosureEvent {
        .decided(DisclosureRuling(on: request, outcome, reasons: ["Art. 5"], part: part))
    }

    /// A book with a request of Tax at position 1, granted by Customs at position 2.
    private static func granted() throws -> GrantBook {
        var book = GrantBook()
        try book.take(request, by: "TAX", at: 1)
        try book.take(ruling(1), by: "CUS", at: 2)
        return book
    }

    @Test("A request is checked, granted, and its grant holds from the decision to its end")
    func life() throws {
        var book = GrantBook()
        try book.take(Self.request, by: "TAX", at: 1)
        #expect(book.requests(openAt: hour(1)).map(\.at.position) == [1])
        try book.take(.checked(request: 1, conforms: true, reasons: []), by: "CUS", at: 2)
        #expect(book.requests(openAt: hour(2)).map(\.at.position) == [1])
        try book.take(Self.ruling(1), by: "CUS", at: 3)
        #expect(book.requests(openAt: hour(3)).isEmpty)
        #expect(book.requests(openAt: hour(2)).map(\.at.position) == [1])
        let grant = try #require(book.grants(inForceAt: hour(3), for: "TAX").first)
        #expect(grant.position == 3 && grant.owner == "CUS" && grant.fields.owners == ["CUS"])
        #expect(grant.validity == Validity(from: hour(3), to: hour(1000)))
        #expect(book.grants(inForceAt: hour(2), for: "TAX").isEmpty)
        #expect(book.grants(inForceAt: hour(3), for: "BOR").isEmpty)
        // Its time is over without an event that says so.
        #expect(book.grants(inForceAt: hour(999), for: "TAX").count == 1)
        #expect(book.grants(inForceAt: hour(1000), for: "TAX").isEmpty)
        try book.take(.expired(grant: 3), by: "SW", at: 1000)
        #expect(book.refusal(.expired(grant: 3), by: "SW", at: 1001) == .grantEnded)
        #expect(book.refusal(.revoked(grant: 3, reasons: ["x"]), by: "CUS", at: 1001) == .grantEnded)
    }

    @Test("A request that is given back is not decided")
    func givenBack() throws {
        var book = GrantBook()
        try book.take(Self.request, by: "TAX", at: 1)
        try book.take(.checked(request: 1, conforms: false, reasons: ["no case"]), by: "CUS", at: 2)
        #expect(book.requests(openAt: hour(2)).isEmpty)
        #expect(book.refusal(Self.ruling(1), by: "CUS", at: 3) == .conflict)
    }

    @Test("A denial is no grant, has its reasons, and may be disputed by who asked")
    func denial() throws {
        var book = GrantBook()
        try book.take(Self.request, by: "TAX", at: 1)
        let bare = DisclosureEvent.decided(DisclosureRuling(on: 1, .denied, reasons: []))
        #expect(book.refusal(bare, by: "CUS", at: 2) == .eventInvalid)
        try book.take(Self.ruling(1, .denied), by: "CUS", at: 2)
        #expect(book.grants(inForceAt: hour(3), for: "TAX").isEmpty && book.grants.isEmpty)
        #expect(book.refusal(Self.ruling(1), by: "CUS", at: 3) == .conflict)
        #expect(book.refusal(.disputed(decision: 2, reasons: ["x"]), by: "BOR", at: 3) == .notOwner)
        #expect(book.refusal(.disputed(decision: 1, reasons: ["x"]), by: "TAX", at: 3) == .unknownRequest)
        try book.take(.disputed(decision: 2, reasons: ["the case needs it"]), by: "TAX", at: 3)
        #expect(book.decisions[2]?.disputes.map(\.reasons) == [["the case needs it"]])
    }

    @Test("A part of a request may be granted, and nothing beyond it")
    func part() throws {
        var book = GrantBook()
        let scope = asked(
            fields: FieldSelector(
                types: ["a", "b"], compartments: ["x", "y"], classes: [.conditional], pointers: ["/price"]),
            roles: ["assessor"], from: hour(10), to: hour(20))
        try book.take(.requested(DisclosureRequest(scope)), by: "TAX", at: 1)
        let inner = FieldSelector(types: ["a"], compartments: ["x"], classes: [.conditional], pointers: ["/price/unit"])
        func with(_ change: (inout FieldSelector) -> Void) -> DisclosureRuling.Part {
            var fields = inner
            change(&fields)
            return DisclosureRuling.Part(fields: fields)
        }
        let beyond: [DisclosureRuling.Part] = [
            with { $0.types = [] }, with { $0.types = ["a", "c"] }, with { $0.compartments = ["z"] },
            with { $0.classes = [] }, with { $0.classes = [.restricted] }, with { $0.pointers = [] },
            with { $0.pointers = [""] }, with { $0.pointers = ["/pricey"] },
            DisclosureRuling.Part(roles: []), DisclosureRuling.Part(roles: ["assessor", "clerk"]),
            DisclosureRuling.Part(objects: [tag("declaration:3")]), DisclosureRuling.Part(objects: []),
            DisclosureRuling.Part(from: hour(9)), DisclosureRuling.Part(to: hour(21)),
            DisclosureRuling.Part(from: hour(15), to: hour(15)),
        ]
        for part in beyond {
            #expect(book.refusal(Self.ruling(1, .partly, part), by: "CUS", at: 2) == .outsideRequest, "\(part)")
        }
        let part = DisclosureRuling.Part(fields: inner, objects: [tag("declaration:2")], from: hour(12), to: hour(15))
        try book.take(Self.ruling(1, .partly, part), by: "CUS", at: 2)
        let grant = try #require(book.grants[2]?.grant)
        #expect(grant.fields.types == ["a"] && grant.fields.owners == ["CUS"] && grant.roles == ["assessor"])
        #expect(grant.objects == [tag("declaration:2")])
        #expect(grant.validity == Validity(from: hour(12), to: hour(15)))
    }

    @Test("Only the owner decides and revokes, and only what there is")
    func owner() throws {
        var book = GrantBook()
        #expect(book.refusal(Self.ruling(1), by: "CUS", at: 1) == .unknownRequest)
        #expect(book.refusal(Self.request, by: "CUS", at: 1) == .conflict)
        try book.take(Self.request, by: "TAX", at: 1)
        #expect(book.refusal(Self.ruling(1), by: "BOR", at: 2) == .notOwner)
        #expect(book.refusal(.checked(request: 1, conforms: true, reasons: []), by: "TAX", at: 2) == .notOwner)
        try book.take(Self.ruling(1), by: "CUS", at: 2)
        #expect(book.refusal(Self.ruling(1), by: "CUS", at: 3) == .conflict)
        #expect(book.refusal(.revoked(grant: 1, reasons: ["x"]), by: "CUS", at: 3) == .unknownGrant)
        #expect(book.refusal(.revoked(grant: 2, reasons: ["x"]), by: "TAX", at: 3) == .notOwner)
        #expect(book.refusal(.expired(grant: 2), by: "SW", at: 3) == .conflict)
        #expect(book.refusal(.requested(DisclosureRequest(asked(to: hour(3)))), by: "TAX", at: 3) == .outsideRequest)
        #expect(book.refusal(Self.request, by: "TAX", at: 2) == .conflict)
    }

    @Test("A revocation ends a grant at once; what was known before it stays to be asked")
    func revocation() throws {
        var book = try Self.granted()
        try book.take(.revoked(grant: 2, reasons: ["misused"]), by: "CUS", at: 50)
        #expect(book.grants(inForceAt: hour(49), for: "TAX").count == 1)
        #expect(book.grants(inForceAt: hour(50), for: "TAX").isEmpty)
        #expect(book.history(asOf: 49).grants(inForceAt: hour(50), for: "TAX").count == 1)
        #expect(book.history(asOf: 50).grants(inForceAt: hour(50), for: "TAX").isEmpty)
        #expect(book.history(asOf: 1).grants(inForceAt: hour(49), for: "TAX").isEmpty)
        #expect(book.history(asOf: 1).requests(openAt: hour(49)).map(\.at.position) == [1])
        #expect(book.grants[2]?.end?.cause == .revoked)
        #expect(book.refusal(.revoked(grant: 2, reasons: ["x"]), by: "CUS", at: 51) == .grantEnded)
    }

    @Test("An agency may have only so many open requests")
    func limit() throws {
        var book = GrantBook()
        for at in 1...GrantBook.maximumOpenRequests {
            try book.apply(Self.request, by: "TAX", at: RecordedAt(Position(at), hour(1)))
        }
        let next = GrantBook.maximumOpenRequests + 1
        let moment = RecordedAt(Position(next), hour(1))
        let error = #expect(throws: ExchangeError.self) { try book.check(Self.request, by: "TAX", at: moment) }
        #expect(error?.code == .limitExceeded)
        try book.check(Self.request, by: "BOR", at: moment)
        try book.apply(Self.ruling(1, .denied), by: "CUS", at: moment)
        try book.apply(Self.request, by: "TAX", at: RecordedAt(Position(next + 1), hour(1)))
    }
}
