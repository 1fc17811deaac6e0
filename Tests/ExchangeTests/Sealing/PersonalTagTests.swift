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

    @Test("A ledger registers no such schema, and makes no kind personal that a schema in force uses otherwise")
    func registering() async throws {
        let lab = try await LedgerLab()
        func amend(_ changes: [String], _ id: String) async throws -> ExchangeError.Code? {
            let basis = try lab.ledger.charter().position
            return try await LedgerLab.fault {
                _ = try await lab.ledger.amend(
                    LedgerLab.amendment(changes.joined(separator: ","), id: id, basis: basis))
            }?.code
        }
        let passport = CharterLab.put("personalTag", #"{"kind":"passport"}"#)
        let open = CharterLab.put("schema", Self.schema("open", "passport", subject: nil))
        let over = CharterLab.end("schema", #"{"uri":"urn:x:open:1"}"#)
        let person = CharterLab.put("schema", Self.schema("person", "person", subject: nil))
        #expect(try await amend([person], "a1") == .schemaRefused)
        #expect(try await amend([open, passport], "a2") == .schemaRefused)
        #expect(try await amend([open], "a3") == nil)
        #expect(try await amend([passport], "a4") == .schemaRefused)
        #expect(try await amend([over, passport], "a5") == nil)
        let sealed = CharterLab.put("schema", Self.schema("sealed", "passport", subject: "/p"))
        #expect(try await amend([sealed], "a6") == nil)
    }

    @Test("No ledger is founded with such a schema")
    func founding() async throws {
        let charter = String(decoding: try LedgerLab.charterData(), as: UTF8.self)
        let schema = Self.schema("person", "person", subject: nil)
        let event = try LedgerLab.founding(charter.replacing(#""schemas": ["#, with: #""schemas": [\#(schema),"#))
        #expect(try await LedgerLab.fault { _ = try await LedgerLab(charter: event) }?.code == .schemaRefused)
    }
}
