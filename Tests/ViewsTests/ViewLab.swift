import Crypto
import EventLog
import Foundation
import JSON
import LMDB
import TestSupport
import Testing
import Transparency

@testable import Exchange
@testable import Views

/// A ledger of some agencies, with fields of every class, in a folder of its own.
final class ViewLab: Sendable {
    static let origin = "views.example/ledger"
    static let lodged = "urn:sanhu:schema:declaration.lodged:1"
    static let flagged = "urn:sanhu:schema:risk.flagged:1"
    static let noted = "urn:sanhu:schema:secret.noted:1"

    static let customs = Reader(.authority, agency: "CUS")
    static let readers: [Reader] = [
        customs, Reader(.authority, agency: "TAX"), Reader(.authority, agency: "TAX", purpose: "duty"),
        Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-7"), Reader(.authority, agency: "BOR"),
        Reader(.auditor, agency: "AUD"), .public,
        Reader(.participant, agency: "TER", identities: [tag("container:C1")]),
        Reader(.party, identities: [tag("declaration:3"), tag("container:C2")]),
    ]

    let folder: TemporaryFolder?
    let path: String
    let ledger: ExchangeLedger

    static func tag(_ text: String) -> EventLog.Tag {
        guard let tag = try? Tag(text) else { preconditionFailure("\(text) is no tag") }
        return tag
    }

    private static func signers() throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(
            log: try NoteSigner(name: origin, seed: Array(1...32)),
            access: try NoteSigner(name: origin + "/access", seed: Array(2...33)))
    }

    /// Founds a ledger.
    init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        path = folder.path("ledger")
        ledger = try await ExchangeLedger.found(
            at: path, charter: Self.founding(), signers: Self.signers(),
            wrappingKey: WrappingKeyFile(path: path + ".wrapping"), options: ExchangeOptions(anchorInterval: nil))
    }

    /// Opens one that was founded before.
    init(opening path: String) throws {
        folder = nil
        self.path = path
        ledger = try ExchangeLedger.open(
            at: path, signers: Self.signers(), wrappingKey: WrappingKeyFile(path: path + ".wrapping"),
            options: ExchangeOptions(anchorInterval: nil))
    }

    // MARK: The charter

    private static let founders = ["CUS-1", "TAX-1", "BOR-1"]

    private static func key(_ id: String) throws -> Curve25519.Signing.PrivateKey {
        try Curve25519.Signing.PrivateKey(rawRepresentation: Array(SHA256.hash(data: Array("views \(id)".utf8))))
    }

    private static func schema(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Schemas/\(name).schema.json")
        let document = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return #"{"uri":"urn:sanhu:schema:\#(name):1","type":"sanhu.\#(name)","document":\#(document)}"#
    }

    private static func founding() throws -> [UInt8] {
        let keys = try founders.map { id in
            let key = Base64.encode(Array(try Self.key(id).publicKey.rawRepresentation))
            return #"{"id":"\#(id)","agency":"\#(id.prefix(3))","public":"\#(key)"}"#
        }
        let governing = ["disclosure.requested", "disclosure.decided", "disclosure.revoked", "erasure.ordered"]
        let data = #"""
            {"amendment": {"threshold": 2, "agencies": ["CUS", "TAX", "BOR"]},
             "agencies": [{"code": "CUS", "title": "海关", "kind": "authority"},
              {"code": "TAX", "title": "税务", "kind": "authority"}, {"code": "BOR", "title": "边检", "kind": "authority"},
              {"code": "AUD", "title": "审计", "kind": "auditor"}, {"code": "TER", "title": "码头", "kind": "participant"}],
             "keys": [\#(keys.joined(separator: ","))],
             "powers": [{"id": "cus", "agency": "CUS", "types": ["sanhu.declaration.*", "sanhu.risk.*", "sanhu.secret.*",
               "sanhu.disclosure.*", "sanhu.erasure.*"]},
              {"id": "tax", "agency": "TAX", "types": ["sanhu.declaration.*", "sanhu.disclosure.*"]}],
             "sources": [{"prefix": "/CUS", "agency": "CUS"}, {"prefix": "/TAX", "agency": "TAX"}],
             "schemas": [{"uri": "\#(lodged)", "type": "sanhu.declaration.lodged", "document": {"type": "object",
               "required": ["number", "route"], "properties": {"number": {"type": "string", "x-tag": {"kind": "declaration"}},
               "office": {"type": "string"}, "route": {"type": "object", "properties": {"vessel": {"type": "string"},
                 "berth": {"type": "string", "x-sharing": {"class": "shared", "compartment": "operations", "owner": "CUS",
                   "bytes": 32}}}},
               "commercial": {"type": "object", "x-sharing": {"class": "conditional", "compartment": "trade-secret",
                 "owner": "CUS", "subject": "/importer", "bytes": 128}},
               "importer": {"type": "string", "x-sharing": {"class": "conditional", "compartment": "personal",
                 "owner": "CUS", "subject": "/importer", "bytes": 64}},
               "buyer": {"type": "string", "x-sharing": {"class": "restricted", "compartment": "personal", "owner": "CUS",
                 "bytes": 64}}}, "additionalProperties": false}},
              {"uri": "\#(flagged)", "type": "sanhu.risk.flagged", "document": {"type": "object",
               "properties": {"office": {"type": "string"}, "commercial": {"type": "object"}},
               "x-sharing": {"class": "conditional", "compartment": "trade-secret", "owner": "CUS", "bytes": 256}}},
              {"uri": "\#(noted)", "type": "sanhu.secret.noted", "document": {"type": "object",
               "properties": {"office": {"type": "string"}, "buyer": {"type": "string",
                "x-sharing": {"class": "withheld", "compartment": "security", "owner": "CUS", "bytes": 64}}}}},
              \#(try governing.map(schema).joined(separator: ","))],
             "rules": [{"id": "price", "effect": "permit", "readers": {"agencies": ["TAX"]},
               "fields": {"compartments": ["trade-secret", "personal"], "classes": ["conditional"]}, "purposes": ["duty"]}],
             "purposes": [{"code": "duty", "version": 1, "title": "税费核定"}, {"code": "case", "version": 1, "title": "案件"}],
             "personalTags": [{"kind": "person"}]}
            """#
        let draft = try JSONDocument(parsing: Array(data.utf8)).root
        let signed = try sign(CharterFounding(draft).signedText(origin: origin), draft)
        return Array(
            #"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":"#.utf8) + signed
            + Array("}".utf8)
    }

    private static func sign(_ text: [UInt8], _ draft: JSONValue) throws -> [UInt8] {
        let signatures = try founders.map { CharterSignature(key: $0, bytes: try Array(key($0).signature(for: text))) }
        return CharterSignature.adding(signatures, to: draft)
    }

    /// Amends the charter by changes, in JSON.
    func amend(_ changes: String, id: String) async throws {
        let basis = try ledger.charter().position
        let draft = try JSONDocument(parsing: Array(#"{"basis":\#(basis),"changes":[\#(changes)]}"#.utf8)).root
        let signed = try Self.sign(CharterAmendment(draft).signedText(origin: Self.origin), draft)
        _ = try await ledger.amend(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
                + signed + Array("}".utf8))
    }

    // MARK: Events

    /// What ``ViewLab/mixed(_:)`` cannot map.
    static let poison = "POISON"

    static func event(
        _ type: String, _ schema: String, id: String, source: String = "/CUS/1", tags: [String] = [], _ data: String
    ) -> AgencyEvent {
        var event = AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"\#(type)","dataschema":"\#(schema)","data":\#(data)}"#
                    .utf8))
        event.tags = tags.map(tag)
        return event
    }

    static func declaration(
        _ number: Int, office: String? = "2248", importer: String? = nil, buyer: String? = nil, tags: [String] = [],
        id: String, by agency: String = "CUS"
    ) -> AgencyEvent {
        let office = office.map { #","office":"\#($0)""# } ?? ""
        let about = importer.map { #","importer":"\#($0)","commercial":{"price":"CANARY-PRICE-\#($0)"}"# } ?? ""
        let buyer = buyer.map { #","buyer":"\#($0)""# } ?? ""
        return event(
            "sanhu.declaration.lodged", lodged, id: id, source: "/\(agency)/1", tags: tags,
            #"{"number":"\#(number)","route":{"vessel":"Hai \#(number % 3)","berth":"B\#(number)"}\#(office)\#(about)\#(buyer)}"#
        )
    }

    /// Appends events by chance; returns how many.
    @discardableResult
    func appendSome(_ dice: inout Dice, _ count: Int, poisonOneIn poison: Int = .max) async throws -> Int {
        var events: [AgencyEvent] = []
        for _ in 0..<count {
            let id = "e\(dice.next())"
            let tags = ["container:C\(dice.below(4))", "person:P\(dice.below(3))"].filter { _ in dice.oneIn(2) }
            switch dice.below(8) {
            case 0:
                let data = #"{"office":"1","commercial":{"price":"CANARY-FLAG"}}"#
                events.append(Self.event("sanhu.risk.flagged", Self.flagged, id: id, tags: tags, data))
            case 1:
                let data = #"{"office":"2\#(dice.below(3))","buyer":"CANARY-NOTE"}"#
                events.append(Self.event("sanhu.secret.noted", Self.noted, id: id, tags: tags, data))
            default:
                let isPoison = poison != .max && dice.oneIn(poison)
                events.append(
                    Self.declaration(
                        dice.below(6), office: isPoison ? Self.poison : dice.oneIn(3) ? nil : "22\(dice.below(5))",
                        importer: dice.oneIn(2) ? "CANARY-IMPORTER-\(dice.below(3))" : nil,
                        buyer: dice.oneIn(3) ? "CANARY-BUYER \(dice.below(9))" : nil, tags: tags, id: id))
            }
        }
        if !events.isEmpty { _ = try await ledger.append(events, as: "CUS") }
        return events.count
    }

    // MARK: Views

    private static let office = FieldPath("/office")
    private static let fields = ["/office", "/route/vessel", "/route/berth", "/route", "/commercial/price", "/buyer"]
        .map { FieldPath($0) }

    /// A view of everything, which throws for some entries.
    static func mixed(
        version: Int = 1, isBroken: @escaping @Sendable (Position, Bool) -> Bool = { $1 }
    ) -> ViewDefinition {
        ViewDefinition(name: "mixed", version: version) { entry, facts throws(MappingFault) in
            for index in 0..<entry.tagCount {
                facts.fact(about: entry.tag(at: index), kind: UInt8(index % 2))
                for field in fields { facts.add(entry, field) }
                facts.add(text: entry.agency)
                facts.lookup(entry.type, finds: entry.tag(at: index))
            }
            facts.tally(1, entry.type, entry.recordedDay)
            facts.tally(Int64(entry.tagCount), entry.recordedMonth)
            // What it has said before it fails must leave no trace.
            if isBroken(entry.position, entry.string(office) == poison) { throw MappingFault("This cannot be mapped.") }
        }
    }

    func keeper(_ options: ViewOptions = ViewOptions()) throws -> ViewKeeper {
        try ViewKeeper(of: ledger, options: options)
    }

    static func reach(_ runner: ViewRunner, _ lab: ViewLab) async throws {
        let head = try lab.ledger.log.head
        #expect(await runner.reached(head, timeout: .seconds(60)), "\(runner.state)")
    }
}

extension ViewStore {
    /// Every record but the one that names the view.
    func dump() throws -> [String] {
        let transaction = try environment.beginRead()
        var lines: [String] = []
        for database in [rows, tallies, origins, skipped, shared] {
            var cursor = try transaction.cursor(over: database)
            var found = try cursor.moveToFirst()
            while found {
                lines.append("\(database.name) \(Hex.encode(cursor.key.copied)) \(Hex.encode(cursor.value.copied))")
                found = try cursor.moveToNext()
            }
        }
        return lines
    }
}

extension ViewRunner {
    func dump() throws -> [String] { try #require(snapshot).store.dump() }
}
