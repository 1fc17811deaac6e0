import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("The registry")
struct RegistryTests {
    @Test("holds the nine metaschemas, and each of them is valid by the draft's metaschema")
    func metaschemas() throws {
        let registry = SchemaRegistry()
        #expect(registry.uris.count == 9)
        let metaschema = try registry.compile("https://json-schema.org/draft/2020-12/schema")
        for uri in registry.uris {
            let root = try registry.place(at: uri).value
            let violations = try metaschema.violations(String(decoding: root.text, as: UTF8.self))
            #expect(violations == [], "\(uri)")
        }
        #expect(try !metaschema.accepts("{\"properties\":{\"a\":{\"minLength\":-1}}}"))
    }

    @Test("what the metaschema refuses is refused when a schema is compiled", .enabled(if: Suite.isPresent))
    func metaschemaAgrees() throws {
        let metaschema = try SchemaRegistry().compile("https://json-schema.org/draft/2020-12/schema")
        for malformed in SchemaErrorTests.malformed where malformed.code == .malformedKeyword {
            // Those the draft allows: a divisor of many digits, and names that differ only here.
            guard !malformed.schema.contains("1234567890123456789") else { continue }
            #expect(try !metaschema.accepts(malformed.schema), "\(malformed.schema)")
        }
        for file in Suite.files() {
            for group in try Suite.groups(file) {
                guard let schema = try? JSONDocument(parsing: group.schema) else { continue }
                #expect(try metaschema.isValid(schema.tape, schema.bytes.span), "\(file): \(group.description)")
            }
        }
    }

    @Test("refuses a second schema of the same URI")
    func duplicates() throws {
        var registry = SchemaRegistry()
        try registry.register(document("{\"$id\":\"https://port.example/a\"}"), at: "https://files.example/1")
        for (text, uri) in [
            ("{}", "https://port.example/a"), ("{}", "https://files.example/1"),
            ("{\"$id\":\"https://port.example/a\"}", "https://files.example/2"),
            ("{\"$defs\":{\"x\":{\"$id\":\"https://port.example/a\"}}}", "https://files.example/3"),
        ] {
            #expect(
                try fault { try registry.register(document(text), at: uri) }?.code == .duplicateIdentifier, "\(text)")
        }
        let inside = "{\"$defs\":{\"x\":{\"$id\":\"b\"},\"y\":{\"$id\":\"b\"}}}"
        #expect(
            try fault { try registry.register(document(inside), at: "https://files.example/4") }?.code
                == .duplicateIdentifier)
        #expect(
            try fault { try registry.register(document("{}"), at: "https://files.example/#a") }?.code == .malformedURI)
        #expect(try fault { _ = try registry.compile("https://nowhere.example/") }?.code == .unknownReference)
    }

    @Test("follows references for those who read a schema themselves")
    func places() throws {
        var registry = SchemaRegistry()
        try registry.register(
            document("{\"properties\":{\"a\":{\"$ref\":\"other#name\"}},\"x-sharing\":{\"class\":\"public\"}}"),
            at: "https://port.example/schemas/one")
        try registry.register(
            document(
                "{\"$defs\":{\"b\":{\"$anchor\":\"name\",\"x-sharing\":{\"class\":\"restricted\"}},\"c\":{\"$id\":\"inner\",\"items\":{}}}}"
            ),
            at: "https://port.example/schemas/other")
        let root = try registry.place(at: "https://port.example/schemas/one")
        #expect(root.value["x-sharing"]?["class"]?.string == "public")
        let property = try #require(registry.place(below: root, ["properties", "a"]))
        #expect(property.location == "https://port.example/schemas/one#/properties/a")
        let target = try registry.target(of: try #require(property.value["$ref"]?.string), from: property)
        #expect(target.location == "https://port.example/schemas/other#/$defs/b")
        #expect(target.value["x-sharing"]?["class"]?.string == "restricted")
        let inner = try registry.place(at: "https://port.example/schemas/other#/$defs/c/items")
        #expect(inner.location == "https://port.example/schemas/inner#/items")
        #expect(registry.place(below: root, ["properties", "none"]) == nil)
        #expect(try fault { _ = try registry.target(of: "none", from: root) }?.location == root.location)
    }

    @Test(
        "resolves references as RFC 3986 does (section 5.4)",
        arguments: [
            ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("", "http://a/b/c/d;p?q"),
            (";x", "http://a/b/c/;x"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
            ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ])
    func resolution(_ reference: String, _ target: String) throws {
        var registry = SchemaRegistry()
        try registry.register(document("{\"type\":\"null\"}"), at: target)
        if reference.isEmpty { return }
        try registry.register(document("{\"items\":{\"$ref\":\"\(reference)\"}}"), at: "http://a/b/c/d;p?q")
        #expect(try registry.compile("http://a/b/c/d;p?q").violations("[1]").map(\.schemaPath) == [target + "#/type"])
    }

    @Test("formats are checked if asked for, and unknown ones refused, ignored or not looked at")
    func formatOptions() throws {
        let known = "{\"format\":\"date\"}"
        let unknown = "{\"format\":\"isbn\"}"
        #expect(try !compiled(known).accepts("\"x\""))
        #expect(try compiled(known, .init(assertsFormats: false)).accepts("\"x\""))
        #expect(try fault { _ = try compiled(unknown) }?.code == .unknownFormat)
        #expect(try compiled(unknown, .init(refusesUnknownFormats: false)).accepts("\"x\""))
        #expect(try compiled(unknown, .init(assertsFormats: false)).accepts("\"x\""))
    }
}
