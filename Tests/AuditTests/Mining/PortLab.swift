import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Transparency
import Views

/// A ledger of the port, founded by the sample charter with the schemas of Schemas/, at a time that only goes on with the
/// events: so what is not sealed is the same in every run.
final class PortLab: Sendable {
    static let origin = "audit.example/ledger"
    private static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Schemas")

    private let folder: TemporaryFolder
    let path: String
    let ledger: ExchangeLedger
    let verifier: NoteVerifier
    let clock = LabClock()

    /// - Parameter anchors: Whether the access log is anchored in the main log, a moment after each reading.
    init(anchors: Bool = false) async throws {
        folder = try TemporaryFolder()
        path = folder.path("ledger")
        let log = try NoteSigner(name: Self.origin, seed: Array(1...32))
        verifier = log.verifier
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.schemas.path).sorted().filter { name in
            name.hasSuffix(".schema.json")
                && !["charter.", "alert.", "access.anchored."].contains { name.hasPrefix($0) }
        }
        let governing = names.filter { name in
            ["disclosure.", "assistance.", "erasure.", "legalhold.", "access."].contains { name.hasPrefix($0) }
        }
        let founding = try CharterDraft.founding(
            id: "founding", charter: Self.json("charter.json"), schemas: governing.map(Self.json))
        ledger = try await ExchangeLedger.found(
            at: path, charter: Self.signed(founding, ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]),
            signers: ExchangeLedger.Signers(
                log: log, access: try NoteSigner(name: Self.origin + "/access", seed: Array(2...33))),
            wrappingKey: WrappingKeyFile(path: path + ".wrapping"),
            options: ExchangeOptions(anchorInterval: anchors ? .milliseconds(1) : nil, clock: { [clock] in clock.now }))
        for amendment in try CharterDraft.amendments(
            id: "schemas", basis: 0, schemas: names.filter { !governing.contains($0) }.map(Self.json))
        {
            _ = try await ledger.amend(Self.signed(amendment, ["CUS-1", "BOR-1", "TAX-1"]))
        }
    }

    func close() { ledger.close() }

    private static func json(_ name: String) throws -> JSONValue {
        try JSONDocument(parsing: Array(Data(contentsOf: schemas.appendingPathComponent(name)))).root
    }

    private static func signed(_ event: [UInt8], _ keys: [String]) throws -> [UInt8] {
        let root = try JSONDocument(parsing: event).root
        let data = try #require(root["data"])
        let text =
            root["type"]?.string == CharterFounding.type
            ? try CharterFounding(data).signedText(origin: origin)
            : try CharterAmendment(data).signedText(origin: origin)
        let signatures = try keys.map { id in
            let seed = SHA256.hash(data: Array("sanhu sample key \(id)".utf8))
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed))
            return CharterSignature(key: id, bytes: try Array(key.signature(for: text)))
        }
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in root.members {
                writer.key(key)
                writer.raw(key == "data" ? CharterSignature.adding(signatures, to: data)[...] : value.text)
            }
        }
        return writer.bytes
    }

    /// Appends an event: its data are the members between braces.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], time: String? = nil,
        schema: String? = nil, _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(ledger.log.head)"
        let time = time.map { #""time":"\#($0)","# } ?? ""
        let text =
            #"{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)",\#(time)"dataschema":"urn:sanhu:schema:\#(schema ?? type):1","data":{\#(data)}}"#
        let event = AgencyEvent(Array(text.utf8), tags: try tags.map { try EventLog.Tag($0) })
        return try await ledger.append([event], as: agency)[0].position
    }

    var head: Position {
        get throws { try ledger.log.head }
    }

    /// Waits until all access records that there are have been anchored.
    func anchored() async throws {
        let records = try ledger.accessLog.head
        for _ in 0..<1_000 {
            let query = Query(types: ["sanhu.access.anchored"])
            let last = try ledger.log.read(query, ReadRange(isBackwards: true, limit: 1)).last
            let size = try last.flatMap { try JSONDocument(parsing: $0.bytes).root["event"]?["data"]?["size"]?.integer }
            if let size, Position(size) >= records { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the access log was not anchored")
    }

    static let auditor = Reader(.auditor, agency: "AUD")
    static let customs = Reader(.authority, agency: "CUS")

    /// A small day: a declaration with container and permit, sealed facts beside it, its release, a correction, and another
    /// declaration whose codes try to break out of any format.
    func playDay() async throws {
        try await append(
            "permit.issued", by: "COM", time: "2026-03-01T07:00:00+08:00",
            #""permit":"P-1","kind":"import-licence","holder":"E-1","quantity":100,"unit":"KGM","networked":true"#)
        try await append(
            "declaration.lodged", by: "DEC", time: "2026-03-01T08:00:00+08:00",
            #""declaration":"D-1","kind":"goods","flow":"import","port":"CNNSA","office":"2200","transportMode":"2","parties":{"importer":"E-1","declarant":"E-2"},"transport":{"containers":[{"id":"MSKU1234565"}]},"permits":["P-1"],"conveyance":"IMO9074729","perishable":true,"commercial":{"price":"CANARY-PRICE"},"partyDetails":[{"name":"CANARY-NAME"}]"#
        )
        try await append(
            "risk.flagged", by: "CUS", tags: ["declaration:D-1"],
            #""container":"CANARY-BOX","reasonClass":"smuggling","action":"physical","rule":"CANARY-RULE""#)
        try await append(
            "declaration.accepted", by: "CUS", time: "2026-03-01T08:05:00+08:00",
            #""declaration":"D-1","unit":"2200-01""#)
        try await append(
            "equipment.moved", by: "CAR", time: "2026-03-01T09:00:00+08:00",
            #""container":"MSKU1234565","move":"gate-out","facility":"T-1","sealIntact":true,"port":"CNNSA""#)
        // Told late: it happened before the container moved.
        try await append(
            "inspection.completed", by: "CUS", id: "inspected", time: "2026-03-01T08:30:00+08:00",
            #""declaration":"D-1","result":"no-finding","kinds":["physical"],"containers":["MSKU1234565"],"opened":["MSKU1234565"],"findingIds":[],"method":"risk","port":"CNNSA""#
        )
        try await append(
            "release.completed", by: "SW", tags: ["container:MSKU1234565"], time: "2026-03-01T10:00:00+08:00",
            #""declaration":"D-1","agencies":["CUS"],"port":"CNNSA","flow":"import""#)
        try await append(
            "record.corrected", by: "CUS", time: "2026-03-01T11:00:00+08:00",
            #""declaration":"D-1","event":"inspected","source":"/CUS/1","basis":"the wrong container""#)
        try await append(
            "declaration.lodged", by: "DEC", time: "2026-03-02T08:00:00+08:00",
            #""declaration":"D-2 <\"&'>集装箱‮","kind":"goods","flow":"export","port":"CNSHA","office":"=1+1","voyage":"]]><!--\"","commercial":{"price":1}"#
        )
    }
}
