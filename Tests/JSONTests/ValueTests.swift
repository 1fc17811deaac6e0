import JSON
import Testing

@Suite("Values read as they were written")
struct ValueTests {
    @Test(
        "integers up to ±(2^53−1)",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-1", -1), ("9007199254740991", 9_007_199_254_740_991),
            ("-9007199254740991", -9_007_199_254_740_991), ("999999999999999", 999_999_999_999_999),
        ] as [(String, Int64)])
    func integers(_ text: String, _ expected: Int64) throws {
        let root = try document(text).root
        #expect(root.kind == .integer)
        #expect(root.integer == expected)
        #expect(root.double == Double(expected))
        #expect(root.string == nil && root.bool == nil && root.members.isEmpty && root.elements.isEmpty)
    }

    @Test(
        "numbers with a fraction or an exponent",
        arguments: [
            ("0.0", 0), ("-0.0", 0), ("0e0", 0), ("1E+2", 100), ("1e-2", 0.01), ("123.456e-7", 123.456e-7),
            ("5e-324", .leastNonzeroMagnitude), ("1e-400", 0), ("-1e-400", 0),
            ("1.7976931348623157e308", .greatestFiniteMagnitude),
            ("1e21", 1e21), ("1E30", 1e30), ("333333333.33333329", 333333333.33333329),
            ("9007199254740991.0", 9_007_199_254_740_991), ("9007199254740990.9", 9_007_199_254_740_991),
            ("0.1000000000000000055511151231257827021181583404541015625", 0.1),
            ("1e0000000000000000000000000000000000002", 100),
        ] as [(String, Double)])
    func numbers(_ text: String, _ expected: Double) throws {
        let root = try document(text).root
        #expect(root.kind == .number)
        #expect(root.integer == nil)
        #expect(root.double == expected)
        #expect(String(decoding: root.text, as: UTF8.self) == text)
    }

    @Test(
        "strings, with and without escapes",
        arguments: [
            ("\"\"", ""), ("\"abc\"", "abc"), ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\"\\u0000\"", "\0"), ("\"\\u00e9\\u20AC\"", "é€"), ("\"\\uD83D\\uDE00x\"", "😀x"),
            ("\"\\udbff\\udffd\"", "\u{10FFFD}"), ("\"\\ud800\\udc00\"", "\u{10000}"),
            ("\"\\uD7FF\\uE000\"", "\u{D7FF}\u{E000}"),
            ("\"三互\u{7F}\u{2028}\"", "三互\u{7F}\u{2028}"), ("\"\u{FFFD}\"", "\u{FFFD}"),
            ("\"a\u{10FFFD}\"", "a\u{10FFFD}"),
            ("\"\\\\u0041\"", "\\u0041"),
        ])
    func strings(_ text: String, _ expected: String) throws {
        let root = try document(text).root
        #expect(root.kind == .string)
        #expect(root.string.map { Array($0.utf8) } == Array(expected.utf8))
        #expect(Array(root.text) == Array(text.utf8))
        #expect(root.double == nil && root.bool == nil)
    }

    @Test("every string of one sequence of UTF-8 at the edges of its length is kept as it is")
    func sequences() throws {
        for value: UInt32 in [
            0x20, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD7FF, 0xE000, 0xFDCF, 0xFDF0, 0xFFFD, 0x10000,
            0x3FFFD, 0x40000,
            0xFFFFD, 0x100000, 0x10FFFD,
        ] {
            let character = String(try #require(Unicode.Scalar(value)))
            #expect(try document("\"\(character)\"").root.string == character)
        }
    }

    @Test("members and elements in the order of the text, with white space of all four kinds between them")
    func containers() throws {
        let text = " {\t\"b\"\r\n:\n[ 1 , [ ] , { } , null ] , \"a\" : { \"x\" : true , \"y\" : false } } "
        let root = try document(text).root
        #expect(root.kind == .object)
        #expect(root.members.map(\.key) == ["b", "a"])
        let list = try #require(root["b"])
        #expect(list.elements.map(\.kind) == [.integer, .array, .object, .null])
        #expect(String(decoding: list.text, as: UTF8.self) == "[ 1 , [ ] , { } , null ]")
        #expect(root["a"]?["x"]?.bool == true)
        #expect(root["a"]?["y"]?.bool == false)
        #expect(root["c"] == nil)
        #expect(list["b"] == nil)
    }

    @Test("a member is found by the bytes of its key, escaped or not")
    func lookup() throws {
        let root = try document("{\"caf\\u00e9\":1,\"cafe\u{301}\":2,\"\":3,\"caf\":4}").root
        #expect(root["caf\u{E9}"]?.integer == 1)
        #expect(root["cafe\u{301}"]?.integer == 2)
        #expect(root[""]?.integer == 3)
        #expect(root["caf"]?.integer == 4)
        let bytes = root.document.bytes
        let found = root.document.tape.member(Array("caf\u{E9}".utf8), ofObjectAt: 0, in: bytes.span)
        #expect(found == 2)
        #expect(root.document.tape.member(Array("ca".utf8), ofObjectAt: 0, in: bytes.span) == nil)
    }

    @Test("white space between tokens is counted, and none inside strings")
    func whitespace() throws {
        #expect(try document("{\"a b\":[1,\" \"]}").tape.whitespaceBytes == 0)
        #expect(try document(" {\"a b\" :\n[1,\t\" \"] }\r\n").tape.whitespaceBytes == 7)
    }
}
