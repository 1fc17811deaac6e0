import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Views

@Suite("Views of events of older schema versions", .fewAtOnce)
struct UpcastTests {
    private static func pointer(_ text: String) throws -> JSONPointer { try #require(JSONPointer(text)) }

    @Test("Events are mapped as of the latest version, and what is sealed is resolved where it stands then")
    func raised() async throws {
        let lab = try await ViewLab()
        var options = ViewOptions()
        options.upcasters = Upcasters([
            Upcaster(
                "second",
                [
                    .move(try Self.pointer("/office"), to: try Self.pointer("/place/office")),
                    .move(try Self.pointer("/commercial"), to: try Self.pointer("/money")),
                ])
        ])
        let keeper = try lab.keeper(options)
        defer { keeper.close() }
        let paths = ["/office", "/place/office", "/commercial/price", "/money/price"].map { FieldPath($0) }
        let runner = try keeper.open(
            ViewDefinition(name: "raised", version: 1, query: Query(types: ["sanhu.declaration.lodged"])) {
                entry, facts in
                facts.fact(about: "declaration:1")
                for path in paths { facts.add(entry, path) }
            })
        _ = try await lab.ledger.append([ViewLab.declaration(1, importer: "I", id: "a")], as: "CUS")
        try await ViewLab.reach(runner, lab)
        let reader = ViewLab.readers[2]
        func shown() async throws -> [[String?]] {
            try await runner.facts(of: "declaration:1", for: reader).map { $0.values.map(\.string) }
        }
        #expect(try await shown() == [["2248", nil, "CANARY-PRICE-I", nil]])
        try await lab.amend(
            #"""
            {"op": "put", "kind": "schema", "value": {"uri": "urn:sanhu:schema:declaration.lodged:2",
             "type": "sanhu.declaration.lodged", "replaces": {"uri": "\#(ViewLab.lodged)", "upcaster": "second"},
             "document": {"type": "object", "properties": {"place": {"type": "object"}, "money": {"type": "object",
               "x-sharing": {"class": "conditional", "compartment": "trade-secret", "owner": "CUS", "bytes": 128}}}}}}
            """#, id: "second")
        try await ViewLab.reach(runner, lab)
        #expect(try await shown() == [[nil, "2248", nil, "CANARY-PRICE-I"]])
        #expect(try await runner.facts(of: "declaration:1", for: ViewLab.readers[4]).map(\.values.count) == [4])
    }
}
