import JSON
import JSONSchema
import Testing

@Suite("Violations")
struct ViolationTests {
    /// A schema, a text that violates it, and what is said about that.
    struct Case: CustomStringConvertible, Sendable {
        let schema: String
        let text: String
        let said: [String]
        var description: String { schema }

        init(_ schema: String, _ text: String, _ said: String...) {
            self.schema = schema
            self.text = text
            self.said = said
        }
    }

    static let cases: [Case] = [
        Case("{\"type\":\"string\"}", "1", "|a string|/type"),
        Case("{\"type\":[\"integer\",\"null\"]}", "1.5", "|an integer or null|/type"),
        Case("{\"type\":[\"number\",\"boolean\"]}", "{}", "|a boolean or a number|/type"),
        Case("false", "1", "|nothing|"),
        Case("{\"minimum\":3}", "2", "|a number of at least 3|/minimum"),
        Case("{\"exclusiveMaximum\":0.5}", "0.5", "|a number below 0.5|/exclusiveMaximum"),
        Case("{\"multipleOf\":0.01}", "0.001", "|a multiple of 1e-2|/multipleOf"),
        Case(
            "{\"minLength\":1,\"format\":\"date\"}", "\"\"", "|at least 1 character|/minLength",
            "|a date like 2026-03-01 (RFC 3339)|/format"),
        Case("{\"pattern\":\"^a+$\"}", "\"b\"", "|a match of the pattern ^a+$|/pattern"),
        Case("{\"const\":{\"a\":1}}", "{}", "|{\"a\":1}|/const"),
        Case("{\"enum\":[\"a\",\"b\"]}", "\"c\"", "|one of “a”, “b”|/enum"),
        Case("{\"enum\":[1,null]}", "\"c\"", "|one of 1, null|/enum"),
        Case("{\"enum\":[]}", "1", "|one of no value at all|/enum"),
        Case("{\"required\":[\"a\",\"b\"]}", "{\"b\":1}", "|the property “a”|/required"),
        Case("{\"maxProperties\":1}", "{\"a\":1,\"b\":2}", "|at most 1 property|/maxProperties"),
        Case(
            "{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"a\":1,\"x/y\":2}",
            "/x~1y|no property of this name|/additionalProperties"),
        Case(
            "{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}", "{\"a\":1,\"b\":2}",
            "/b|no property of this name|/unevaluatedProperties"),
        Case("{\"prefixItems\":[true],\"items\":false}", "[1,2]", "/1|no element at this place|/items"),
        Case("{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab|at most 1 character|/propertyNames/maxLength"),
        Case("{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "|the property “b” beside “a”|/dependentRequired"),
        Case("{\"contains\":{\"const\":1}}", "[2]", "|an element that satisfies the schema under “contains”|/contains"),
        Case(
            "{\"contains\":true,\"minContains\":2}", "[2]",
            "|at least 2 elements that satisfy the schema under “contains”|/minContains"),
        Case(
            "{\"contains\":true,\"maxContains\":0}", "[2]",
            "|at most 0 elements that satisfy the schema under “contains”|/maxContains"),
        Case("{\"uniqueItems\":true}", "[1,1.0]", "|no two equal elements|/uniqueItems"),
        Case(
            "{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":2}]}", "1",
            "|a value that satisfies at least one of 2 schemas|/anyOf"),
        Case("{\"oneOf\":[true,true]}", "1", "|a value that satisfies exactly one of 2 schemas|/oneOf"),
        Case("{\"not\":{}}", "1", "|a value that does not satisfy the schema under “not”|/not"),
        Case("{\"if\":true,\"then\":{\"type\":\"null\"}}", "1", "|null|/then/type"),
        Case(
            "{\"items\":{\"$ref\":\"#/$defs/a~b\"},\"$defs\":{\"a~b\":{\"maximum\":1}}}".replacing(
                "#/$defs/a~b", with: "#/$defs/a~0b"), "[1,2,3]", "/1|a number of at most 1|/$defs/a~0b/maximum",
            "/2|a number of at most 1|/$defs/a~0b/maximum"),
        Case(
            "{\"properties\":{\"a\":{\"items\":{\"properties\":{\"\\u00e9\":{\"type\":\"null\"}}}}}}",
            "{\"z\":[1,{\"y\":2}],\"a\":[{},{\"\\u00e9\":1}]}", "/a/1/é|null|/properties/a/items/properties/é/type"),
        Case(
            "{\"patternProperties\":{\"^a\":{\"type\":\"null\"}}}", "{\"ab\":1}", "/ab|null|/patternProperties/^a/type"),
        Case(
            "{\"properties\":{\"a\":{\"type\":\"null\"}},\"required\":[\"b\"],\"minProperties\":2}", "{\"a\":1}",
            "/a|null|/properties/a/type", "|the property “b”|/required", "|at least 2 properties|/minProperties"),
    ]

    @Test("name the place in the text, the keyword's place in the schema, and what was expected", arguments: cases)
    func names(_ example: Case) throws {
        let violations = try compiled(example.schema).violations(example.text)
        let said = violations.map { violation in
            let path = violation.schemaPath
            #expect(path.hasPrefix("https://port.example/schema#"))
            #expect(violation.keyword == "false" || path.hasSuffix("/" + violation.keyword))
            return
                "\(violation.instancePath)|\(violation.expected)|\(path.dropFirst("https://port.example/schema#".count))"
        }
        #expect(said == example.said)
    }

    @Test("read as one sentence, without the value")
    func description() throws {
        let schema = try compiled("{\"properties\":{\"name\":{\"maxLength\":3}}}")
        #expect(
            try schema.violations("{\"name\":\"secret\"}").map(\.description) == [
                "/name: expected at most 3 characters (https://port.example/schema#/properties/name/maxLength)"
            ])
        #expect(try schema.violations("{\"name\":\"abc\"}") == [])
        #expect(
            try compiled("{\"type\":\"null\"}").violations("1").first?.description.hasPrefix("the whole text: ") == true
        )
    }

    @Test("of a schema in another document are named by that document")
    func otherDocument() throws {
        var registry = SchemaRegistry()
        try registry.register(document("{\"$defs\":{\"a\":{\"type\":\"null\"}}}"), at: "https://port.example/b")
        try registry.register(document("{\"$ref\":\"b#/$defs/a\"}"), at: "https://port.example/a")
        let violations = try registry.compile("https://port.example/a").violations("1")
        #expect(violations.map(\.schemaPath) == ["https://port.example/b#/$defs/a/type"])
    }

    @Test("are as many as the limit says, and at least one")
    func limit() throws {
        let schema = try compiled("{\"items\":{\"type\":\"null\"}}")
        let text = "[" + Array(repeating: "1", count: 100).joined(separator: ",") + "]"
        #expect(try schema.violations(text).count == 32)
        #expect(try schema.violations(text, .init(maximumViolations: 0)).count == 1)
        #expect(
            try schema.violations(text, .init(maximumViolations: 3)).map(\.instancePath.description) == [
                "/0", "/1", "/2",
            ])
    }

    @Test("do not repeat as unevaluated what is wrong already")
    func noConsequences() throws {
        let schema = try compiled(
            "{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"null\"}}}],\"unevaluatedProperties\":false}")
        #expect(try schema.violations("{\"a\":1}").map(\.keyword) == ["type"])
    }
}
