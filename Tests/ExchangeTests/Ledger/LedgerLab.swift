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
    var wrappingKey: WrappingKeyFile { WrappingKeyFile(path: folder.path("wrapping.json")) }

    private static func signers() throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(
            log: try NoteSigner(name: CharterLab.origin, seed: Array(1...32)),
            access: try NoteSigner(name: CharterLab.origin + "/access", seed: Array(2...33)))
    }

    /// Without anchors, so that positions are those of the events that a test appends.
    private let options: ExchangeOptions

    /// - Parameter charter: The event that founds it, signed; without one, ``charter()``.
    init(
        charter: [UInt8]? = nil, options: ExchangeOptions = ExchangeOptions(anchorInterval: nil)
    ) async throws {
        self.options = options
        folder = try TemporaryFolder()
        opened = try await ExchangeLedger.found(
            at: folder.path("ledger"), charter: charter ?? Self.charter(), signers: Self.signers(),
            wrappingKey: WrappingKeyFile(path: folder.path("wrapping.json")), options: options)
    }

    /// Closes the ledger and lets go of its files.
    func close() {
        opened?.close()
        opened = nil
    }

    func reopen(probe: ErasureProbe = ErasureProbe()) throws {
        close()
        opened = try Self.opened(path, wrappingKey, options, probe)
    }

    private static func opened(
        _ path: String, _ key: WrappingKeyFile, _ options: ExchangeOptions, _ probe: ErasureProbe
    ) throws -> ExchangeLedger {
        var last: (any Error)?
        // The last reference to what was closed may be let go of by another thread a little later.
        for _ in 0..<100 {
            do {
                return try ExchangeLedger.open(
                    at: path, signers: signers(), wrappingKey: key, options: options, probe: probe)
            } catch let error as ExchangeError {
                last = error
                guard error.code == .log || error.code == .conflict else { break }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        throw try #require(last)
    }

    /// The founders' keys, as a charter lists them.
    static func keys() throws -> String {
        try ["CUS-1", "TAX-1", "BOR-1"].map { id in
            #"{"id":"\#(id)","agency":"\#(id.prefix(3))","public":"\#(try CharterLab.publicKey(id))"}"#
        }.joined(separator: ",")
    }

    /// A schema of the folder Schemas, as a charter registers it.
    static func schema(_ name: String) throws -> String {
        let document = String(decoding: try CharterLab.file("\(name).schema.json"), as: UTF8.self)
        return #"{"uri":"urn:sanhu:schema:\#(name):1","type":"sanhu.\#(name)","document":\#(document)}"#
    }

    /// The event that founds it, signed.
    static func charter() throws -> [UInt8] {
        try founding(String(decoding: charterData(), as: UTF8.self))
    }

    /// What founds it, not signed yet.
    static func charterData() throws -> [UInt8] {
        let events = try DisclosureEvent.types.map { try schema(String($0.dropFirst("sanhu.".count))) }
        let data = #"""
            {"amendment": {"threshold": 2, "agencies": ["CUS", "TAX", "BOR"]},
             "agencies": [{"code": "CUS", "title": "海关", "kind": "authority"},
              {"code": "TAX", "title": "税务", "kind": "authority"}, {"code": "BOR", "title": "边检", "kind": "authority"},
              {"code": "AUD", "title": "审计", "kind": "auditor"}, {"code": "TER", "title": "码头", "kind": "participant"},
              {"code": "SW", "title": "单一窗口", "kind": "authority"}],
             "keys": [\#(try keys())],
             "powers": [{"id": "cus", "agency": "CUS", "types": ["sanhu.declaration.*", "sanhu.risk.*", "sanhu.disclosure.*"]},
              {"id": "cus-help", "agency": "CUS", "types": ["sanhu.assistance.*"]},
              {"id": "tax", "agency": "TAX", "types": ["sanhu.disclosure.*", "sanhu.assistance.*"]},
              {"id": "bor", "agency": "BOR", "types": ["sanhu.disclosure.*", "sanhu.assistance.*"]},
              {"id": "sw", "agency": "SW", "types": ["sanhu.disclosure.expired"]}],
             "sources": [{"prefix": "/CUS", "agency": "CUS"}, {"prefix": "/TAX", "agency": "TAX"},
              {"prefix": "/BOR", "agency": "BOR"}, {"prefix": "/SW", "agency": "SW"}],
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
        return Array(data.utf8)
    }

    /// The founding event of a charter, signed by keys: by default those of the three founders.
    static func founding(_ data: String, by keys: [String] = ["CUS-1", "TAX-1", "BOR-1"]) throws -> [UInt8] {
        let draft = try CharterLab.json(data)
        let text = try CharterFounding(draft).signedText(origin: CharterLab.origin)
        let signed = try CharterSignature.adding(CharterLab.sign(text, keys), to: draft)
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

    /// An amendment of the charter as it was founded.
    static func amendment(
        _ changes: String, id: String, basis: Position = 0, effective: String? = nil,
        by keys: [String] = ["CUS-1", "TAX-1"]
    ) throws -> [UInt8] {
        let data = try CharterLab.amendment(changes, basis: basis, effective: effective, by: keys)
        return Array(
            #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
            + Array(data.text) + Array("}".utf8)
    }
}
