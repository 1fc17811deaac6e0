import JSON
import TestSupport
import Testing

@Suite("A value of a document as a document of its own")
struct ExtractingTests {
    /// A node, so that tapes can be compared.
    private struct Shape: Equatable {
        let place: [UInt32]
        let kind: JSONTape.Kind
        let isEscaped: Bool

        init(_ node: JSONTape.Node) {
            place = [node.offset, node.length, node.end]
            kind = node.kind
            isEscaped = node.isEscaped
        }
    }

    /// A value and all within it.
    private static func values(_ value: JSONValue) -> [JSONValue] {
        [value] + value.elements.flatMap(values) + value.members.flatMap { values($0.value) }
    }

    /// How deep objects and arrays stand in one another.
    private static func depth(_ value: JSONValue) -> Int {
        let inner = (value.elements + value.members.map(\.value)).map(depth).max() ?? 0
        return value.kind == .object || value.kind == .array ? inner + 1 : 0
    }

    @Test(
        "it is what its text gives when it is parsed by itself, whatever it is",
        arguments: 1...60 as ClosedRange<UInt64>)
    func agrees(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        for _ in 0..<20 {
            let text = JSONCanonicalForm.bytes(
                of: try JSONDocument(parsing: random.text(of: random.meaning(depth: 4))).root)
            let document = try JSONDocument(parsing: text)
            #expect(document.tape.depth == Self.depth(document.root), "seed \(seed)")
            for value in Self.values(document.root) {
                let comment: Comment = "seed \(seed): \(Hex.encode(Array(value.text))) of \(Hex.encode(text))"
                let own = try #require(JSONDocument(extracting: value), comment)
                let alone = try JSONDocument(parsing: Array(value.text))
                #expect(own.bytes == alone.bytes, comment)
                #expect(own.tape.nodes.map(Shape.init) == alone.tape.nodes.map(Shape.init), comment)
                #expect(own.tape.whitespaceBytes == 0 && own.tape.depth >= alone.tape.depth, comment)
            }
        }
    }

    @Test("the depth of a text is said whatever the parser read before")
    func depth() throws {
        var (parser, way) = (JSONParser(), JSONTape())
        for (text, depth) in [("[[[1]]]", 3), ("1", 0), (#"{"a":[],"b":{"c":[[]]}}"#, 4), ("[]", 1)] {
            let document = try JSONDocument(parsing: Array(text.utf8), with: &parser, by: &way)
            #expect(document.tape.depth == depth, "\(text)")
        }
    }

    @Test("of a text that is not compact there is none: how much white space is in the value is not known")
    func whitespace() throws {
        let document = try JSONDocument(parsing: Array(#"{"a":[1, 2],"b":3}"#.utf8))
        let value = try #require(document.root["b"])
        let extracted = JSONDocument(extracting: value)
        #expect(extracted?.bytes == nil && value.integer == 3)
    }
}
