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

    private let folder: TemporaryFolder?
    let path: String
    let ledger: ExchangeLedger
    let keeper: ViewKeeper
    let cases: CaseFiles

    init() async throws {
        let folder = try TemporaryFolder()
        (self.folder, path) = (folder, folder.path("ledger"))
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
            signers: try Self.signers(), wrappingKey: WrappingKeyFile(path: path + ".wrapping"),
            options: ExchangeOptions(anchorInterval: nil))
        // More than one event has room for.
        let port = names.filter { !governing.contains($0) }
        for amendment in try CharterDraft.amendments(id: "schemas", basis: 0, schemas: port.map(Self.json)) {
            _ = try await ledger.amend(Self.signed(amendment, ["CUS-1", "BOR-1", "TAX-1"]))
        }
        keeper = try ViewKeeper(of: ledger)
        cases = try CaseFiles(in: keeper)
    }

    /// Opens one that was made before.
    init(opening path: String) throws {
        (folder, self.path) = (nil, path)
        ledger = try ExchangeLedger.open(
            at: path, signers: Self.signers(), wrappingKey: WrappingKeyFile(path: path + ".wrapping"),
            options: ExchangeOptions(anchorInterval: nil))
        keeper = try ViewKeeper(of: ledger)
        cases = try CaseFiles(in: keeper)
    }

    private static func signers() throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(
            log: try NoteSigner(name: origin, seed: Array(1...32)),
            access: try NoteSigner(name: origin + "/access", seed: Array(2...33)))
    }

    /// By which the port appends.
    func book(_ rules: [Rule] = PortRules.all) throws -> Rulebook { try Rulebook(of: ledger, rules: rules) }

    /// Amends the charter.
    func amend(_ changes: String, id: String) async throws {
        let basis = try #require(
            try ledger.log.read(Query(types: [CharterFounding.type, CharterAmendment.type]), ReadRange()).last
        ).position
        let text =
            #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"\#(CharterAmendment.type)","data":{"basis":\#(basis),"changes":[\#(changes)]}}"#
        _ = try await ledger.amend(Self.signed(Array(text.utf8), ["CUS-1", "BOR-1", "TAX-1"]))
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
        _ type: String, by agency: String, id: String, source: Int = 1, tags: [String] = [], time: String? = nil,
        schema: String? = nil, _ data: String
    ) -> AgencyEvent {
        let time = time.map { #""time":"\#($0)","# } ?? ""
        return AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/\#(source)","type":"sanhu.\#(type)",\#(time)"dataschema":"urn:sanhu:schema:\#(schema ?? type):1","data":\#(data)}"#
                    .utf8), tags: tags.map(tag))
    }

    /// Appends an event, and waits until the case files have it.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, source: Int = 1, tags: [String] = [],
        time: String? = nil, _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(ledger.log.head)"
        let event = Self.event(type, by: agency, id: id, source: source, tags: tags, time: time, data)
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

    /// A declaration with the holds of its containers, as the platform sees them at a position.
    func whole(_ number: String, at position: Position?) async throws -> DeclarationCase {
        try await cases.declaration("declaration:" + number, for: Self.platform, at: position)
    }

    /// Removes the files of what is derived, but for one view.
    func removeViews(but kept: String) throws {
        let folder = path + "/views"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where !name.hasPrefix(kept) {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    static let customs = Reader(.authority, agency: "CUS")
    static let platform = Reader(.authority, agency: "SW")
}
