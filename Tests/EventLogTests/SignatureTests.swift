import EventLog
import TestSupport
import Testing

/// What an agency signed itself stands in the entry with its signature.
@Suite("Signatures of agencies")
struct SignatureTests {
    private static let event = Array(#"{"specversion":"1.0","id":"1","source":"/a","type":"t.a","data":{}}"#.utf8)

    private static func signed(_ signature: String?) -> EventDraft {
        EventDraft(agency: "CUS", event: event, signature: signature)
    }

    @Test("An entry ends with the signature, as it was given, and the log verifies")
    func kept() async throws {
        let ledger = try TestLedger()
        let log = ledger.log
        _ = try await log.append(AppendRequest([Self.signed("CUS-1:a\"é")]))
        let entry = try #require(try log.read(.all, ReadRange()).first)
        #expect(String(decoding: entry.bytes, as: UTF8.self).hasSuffix(#"},"signature":"CUS-1:a\"é"}"#))
        #expect(log.verify().isSound)
    }

    @Test("The same event signed again, with the same key or another, is known again")
    func signedAgain() async throws {
        let ledger = try TestLedger()
        let log = ledger.log
        _ = try await log.append(AppendRequest([Self.signed("CUS-1:a")]))
        for signature in ["CUS-1:a", "CUS-2:b", nil] {
            #expect(try await log.append(AppendRequest([Self.signed(signature)])) == [.duplicate(0)])
        }
    }

    @Test("A signature over the limit is refused")
    func tooLong() async throws {
        let ledger = try TestLedger()
        let log = ledger.log
        let error = await refusal {
            _ = try await log.append(
                AppendRequest([Self.signed(String(repeating: "s", count: LogLimits.signatureBytes + 1))]))
        }
        #expect(error?.code == .limitExceeded)
    }
}
