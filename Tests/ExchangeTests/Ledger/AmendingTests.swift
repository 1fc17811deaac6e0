import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

@Suite("Amending the charter of a ledger", .fewAtOnce)
struct AmendingTests {
    @Test("A power that ends lets nothing new in, and what came in before is known all the same")
    func powerEnds() async throws {
        let lab = try await LedgerLab()
        let known = LedgerLab.declaration("220020260000000001")
        _ = try await lab.ledger.append([known], as: "CUS")
        let end = CharterLab.end("power", #"{"id":"cus"}"#)
        let position = try await lab.ledger.amend(LedgerLab.amendment(end, id: "a1"))
        #expect(position == 2)
        let fresh = LedgerLab.declaration("220020260000000002")
        #expect(try await LedgerLab.fault { _ = try await lab.ledger.append([fresh], as: "CUS") }?.code == .noPower)
        #expect(try await lab.ledger.append([known], as: "CUS") == [.duplicate(1)])
        try lab.reopen()
        #expect(try await LedgerLab.fault { _ = try await lab.ledger.append([fresh], as: "CUS") }?.code == .noPower)
        #expect(try await lab.ledger.append([known], as: "CUS") == [.duplicate(1)])
    }

    @Test("An amendment without its signatures, of an older charter, or with a schema that cannot be kept is refused")
    func refusals() async throws {
        let lab = try await LedgerLab()
        let end = CharterLab.end("power", #"{"id":"cus"}"#)
        func refused(_ event: [UInt8]) async throws -> ExchangeError.Code? {
            try await LedgerLab.fault { _ = try await lab.ledger.amend(event) }?.code
        }
        #expect(try await refused(LedgerLab.amendment(end, id: "a1", by: ["CUS-1"])) == .notEnoughSignatures)
        #expect(try await refused(LedgerLab.amendment(end, id: "a1", basis: 7)) == .staleAmendment)
        #expect(try await refused(Array("{}".utf8)) == .malformedCharter)
        let schema = CharterLab.put(
            "schema",
            #"{"uri":"urn:x:1","type":"sanhu.x","document":{"oneOf":[{"properties":{"a":{"x-sharing":{"class":"conditional","compartment":"method","owner":"CUS","bytes":8}}}}]}}"#
        )
        #expect(try await refused(LedgerLab.amendment(schema, id: "a1")) == .schemaRefused)
        let signed = String(decoding: try LedgerLab.amendment(end, id: "a1"), as: UTF8.self)
        let forged = signed.replacing("\"id\":\"cus\"", with: "\"id\":\"tax\"")
        #expect(forged != signed)
        #expect(try await refused(Array(forged.utf8)) == .wrongSignature)
        #expect(try lab.ledger.log.head == 1)
        _ = try await lab.ledger.amend(LedgerLab.amendment(end, id: "a1"))
        #expect(try await refused(LedgerLab.amendment(end, id: "a2")) == .staleAmendment)
    }

    @Test("A power that ends by its date lets nothing in that is recorded then or later")
    func endsByDate() async throws {
        for round in 0..<20 {
            let lab = try await LedgerLab()
            let ledger = lab.ledger
            let end = Timestamp(microseconds: Timestamp.now().microseconds + 60_000)
            _ = try await ledger.amend(
                LedgerLab.amendment(
                    CharterLab.end("power", #"{"id":"cus"}"#), id: "a1", effective: end.description))
            var (accepted, refused) = (0, 0)
            while refused == 0 {
                let fresh = LedgerLab.declaration("\(round)-\(accepted)")
                let fault = try await LedgerLab.fault { _ = try await ledger.append([fresh], as: "CUS") }
                if let fault { #expect(fault.code == .noPower) }
                if fault == nil { accepted += 1 } else { refused += 1 }
            }
            let times = try ledger.log.read(Query(types: ["sanhu.declaration.lodged"]), ReadRange()).map(\.recorded)
            #expect(times.count == accepted && times.allSatisfy { $0 < end }, "round \(round): \(times), \(end)")
            lab.close()
        }
    }

    @Test("While a power is ended, nothing comes in after it that relied on it")
    func races() async throws {
        // One after the other: each ledger maps terabytes of addresses.
        for round in 0..<40 { try await race(round) }
    }

    private func race(_ round: Int) async throws {
        let lab = try await LedgerLab()
        let ledger = lab.ledger
        let end = try LedgerLab.amendment(CharterLab.end("power", #"{"id":"cus"}"#), id: "a1")
        async let amended = ledger.amend(end)
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<4 {
                group.addTask {
                    for number in 0..<20 {
                        _ = try? await ledger.append([LedgerLab.declaration("c\(client)-\(number)")], as: "CUS")
                    }
                }
            }
        }
        let position = try await amended
        let after = try ledger.log.read(
            Query(types: ["sanhu.declaration.lodged"]), ReadRange(from: min(position + 1, try ledger.log.head)))
        #expect(after.isEmpty, "round \(round): \(after.map(\.position)) came after \(position)")
    }
}
