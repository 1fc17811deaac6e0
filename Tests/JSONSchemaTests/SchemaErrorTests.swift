import JSON
import JSONSchema
import Testing

@Suite("Schemas that are refused")
struct SchemaErrorTests {
    /// A malformed schema, why it is refused, and where.
    struct Malformed: CustomStringConvertible, Sendable {
        let schema: String
        let code: SchemaError.Code
        let pointer: String
        var description: String { "\(code.rawValue): \(schema.prefix(80))" }

        init(_ schema: String, _ code: SchemaError.Code, _ pointer: String) {
            self.schema = schema
            self.code = code
            self.pointer = pointer
        }
    }

    static let malformed: [Malformed] = [
        Malformed("1", .malformedSchema, ""), Malformed("null", .malformedSchema, ""),
        Malformed("{\"not\":[]}", .malformedSchema, "/not"),
        Malformed("{\"properties\":{\"a/b\":\"\"}}", .malformedSchema, "/properties/a~1b"),
        Malformed("{\"allOf\":[true,0]}", .malformedSchema, "/allOf/1"),
        Malformed("{\"$ref\":\"#/examples\",\"examples\":[1]}", .malformedSchema, "/examples"),
        Malformed("{\"type\":\"text\"}", .malformedKeyword, "/type"),
        Malformed("{\"type\":[]}", .malformedKeyword, "/type"),
        Malformed("{\"type\":[\"null\",\"null\"]}", .malformedKeyword, "/type"),
        Malformed("{\"type\":{}}", .malformedKeyword, "/type"),
        Malformed("{\"minimum\":\"1\"}", .malformedKeyword, "/minimum"),
        Malformed("{\"exclusiveMaximum\":true}", .malformedKeyword, "/exclusiveMaximum"),
        Malformed("{\"multipleOf\":0}", .malformedKeyword, "/multipleOf"),
        Malformed("{\"multipleOf\":-1}", .malformedKeyword, "/multipleOf"),
        Malformed("{\"multipleOf\":0.1234567890123456789}", .malformedKeyword, "/multipleOf"),
        Malformed("{\"minLength\":-1}", .malformedKeyword, "/minLength"),
        Malformed("{\"maxItems\":1.5}", .malformedKeyword, "/maxItems"),
        Malformed("{\"uniqueItems\":1}", .malformedKeyword, "/uniqueItems"),
        Malformed("{\"required\":\"a\"}", .malformedKeyword, "/required"),
        Malformed("{\"required\":[\"a\",\"a\"]}", .malformedKeyword, "/required"),
        Malformed("{\"required\":[1]}", .malformedKeyword, "/required"),
        Malformed("{\"dependentRequired\":{\"a\":[1]}}", .malformedKeyword, "/dependentRequired"),
        Malformed("{\"enum\":1}", .malformedKeyword, "/enum"), Malformed("{\"allOf\":[]}", .malformedKeyword, "/allOf"),
        Malformed("{\"prefixItems\":true}", .malformedKeyword, "/prefixItems"),
        Malformed("{\"$defs\":[]}", .malformedKeyword, "/$defs"),
        Malformed("{\"format\":1}", .malformedKeyword, "/format"),
        Malformed("{\"pattern\":1}", .malformedKeyword, "/pattern"),
        Malformed("{\"$anchor\":\"1a\"}", .malformedKeyword, "/$anchor"),
        Malformed("{\"$dynamicAnchor\":\"\"}", .malformedKeyword, "/$dynamicAnchor"),
        Malformed("{\"$id\":\"a#b\"}", .malformedKeyword, "/$id"), Malformed("{\"$id\":1}", .malformedKeyword, "/$id"),
        Malformed("{\"$id\":\"a b\"}", .malformedURI, "/$id"), Malformed("{\"$ref\":\"%\"}", .malformedURI, "/$ref"),
        Malformed(
            "{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}", .duplicateIdentifier, "/$defs/b"),
        Malformed("{\"$ref\":\"other\"}", .unknownReference, "/$ref"),
        Malformed("{\"$ref\":\"#/$defs/none\"}", .unknownReference, "/$ref"),
        Malformed("{\"$ref\":\"#none\"}", .unknownReference, "/$ref"),
        Malformed("{\"$dynamicRef\":\"#none\"}", .unknownReference, "/$dynamicRef"),
        Malformed("{\"items\":{\"$ref\":\"#/%GG\"}}", .malformedURI, "/items/$ref"),
        Malformed("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", .unknownDialect, ""),
        Malformed("{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\"}", .unknownDialect, ""),
        Malformed("{\"format\":\"iso6364\"}", .unknownFormat, "/format"),
        Malformed("{\"pattern\":\"(\"}", .malformedPattern, "/pattern"),
        Malformed("{\"pattern\":\"(?=a)\"}", .unsupportedPattern, "/pattern"),
        Malformed("{\"patternProperties\":{\"(a)\\\\1\":true}}", .unsupportedPattern, "/patternProperties"),
        Malformed("{\"$defs\":{\"unused\":{\"pattern\":\"(a)\\\\1\"}}}", .unsupportedPattern, "/$defs/unused/pattern"),
        Malformed("{\"pattern\":\"a{99999}\"}", .patternTooLarge, "/pattern"),
        Malformed("{\"$ref\":\"#\"}", .endlessRecursion, ""),
        Malformed("{\"allOf\":[{\"anyOf\":[{\"$ref\":\"#\"}]}]}", .endlessRecursion, "/allOf/0/anyOf/0"),
        Malformed(
            "{\"if\":true,\"then\":{\"$ref\":\"#/$defs/a\"},\"$defs\":{\"a\":{\"not\":{\"$ref\":\"#\"}}}}",
            .endlessRecursion,
            "/$defs/a/not"),
        Malformed("{\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}}}", .endlessRecursion, "/dependentSchemas/a"),
    ]

    @Test("say why, where, and what to do", arguments: malformed)
    func refuses(_ malformed: Malformed) throws {
        let error = try #require(try fault { _ = try compiled(malformed.schema) })
        #expect(error.code == malformed.code)
        #expect(error.location == "https://port.example/schema#" + malformed.pointer)
        #expect(error.reason.hasSuffix(".") && error.remedy.hasSuffix(".") && !error.remedy.isEmpty)
    }

    @Test("there is one for every code that a single schema can have")
    func everyCode() {
        let elsewhere: Set<SchemaError.Code> = [.unknownVocabulary, .tooManySchemas, .tooDeep, .tooMuchWork]
        #expect(Set(Self.malformed.map(\.code)).union(elsewhere) == Set(SchemaError.Code.allCases))
    }

    @Test("a refused document leaves the registry as it was")
    func nothingHalfRegistered() throws {
        var registry = SchemaRegistry()
        let uris = registry.uris
        let text = "{\"$defs\":{\"a\":{\"$id\":\"https://port.example/a\"},\"b\":{\"pattern\":\"(\"}}}"
        let error = try fault { try registry.register(document(text), at: "https://port.example/schema") }
        #expect(error?.code == .malformedPattern)
        #expect(registry.uris == uris)
    }

    @Test("a schema that refers to itself for properties and items is not endless")
    func recursion() throws {
        let schema = try compiled(
            "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"},\"all\":{\"items\":{\"$ref\":\"#\"}}}}")
        #expect(try schema.accepts("{\"next\":{\"next\":{},\"all\":[{},{\"next\":{}}]}}"))
        #expect(try !schema.accepts("{\"next\":{\"next\":{},\"all\":[{},{\"next\":1}]}}"))
    }

    @Test("a required vocabulary that is not known is refused, an optional one is not")
    func vocabularies() throws {
        func error(_ isRequired: Bool) throws -> SchemaError? {
            var registry = SchemaRegistry()
            let vocabularies =
                "{\"https://json-schema.org/draft/2020-12/vocab/core\":true,\"https://x.example/v\":\(isRequired)}"
            try registry.register(document("{\"$vocabulary\":\(vocabularies)}"), at: "https://x.example/meta")
            try registry.register(document("{\"$schema\":\"https://x.example/meta\"}"), at: "https://x.example/schema")
            return try fault { _ = try registry.compile("https://x.example/schema") }
        }
        #expect(try error(true)?.code == .unknownVocabulary)
        #expect(try error(false) == nil)
    }
}
