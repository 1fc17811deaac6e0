import JSON
import Testing

@testable import Exchange

@Suite("Steps of an upcaster, one by one")
struct UpcastDataTests {
    private static func pointer(_ text: String) throws -> JSONPointer { try #require(JSONPointer(text)) }

    /// The data and what is hidden after a step, or why it was refused.
    private static func after(_ step: Upcaster.Step, _ data: String, hidden: [String] = []) throws -> String {
        let value = try JSONDocument(parsing: Array(data.utf8)).root
        var upcast = UpcastData(value, hidden: try hidden.map { try pointer($0) })
        do {
            try upcast.apply(step)
        } catch {
            return ([error.code.rawValue] + error.pointers).joined(separator: " ")
        }
        let paths = upcast.hidden.map { $0?.description ?? "-" }
        return ([String(decoding: upcast.tree.text, as: UTF8.self)] + paths).joined(separator: " ")
    }

    @Test(
        "moving",
        arguments: [
            ("/a", "/b", #"{"a":1}"#, "", #"{"b":1}"#), ("/a", "/b", "{}", "", "{}"),
            ("/a", "/b", #"{"a":1,"b":2}"#, "", "failed /b"),
            ("/a", "/b/c", #"{"a":1}"#, "", #"{"b":{"c":1}}"#),
            ("/a/x", "/x", #"{"a":{"x":[1],"y":2}}"#, "", #"{"a":{"y":2},"x":[1]}"#),
            ("/a", "/b", "{}", "/a", "{} /b"), ("/a", "/b", #"{"a":{}}"#, "/a/x", #"{"b":{}} /b/x"#),
            ("/a", "/b/c", "{}", "/a", #"{"b":{}} /b/c"#), ("/a/x", "/b", "{}", "/a", "withheld /a"),
            ("/a", "/b/c", #"{"a":1}"#, "/b", "withheld /b"), ("/a", "/b", #"{"a":1}"#, "/c", #"{"b":1} /c"#),
            ("/a", "/b", #"{"a":1}"#, "/b", "withheld /b"), ("/a", "/b/c", #"{"a":1,"b":7}"#, "", "failed /b/c"),
        ])
    func moves(from: String, to: String, data: String, hidden: String, expected: String) throws {
        let step = Upcaster.Step.move(try Self.pointer(from), to: try Self.pointer(to))
        #expect(try Self.after(step, data, hidden: hidden.isEmpty ? [] : [hidden]) == expected)
    }

    @Test("leaving out and supplying")
    func removesAndSupplies() throws {
        let remove = Upcaster.Step.remove(try Self.pointer("/a"))
        #expect(try Self.after(remove, #"{"a":1,"b":2}"#) == #"{"b":2}"#)
        #expect(try Self.after(remove, #"{"b":2}"#, hidden: ["/a", "/a/x", "/ab"]) == #"{"b":2} - - /ab"#)
        let supply = Upcaster.Step.supply(try Self.pointer("/a"), Array(#"{"x":[1]}"#.utf8))
        #expect(try Self.after(supply, #"{"a":null}"#) == #"{"a":null}"#)
        #expect(try Self.after(supply, "{}") == #"{"a":{"x":[1]}}"#)
        // What is withheld is not missing.
        #expect(try Self.after(supply, "{}", hidden: ["/a"]) == "{} /a")
        let inner = Upcaster.Step.supply(try Self.pointer("/a/b"), Array("1".utf8))
        #expect(try Self.after(inner, "{}", hidden: ["/a"]) == "{} /a")
    }

    @Test("computing")
    func computes() throws {
        let join = Upcaster.Step.compute(
            try Self.pointer("/c"), from: [try Self.pointer("/a"), try Self.pointer("/b")]
        ) { texts in
            guard let first = texts[0] else { return nil }
            return Array("[".utf8) + first + Array(",".utf8) + (texts[1] ?? Array("null".utf8)) + Array("]".utf8)
        }
        #expect(try Self.after(join, #"{"a":1,"b":"x","c":0}"#) == #"{"a":1,"b":"x","c":[1,"x"]}"#)
        #expect(try Self.after(join, #"{"a":1}"#) == #"{"a":1,"c":[1,null]}"#)
        #expect(try Self.after(join, #"{"b":1}"#) == "failed /c")
        #expect(try Self.after(join, #"{"a":1}"#, hidden: ["/b"]) == "withheld /b")
        #expect(try Self.after(join, #"{"a":{}}"#, hidden: ["/a/x"]) == "withheld /a/x")
        #expect(try Self.after(join, #"{"a":1}"#, hidden: ["/c"]) == "withheld /c")
        #expect(try Self.after(join, #"{"a":1}"#, hidden: ["/d"]) == #"{"a":1,"c":[1,null]} /d"#)
    }
}
