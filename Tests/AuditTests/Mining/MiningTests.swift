import Audit
import EventLog
import Exchange
import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("Process mining")
struct MiningTests {
    static func ocel(
        _ lab: PortLab, for reader: Reader = PortLab.auditor, at position: Position? = nil,
        limits: MiningLimits = MiningLimits(), _ change: (inout MiningScope) -> Void = { _ in }
    ) throws -> (text: [UInt8], summary: MiningSummary) {
        var scope = MiningScope(at: try position ?? lab.head)
        change(&scope)
        var export = OCELExport(try MiningSource(of: lab.ledger, for: reader, scope), limits: limits)
        var text: [UInt8] = []
        let summary = try export.run { text += $0 }
        return (text, summary)
    }

    static func xes(
        _ lab: PortLab, _ kind: String, for reader: Reader = PortLab.auditor, at position: Position? = nil,
        limits: MiningLimits = MiningLimits()
    ) throws -> (text: String, summary: MiningSummary) {
        let source = try MiningSource(of: lab.ledger, for: reader, MiningScope(at: position ?? lab.head))
        var export = XESExport(source, kind: kind, limits: limits)
        var text: [UInt8] = []
        let summary = try export.run { text += $0 }
        return (String(decoding: text, as: UTF8.self), summary)
    }

    /// The value of the first attribute of a name in a piece of XES.
    private static func attributed(_ text: String, _ key: String) -> String? {
        let after = text.components(separatedBy: "key=\"\(key)\" value=\"").dropFirst().first
        return after?.components(separatedBy: "\"").first
    }

    static func parsed(_ text: [UInt8]) throws -> JSONValue {
        let limits = JSONParser.Limits(maximumBytes: 1 << 30, maximumDepth: 32)
        return try JSONDocument(parsing: text, limits: limits).root
    }

    @Test("What is written of a small day is this, byte for byte")
    func golden() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.head
        try await lab.playDay()
        let (text, summary) = try Self.ocel(lab) { $0.from = first }
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden")
        let golden = try String(contentsOf: url.appendingPathComponent("day.ocel.json"), encoding: .utf8)
        #expect(String(decoding: text, as: UTF8.self).split(separator: "\n") == golden.split(separator: "\n"))
        #expect(summary.events == 8 && summary.unrelated == 0 && summary.objects == 6)
        let source = try MiningSource(of: lab.ledger, for: PortLab.auditor, MiningScope(at: lab.head))
        let traces = try Self.xes(lab, "declaration").text.replacing(source.root, with: "ROOT")
        let known = try String(contentsOf: url.appendingPathComponent("day.declaration.xes"), encoding: .utf8)
        #expect(traces.split(separator: "\n") == known.split(separator: "\n"))
    }

    @Test("It fits the JSON Schema of OCEL 2.0, and so does that of an empty range")
    func schema() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        var registry = SchemaRegistry()
        try registry.register(JSONDocument(parsing: Array(OCELSchema.text.utf8)), at: "urn:ocel")
        let validator = try registry.compile("urn:ocel")
        for position in [0, try lab.head] {
            let document = try JSONDocument(parsing: Self.ocel(lab, at: position).text)
            let violations = try validator.validate(document.tape, document.bytes.span)
            #expect(violations.isEmpty, "\(violations)")
        }
        let wrong = try JSONDocument(
            parsing: Array(#"{"events":[{"id":"1","type":"a","time":"yesterday"}],"objects":[]}"#.utf8))
        #expect(try !validator.validate(wrong.tape, wrong.bytes.span).isEmpty)
    }

    @Test("A position gives the same bytes whatever comes later, and whoever else reads meanwhile")
    func reproducible() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let position = try lab.head
        let (before, traces) = (
            try Self.ocel(lab, at: position).text, try Self.xes(lab, "container", at: position).text
        )
        try await lab.append("declaration.reopened", by: "CUS", #""declaration":"D-1""#)
        try await lab.append("credit.rated", by: "CUS", #""enterprise":"E-1","scheme":"AEO","rating":"A""#)
        #expect(try Self.ocel(lab, at: position).text == before)
        #expect(try Self.xes(lab, "container", at: position).text == traces)
        #expect(try Self.ocel(lab).text != before)
    }

    @Test(
        "Nothing classified is in it for anyone, nor a sealed event, nor what tells of persons; and nothing is recorded"
    )
    func canaries() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let flagged = try lab.head
        let person = try await lab.append(
            "person.crossed", by: "BOR", tags: ["person:CANARY-PERSON", "conveyance:IMO9074729"],
            #""person":"CANARY-PERSON","direction":"in","port":"CNNSA""#)
        #expect(person == flagged)
        let records = try lab.ledger.accessLog.head
        for reader in [PortLab.auditor, PortLab.customs, Reader(.authority, agency: "BOR")] {
            let text = String(decoding: try Self.ocel(lab, for: reader).text, as: UTF8.self)
            let traces = try MiningVocabulary.kinds.map { try Self.xes(lab, $0, for: reader).text }
            for text in [text] + traces {
                for word in ["CANARY", "_sd", "commercial", "partyDetails", "risk.flagged", "person"] {
                    #expect(!text.contains(word), "\(reader.agency ?? ""): \(word)")
                }
            }
        }
        #expect(try lab.ledger.accessLog.head == records)
        #expect(try Self.ocel(lab) { $0.kinds = ["person", "declaration"] }.text.contains("person".utf8) == false)
    }

    @Test("Each reader is given its own view: participants what names them, the public nothing, strangers a refusal")
    func readers() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.head
        try await lab.playDay()
        let terminal = Reader(.participant, agency: "CAR", identities: [try Tag("agency:CAR")])
        let (text, summary) = try Self.ocel(lab, for: terminal) { $0.from = first }
        #expect(summary.events == 1 && String(decoding: text, as: UTF8.self).contains("equipment.moved"))
        #expect(try Self.ocel(lab, for: .public).summary == MiningSummary())
        #expect(throws: ExchangeError.self) { try Self.ocel(lab, for: Reader(.authority, agency: "NOBODY")) }
    }

    @Test("A trace is in the order in which things happened, not in which they were told")
    func order() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let text = try Self.xes(lab, "container").text
        let names = text.components(separatedBy: "<event>").dropFirst(2).compactMap {
            Self.attributed($0, "concept:name")
        }
        #expect(names == ["inspection.completed", "equipment.moved", "release.completed"])
    }

    @Test("Where an event names two declarations, nothing is said to belong to either")
    func ambiguous() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.append(
            "declaration.lodged", by: "DEC", tags: ["declaration:D-8"],
            #""declaration":"D-7","kind":"goods","permits":["P-7"]"#)
        let objects = try Self.parsed(Self.ocel(lab).text)["objects"]?.elements ?? []
        #expect(objects.count == 3)
        for object in objects {
            #expect(object["relationships"]?.elements.isEmpty == true)
            #expect(object["attributes"]?.elements.contains { $0["name"]?.string == "kind" } == false)
        }
    }

    @Test("Ranges, times and ports cut what is there; an event without a port goes with its declaration")
    func scopes() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.head
        try await lab.playDay()
        func types(_ change: (inout MiningScope) -> Void) throws -> [String] {
            try Self.parsed(Self.ocel(lab, change).text)["events"]?.elements.compactMap { $0["type"]?.string } ?? []
        }
        #expect(try types { $0.port = "CNSHA" } == ["declaration.lodged"])
        // The acceptance and the correction name no port themselves; the permit names neither port nor declaration.
        #expect(
            try types { $0.port = "CNNSA" } == [
                "declaration.lodged", "declaration.accepted", "equipment.moved", "inspection.completed",
                "release.completed", "record.corrected",
            ])
        #expect(
            try types {
                ($0.since, $0.until) = (Timestamp("2026-03-01T00:30:00Z"), Timestamp("2026-03-01T01:00:01Z"))
            } == ["equipment.moved", "inspection.completed"])
        #expect(try types { $0.from = first + 8 } == ["declaration.lodged"])
        #expect(throws: ExchangeError.self) { try Self.ocel(lab, at: lab.head + 1) }
    }

    @Test("What is more than memory is to hold is refused with a remedy")
    func limits() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        for (name, change) in [
            ("objects", { $0.objects = 3 }), ("values", { $0.values = 4 }), ("trace", { $0.traceEvents = 2 }),
        ] as [(String, (inout MiningLimits) -> Void)] {
            var limits = MiningLimits()
            change(&limits)
            let error = #expect(throws: ExchangeError.self, "\(name)") {
                if name == "trace" {
                    _ = try Self.xes(lab, "declaration", limits: limits)
                } else {
                    _ = try Self.ocel(lab, limits: limits)
                }
            }
            #expect(error?.code == .limitExceeded && error?.reason.contains("--port") == true)
        }
    }
}
