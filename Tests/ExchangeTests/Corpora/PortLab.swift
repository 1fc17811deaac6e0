import Crypto
import EventLog
import Foundation
import Interchange
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

/// A ledger founded by the sample charter of the port, with the schemas of Schemas/ registered, in a folder of its own.
final class PortLab {
    private static let founders = ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]
    private static let amenders = ["CUS-1", "BOR-1", "TAX-1"]

    let folder: TemporaryFolder
    private(set) var ledger: ExchangeLedger
    /// What founded the charter and amended it, in its order: as JSON, with the time from which it counts.
    private(set) var charterEvents: [(recorded: Timestamp, data: [UInt8])] = []
    /// The events that were appended, by position: as their agencies handed them in.
    private(set) var plain: [Position: PlainEvent] = [:]

    var path: String { folder.path("ledger") }

    static func signers() throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(log: try signer, access: try accessSigner)
    }

    static var signer: NoteSigner {
        get throws { try NoteSigner(name: CharterLab.origin, seed: Array(1...32)) }
    }

    static var accessSigner: NoteSigner {
        get throws { try NoteSigner(name: CharterLab.origin + "/access", seed: Array(2...33)) }
    }

    init() async throws {
        folder = try TemporaryFolder()
        let charter = try CharterLab.json(String(decoding: CharterLab.file("charter.json"), as: UTF8.self))
        let governing = PortSchemas.all.filter { $0.governs }
        let founding = try CharterDraft.founding(
            id: "founding", charter: charter, schemas: governing.map { try $0.json })
        ledger = try await ExchangeLedger.found(
            at: folder.path("ledger"), charter: Self.signed(founding, by: Self.founders), signers: Self.signers(),
            wrappingKey: WrappingKeyFile(path: folder.path("wrapping.json")),
            options: ExchangeOptions(anchorInterval: nil))
        try note(0)
        let port = PortSchemas.all.filter { !$0.governs }
        // More than one event has room for.
        for event in try CharterDraft.amendments(id: "schemas", basis: 0, schemas: port.map { try $0.json }) {
            try await amend(event)
        }
    }

    /// Gives up the ledger, so that its files can be looked at.
    func close() { ledger.close() }

    /// Amends the charter by an event that is yet to be signed.
    func amend(_ event: [UInt8]) async throws {
        try note(await ledger.amend(Self.signed(event, by: Self.amenders)))
    }

    /// Amends the charter by changes, in JSON.
    func amend(_ changes: [String], id: String) async throws {
        let basis = try ledger.charter().position
        let data = #"{"basis":\#(basis),"changes":[\#(changes.joined(separator: ","))]}"#
        try await amend(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"sanhu.charter.amended","data":\#(data)}"#
                    .utf8))
    }

    private func note(_ position: Position) throws {
        let entry = try ledger.log.entry(at: position)
        let event = try #require(try JSONDocument(parsing: entry.bytes).root["event"]?["data"])
        charterEvents.append((entry.recorded, Array(event.text)))
    }

    private static func signed(_ event: [UInt8], by keys: [String]) throws -> [UInt8] {
        let root = try JSONDocument(parsing: event).root
        let data = try #require(root["data"])
        let text =
            root["type"]?.string == CharterFounding.type
            ? try CharterFounding(data).signedText(origin: CharterLab.origin)
            : try CharterAmendment(data).signedText(origin: CharterLab.origin)
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in root.members where key != "data" {
                writer.key(key)
                writer.raw(value.text)
            }
        }
        let signed = CharterSignature.adding(try CharterLab.sign(text, keys), to: data)
        return writer.bytes.dropLast() + Array(#","data":"#.utf8) + signed + Array("}".utf8)
    }

    /// Appends events of one agency together and keeps them as they were.
    @discardableResult
    func append(_ events: [PlainEvent]) async throws -> [Receipt] {
        let handed = events.map { AgencyEvent($0.bytes, tags: $0.tags) }
        let receipts = try await ledger.append(handed, as: events[0].agency)
        for (receipt, event) in zip(receipts, events) {
            if case .appended(let position) = receipt { plain[position] = event }
        }
        return receipts
    }
}

/// An event as an agency hands it in.
struct PlainEvent: Sendable {
    let agency: String
    let tags: [EventLog.Tag]
    let bytes: [UInt8]

    init(agency: String, tags: [EventLog.Tag] = [], _ bytes: [UInt8]) {
        self.agency = agency
        self.tags = tags
        self.bytes = bytes
    }

    /// An event of a type, from a source of its agency, with data in JSON.
    init(_ type: String, agency: String, id: String, subject: String? = nil, schema: String? = nil, data: String) {
        let subject = subject.map { #""subject":"\#($0)","# } ?? ""
        let schema = schema ?? "urn:sanhu:schema:\(type):1"
        self.init(
            agency: agency,
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)",\#(subject)"dataschema":"\#(schema)","data":\#(data)}"#
                    .utf8))
    }

    init(_ draft: EventDraft) {
        self.init(agency: draft.agency, tags: draft.tags, draft.event)
    }
}
