import JSON
import JSONSchema
import Testing

@Suite("Limits of validation")
struct LimitTests {
    @Test("a dynamic reference that makes no progress ends in an error")
    func dynamicRecursion() throws {
        let schema = try compiled("{\"$dynamicAnchor\":\"a\",\"$dynamicRef\":\"#a\"}")
        #expect(try fault { _ = try schema.accepts("1") }?.code == .tooDeep)
    }

    @Test("a run that is given up is no success, also under “not”")
    func givenUpUnderNot() throws {
        let schema = try compiled("{\"$dynamicAnchor\":\"a\",\"not\":{\"$dynamicRef\":\"#a\"}}")
        #expect(try fault { _ = try schema.violations("1") }?.code == .tooDeep)
    }

    @Test("schemas that apply one another exponentially often are given up")
    func exponentialWork() throws {
        let count = 40
        let definitions = (0..<count).map { at in
            "\"d\(at)\":{\"allOf\":[{\"$ref\":\"#/$defs/d\(at + 1)\"},{\"$ref\":\"#/$defs/d\(at + 1)\"}]}"
        }
        let text =
            "{\"$ref\":\"#/$defs/d0\",\"$defs\":{\(definitions.joined(separator: ",")),\"d\(count)\":{\"type\":\"null\"}}}"
        let schema = try compiled(text)
        let error = try fault { _ = try schema.accepts("null") }
        #expect(error?.code == .tooMuchWork)
        #expect(error?.location == "https://port.example/schema#")
    }

    @Test("the deepest text the parser takes is validated")
    func deepText() throws {
        let schema = try compiled("{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}")
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try schema.accepts(deep))
        let parsed = try document(deep)
        let shallow = CompiledSchema.Limits(maximumDepth: 64)
        #expect(try fault { _ = try schema.isValid(parsed.tape, parsed.bytes.span, limits: shallow) }?.code == .tooDeep)
    }

    @Test("a document with too many schemas is not registered, and a schema that refers to too many not compiled")
    func tooManySchemas() throws {
        let options = SchemaRegistry.Options(maximumSchemas: 5)
        #expect(try compiled("{\"allOf\":[{},{},{},{}]}", options).schemaCount == 6)
        #expect(try fault { _ = try compiled("{\"allOf\":[{},{},{},{},{}]}", options) }?.code == .tooManySchemas)
        var registry = SchemaRegistry(options: options)
        try registry.register(document("{\"allOf\":[{},{},{\"$ref\":\"b\"}]}"), at: "https://port.example/a")
        try registry.register(document("{\"allOf\":[{},{}]}"), at: "https://port.example/b")
        #expect(try fault { _ = try registry.compile("https://port.example/a") }?.code == .tooManySchemas)
    }

    @Test("a long chain of references is compiled without running out of stack, and then too deep to apply")
    func longChain() throws {
        let count = 3000
        let definitions = (0..<count).map { "\"d\($0)\":{\"$ref\":\"#/$defs/d\($0 + 1)\"}" }.joined(separator: ",")
        let schema = try compiled("{\"$ref\":\"#/$defs/d0\",\"$defs\":{\(definitions),\"d\(count)\":true}}")
        #expect(try fault { _ = try schema.accepts("1") }?.code == .tooDeep)
    }
}
