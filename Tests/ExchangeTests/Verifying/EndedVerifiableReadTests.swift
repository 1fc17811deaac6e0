import EventLog
import Foundation
import JSON
import TestSupport
import Testing

@testable import Exchange

/// A verifiable read is decided on part by part, of 256 entries each. What the parts before relied on must still hold.
@Suite("A verifiable read stops when what it relied on has ended", .fewAtOnce, .serialized)
struct EndedVerifiableReadTests {
    private static let count = 600
    private static let query = Query(types: ["sanhu.declaration.lodged"])
    private static let object = "enterprise:91310000MA1FL0AB1X"
    private static let duty = Reader(.authority, agency: "TAX", purpose: "duty")

    private static func lab() async throws -> LedgerLab {
        let lab = try await LedgerLab()
        let events = try (1...count).map { number in
            var event = LedgerLab.declaration("\(number)", buyer: "Li")
            event.tags = [try EventLog.Tag(object)]
            return event
        }
        _ = try await lab.ledger.append(events, as: "CUS")
        return lab
    }

    /// Reads, and does something once the first entry is given out.
    ///
    /// - Returns: How many lines came, what ended the read, and whether all lines with an entry had the text.
    private static func read(
        _ lab: LedgerLab, for reader: Reader, isBackwards: Bool = false, proofs: ExchangeLedger.ReadProofs = .none,
        holding text: String = "disclosures", meanwhile: () -> Void
    ) async throws -> (lines: Int, error: ExchangeError?, all: Bool) {
        var (lines, all) = (0, true)
        let error = try await LedgerLab.fault {
            try await lab.ledger.readVerifiable(
                query, ReadRange(isBackwards: isBackwards), for: reader, proofs: proofs
            ) { line in
                lines += 1
                let line = String(decoding: line, as: UTF8.self)
                if line.hasPrefix(#"{"position""#) { all = all && line.contains(text) }
                if lines == 2 { meanwhile() }
            }
        }
        return (lines, error, all)
    }

    private static func append(_ event: [UInt8], _ agency: String, tags: [EventLog.Tag] = [], to lab: LedgerLab) {
        #expect(throws: Never.self) {
            try lab.ledger.log.appendAndWait(AppendRequest([EventDraft(agency: agency, tags: tags, event: event)]))
        }
    }

    private static func revoke(_ grant: Position, _ lab: LedgerLab) {
        append(
            LedgerLab.event(
                "sanhu.disclosure.revoked", "urn:sanhu:schema:disclosure.revoked:1", id: "revoked",
                #"{"grant":\#(grant),"reasons":["case closed"]}"#
            ).event, "CUS", to: lab)
    }

    @Test("A grant that is revoked between two parts", arguments: [false, true])
    func revoked(isBackwards: Bool) async throws {
        let lab = try await Self.lab()
        let grant = try await lab.grant(LedgerLab.scope([Self.object]))
        let read = try await Self.read(
            lab, for: LedgerLab.investigator, isBackwards: isBackwards, proofs: isBackwards ? .none : .inclusion
        ) { Self.revoke(grant, lab) }
        #expect(read.error?.code == .grantEnded && read.error?.reason.contains("position \(grant)") == true)
        #expect(read.lines == 1 + 256 && read.all)
        // What was not given is not on record.
        let told = try await lab.ledger.accesses(for: Reader(.auditor, agency: "AUD"))
        let ranges = told.flatMap { access -> [ClosedRange<Position>] in
            if case .fields(_, let ranges) = access.record.extent { ranges } else { [] }
        }
        #expect(ranges == [isBackwards ? 345...600 : 1...256])
    }

    @Test("A grant whose time is over")
    func expired() async throws {
        let lab = try await Self.lab()
        let end = LedgerLab.soon(4)
        let grant = try await lab.grant(LedgerLab.scope([Self.object], to: end))
        let read = try await Self.read(lab, for: LedgerLab.investigator) {
            while Timestamp.now() <= end { Thread.sleep(forTimeInterval: 0.02) }
        }
        #expect(read.error?.code == .grantEnded && read.error?.reason.contains("\(grant)") == true)
        #expect(read.lines == 1 + 256 && read.all)
    }

    @Test("A rule that the charter ends")
    func ruleEnded() async throws {
        let lab = try await Self.lab()
        let amendment = try LedgerLab.amendment(CharterLab.end("rule", #"{"id":"price"}"#), id: "a1")
        let data = try #require(try JSONDocument(parsing: amendment).root["data"])
        let tags = try lab.ledger.charter().tags(of: CharterAmendment(data))
        let read = try await Self.read(lab, for: Self.duty) { Self.append(amendment, "CUS", tags: tags, to: lab) }
        #expect(read.error?.code == .ruleEnded && read.error?.reason.contains("price") == true)
        #expect(read.lines == 1 + 256 && read.all)
    }

    @Test("What was not relied on may end without a word")
    func notReliedOn() async throws {
        let lab = try await Self.lab()
        let grant = try await lab.grant(LedgerLab.scope([Self.object]))
        let read = try await Self.read(lab, for: Self.duty) { Self.revoke(grant, lab) }
        #expect(read.error == nil && read.lines == 1 + Self.count + 1 && read.all)
    }
}
