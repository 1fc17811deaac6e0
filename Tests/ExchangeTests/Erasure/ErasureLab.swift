import EventLog
import Foundation
import Synchronization
import TestSupport
import Testing
import Transparency

@testable import Exchange

/// A ledger of events about enterprises and persons, some of whom are to be erased.
struct ErasureLab {
    static let importer = "CANARY-IMPORTER-9131"
    static let other = "CANARY-IMPORTER-7777"
    static let lodged = "urn:sanhu:schema:declaration.lodged:1"
    static let crossed = "urn:sanhu:schema:crew.listed:1"
    static let flagged = "urn:sanhu:schema:risk.flagged:1"

    static let customs = Reader(.authority, agency: "CUS")
    /// Sees what a rule opens.
    static let cleared = Reader(.authority, agency: "TAX", purpose: "duty")
    static let uncleared = Reader(.authority, agency: "BOR")

    let lab: LedgerLab
    var ledger: ExchangeLedger { lab.ledger }

    init() async throws {
        lab = try await LedgerLab(charter: Self.charter())
    }

    private static func charter() throws -> [UInt8] {
        let erasure = try ["erasure.ordered", "legalhold.placed", "legalhold.lifted"].map { try LedgerLab.schema($0) }
        return try LedgerLab.founding(
            #"""
            {"amendment": {"threshold": 2, "agencies": ["CUS", "TAX", "BOR"]},
             "agencies": [{"code": "CUS", "title": "海关", "kind": "authority"},
              {"code": "TAX", "title": "税务", "kind": "authority"}, {"code": "BOR", "title": "边检", "kind": "authority"},
              {"code": "AUD", "title": "审计", "kind": "auditor"}],
             "keys": [\#(try LedgerLab.keys())],
             "powers": [{"id": "cus", "agency": "CUS", "types": ["sanhu.declaration.*", "sanhu.risk.*", "sanhu.crew.*",
               "sanhu.erasure.*", "sanhu.legalhold.*"]},
              {"id": "tax", "agency": "TAX", "types": ["sanhu.declaration.*", "sanhu.legalhold.*"]}],
             "sources": [{"prefix": "/CUS", "agency": "CUS"}, {"prefix": "/TAX", "agency": "TAX"}],
             "schemas": [{"uri": "\#(lodged)", "type": "sanhu.declaration.lodged", "document": {"type": "object",
               "required": ["number"], "properties": {"number": {"type": "string", "x-tag": {"kind": "declaration"}},
               "importer": {"type": "string", "x-sharing": {"class": "conditional", "compartment": "personal",
                 "owner": "CUS", "subject": "/importer", "bytes": 64}},
               "commercial": {"type": "object", "x-sharing": {"class": "conditional", "compartment": "trade-secret",
                 "owner": "TAX", "subject": "/importer", "bytes": 128}}}, "additionalProperties": false}},
              {"uri": "\#(crossed)", "type": "sanhu.crew.listed", "document": {"type": "object",
               "properties": {"ship": {"type": "string"}, "crew": {"type": "array", "maxItems": 4,
                 "x-sharing": {"class": "conditional", "compartment": "personal", "owner": "CUS", "bytes": 512},
                 "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"},
                   "passport": {"type": "string"}}, "x-sharing": {"class": "conditional", "compartment": "personal",
                   "owner": "CUS", "subject": "/name", "bytes": 96}}}}}},
              {"uri": "\#(flagged)", "type": "sanhu.risk.flagged", "document": {"type": "object",
               "required": ["importer"], "properties": {"importer": {"type": "string"}},
               "x-sharing": {"class": "conditional", "compartment": "security", "owner": "CUS",
                 "subject": "/importer", "bytes": 256}}},
              \#(erasure.joined(separator: ","))],
             "rules": [{"id": "duty", "effect": "permit", "readers": {"agencies": ["TAX"]},
               "fields": {"compartments": ["trade-secret", "personal", "security"]}, "purposes": ["duty"]}],
             "purposes": [{"code": "duty", "version": 1, "title": "税费核定"}],
             "personalTags": [{"kind": "person"}]}
            """#)
    }

    static func declaration(
        _ number: String, importer: String? = importer, secret: String = "s", by agency: String = "CUS"
    ) -> AgencyEvent {
        let about = importer.map { #","importer":"\#($0)","commercial":{"secret":"\#(secret)"}"# } ?? ""
        return LedgerLab.event(
            "sanhu.declaration.lodged", lodged, id: number, source: "/\(agency)/1", #"{"number":"\#(number)"\#(about)}"#
        )
    }

    static func crew(_ id: String, _ names: [String]) throws -> AgencyEvent {
        let crew = names.map { #"{"name":"\#($0)","passport":"P-\#($0)"}"# }.joined(separator: ",")
        var event = LedgerLab.event("sanhu.crew.listed", crossed, id: id, #"{"ship":"Hai","crew":[\#(crew)]}"#)
        event.tags = try names.map { try EventLog.Tag(kind: "person", value: $0) }
        return event
    }

    static func flag(_ id: String, _ importer: String = importer) -> AgencyEvent {
        LedgerLab.event("sanhu.risk.flagged", flagged, id: id, #"{"importer":"\#(importer)"}"#)
    }

    static func order(_ subject: String = importer) -> ErasureOrder {
        ErasureOrder(subject: subject, grounds: ErasureGrounds(basis: "PIPL 47", reason: "asked for", officer: "dpo-1"))
    }

    /// Three declarations of two importers, an empty one, a crew list and a flag; returns the events.
    @discardableResult
    func fill() async throws -> [AgencyEvent] {
        let events = [
            Self.declaration("d1", secret: "CANARY-SECRET-0001"), Self.declaration("d2", importer: Self.other),
            Self.declaration("d3", secret: "CANARY-SECRET-0003"), Self.declaration("d4", importer: nil),
            try Self.crew("c1", [Self.importer, "Wu", "Li"]), Self.flag("f1"), Self.flag("f2", Self.other),
        ]
        _ = try await ledger.append(events, as: "CUS")
        return events
    }

    /// What a reader sees of an entry.
    func seen(_ position: Position, by reader: Reader, asOf: Timestamp? = nil) async throws -> SeenEntry {
        let range = ReadRange(from: position, to: position + 1)
        return try #require(try await ledger.read(.all, range, for: reader, asOf: asOf).first)
    }

    /// Whether all that was sealed for the importer by ``fill()`` is gone, and nothing else is.
    func expectErased(_ note: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for position: Position in [1, 3] {
            let entry = try #require(try await seen(position, by: Self.cleared).event)
            #expect(entry.gone.map(\.cause) == [.erased, .erased], "\(note)", sourceLocation: sourceLocation)
            #expect(!entry.text.contains("CANARY"), "\(note)", sourceLocation: sourceLocation)
        }
        let kept = try #require(try await seen(2, by: Self.cleared).event)
        #expect(kept.gone.isEmpty && kept.text.contains(Self.other), "\(note)", sourceLocation: sourceLocation)
        let rows = try ledger.log.disclosures(at: 1)
        #expect(
            rows.map(\.count) == [SealedRow.headerBytes, SealedRow.headerBytes], "\(note)",
            sourceLocation: sourceLocation)
        let status = try ledger.keyStatus()
        #expect(status.noted == nil && !status.needsRotation, "\(note)", sourceLocation: sourceLocation)
        #expect(status.fences.map(\.number) == [1], "\(note)", sourceLocation: sourceLocation)
        let audit = try ledger.auditKeys()
        #expect(audit.isSound && audit.erasedRows == 6, "\(note): \(audit)", sourceLocation: sourceLocation)
        #expect(ledger.log.verify().isSound, "\(note)", sourceLocation: sourceLocation)
    }
}

extension SeenEntry {
    /// What is seen, if it is more than a stub.
    var event: Event? {
        if case .entry(let event) = self { event } else { nil }
    }
}

extension SeenEntry.Event {
    var text: String { String(decoding: event, as: UTF8.self) }
}

/// A probe that stops at a step once it is armed.
final class ErasureStop: Sendable {
    private let name: Mutex<String?> = Mutex(nil)

    func arm(_ step: String?) { name.withLock { $0 = step } }

    private func check(_ step: String) throws(ExchangeError) {
        if name.withLock({ $0 }) == step { throw ExchangeError(.limitExceeded, "stopped after \(step)") }
    }

    var probe: ErasureProbe {
        var probe = ErasureProbe()
        probe.reached = { step throws(ExchangeError) in try self.check(step.rawValue) }
        probe.keys.reached = { step throws(ExchangeError) in try self.check(step.rawValue) }
        probe.rowsPerCommit = 2
        return probe
    }

    /// All steps, in their order.
    static let steps =
        [KeyStep.noted.rawValue, ErasureStep.fenced.rawValue] + KeyStep.allCases.dropFirst().map(\.rawValue)
        + [ErasureStep.rowsRemoved, .marked].map(\.rawValue)
}

extension ErasureLab {
    /// What an error of the exchange says, or nil.
    static func fault(_ body: () async throws -> Void) async throws -> ExchangeError? {
        do {
            try await body()
            return nil
        } catch let error as ExchangeError {
            return error
        }
    }

    /// The disclosures of an event of declaration, as JSON.
    func disclosures(at position: Position) throws -> [[UInt8]] {
        let view = try EntryView(ledger.log.entry(at: position))
        let plan = try #require(
            try ledger.current { state throws(ExchangeError) in try state.schema(Self.lodged)?.plan })
        var opener = DisclosureOpener()
        return try ledger.log.disclosures(at: position).enumerated().map { ordinal, row in
            let content = try opener.open(row, ordinal: ordinal, of: plan, at: EventPlace(of: view), keys: ledger.keys)
            guard case .value(let json, _) = content else { throw ExchangeError(.keyDamaged, "no value") }
            return json
        }
    }

    /// A copy of the keys and their wrapping key.
    func backup() throws -> TemporaryFolder {
        let backup = try TemporaryFolder()
        try copyKeys(from: lab.path + "/keys", lab.wrappingKey.path, to: backup.path)
        return backup
    }

    func copyKeys(from keys: String, _ wrapping: String, to folder: String) throws {
        try FileManager.default.copyItem(atPath: keys, toPath: folder + "/keys")
        try FileManager.default.copyItem(atPath: wrapping, toPath: folder + "/wrapping.json")
    }

    /// Puts keys in the place of the closed ledger's.
    func putKeys(from keys: String, _ wrapping: String) throws {
        try FileManager.default.removeItem(atPath: lab.path + "/keys")
        try FileManager.default.removeItem(atPath: lab.wrappingKey.path)
        try FileManager.default.copyItem(atPath: keys, toPath: lab.path + "/keys")
        try FileManager.default.copyItem(atPath: wrapping, toPath: lab.wrappingKey.path)
    }
}
