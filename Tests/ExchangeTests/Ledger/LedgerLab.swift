import Crypto
import EventLog
import Foundation
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

/// A ledger of some agencies in a folder of its own.
final class LedgerLab {
    static let lodged = "urn:sanhu:schema:declaration.lodged:1"
    static let flagged = "urn:sanhu:schema:risk.flagged:1"

    let folder: TemporaryFolder
    private var opened: ExchangeLedger?

    /// The ledger, which must be open.
    var ledger: ExchangeLedger {
        guard let opened else { preconditionFailure("the ledger is closed") }
        return opened
    }

    var path: String { folder.path("ledger") }
    private var wrappingKey: WrappingKeyFile { WrappingKeyFile(path: folder.path("wrapping.json")) }

    private static func signers() throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(
            log: try NoteSigner(name: CharterLab.origin, seed: Array(1...32)),
            access: try NoteSigner(name: CharterLab.origin + "/access", seed: Array(2...33)))
    }

    /// Without anchors, so that positions are those of the events that a test appends.
    private let options: ExchangeOptions

    init(options: ExchangeOptions = ExchangeOptions(anchorInterval: nil)) async throws {
        self.options = options
        folder = try TemporaryFolder()
        opened = try await ExchangeLedger.found(
            at: folder.path("ledger"), charter: Self.charter(), signers: Self.signers(),
            wrappingKey: WrappingKeyFile(path: folder.path("wrapping.json")), options: options)
    }

    /// Closes the ledger and lets go of its files.
    func close() {
        opened?.close()
        opened = nil
    }

    func reopen() throws {
        close()
        opened = try Self.opened(path, wrappingKey, options)
    }

    private static func opened(
        _ path: String, _ key: WrappingKeyFile, _ options: ExchangeOptions
    ) throws -> ExchangeLedger {
        var last: (any Error)?
        // The last reference to what was closed may be let go of by another thread a little later.
        for _ in 0..<100 {
            do {
                return try ExchangeLedger.open(at: path, signers: signers(), wrappingKey: key, options: options)
            } catch {
                last = error
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        throw try #require(last)
    }

    /// The event that founds it, signed.
    static func charter() throws -> [UInt8] {
        let keys = try ["CUS-1", "TAX-1", "BOR-1"].map { id in
            #"{"id":"\#(id)","agency":"\#(id.prefix(3))","public":"\#(try CharterLab.publicKey(id))"}"#
        }
        let events = try ["requested", "decided", "revoked"].map { name in
            let document = String(decoding: try CharterLab.file("disclosure.\(name).schema.json"), as: UTF8.self)
            return
                #"{"uri":"urn:sanhu:schema:disclosure.\#(name):1","type":"sanhu.disclosure.\#(name)","document":\#(document)}"#
        }
        let data = #"""
            {"amendment": {"threshold": 2, "agencies": ["CUS", "TAX", "BOR"]},
             "agencies": [{"code": "CUS", "title": "海关", "kind": "authority"},
              {"code": "TAX", "title": "税务", "kind": "authority"}, {"code": "BOR", "title": "边检", "kind": "authority"},
              {"code": "AUD", "title": "审计", "kind": "auditor"}, {"code": "TER", "title": "码头", "kind": "participant"}],
             "keys": [\#(keys.joined(separator: ","))],
             "powers": [{"id": "cus", "agency": "CUS", "types": ["sanhu.declaration.*", "sanhu.risk.*", "sanhu.disclosure.*"]},
              {"id": "tax", "agency": "TAX", "types": ["sanhu.disclosure.*"]}],
             "sources": [{"prefix": "/CUS", "agency": "CUS"}, {"prefix": "/TAX", "agency": "TAX"}],
             "schemas": [{"uri": "\#(lodged)", "type": "sanhu.declaration.lodged", "document": {"type": "object",
               "required": ["number"], "properties": {"number": {"type": "string", "x-tag": {"kind": "declaration"}},
               "office": {"type": "string"},
               "commercial": {"type": "object", "x-sharing": {"class": "conditional", "compartment": "trade-secret",
                 "owner": "CUS", "bytes": 256}},
               "buyer": {"type": "string", "x-sharing": {"class": "restricted", "compartment": "personal", "owner": "CUS",
                 "bytes": 64}}}, "additionalProperties": false}},
              {"uri": "\#(flagged)", "type": "sanhu.risk.flagged", "document": {"type": "object",
               "x-sharing": {"class": "withheld", "compartment": "security", "owner": "CUS", "bytes": 512}}},
              \#(events.joined(separator: ","))],
             "rules": [{"id": "price", "effect": "permit", "readers": {"agencies": ["TAX"]},
               "fields": {"compartments": ["trade-secret"]}, "purposes": ["duty"]}],
             "purposes": [{"code": "duty", "version": 1, "title": "税费核定"}, {"code": "case", "version": 1, "title": "案件"}],
             "personalTags": [{"kind": "person"}]}
            """#
        let draft = try CharterLab.json(data)
        let text = try CharterFounding(draft).signedText(origin: CharterLab.origin)
        let signed = try CharterSignature.adding(CharterLab.sign(text, ["CUS-1", "TAX-1", "BOR-1"]), to: draft)
        return Array(
            #"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":"#.utf8) + signed
            + Array("}".utf8)
    }

    /// A declaration with a price and, if given, a buyer.
    static func declaration(_ number: String, buyer: String? = nil, price: Int = 100) -> AgencyEvent {
        let buyer = buyer.map { #","buyer":"\#($0)""# } ?? ""
        return event(
            "sanhu.declaration.lodged", lodged, id: number,
            #"{"number":"\#(number)","office":"2248","commercial":{"price":\#(price)}\#(buyer)}"#)
    }

    static func event(
        _ type: String, _ schema: String, id: String, source: String = "/CUS/2248", _ data: String
    ) -> AgencyEvent {
        AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"\#(type)","dataschema":"\#(schema)","data":\#(data)}"#
                    .utf8))
    }

    /// What a reader sees of the entries from the second on, as text; a stub is "stub".
    func seen(by reader: Reader, from position: Position = 1) async throws -> [String] {
        try await ledger.read(.all, ReadRange(from: position), for: reader).map { entry in
            guard case .entry(let event) = entry else { return "stub" }
            return String(decoding: event.event, as: UTF8.self)
        }
    }
}
