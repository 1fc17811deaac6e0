import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import SelectiveDisclosure
import TestSupport
import Testing
import Transparency

/// Events that an agency seals and signs itself, from its hand into the log and out of it.
@Suite("Handing over what is sealed and signed", .fewAtOnce)
struct HandingOverTests {
    static let price = #"{"price":100}"#

    private static func disclosure(_ name: String, _ value: String, salt: String = "c2FsdC1zYWx0LXNhbHQtMQ") throws
        -> Disclosure
    {
        try Disclosure(json: Array(#"["\#(salt)","\#(name)",\#(value)]"#.utf8))
    }

    /// A declaration with a sealed price and a decoy for the buyer, signed.
    static func handed(
        _ number: String, key: String = "CUS-1", agency: String = "CUS", origin: String = CharterLab.origin,
        price: String = price, salt: String = "c2FsdC1zYWx0LXNhbHQtMQ"
    ) throws -> AgencyEvent {
        let commercial = try disclosure("commercial", price, salt: salt)
        let decoy = try disclosure("none", "0")
        let digests = [commercial, decoy].map { "\"\($0.digest)\"" }.sorted().joined(separator: ",")
        let event = LedgerLab.event(
            "sanhu.declaration.lodged", LedgerLab.lodged, id: number,
            #"{"number":"\#(number)","office":"2248","_sd":[\#(digests)]}"#
        ).event
        let text = SignedText.event(try JSONDocument(parsing: event).root, agency: agency, origin: origin)
        return AgencyEvent(
            event,
            handOver: .init(
                disclosures: [commercial.encoded],
                signature: AgencySignature(key: key, bytes: Array(try CharterLab.key(key).signature(for: text)))))
    }

    @Test("It stands in the log byte for byte with its signature, and is disclosed like any other")
    func accepted() async throws {
        let lab = try await LedgerLab()
        let event = try Self.handed("1")
        #expect(try await lab.ledger.append([event], as: "CUS") == [.appended(1)])
        let entry = try lab.ledger.log.entry(at: 1)
        let root = try JSONDocument(parsing: entry.bytes).root
        #expect(root["event"].map { Array($0.text) } == event.event)
        #expect(root["signature"]?.string == event.handOver?.signature.description)
        let tax = try await lab.seen(by: Reader(.authority, agency: "TAX", purpose: "duty"))
        #expect(tax[0].contains(#""price":100"#) && !tax[0].contains("_sd"))
        let border = try await lab.seen(by: Reader(.authority, agency: "BOR", purpose: "duty"))
        #expect(!border[0].contains("price") && border[0].contains("2248"))
        #expect(lab.ledger.log.verify().isSound)
        #expect(try await lab.ledger.append([event], as: "CUS") == [.duplicate(1)])
        let rows = try lab.ledger.log.disclosures(at: 1).map(\.count)
        _ = try await lab.ledger.append([LedgerLab.declaration("2", buyer: "Li")], as: "CUS")
        #expect(try lab.ledger.log.disclosures(at: 2).map(\.count) == rows)
    }

    @Test("A retry is known again after its key was revoked; something new with that key is not taken")
    func revoked() async throws {
        let lab = try await LedgerLab()
        let event = try Self.handed("1")
        _ = try await lab.ledger.append([event], as: "CUS")
        let revoked = #"{"id":"CUS-1"}"#
        _ = try await lab.ledger.amend(
            LedgerLab.amendment(CharterLab.end("key", revoked), id: "a1", by: ["TAX-1", "BOR-1"]))
        #expect(try await lab.ledger.append([event], as: "CUS") == [.duplicate(1)])
        let fault = try await LedgerLab.fault { _ = try await lab.ledger.append([Self.handed("2")], as: "CUS") }
        #expect(fault?.code == .revokedKey)
    }

    @Test("A retry with a signature that does not hold is refused as a new event is, and one signed anew is known")
    func retriesSigned() async throws {
        let lab = try await LedgerLab()
        let event = try Self.handed("1")
        _ = try await lab.ledger.append([event], as: "CUS")
        let given = try #require(event.handOver)
        func retried(_ signature: AgencySignature) async throws -> ExchangeError.Code? {
            var other = event
            other.handOver = .init(disclosures: given.disclosures, signature: signature)
            return try await LedgerLab.fault { _ = try await lab.ledger.append([other], as: "CUS") }?.code
        }
        var flipped = given.signature.bytes
        flipped[7] ^= 1
        #expect(try await retried(AgencySignature(key: "CUS-1", bytes: flipped)) == .wrongSignature)
        #expect(try await retried(AgencySignature(key: "CUS-9", bytes: given.signature.bytes)) == .unknownKey)
        #expect(try await retried(#require(Self.handed("1", key: "TAX-1").handOver).signature) == .wrongSignature)
        #expect(try await lab.ledger.append([Self.handed("1")], as: "CUS") == [.duplicate(1)])
        let revoked = CharterLab.end("key", #"{"id":"CUS-1"}"#)
        _ = try await lab.ledger.amend(LedgerLab.amendment(revoked, id: "a1", by: ["TAX-1", "BOR-1"]))
        #expect(try await retried(AgencySignature(key: "CUS-1", bytes: flipped)) == .revokedKey)
        #expect(try await retried(given.signature) == nil)
    }

    @Test("Whatever does not fit is refused with an error of its own, and nothing is stored")
    func refusals() async throws {
        let lab = try await LedgerLab()
        func refused(_ event: AgencyEvent) async throws -> ExchangeError.Code? {
            try await LedgerLab.fault { _ = try await lab.ledger.append([event], as: "CUS") }?.code
        }
        let sound = try Self.handed("1")
        let signature = try #require(sound.handOver).signature
        // Signed by another agency's key, by none of the charter's, for another ledger, over another event.
        #expect(try await refused(Self.handed("1", key: "TAX-1")) == .wrongSignature)
        #expect(try await refused(Self.handed("1", key: "CUS-9")) == .unknownKey)
        #expect(try await refused(Self.handed("1", origin: "other.example/ledger")) == .wrongSignature)
        #expect(try await refused(Self.handed("1", agency: "TAX")) == .wrongSignature)
        var other = sound
        other.event = try Self.handed("2").event
        #expect(try await refused(other) == .wrongSignature)
        // A disclosure that is not the one of the digest, one too many, one too few for its signature's event.
        var changed = sound
        changed.handOver = .init(
            disclosures: [try Self.disclosure("commercial", #"{"price":101}"#).encoded], signature: signature)
        #expect(try await refused(changed) == .digestMismatch)
        changed.handOver = .init(
            disclosures: try #require(sound.handOver).disclosures
                + [try Self.disclosure("buyer", "\"Li\"").encoded], signature: signature)
        #expect(try await refused(changed) == .digestMismatch)
        // What it discloses does not satisfy the schema.
        #expect(try await refused(Self.handed("1", price: "7")) == .eventInvalid)
        // Its salt can be guessed, and so could the value.
        for salt in ["", "short"] { #expect(try await refused(Self.handed("1", salt: salt)) == .digestMismatch) }
        #expect(try lab.ledger.log.head == 1)
        #expect(try await lab.ledger.append([sound], as: "CUS") == [.appended(1)])
    }

    @Test("No condition is missed: a key that is revoked meanwhile lets nothing signed with it in after that")
    func race() async throws {
        for round in 0..<10 {
            let lab = try await LedgerLab()
            let ledger = lab.ledger
            let revoked = #"{"id":"CUS-1"}"#
            let amendment = try LedgerLab.amendment(
                CharterLab.end("key", revoked), id: "a1", by: ["TAX-1", "BOR-1"])
            let events = try (0..<30).map { try Self.handed("\(round)-\($0)") }
            async let amended = ledger.amend(amendment)
            for event in events { _ = try? await ledger.append([event], as: "CUS") }
            let position = try await amended
            let late = try ledger.log.read(
                Query(types: ["sanhu.declaration.lodged"]), ReadRange(from: min(position + 1, try ledger.log.head)))
            #expect(late.isEmpty, "round \(round): \(late.map(\.position)) came after \(position)")
            lab.close()
        }
    }
}
