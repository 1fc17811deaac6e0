import EventLog
import Exchange
import Foundation
import TestSupport
import Testing

// One after the other: each ledger maps terabytes of addresses.
@Suite("What ends by its time is noted", .fewAtOnce, .serialized)
struct SettlingTests {
    private static func notes(_ lab: LedgerLab) throws -> [String] {
        try lab.ledger.log.read(Query(types: ["sanhu.disclosure.expired"]), ReadRange()).map { entry in
            let text = String(decoding: entry.bytes, as: UTF8.self)
            let data = try #require(text.range(of: #""data":"#)).upperBound
            return String(text[data...].dropLast(2))
        }
    }

    @Test("once for each grant, request and request for assistance, by the platform, also after the ledger was closed")
    func once() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(2)
        let end = LedgerLab.soon(12)
        let grant = try await lab.grant(LedgerLab.scope(to: end))
        let request = try await lab.ask(LedgerLab.scope(["declaration:2"], to: end))
        let assistance = try await lab.ledger.append(
            .assistanceRequested(AssistanceRequest(.emergency, LedgerLab.scope(to: end), deadline: end)), as: "TAX"
        ).position
        let lasting = try await lab.ask(LedgerLab.scope(["declaration:1", "declaration:2"]))
        #expect(try lab.ledger.nextEnd() == end)
        #expect(try await lab.ledger.settle() == [])
        #expect(try await lab.buyers() == ["Buyer 1"])
        lab.close()
        try await LedgerLab.wait(until: end)
        try lab.reopen()
        // Not noted yet, and over all the same.
        #expect(try await lab.buyers() == [])
        let head = try lab.ledger.log.head
        #expect(try await lab.ledger.settle() == [head, head + 1, head + 2])
        #expect(try await lab.ledger.settle() == [])
        try lab.reopen()
        #expect(try await lab.ledger.settle() == [])
        #expect(try await lab.buyers() == [])
        #expect(
            try Self.notes(lab) == [
                #"{"grant":\#(grant)}"#, #"{"request":\#(request)}"#, #"{"request":\#(assistance)}"#,
            ])
        let sender = String(decoding: try lab.ledger.log.entry(at: head).bytes, as: UTF8.self)
        #expect(sender.contains(#""agency":"SW""#) && sender.contains(#""source":"/SW""#))
        // Those that lapsed are closed for what could come after, the other is not.
        #expect(try await LedgerLab.fault { _ = try await lab.decide(request) }?.code == .outsideRequest)
        #expect(try await LedgerLab.fault { _ = try await lab.decide(assistance) }?.code == .caseClosed)
        _ = try await lab.decide(lasting)
        #expect(try await lab.buyers() == ["Buyer 1", "Buyer 2"])
    }

    @Test("once also when it is noted by many at the same time, and by another agency than before")
    func together() async throws {
        let lab = try await LedgerLab()
        let end = LedgerLab.soon(15)
        for number in 1...20 { _ = try await lab.grant(LedgerLab.scope(["declaration:\(number)"], to: end)) }
        try await LedgerLab.wait(until: end)
        let ledger = lab.ledger
        let noted = try await withThrowingTaskGroup(of: [Position].self) { group in
            for number in 0..<8 { group.addTask { try await ledger.settle(as: number % 2 == 0 ? "SW" : "BOR") } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(noted).count == 20)
        #expect(try Self.notes(lab).count == 20 && Set(try Self.notes(lab)).count == 20)
    }

    @Test("by nobody who has not the power; nothing opens again")
    func power() async throws {
        let lab = try await LedgerLab()
        try await lab.declare(1)
        let end = LedgerLab.soon(5)
        _ = try await lab.grant(LedgerLab.scope(to: end))
        try await LedgerLab.wait(until: end)
        for agency in ["AUD", "TER", "XXX"] { #expect(try await lab.ledger.settle(as: agency) == []) }
        #expect(try Self.notes(lab) == [])
        #expect(try await lab.buyers() == [])
        #expect(try await lab.ledger.settle().count == 1)
    }
}
