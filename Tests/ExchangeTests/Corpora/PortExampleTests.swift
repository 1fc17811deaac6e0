import Crypto
import EventLog
import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing

@testable import Exchange

@Suite("The examples in the schemas of the port")
struct PortExampleTests {
    /// The examples of a schema, each with its data.
    private static func examples(_ schema: PortSchema) throws -> [JSONValue] {
        try schema.json["examples"]?.elements ?? []
    }

    private static func registry(_ schema: PortSchema) throws -> SchemaRegistry {
        var registry = SchemaRegistry()
        try registry.register(JSONDocument(parsing: schema.text), at: schema.uri)
        return registry
    }

    @Test("Each schema has one, and it is valid")
    func valid() throws {
        for schema in PortSchemas.all {
            let validator = try Self.registry(schema).compile(schema.uri)
            let examples = try Self.examples(schema)
            #expect(!examples.isEmpty, "\(schema.uri)")
            for example in examples {
                let document = try JSONDocument(parsing: Array(example.text))
                let violations = try validator.validate(document.tape, document.bytes.span)
                #expect(violations.isEmpty, "\(schema.uri): \(violations)")
            }
        }
    }

    @Test(
        "Each is sealed by the schema's plan: as many rows as fields, nothing marked in clear, and it opens to what it was"
    )
    func sealed() throws {
        for schema in PortSchemas.all {
            let plan = try SealingPlan(schema.uri, in: Self.registry(schema))
            for example in try Self.examples(schema) {
                let event = try SealingFixture.event(String(decoding: example.text, as: UTF8.self))
                let sealed = try SealingFixture.seal(event, plan)
                #expect(sealed.event.rows.count == plan.fields.count, "\(schema.uri)")
                let opened = try SealingFixture.canonical(sealed.merged().event)
                #expect(try opened == SealingFixture.canonical(event.bytes), "\(schema.uri)")
                let clear = try JSONDocument(parsing: sealed.event.event).root["data"]
                for (name, _) in example.members where plan.fields.contains(where: { $0.pointer == "/" + name }) {
                    #expect(clear?[name] == nil, "\(schema.uri) shows \(name)")
                }
            }
        }
    }

    @Test("Each marked property is in one of them, so that the page shows what it looks like")
    func complete() throws {
        for schema in PortSchemas.all {
            let shown = Set(try Self.examples(schema).flatMap { $0.members.map(\.key) })
            let marked = try schema.marks().map(\.pointer).filter { $0.split(separator: "/").count == 1 }
            // Importers fill these from messages of other countries, by forms of their own.
            let foreign: Set = ["/errors", "/statements", "/commercial", "/partyDetails", "/endUse"]
            for pointer in marked where !foreign.contains(pointer) {
                #expect(shown.contains(String(pointer.dropFirst())), "\(schema.uri) \(pointer)")
            }
        }
    }

    @Test("Each is taken by the ledger of the port, from an agency that may append it")
    func appended() async throws {
        let lab = try await PortLab()
        // Those of disclosure follow from one another, and those of erasure the ledger writes.
        let schemas = PortSchemas.all.filter { !$0.governs || $0.uri.contains("+action") }
        for schema in schemas {
            let agency = try CanaryTests.agency(for: schema.type)
            for (number, example) in try Self.examples(schema).enumerated() {
                let event = PlainEvent(
                    String(schema.type.dropFirst("sanhu.".count)), agency: agency, id: "\(schema.uri) \(number)",
                    schema: schema.uri, data: String(decoding: example.text, as: UTF8.self))
                #expect(try await lab.append([event]).first?.position != nil, "\(schema.uri)")
            }
        }
        let last = try lab.ledger.log.head
        #expect(Int(last) - lab.charterEvents.count >= schemas.count)
        lab.close()
    }

    // MARK: The draw, as docs/draws.md has it

    private static func ranked(_ objects: [String], _ seed: [UInt8], _ label: String = "") -> [String] {
        objects.map { object in
            let code = HMAC<SHA256>.authenticationCode(
                for: Array((label + object).utf8), using: SymmetricKey(data: seed))
            return (Array(code), object)
        }.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    private static func hash(of pool: [String]) -> String {
        let lines = pool.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { $0 + "\n" }.joined()
        return Hex.encode(Array(SHA256.hash(data: Array(lines.utf8))))
    }

    private static func texts(_ value: JSONValue?) -> [String] { value?.elements.compactMap(\.string) ?? [] }

    @Test("The draw of the example comes out again from its seed and pool")
    func draw() throws {
        let schema = try #require(PortSchemas.all.first { $0.type == "sanhu.selection.drawn" })
        let stages = try Self.examples(schema)
        try #require(stages.map { $0["stage"]?.string } == ["committed", "drawn", "revealed"])
        let (committed, drawn, revealed) = (stages[0], stages[1], stages[2])
        let seed = try #require(revealed["seed"]?.string.flatMap { Hex.decode($0) })
        #expect(seed.count == 32)
        #expect(committed["commitment"]?.string == Hex.encode(Array(SHA256.hash(data: seed))))
        let pool = Self.texts(revealed["pool"])
        #expect(revealed["poolSize"]?.integer == Int64(pool.count))
        for stage in [drawn, revealed] { #expect(stage["poolHash"]?.string == Self.hash(of: pool)) }
        let count = Int(try #require(committed["count"]?.integer))
        let picks = Array(Self.ranked(pool, seed).prefix(count))
        #expect(picks == Self.texts(drawn["picks"]) && picks == Self.texts(revealed["selected"]))
        func ids(_ value: JSONValue?) -> [String] { value?.elements.compactMap { $0["id"]?.string } ?? [] }
        let officers = Self.ranked(ids(drawn["officerPool"]), seed, "officer:").prefix(2)
        #expect(Array(officers) == ids(drawn["officers"]) && Array(officers) == ids(revealed["officers"]))
        // A draw from another seed is another one.
        #expect(Array(Self.ranked(pool, seed.reversed()).prefix(count)) != picks)
    }
}
