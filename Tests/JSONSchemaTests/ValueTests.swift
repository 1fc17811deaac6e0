import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("Values, numbers and names")
struct ValueTests {
    @Test(
        "multiples are those of the decimals as they are written",
        arguments: [
            ("0.01", "0.29"), ("0.01", "19.99"), ("0.1", "0.3"), ("0.0001", "0.0075"), ("2", "1e300"), ("0.5", "1e308"),
            ("5e-324", "1e-5"), ("1e10", "2E10"), ("3", "0"), ("3", "-0.0"), ("3", "-9"), ("0.3", "-0.9"),
            ("2.50", "7.5"),
            ("0.123456789012345678", "0.246913578024691356"), ("0.01", "4503599627370495.5"), ("7", "0.7e1"),
        ])
    func multiples(_ divisor: String, _ number: String) throws {
        #expect(try compiled("{\"multipleOf\":\(divisor)}").accepts(number))
    }

    @Test(
        "other numbers are no multiples",
        arguments: [
            ("0.01", "0.295"), ("0.01", "19.999"), ("2", "1e0"), ("3", "1e300"), ("0.123456789", "1e308"), ("1", "1.5"),
            ("1e10", "1e9"), ("100", "150"), ("0.3", "1"), ("7", "9007199254740991"), ("3", "1e-400"),
        ])
    func noMultiples(_ divisor: String, _ number: String) throws {
        #expect(try !compiled("{\"multipleOf\":\(divisor)}").accepts(number))
    }

    @Test("numbers are read as the standard library reads them", arguments: 1...40)
    func numbers(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<25 {
            let whole = String(dice.next() >> UInt64(dice.within(11..<64)))
            let fraction = dice.oneIn(3) ? "" : "." + String(dice.next() >> UInt64(dice.below(64)))
            let exponent = dice.oneIn(3) ? "e\(dice.within(-30..<10))" : ""
            let text = (dice.oneIn(2) ? "-" : "") + whole + fraction + exponent
            guard let number = Double(text), (try? document(text)) != nil else { continue }
            let bound = JSONCanonicalForm.bytes(of: try document(text).root)
            let bounds = "{\"minimum\":\(String(decoding: bound, as: UTF8.self)),\"maximum\":\(text),\"const\":\(text)}"
            #expect(try compiled(bounds).accepts(text), "seed \(seed): \(text), \(number)")
            #expect(try compiled("{\"exclusiveMinimum\":\(text)}").accepts(text) == false, "seed \(seed): \(text)")
        }
    }

    @Test(
        "equal values, however they are written",
        arguments: [
            ("1", "1.0"), ("0", "-0.0"), ("100", "1e2"), ("\"a\"", "\"\\u0061\""),
            ("{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"\\u0061\":1}"),
            ("[]", "[ ]"), ("{}", "{}"), ("null", "null"), ("[[1],{\"x\":null}]", "[[1.0],{\"x\":null}]"),
        ])
    func equal(_ left: String, _ right: String) throws {
        #expect(try compiled("{\"const\":\(left)}").accepts(right))
        #expect(try compiled("{\"enum\":[false,\(right)]}").accepts(left))
        #expect(try !compiled("{\"uniqueItems\":true}").accepts("[\(left),\(right)]"))
    }

    @Test(
        "different values, however alike they look",
        arguments: [
            ("1", "true"), ("0", "false"), ("0", "null"), ("\"1\"", "1"), ("[]", "{}"), ("[1,2]", "[2,1]"),
            ("[1]", "[1,1]"),
            ("{\"a\":1}", "{\"a\":2}"), ("{\"a\":1}", "{\"b\":1}"), ("{\"a\":1}", "{\"a\":1,\"b\":1}"),
            ("\"\"", "null"),
            ("\"caf\u{E9}\"", "\"cafe\u{301}\""), ("{\"\u{E9}\":1}", "{\"e\u{301}\":1}"),
        ])
    func different(_ left: String, _ right: String) throws {
        #expect(try !compiled("{\"const\":\(left)}").accepts(right))
        #expect(try compiled("{\"uniqueItems\":true}").accepts("[\(left),\(right)]"))
    }

    @Test("elements are found equal among any number", arguments: 1...60)
    func uniqueItems(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let schema = try compiled("{\"uniqueItems\":true}")
        let count = dice.within(2..<60)
        var elements = (0..<count).map { at in
            dice.pick([
                "\(at)", "\"\(at)\"", "[\(at),{}]", "{\"a\":\(at),\"b\":[\(at).5]}", "{\"\(at)\":1}", "\(at).25",
            ])
        }
        #expect(try schema.accepts("[" + elements.joined(separator: ",") + "]"), "seed \(seed)")
        let copied = dice.below(count)
        elements[copied] = "{\"x\":[1,2.0],\"y\":{}}"
        elements.insert("{\"y\":{},\"\\u0078\":[1.0,2]}", at: dice.below(count))
        #expect(try !schema.accepts("[" + elements.joined(separator: ",") + "]"), "seed \(seed)")
    }

    @Test("properties are found by name among any number, and only those", arguments: 1...60)
    func properties(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let count = dice.pick([1, 2, 5, 63, 64, 65, 200])
        let names = Array(
            Set(
                (0..<count).map { at in
                    dice.pick([
                        "k\(at)", "key-\(at)-\(at)", "é\(at)", "\(at)x\(dice.below(3))\(at)",
                        String(repeating: "a", count: at),
                    ])
                })
        ).sorted()
        let required = names.map { "\"\($0)\"" }.joined(separator: ",")
        let properties = names.enumerated().map { "\"\($0.element)\":{\"const\":\($0.offset)}" }.joined(separator: ",")
        let schema = try compiled(
            "{\"properties\":{\(properties)},\"required\":[\(required)],\"additionalProperties\":false}")
        var members = names.enumerated().map { "\"\($0.element)\":\($0.offset)" }.shuffled(using: &dice)
        #expect(try schema.accepts("{\(members.joined(separator: ","))}"), "seed \(seed)")
        #expect(
            try !schema.accepts("{\((members + ["\"other\":1"]).joined(separator: ","))}"), "seed \(seed)")
        let removed = members.removeLast()
        let violations = try schema.violations("{\(members.joined(separator: ","))}")
        #expect(violations.map(\.keyword) == ["required"], "seed \(seed): \(removed)")
    }

    @Test("names with escapes are the same names")
    func escapedNames() throws {
        let schema = try compiled(
            "{\"properties\":{\"a\\\"b\":{\"type\":\"null\"}},\"required\":[\"a\\\"b\"],\"patternProperties\":{\"^x\":false},\"additionalProperties\":false}"
        )
        #expect(try schema.accepts("{\"\\u0061\\u0022b\":null}"))
        #expect(try !schema.accepts("{\"a\\\"b\":null,\"\\u0078\":1}"))
    }

    @Test("lengths are counted in characters, also of escaped ones")
    func lengths() throws {
        let schema = try compiled("{\"minLength\":2,\"maxLength\":3}")
        for text in ["🐲🐲", "é🐲a", "\\ud83d\\udc32a", "\\n\\n\\n"] {
            #expect(try schema.accepts("\"\(text)\""), "\(text)")
        }
        for text in ["🐲", "\\ud83d\\udc32", "é🐲ab", "\\n\\n\\n\\n", ""] {
            #expect(try !schema.accepts("\"\(text)\""), "\(text)")
        }
    }
}
