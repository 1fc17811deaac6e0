import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@Suite("What is asked for by name and denied is recorded", .fewAtOnce)
struct DenialTests {
    private static let owner = Reader(.authority, agency: "CUS")
    private static let auditor = Reader(.auditor, agency: "AUD")
    private static let border = Reader(.authority, agency: "BOR", purpose: "duty", caseName: "B-9")

    private static func fields(_ access: Access) -> [String] {
        guard case .fields(let fields, let ranges) = access.record.extent else { return [] }
        return fields.map { "\($0.type) \($0.pointer)" } + ranges.map { "\($0.lowerBound)-\($0.upperBound)" }
    }

    @Test("A field that is named and withheld is a denial, of its owner's; a plain read is none")
    func named() async throws {
        let lab = try await LedgerLab.withProbe()
        let first = try await lab.declare("220020260000000001")
        _ = try await lab.declare("220020260000000002")
        _ = try await lab.seen(by: Self.border, from: 2)
        #expect(try lab.ledger.accessLog.head == 0)
        let plain = try await lab.ledger.read(.all, ReadRange(from: 2), for: Self.border)
        let seen = try await lab.ledger.read(
            .all, ReadRange(from: 2), for: Self.border, naming: ["/commercial/price", "/office"])
        #expect(seen == plain, "what is asked for by name is not seen for that")
        let told = try await lab.ledger.accesses(for: Self.owner)
        #expect(told.count == 1 && told[0].record.basis == .denied && told[0].record.reader.agency == "BOR")
        #expect(told[0].record.caseName == "B-9")
        #expect(Self.fields(told[0]) == ["sanhu.declaration.lodged /commercial", "\(first)-\(first + 1)"])
        for pointers in [["price"], Array(repeating: "/a", count: 33)] {
            let fault = try await exchangeFault {
                _ = try await lab.ledger.read(.all, ReadRange(), for: Self.border, naming: pointers)
            }
            #expect(fault != nil)
        }
    }

    @Test("To ask for a field of what is a stub is a denial in any case, and tells no more than the stub")
    func stubs() async throws {
        let lab = try await LedgerLab.withProbe()
        let flag = LedgerLab.event("sanhu.risk.flagged", LedgerLab.flagged, id: "f1", #"{"object":"CSQU3054383"}"#)
        let position = try await lab.ledger.append([flag], as: "CUS")[0].position
        let plain = LedgerLab.event(
            "sanhu.declaration.lodged", LedgerLab.lodged, id: "1", #"{"number":"1","office":"2248"}"#)
        _ = try await lab.ledger.append([plain], as: "CUS")
        for (reader, pointer) in [(Self.border, "/object"), (.public, "/object"), (.public, "/nothing")] {
            let before = try lab.ledger.accessLog.head
            let range = ReadRange(from: position, to: position + 1)
            let seen = try await lab.ledger.read(.all, range, for: reader, naming: [pointer])
            #expect(try lab.ledger.accessLog.head == before + 1)
            guard case .stub = seen[0] else {
                Issue.record("not a stub")
                continue
            }
        }
        // The flag's owner is told that someone asked for something in it; who asked is not told what it is.
        let told = try await lab.ledger.accesses(for: Self.owner)
        #expect(told.map(\.record.reader.kind) == [.authority, .public, .public])
        #expect(Set(told.flatMap(Self.fields)) == ["sanhu.risk.flagged ", "\(position)-\(position)"])
        #expect(try await lab.ledger.accesses(AccessQuery(readers: ["BOR"]), for: Self.border).isEmpty)
    }

    @Test("A request for disclosure that is denied is on record once, with the fields of the objects it named")
    func requests() async throws {
        let lab = try await LedgerLab.withProbe()
        let declared = try await lab.declare("220020260000000001")
        _ = try await lab.declare("220020260000000002")
        func request(_ id: String) async throws -> Position {
            let event = LedgerLab.event(
                "sanhu.disclosure.requested", "urn:sanhu:schema:disclosure.requested:1", id: id, source: "/TAX/1",
                #"{"owner":"CUS","fields":{"pointers":["/buyer"]},"objects":["declaration:220020260000000001"],"purpose":"case","case":"T-7","to":"2099-01-01T00:00:00Z"}"#
            )
            return try await lab.ledger.append([event], as: "TAX")[0].position
        }
        func decide(_ request: Position, _ outcome: String, id: String) async throws -> Receipt {
            let event = LedgerLab.event(
                "sanhu.disclosure.decided", "urn:sanhu:schema:disclosure.decided:1", id: id,
                #"{"request":\#(request),"outcome":"\#(outcome)","reasons":["no case"]}"#)
            return try await lab.ledger.append([event], as: "CUS")[0]
        }
        let granted = try await request("q1")
        _ = try await decide(granted, "granted", id: "d1")
        #expect(try lab.ledger.accessLog.head == 0)
        let denied = try await request("q2")
        let decision = try await decide(denied, "denied", id: "d2")
        #expect(try await decide(denied, "denied", id: "d2") == .duplicate(decision.position))
        try lab.reopen()
        #expect(try lab.ledger.accessLog.head == 2)
        let told = try await lab.ledger.accesses(for: Self.owner)
        #expect(told.allSatisfy { $0.record.basis == .denied && $0.record.reader.agency == "TAX" })
        #expect(told.allSatisfy { $0.record.caseName == "T-7" && $0.record.purpose == "case" })
        #expect(
            told.map(Self.fields) == [
                ["sanhu.disclosure.requested ", "\(denied)-\(denied)"],
                ["sanhu.declaration.lodged /buyer", "\(declared)-\(declared)"],
            ])
    }

    @Test("A denied request that was not recorded before the process died is recorded when the ledger is opened")
    func afterDying() async throws {
        let lab = try await LedgerLab.withProbe()
        _ = try await lab.declare("220020260000000001")
        let event = LedgerLab.event(
            "sanhu.disclosure.requested", "urn:sanhu:schema:disclosure.requested:1", id: "q", source: "/TAX/1",
            #"{"owner":"CUS","fields":{"pointers":["/buyer"]},"objects":["declaration:220020260000000001"],"purpose":"case","case":"T-7","to":"2099-01-01T00:00:00Z"}"#
        )
        let asked = try await lab.ledger.append([event], as: "TAX")[0].position
        let decision = LedgerLab.event(
            "sanhu.disclosure.decided", "urn:sanhu:schema:disclosure.decided:1", id: "d",
            #"{"request":\#(asked),"outcome":"denied","reasons":["no case"]}"#)
        lab.ledger.accessLog.close()
        #expect(try await exchangeFault { _ = try await lab.ledger.append([decision], as: "CUS") }?.code == .log)
        #expect(try lab.ledger.accessLog.head == 0)
        try lab.reopen()
        #expect(try await lab.ledger.accesses(for: Self.auditor).count == 2)
        try lab.reopen()
        #expect(try lab.ledger.accessLog.head == 3, "and the auditor's reading")
    }
}
