import EventLog
import JSON
import JSONSchema
import TestSupport
import Testing

@testable import Exchange

@Suite("What becomes a tag that names a person is sealed under that person's key", .fewAtOnce)
struct PersonalTagTests {
    private static let tag = #""x-tag":{"kind":"person"}"#

    private static func mark(_ subject: String? = nil, _ sharingClass: String = "conditional") -> String {
        let subject = subject.map { #","subject":"\#($0)""# } ?? ""
        return
            #""x-sharing":{"class":"\#(sharingClass)","compartment":"personal","owner":"CUS","bytes":400\#(subject)}"#
    }

    private static func object(_ properties: String, _ root: String = "") -> String {
        #"{"type":"object",\#(root)"properties":{\#(properties)}}"#
    }

    private static func fault(_ schema: String, _ kinds: Set<String> = ["person"]) throws -> ExchangeError? {
        var registry = SchemaRegistry()
        try registry.register(JSONDocument(parsing: Array(schema.utf8)), at: SealingFixture.uri)
        return try CharterLab.fault {
            do throws(ExchangeError) {
                _ = try SealingPlan(SealingFixture.uri, in: registry, personalKinds: kinds)
            } catch { throw error }
        }
    }

    @Test(
        "Refused: in clear, under its owner's key, under another subject's, within an event of another's, one of many",
        arguments: [
            object(#""p":{\#(tag)}"#),
            object(#""p":{\#(tag),\#(mark())}"#),
            object(#""p":{\#(tag),\#(mark("/q"))},"q":{}"#),
            object(#""p":{\#(tag)}"#, mark() + ","),
            object(#""p":{\#(tag)},"q":{}"#, mark("/q") + ","),
            object(#""p":{\#(tag),\#(mark())}"#, mark("/p") + ","),
            object(#""p":{"type":"object","properties":{"id":{\#(tag)}},\#(mark("/p/name"))}"#),
            object(#""p":{\#(tag)}"#, mark("/p", "public") + ","),
            object(#""p":{"type":"array","items":{\#(tag)}}"#),
        ])
    func refused(schema: String) throws {
        let fault = try #require(try Self.fault(schema))
        #expect(fault.code == .schemaRefused && fault.pointer?.hasSuffix("/x-tag") == true)
        #expect(fault.reason.contains("names persons"))
        #expect(try Self.fault(schema, ["passport"]) == nil, "of another kind it is none")
    }

    @Test(
        "Taken: a field whose subject it is, the name within a field, also in an event sealed as a whole or under it",
        arguments: [
            object(#""p":{\#(tag),\#(mark("/p"))}"#),
            object(#""p":{\#(tag),\#(mark("/p", "public"))}"#),
            object(#""p":{"type":"object","properties":{"id":{\#(tag)}},\#(mark("/p/id"))}"#),
            object(#""p":{\#(tag),\#(mark("/p"))}"#, mark() + ","),
            object(#""p":{\#(tag)}"#, mark("/p") + ","),
            object(#""a~/b":{\#(tag),\#(mark("/a~0~1b"))}"#),
        ])
    func taken(schema: String) throws {
        #expect(try Self.fault(schema) == nil)
    }

    private static func schema(_ name: String, _ kind: String, subject: String?) -> String {
        #"{"uri":"urn:x:\#(name):1","type":"sanhu.declaration.\#(name)","document":\#(object(#""p":{"x-tag":{"kind":"\#(kind)"},\#(mark(subject))}"#))}"#
    }

    private static func amend(
        _ lab: LedgerLab, _ changes: [String], _ id: String, effective: Timestamp? = nil
    ) async throws -> ExchangeError.Code? {
        let event = try LedgerLab.amendment(
            changes.joined(separator: ","), id: id, basis: lab.ledger.charter().position,
            effective: effective?.description)
        return try await LedgerLab.fault { _ = try await lab.ledger.amend(event) }?.code
    }

    private static let passport = CharterLab.put("personalTag", #"{"kind":"passport"}"#)
    private static let open = CharterLab.put("schema", schema("open", "passport", subject: nil))
    private static let over = CharterLab.end("schema", #"{"uri":"urn:x:open:1"}"#)

    @Test("A ledger registers no such schema, and makes no kind personal that a schema in force uses otherwise")
    func registering() async throws {
        let lab = try await LedgerLab()
        func amend(_ changes: [String], _ id: String) async throws -> ExchangeError.Code? {
            try await Self.amend(lab, changes, id)
        }
        let person = CharterLab.put("schema", Self.schema("person", "person", subject: nil))
        #expect(try await amend([person], "a1") == .schemaRefused)
        #expect(try await amend([Self.open, Self.passport], "a2") == .schemaRefused)
        #expect(try await amend([Self.open], "a3") == nil)
        #expect(try await amend([Self.passport], "a4") == .schemaRefused)
        #expect(try await amend([Self.over, Self.passport], "a5") == nil)
        let sealed = CharterLab.put("schema", Self.schema("sealed", "passport", subject: "/p"))
        #expect(try await amend([sealed], "a6") == nil)
    }

    @Test("A schema that was over is held against what became personal meanwhile before it is in force again")
    func registeringAgain() async throws {
        let lab = try await LedgerLab()
        func amend(
            _ changes: [String], _ id: String, effective: Timestamp? = nil
        ) async throws -> ExchangeError.Code? {
            try await Self.amend(lab, changes, id, effective: effective)
        }
        let later = Timestamp(microseconds: Timestamp.now().microseconds + 3_600_000_000)
        #expect(try await amend([Self.open], "b1") == nil)
        // It is in force until then.
        #expect(try await amend([Self.over, Self.passport], "b3", effective: later) == .schemaRefused)
        #expect(try await amend([Self.over, Self.passport], "b4") == nil)
        #expect(try await amend([Self.open], "b5") == .schemaRefused)
        #expect(try await amend([Self.open], "b6", effective: later) == .schemaRefused)
        let event = LedgerLab.event("sanhu.declaration.open", "urn:x:open:1", id: "z1", #"{"p":"E1234567"}"#)
        let fault = try await LedgerLab.fault { _ = try await lab.ledger.append([event], as: "CUS") }
        #expect(fault?.code == .unknownSchema)
        // Others are not concerned: one that was over, and one that is sealed as it must be.
        for (name, kind, subject) in [("other", "container", nil), ("sealed", "passport", "/p")] {
            let put = CharterLab.put("schema", Self.schema(name, kind, subject: subject))
            let end = CharterLab.end("schema", #"{"uri":"urn:x:\#(name):1"}"#)
            for (number, change) in [put, end, put].enumerated() {
                #expect(try await amend([change], "\(name)\(number)") == nil, "\(name), \(number)")
            }
        }
    }

    @Test("No ledger is founded with such a schema")
    func founding() async throws {
        let charter = String(decoding: try LedgerLab.charterData(), as: UTF8.self)
        let schema = Self.schema("person", "person", subject: nil)
        let event = try LedgerLab.founding(charter.replacing(#""schemas": ["#, with: #""schemas": [\#(schema),"#))
        #expect(try await LedgerLab.fault { _ = try await LedgerLab(charter: event) }?.code == .schemaRefused)
    }
}
