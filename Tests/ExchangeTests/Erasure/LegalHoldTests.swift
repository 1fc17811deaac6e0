import EventLog
import Foundation
import TestSupport
import Testing

@testable import Exchange

@Suite("Legal holds, and who may order an erasure", .fewAtOnce, .serialized)
struct LegalHoldTests {
    private static let grounds = ErasureGrounds(basis: "刑诉法 54", reason: "evidence")

    private static func fault(_ body: () async throws -> Void) async throws -> ExchangeError.Code? {
        try await ErasureLab.fault(body)?.code
    }

    @Test("A hold refuses an erasure until it is lifted, by whoever placed it")
    func holds() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let first = try await lab.ledger.hold(ErasureLab.importer, case: "T-7", Self.grounds, as: "TAX")
        let second = try await lab.ledger.hold(ErasureLab.importer, case: "C-1", Self.grounds, as: "CUS")
        let text = String(decoding: try lab.ledger.log.entry(at: first).bytes, as: UTF8.self)
        #expect(!text.contains("CANARY") && !text.contains("evidence"))
        #expect(try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") } == .legalHold)
        #expect(
            try await Self.fault { _ = try await lab.ledger.liftHold(at: first, Self.grounds, as: "CUS") } == .notOwner)
        _ = try await lab.ledger.liftHold(at: first, Self.grounds, as: "TAX")
        #expect(
            try await Self.fault { _ = try await lab.ledger.liftHold(at: first, Self.grounds, as: "TAX") }
                == .unknownHold)
        #expect(
            try await Self.fault { _ = try await lab.ledger.liftHold(at: 0, Self.grounds, as: "TAX") } == .unknownHold)
        #expect(try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") } == .legalHold)
        try lab.lab.reopen()
        #expect(try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") } == .legalHold)
        // Others may be erased, and nothing was begun that keeps events out.
        _ = try await lab.ledger.erase(ErasureLab.order("Li"), as: "CUS")
        _ = try await lab.ledger.append([ErasureLab.declaration("d8")], as: "CUS")
        _ = try await lab.ledger.liftHold(at: second, Self.grounds, as: "CUS")
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        #expect(try #require(try await lab.seen(1, by: ErasureLab.cleared).event).gone.count == 2)
        let late = try await Self.fault {
            _ = try await lab.ledger.hold(ErasureLab.importer, case: "T-8", Self.grounds, as: "TAX")
        }
        #expect(late == .subjectErased)
        let register = try lab.ledger.erasures()
        #expect(register.holds.map(\.caseName) == ["T-7", "C-1"] && register.holds.allSatisfy { $0.lifted != nil })
        #expect(register.fences.map(\.fence.number) == [1, 2])
        #expect(try ErasureRegister(folding: lab.ledger.log).lastFence == 2)
    }

    @Test("A hold may come before the subject's data, and the same id is the same hold")
    func early() async throws {
        let lab = try await ErasureLab()
        let one = try await lab.ledger.hold(ErasureLab.importer, case: "T", Self.grounds, id: "h1", as: "TAX")
        #expect(try await lab.ledger.hold(ErasureLab.importer, case: "T", Self.grounds, id: "h1", as: "TAX") == one)
        try await lab.fill()
        #expect(try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") } == .legalHold)
        #expect(try lab.ledger.erasures().holds.count == 1)
    }

    @Test("Without the power for it, for a subject that is not known, or past the ledger, nothing is erased")
    func refusals() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        #expect(try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "TAX") } == .noPower)
        #expect(
            try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "XXX") } == .unknownAgency)
        #expect(
            try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order("nobody"), as: "CUS") }
                == .unknownSubject)
        #expect(
            try await Self.fault { _ = try await lab.ledger.erase(ErasureLab.order(""), as: "CUS") } == .eventInvalid)
        var foreign = ErasureLab.order()
        foreign.grounds.source = "/TAX/1"
        #expect(try await Self.fault { _ = try await lab.ledger.erase(foreign, as: "CUS") } == .foreignSource)
        foreign.grounds = ErasureGrounds(basis: "")
        #expect(try await Self.fault { _ = try await lab.ledger.erase(foreign, as: "CUS") } == .eventInvalid)
        #expect(
            try await Self.fault { _ = try await lab.ledger.hold("x", case: "c", Self.grounds, as: "BOR") } == .noPower)
        for number in [1, 2, 9_000] {
            let forged = LedgerLab.event(
                "sanhu.erasure.ordered", "urn:sanhu:schema:erasure.ordered:1", id: "forged-\(number)",
                #"{"fence":\#(number),"subject":"AAAAAAAAAAAAAAAAAAAAAA","basis":"b"}"#)
            #expect(try await Self.fault { _ = try await lab.ledger.append([forged], as: "CUS") } == .conflict)
        }
        #expect(try lab.ledger.keyStatus().noted == nil && lab.ledger.log.head == 8)
        _ = try await lab.ledger.append([ErasureLab.declaration("d8")], as: "CUS")
        try lab.lab.reopen()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
    }
}
