import Crypto
import EventLog
import Exchange
import JSON

@testable import ExchangeServer

extension ServerLab {
    /// Amends the charter while the ledger is served.
    func amend(_ operation: String, _ kind: String, _ value: String) async throws {
        let basis = try ledger.charter().position
        let change = #"{"op":"\#(operation)","kind":"\#(kind)","value":\#(value)}"#
        let draft = try JSONDocument(parsing: Array(#"{"basis":\#(basis),"changes":[\#(change)]}"#.utf8)).root
        let text = try CharterAmendment(draft).signedText(origin: Self.origin)
        let signature = CharterSignature(key: "CUS-1", bytes: Array(try Self.key("CUS-1").signature(for: text)))
        _ = try await ledger.amend(
            Array(
                #"{"specversion":"1.0","id":"amend-\#(basis)","source":"/charter","type":"sanhu.charter.amended","data":"#
                    .utf8) + CharterSignature.adding([signature], to: draft) + Array("}".utf8))
    }

    /// Ends an agency's key, so that what is signed with it from now on counts for nothing.
    func endKey(of agency: String) async throws { try await amend("end", "key", #"{"id":"\#(agency)-1"}"#) }
}
