import JSON
import Testing

@Suite("Pointers (RFC 6901)")
struct PointerTests {
    /// The document of RFC 6901, section 5.
    static let example = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}
        """#

    @Test(
        "the examples of RFC 6901 lead where it says",
        arguments: [
            ("/foo", "[\"bar\", \"baz\"]"), ("/foo/0", "\"bar\""), ("/foo/1", "\"baz\""), ("/", "0"), ("/a~1b", "1"),
            ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
        ])
    func examples(_ text: String, _ expected: String) throws {
        let pointer = try #require(JSONPointer(text))
        let value = try #require(try document(Self.example).root.value(at: pointer))
        #expect(String(decoding: value.text, as: UTF8.self) == expected)
        #expect(pointer.description == text)
    }

    @Test("the empty pointer leads to the whole")
    func whole() throws {
        let root = try document(Self.example).root
        let pointer = try #require(JSONPointer(""))
        #expect(root.value(at: pointer)?.text == root.text)
    }

    @Test(
        "pointers to nothing lead to nothing",
        arguments: [
            "/bar", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/", "/foo/1.0", "/foo/\u{661}",
            "/foo/18446744073709551616", "/foo/0/0", "//", "/ /0", "/m~0n/x",
        ])
    func nothing(_ text: String) throws {
        let pointer = try #require(JSONPointer(text))
        #expect(try document(Self.example).root.value(at: pointer) == nil)
    }

    @Test(
        "texts that are no pointers are refused",
        arguments: ["foo", "#/foo", "/~", "/~2", "/a~", "/~~0", " /a", "/~\u{301}0"])
    func malformed(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test("~01 is ~1, not a slash")
    func escapesOnce() {
        #expect(JSONPointer("/~01")?.tokens == ["~1"])
        #expect(JSONPointer(tokens: ["~1", "/", ""]).description == "/~01/~1/")
    }

    @Test("a slash divides also where a combining mark follows it")
    func combiningMarks() throws {
        let pointer = try #require(JSONPointer("/\u{301}a/\u{308}/b"))
        #expect(pointer.tokens.map { Array($0.unicodeScalars) } == [["\u{301}", "a"], ["\u{308}"], ["b"]])
        #expect(try document("{\"\u{301}a\":{\"\u{308}\":{\"b\":1}}}").root.value(at: pointer)?.integer == 1)
    }

    @Test("pointers to different members are different, also where Unicode calls their keys equivalent")
    func equality() {
        let composed = JSONPointer(tokens: ["caf\u{E9}"])
        let decomposed = JSONPointer(tokens: ["cafe\u{301}"])
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, JSONPointer("/caf\u{E9}")]).count == 2)
        #expect(JSONPointer(tokens: ["a", "b"]) != JSONPointer(tokens: ["a"]))
    }
}
