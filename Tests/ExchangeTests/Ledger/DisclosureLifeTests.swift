import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

// One after the other: each ledger maps terabytes of addresses.
@Suite("The life of a request for disclosure, in the ledger", .fewAtOnce, .serialized)
struct DisclosureLifeTests {
    private static let other = Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-8")

    @Test("asked, granted, read, revoked, disputed: each step opens and closes what it says")
    func life() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(3)
        let request = try await lab.ask()
        #expect(try await lab.buyers() == [])
        let grant = try await lab.decide(request)
        #expect(try await lab.buyers() == ["Buyer 1"])
        #expect(try await lab.buyers(Self.other) == [])
        #expect(try await lab.buyers(Reader(.authority, agency: "BOR", purpose: "case", caseName: "T-7")) == [])
        #expect(try await lab.buyers(Reader(.authority, agency: "TAX", purpose: "duty", caseName: "T-7")) == [])
        let whileGranted = Timestamp.now()
        let revoked = try await lab.revoke(grant)
        #expect(try await lab.buyers() == [])
        // As of a time when the grant held: then and now, so nothing; and before it there was nothing anyway.
        #expect(try await lab.buyers(asOf: whileGranted) == [])
        let again = try await lab.grant(id: "again")
        #expect(try await lab.buyers(asOf: .now()) == ["Buyer 1"])
        #expect(try await lab.buyers(asOf: whileGranted) == ["Buyer 1"])
        let between = try lab.ledger.log.entry(at: revoked).recorded
        #expect(try await lab.buyers(asOf: between) == [])
        let disputed = try await lab.ledger.append(
            .disputed(decision: again, reasons: ["too little"]), as: "TAX")
        #expect(disputed == .appended(again + 1))
        try lab.reopen()
        #expect(try await lab.buyers() == ["Buyer 1"])
        #expect(lab.ledger.log.verify().isSound)
    }

    @Test("each way to go wrong has its own error, and leaves nothing in the log")
    func errors() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(2)
        func code(_ event: DisclosureEvent, as agency: String) async throws -> ExchangeError.Code? {
            let head = try lab.ledger.log.head
            let error = try await LedgerLab.fault { _ = try await lab.ledger.append(event, as: agency) }
            if error != nil { #expect(try lab.ledger.log.head == head) }
            return error?.code
        }
        func ruling(_ request: Position, _ part: DisclosureRuling.Part? = nil) -> DisclosureEvent {
            .decided(
                DisclosureRuling(
                    on: request, part == nil ? .granted : .partly, reasons: ["tax case"], part: part ?? .init()))
        }
        #expect(try await code(ruling(1), as: "CUS") == .unknownRequest)
        #expect(try await code(.revoked(grant: 1, reasons: ["x"]), as: "CUS") == .unknownGrant)
        let request = try await lab.ask()
        #expect(try await code(ruling(request), as: "BOR") == .notOwner)
        #expect(
            try await code(ruling(request, .init(objects: [tag("declaration:2")])), as: "CUS") == .outsideRequest)
        #expect(try await code(.checked(request: request, conforms: true, reasons: []), as: "TAX") == .notOwner)
        let grant = try await lab.decide(request)
        #expect(try await code(ruling(request), as: "CUS") == nil, "known again: the same decision")
        #expect(
            try await code(.decided(DisclosureRuling(on: request, .denied, reasons: ["y"])), as: "CUS") == .conflict)
        #expect(try await code(.revoked(grant: grant, reasons: ["x"]), as: "TAX") == .notOwner)
        #expect(try await code(.disputed(decision: grant, reasons: ["x"]), as: "BOR") == .notOwner)
        #expect(try await code(.expired(grant: grant), as: "SW") == .conflict)
        _ = try await lab.revoke(grant)
        #expect(try await code(.revoked(grant: grant, reasons: ["again"]), as: "CUS") == .grantEnded)
        let unknown = LedgerLab.scope(owner: "XXX")
        #expect(try await code(.requested(DisclosureRequest(unknown)), as: "TAX") == .unknownAgency)
        let aimless = LedgerLab.scope(purpose: "curiosity")
        #expect(try await code(.requested(DisclosureRequest(aimless)), as: "TAX") == .unknownPurpose)
        for (owner, pointer, remedy) in [("BOR", "/buyer", "ask CUS."), ("CUS", "/nothing", "no schema")] {
            let wrong = DisclosureEvent.requested(DisclosureRequest(LedgerLab.scope(owner: owner, pointer: pointer)))
            let error = try await LedgerLab.fault { _ = try await lab.ledger.append(wrong, as: "TAX") }
            #expect(error?.code == .notOwner && error?.reason.contains(remedy) == true, "\(String(describing: error))")
        }
        let late = LedgerLab.scope(to: LedgerLab.soon(-1))
        #expect(try await code(.requested(DisclosureRequest(late)), as: "TAX") == .outsideRequest)
        #expect(try await code(.requested(DisclosureRequest(LedgerLab.scope([]))), as: "TAX") == .eventInvalid)
        let person = LedgerLab.scope(["person:Li Hua"])
        let named = try await LedgerLab.fault {
            _ = try await lab.ledger.append(.requested(DisclosureRequest(person)), as: "TAX")
        }
        #expect(named?.code == .eventInvalid && named?.reason.contains("Li Hua") == false)
    }

    @Test("what a request for assistance opens closes with it")
    func assistance() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(3)
        let scope = LedgerLab.scope(["declaration:1", "declaration:2"])
        let assistance = try await lab.ledger.append(
            .assistanceRequested(AssistanceRequest(.smuggling, scope, deadline: LedgerLab.soon(3600))),
            detail: .text("the Li group"), as: "TAX"
        ).position
        _ = try await lab.decide(assistance, .partly, part: .init(objects: [tag("declaration:1")]))
        let under = try await lab.ask(LedgerLab.scope(["declaration:2"], to: LedgerLab.soon(60)), under: assistance)
        _ = try await lab.decide(under)
        let open = try await lab.ask(LedgerLab.scope(["declaration:2"], to: LedgerLab.soon(61)), under: assistance)
        #expect(try await lab.buyers() == ["Buyer 1", "Buyer 2"])
        let beyond = try await LedgerLab.fault {
            _ = try await lab.ask(LedgerLab.scope(["declaration:3"]), under: assistance)
        }
        #expect(beyond?.code == .outsideRequest)
        let answer = AssistanceAnswer(to: assistance, .partly, reasons: ["two of three"])
        _ = try await lab.ledger.append(
            .assistanceAnswered(answer), detail: .evidence(["sha256:00"]), as: "CUS")
        let closing = DisclosureEvent.assistanceClosed(assistance: assistance, reasons: ["done"])
        #expect(try await LedgerLab.fault { _ = try await lab.ledger.append(closing, as: "CUS") }?.code == .notOwner)
        _ = try await lab.ledger.append(closing, as: "TAX")
        #expect(try await lab.buyers() == [])
        #expect(try await LedgerLab.fault { _ = try await lab.decide(open) }?.code == .caseClosed)
        #expect(try await LedgerLab.fault { _ = try await lab.decide(assistance) }?.code == .caseClosed)
    }

    @Test("what is sealed stands neither in the entry nor in its id, and who asked reads it")
    func details() async throws {
        let lab = try await LedgerLab()
        let event = DisclosureEvent.requested(DisclosureRequest(LedgerLab.scope()))
        let first = try lab.ledger.compose(event, detail: .text("WE SUSPECT LI"), as: "TAX")
        let second = try lab.ledger.compose(event, detail: .text("WE SUSPECT WU"), as: "TAX")
        let ids = try [first, second].map { try JSONDocument(parsing: $0.event).root["id"]?.string }
        #expect(ids[0] != nil && ids[0] == ids[1])
        let position = try await lab.ledger.append([first], as: "TAX")[0].position
        let entry = try lab.ledger.log.entry(at: position)
        #expect(!String(decoding: entry.bytes, as: UTF8.self).contains("SUSPECT"))
        let own = try await lab.seen(by: Reader(.authority, agency: "TAX"), from: position)
        #expect(own[0].contains("WE SUSPECT LI"))
        let others = try await lab.seen(by: Reader(.authority, agency: "CUS"), from: position)
        #expect(!others[0].contains("SUSPECT") && others[0].contains("declaration:1"))
        #expect(try await lab.ledger.append([first], as: "TAX") == [.duplicate(position)])
        #expect(try await LedgerLab.fault { _ = try await lab.ledger.append([second], as: "TAX") }?.code == .log)
        let misplaced = try await LedgerLab.fault {
            _ = try lab.ledger.compose(.expired(grant: 1), detail: .text("x"), as: "SW")
        }
        #expect(misplaced?.code == .eventInvalid)
    }

    @Test("of decisions on one request that come at once, one counts and the others are refused", arguments: 0..<4)
    func together(_ round: Int) async throws {
        let lab = try await LedgerLab()
        let request = try await lab.ask()
        let ledger = lab.ledger
        let results = await withTaskGroup(of: ExchangeError.Code?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let ruling = DisclosureRuling(
                        on: request, number % 2 == 0 ? .granted : .denied, reasons: ["reason \(number)"])
                    do throws(ExchangeError) {
                        _ = try await ledger.append(.decided(ruling), as: "CUS")
                        return nil
                    } catch {
                        return error.code
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == nil } == 1 && results.count { $0 == .conflict } == 7, "\(results)")
        #expect(try ledger.log.head == request + 2)
        // In one append as well.
        let second = try await lab.ask(LedgerLab.scope(["declaration:2"]))
        let twice = try ["a", "b"].map { reason in
            try ledger.compose(.decided(DisclosureRuling(on: second, .granted, reasons: [reason])), as: "CUS")
        }
        let error = try await LedgerLab.fault { _ = try await ledger.append(twice, as: "CUS") }
        #expect(error?.code == .conflict && error?.reason.hasPrefix("Event 2 of 2") == true)
    }
}
