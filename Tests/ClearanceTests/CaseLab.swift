import Clearance
import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Transparency
import Views

/// A ledger of the port, founded by the sample charter with the schemas of Schemas/, and its case files.
final class CaseLab: Sendable {
    static let origin = "cases.example/ledger"
    static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Schemas")
    static let document = schemas.deletingLastPathComponent().appendingPathComponent("docs/case-files.md")

    let folder: TemporaryFolder
    let ledger: ExchangeLedger
    let keeper: ViewKeeper
    let cases: CaseFiles

    init() async throws {
        folder = try TemporaryFolder()
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
            at: folder.path("ledger"), charter: Self.signed(founding, ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]),
            signers: ExchangeLedger.Signers(
                log: try NoteSigner(name: Self.origin, seed: Array(1...32)),
                access: try NoteSigner(name: Self.origin + "/access", seed: Array(2...33))),
            wrappingKey: WrappingKeyFile(path: folder.path("wrapping.json")),
            options: ExchangeOptions(anchorInterval: nil))
        // More than one event has room for.
        let port = names.filter { !governing.contains($0) }
        for (basis, part) in [port.filter { $0 < "i" }, port.filter { $0 >= "i" }].enumerated() {
            let amendment = try CharterDraft.amendment(
                id: "schemas-\(basis)", basis: Position(basis), schemas: part.map(Self.json))
            _ = try await ledger.amend(Self.signed(amendment, ["CUS-1", "BOR-1", "TAX-1"]))
        }
        keeper = try ViewKeeper(of: ledger)
        cases = try CaseFiles(in: keeper)
    }

    func close() {
        keeper.close()
        ledger.close()
    }

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
                if key == "data" {
                    writer.raw(CharterSignature.adding(signatures, to: data))
                } else {
                    writer.raw(value.text)
                }
            }
        }
        return writer.bytes
    }

    static func tag(_ text: String) -> EventLog.Tag {
        guard let tag = try? Tag(text) else { preconditionFailure("\(text) is no tag") }
        return tag
    }

    static func event(
        _ type: String, by agency: String, id: String, tags: [String] = [], time: String? = nil, _ data: String
    ) -> AgencyEvent {
        let time = time.map { #""time":"\#($0)","# } ?? ""
        return AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)",\#(time)"dataschema":"urn:sanhu:schema:\#(type):1","data":\#(data)}"#
                    .utf8), tags: tags.map(tag))
    }

    /// Appends an event, and waits until the case files have it.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], time: String? = nil, _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(ledger.log.head)"
        let event = Self.event(type, by: agency, id: id, tags: tags, time: time, data)
        let position = try await ledger.append([event], as: agency)[0].position
        try await reach()
        return position
    }

    /// Appends what was imported, those of an agency that follow one another together.
    func append(_ drafts: [EventDraft]) async throws {
        var run: [EventDraft] = []
        for draft in drafts + [EventDraft(agency: "", tags: [], event: [])] {
            if let first = run.first, first.agency != draft.agency || run.count == 500 {
                _ = try await ledger.append(run.map { AgencyEvent($0.event, tags: $0.tags) }, as: first.agency)
                run = []
            }
            run.append(draft)
        }
        try await reach()
    }

    func reach() async throws {
        #expect(await cases.runner.reached(try ledger.log.head, timeout: .seconds(60)), "\(cases.runner.state)")
    }

    func declaration(
        _ number: String = "1", for reader: Reader = customs, at position: Position? = nil
    ) async throws -> DeclarationCase {
        try await cases.read(of: "declaration:" + number, for: reader, at: position)
    }

    static let customs = Reader(.authority, agency: "CUS")
    static let platform = Reader(.authority, agency: "SW")
}
