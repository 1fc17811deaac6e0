import EventLog
import Foundation
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

/// A ledger with schemas that seal in every way there is, and what verifies its answers.
struct VerifyingLab {
    static let manifest = "urn:sanhu:schema:manifest:1"
    static let seizure = "urn:sanhu:schema:seizure:1"

    let lab: LedgerLab
    var ledger: ExchangeLedger { lab.ledger }
    var key: NoteVerifier { lab.ledger.log.verifier }

    init() async throws {
        lab = try await LedgerLab()
        let changes = [
            #"""
            {"uri":"\#(Self.manifest)","type":"sanhu.declaration.manifested","document":{"type":"object",
             "required":["number","voyage"],"properties":{
              "number":{"type":"string","x-tag":{"kind":"declaration"}},
              "price":{"type":"integer","x-sharing":{"class":"conditional","compartment":"trade-secret","owner":"CUS",
                "bytes":32}},
              "voyage":{"type":"object","properties":{
                "berth":{"type":"string","x-sharing":{"class":"shared","compartment":"third-country","owner":"BOR",
                  "bytes":32}},
                "note":{"type":"string","x-sharing":{"class":"restricted","compartment":"method","owner":"TAX",
                  "bytes":64}}}},
              "crew":{"type":"array","maxItems":3,"x-sharing":{"class":"conditional","compartment":"personal",
                "owner":"BOR","bytes":300},"items":{"type":"object","x-sharing":{"class":"restricted",
                "compartment":"personal","owner":"BOR","subject":"/id","bytes":60}}}}}}
            """#,
            #"""
            {"uri":"\#(Self.seizure)","type":"sanhu.risk.seized","document":{"type":"object",
             "x-sharing":{"class":"conditional","compartment":"trade-secret","owner":"CUS","bytes":900},
             "properties":{"object":{"type":"string"},"informant":{"type":"string","x-sharing":{"class":"restricted",
               "compartment":"investigation","owner":"BOR","bytes":40}}}}}
            """#,
        ].map { CharterLab.put("schema", $0) }.joined(separator: ",")
        let data = try CharterLab.amendment(changes)
        _ = try await ledger.amend(
            Array(
                #"{"specversion":"1.0","id":"a1","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
                + Array(data.text) + Array("}".utf8))
    }

    /// An event of some schema with some of what it may have.
    static func event(_ number: Int, _ dice: inout Dice) -> AgencyEvent {
        let id = "e\(number)"
        func optional(_ member: String) -> String { dice.oneIn(2) ? "," + member : "" }
        switch dice.below(4) {
        case 0:
            return LedgerLab.declaration(id, buyer: dice.oneIn(2) ? "Li \(number)" : nil, price: dice.below(1_000))
        case 1:
            return LedgerLab.event(
                "sanhu.risk.flagged", LedgerLab.flagged, id: id, #"{"object":"CSQU\#(dice.below(100))"}"#)
        case 2:
            let informant = optional(#""informant":"n\#(dice.below(9))""#)
            return LedgerLab.event("sanhu.risk.seized", seizure, id: id, #"{"object":"o\#(number)"\#(informant)}"#)
        default:
            let (price, berth, note) = (optional(#""price":7"#), dice.oneIn(2), dice.oneIn(2))
            let voyage = (berth ? [#""berth":"B\#(number)""#] : []) + (note ? [#""note":"watch \#(number)""#] : [])
            let crew = (0..<dice.below(4)).map { #"{"id":"p\#(number).\#($0)","name":"货 \#($0)"}"# }
            let crewMember = optional(#""crew":[\#(crew.joined(separator: ","))]"#)
            return LedgerLab.event(
                "sanhu.declaration.manifested", manifest, id: id,
                #"{"number":"\#(number % 7)","voyage":{\#(voyage.joined(separator: ","))}\#(price)\#(crewMember)}"#)
        }
    }

    func append(_ count: Int, _ dice: inout Dice, from first: Int = 0) async throws {
        var events: [AgencyEvent] = []
        for number in first..<first + count { events.append(Self.event(number, &dice)) }
        _ = try await ledger.append(events, as: "CUS")
    }

    /// Readers of every kind.
    static let readers: [Reader] = {
        let named = (0..<3).compactMap { try? Tag("declaration:\($0)") }
        return [
            Reader(.authority, agency: "CUS"), Reader(.authority, agency: "TAX", purpose: "duty"),
            Reader(.authority, agency: "TAX"), Reader(.authority, agency: "BOR", purpose: "duty"),
            Reader(.auditor, agency: "AUD", purpose: "duty"), Reader(.participant, agency: "TER", identities: named),
            Reader(.party, identities: named), Reader(.authority, agency: "XXX"), .public,
        ]
    }()

    /// The lines of an answer.
    func lines(
        _ query: Query = .all, _ range: ReadRange = ReadRange(), for reader: Reader, asOf earlier: Timestamp? = nil,
        proofs: ExchangeLedger.ReadProofs = .inclusion
    ) async throws -> [String] {
        var lines: [String] = []
        try await ledger.readVerifiable(query, range, for: reader, asOf: earlier, proofs: proofs) { line in
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return lines
    }

    /// What an answer shows.
    struct Shown {
        let read: VerifiedRead
        let entries: [VerifiedEntry]
    }

    func verify(_ lines: [String], known: SignedNote? = nil) throws -> Shown {
        try Self.verify(lines, key, known: known)
    }

    static func verify(_ lines: [String], _ key: NoteVerifier, known: SignedNote? = nil) throws -> Shown {
        var verifier = ReadVerifier(key: key, known: known)
        var entries: [VerifiedEntry] = []
        for line in lines {
            if let entry = try verifier.take(Array(line.utf8)) { entries.append(entry) }
        }
        return Shown(read: try verifier.finish(), entries: entries)
    }

    /// Why an answer does not hold, or nil if it does.
    func fault(_ lines: [String], known: SignedNote? = nil) throws -> ReadVerificationError? {
        do {
            _ = try verify(lines, known: known)
            return nil
        } catch let error as ReadVerificationError {
            return error
        }
    }
}
