import Audit
import Clearance
import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import Synchronization
import TestSupport
import Testing
import Transparency
import Views

/// A ledger of the port whose clock a test sets, with the views that are replayed.
final class ReplayLab: Sendable {
    static let origin = "replay.example/ledger"
    static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Schemas")

    private let folder: TemporaryFolder
    let ledger: ExchangeLedger
    let keeper: ViewKeeper
    let book: Rulebook
    let runners: [ViewRunner]
    let replay: Replay

    /// 2026-03-01T00:00:00Z.
    static let morning: Int64 = 1_772_323_200_000_000

    init() async throws {
        folder = try TemporaryFolder()
        let clock = Clock(Self.morning - 86_400_000_000)
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.schemas.path).sorted().filter { name in
            name.hasSuffix(".schema.json")
                && !["charter.", "alert.", "access.anchored."].contains { name.hasPrefix($0) }
        }
        let governing = names.filter { name in
            ["disclosure.", "assistance.", "erasure.", "legalhold.", "access."].contains { name.hasPrefix($0) }
        }
        let founding = try CharterDraft.founding(
            id: "founding", charter: Self.json("charter.json"), schemas: governing.map(Self.json))
        let path = folder.path("ledger")
        ledger = try await ExchangeLedger.found(
            at: path, charter: Self.signed(founding, ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]),
            signers: ExchangeLedger.Signers(
                log: try NoteSigner(name: Self.origin, seed: Array(1...32)),
                access: try NoteSigner(name: Self.origin + "/access", seed: Array(2...33))),
            wrappingKey: WrappingKeyFile(path: path + ".wrapping"),
            options: ExchangeOptions(anchorInterval: nil, clock: { clock.now }))
        let port = names.filter { !governing.contains($0) }
        for amendment in try CharterDraft.amendments(id: "schemas", basis: 0, schemas: port.map(Self.json)) {
            _ = try await ledger.amend(Self.signed(amendment, ["CUS-1", "BOR-1", "TAX-1"]))
        }
        let keeper = try ViewKeeper(of: ledger)
        self.keeper = keeper
        book = try Rulebook(of: ledger, rules: PortRules.all)
        let definitions = [
            CaseFiles.definition, Boards.definition, PortFigures.definition, StandardViews.timeline.definition,
        ]
        runners = try definitions.map { try keeper.open($0) }
        replay = Replay(of: ledger, runners)
        self.clock = clock
        clock.set(Self.morning)
    }

    private let clock: Clock

    private final class Clock: Sendable {
        private let microseconds: Atomic<Int64>

        init(_ start: Int64) { microseconds = Atomic(start) }

        var now: Timestamp { Timestamp(microseconds: microseconds.load(ordering: .acquiring)) }

        func set(_ time: Int64) { microseconds.store(time, ordering: .releasing) }
    }

    /// The ledger's time.
    var now: Timestamp { clock.now }

    /// Minutes after the morning of the first of March 2026 (UTC).
    func set(minutes: Int) { clock.set(Self.time(minutes).microseconds) }

    static func time(_ minutes: Int) -> Timestamp { Timestamp(microseconds: morning + Int64(minutes) * 60_000_000) }

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

    /// Amends the charter.
    func amend(_ changes: String, id: String) async throws {
        let basis = try #require(
            try ledger.log.read(Query(types: [CharterFounding.type, CharterAmendment.type]), ReadRange()).last
        ).position
        let text =
            #"{"specversion":"1.0","id":"\#(id)","source":"/charter","type":"\#(CharterAmendment.type)","data":{"basis":\#(basis),"changes":[\#(changes)]}}"#
        _ = try await ledger.amend(Self.signed(Array(text.utf8), ["CUS-1", "BOR-1", "TAX-1"]))
    }

    static func event(
        _ type: String, by agency: String, id: String, tags: [String] = [], time: String? = nil, _ data: String
    ) throws -> AgencyEvent {
        let time = time.map { #""time":"\#($0)","# } ?? ""
        return AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)",\#(time)"dataschema":"urn:sanhu:schema:\#(type):1","data":{\#(data)}}"#
                    .utf8), tags: try tags.map { try EventLog.Tag($0) })
    }

    /// Appends an event past the rules, and waits until the views have it.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], time: String? = nil,
        _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(ledger.log.head)"
        let event = try Self.event(type, by: agency, id: id, tags: tags, time: time, data)
        let position = try await ledger.append([event], as: agency)[0].position
        try await reach()
        return position
    }

    /// Appends an event by the rules of the port.
    @discardableResult
    func tell(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], time: String? = nil,
        _ data: String
    ) async throws -> Position {
        let id = try id ?? "\(type)-\(ledger.log.head)"
        let event = try Self.event(type, by: agency, id: id, tags: tags, time: time, data)
        let position = try await book.append([event], as: agency)[0].position
        try await reach()
        return position
    }

    /// Customs opens what is commercial of declaration 1 to the treasury, for a case.
    ///
    /// - Returns: The position of the grant.
    func grant(case name: String = "D-1", until: Timestamp = ReplayLab.time(100_000)) async throws -> Position {
        let scope = DisclosureScope(
            owner: "CUS", fields: FieldSelector(owners: ["CUS"], pointers: ["/commercial"]),
            objects: [try EventLog.Tag("declaration:1")],
            purpose: "duty-collection", caseName: name, to: until)
        let request = try await ledger.append(DisclosureEvent.requested(DisclosureRequest(scope)), as: "TRE").position
        let ruling = DisclosureRuling(on: request, .granted, reasons: ["law"])
        let granted = try await ledger.append(DisclosureEvent.decided(ruling), as: "CUS").position
        try await reach()
        return granted
    }

    static func treasury(case name: String = "D-1") -> Reader {
        Reader(.authority, agency: "TRE", purpose: "duty-collection", caseName: name)
    }

    /// Lodges declaration 1, with something commercial in it.
    @discardableResult
    func lodge(_ number: String = "1", time: String? = nil) async throws -> Position {
        try await append(
            "declaration.lodged", by: "DEC", id: "lodged-\(number)", tags: ["container:C\(number)"], time: time,
            #""declaration":"\#(number)","kind":"goods","flow":"import","office":"2248","port":"CNNSA","commercial":{"price":"CANARY-\#(number)"}"#
        )
    }

    func reach() async throws {
        let head = try ledger.log.head
        for runner in runners {
            #expect(await runner.reached(head, timeout: .seconds(60)), "\(runner.state)")
            #expect(try runner.status().parked == 0)
        }
    }

    /// The only line of an answer.
    func line(
        _ subject: ReplaySubject, at moment: Moment = .present, for reader: Reader = customs
    ) async throws -> JSONValue {
        let answer = try await replay.answer(subject, at: moment, for: reader)
        return try JSONDocument(parsing: try #require(answer.lines.first)).root
    }

    static let customs = Reader(.authority, agency: "CUS")
    static let tax = Reader(.authority, agency: "TAX", role: "assessor", purpose: "refund", caseName: "T-7")
    static let auditor = Reader(.auditor, agency: "AUD")
}
