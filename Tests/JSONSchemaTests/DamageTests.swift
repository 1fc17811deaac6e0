import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("Damaged schemas", .enabled(if: Suite.isPresent, "vectors/json-schema is not shared"))
struct DamageTests {
    /// What takes the place of a value.
    private static let values = [
        "0", "-1", "1.5", "1e300", "9007199254740991", "true", "false", "null", "\"\"", "\"#\"", "\"#/$defs\"",
        "\"string\"",
        "\"^(a|b)*$\"", "[]", "[0,0]", "[\"a\"]", "{}", "{\"$ref\":\"#\"}", "{\"a\":{\"minItems\":1}}",
        "{\"unevaluatedProperties\":false,\"unevaluatedItems\":false}",
    ]

    @Test("are compiled or refused, and never end the process", arguments: Suite.files())
    func damaged(_ file: String) throws {
        var dice = Dice(seed: file.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        var refused = 0
        var compiled = 0
        for group in try Suite.groups(file) {
            for _ in 0..<12 {
                guard let document = try? JSONDocument(parsing: damaged(group.schema, &dice)) else { continue }
                var registry = SchemaRegistry(options: .init(assertsFormats: dice.oneIn(2)))
                do throws(SchemaError) {
                    try registry.register(document, at: "https://suite.example/schema")
                    let schema = try registry.compile("https://suite.example/schema")
                    compiled += 1
                    for test in group.tests {
                        guard let data = try? JSONDocument(parsing: test.data) else { continue }
                        let isValid = try schema.isValid(data.tape, data.bytes.span)
                        #expect(try schema.validate(data.tape, data.bytes.span).isEmpty == isValid, "seed \(dice.seed)")
                    }
                } catch {
                    refused += 1
                }
            }
        }
        #expect(compiled + refused > 0)
    }

    /// A schema with one of its values replaced by another.
    private func damaged(_ text: [UInt8], _ dice: inout Dice) -> [UInt8] {
        guard let document = try? JSONDocument(parsing: text) else { return text }
        let nodes = document.tape.nodes
        let node = nodes[dice.below(nodes.count)]
        let quote = node.kind == .string ? 1 : 0
        let range = Int(node.offset) - quote..<Int(node.offset + node.length) + quote
        return Array(text[..<range.lowerBound]) + Array(dice.pick(Self.values).utf8) + Array(text[range.upperBound...])
    }
}
