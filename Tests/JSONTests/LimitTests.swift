import JSON
import Testing

@Suite("The parser's limits")
struct LimitTests {
    /// Containers in one another, arrays and objects in turn.
    private static func nested(_ depth: Int) -> String {
        let pairs = (0..<depth).map { $0 % 2 == 0 ? ("[", "]") : ("{\"k\":", "}") }
        return pairs.map(\.0).joined() + "1" + pairs.reversed().map(\.1).joined()
    }

    @Test("nesting is accepted at the limit and refused one above it, where the container begins")
    func depth() {
        #expect(fault(in: String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
        #expect(
            fault(in: String(repeating: "[", count: 65) + String(repeating: "]", count: 65))
                == JSONError(.tooDeep, at: 64))
        for depth in 1...20 {
            let limits = JSONParser.Limits(maximumDepth: depth)
            #expect(fault(in: Self.nested(depth), limits: limits) == nil)
            #expect(fault(in: Self.nested(depth + 1), limits: limits)?.code == .tooDeep)
        }
        let scalarsOnly = JSONParser.Limits(maximumDepth: 0)
        #expect(fault(in: "1", limits: scalarsOnly) == nil)
        #expect(fault(in: " []", limits: scalarsOnly) == JSONError(.tooDeep, at: 1))
    }

    @Test("whatever begins and never ends is refused where it is cut off, however many values it holds by then")
    func unclosed() {
        for piece in ["[", "{\"\":", "[1,", "[[],", "{\"a\":{\"\":"] {
            for times in 1...70 {
                let text = String(repeating: piece, count: times)
                for limit in [1, 64, 200, .max] {
                    let limits = JSONParser.Limits(maximumDepth: limit)
                    let found = fault(in: text, limits: limits)
                    #expect(found?.code == .tooDeep || found == JSONError(.unexpectedEnd, at: text.utf8.count))
                }
            }
        }
    }

    @Test("many containers side by side are not deep")
    func breadth() {
        let text = "[" + Array(repeating: "[{}]", count: 1000).joined(separator: ",") + "]"
        #expect(fault(in: text, limits: JSONParser.Limits(maximumDepth: 3)) == nil)
        #expect(fault(in: text, limits: JSONParser.Limits(maximumDepth: 2)) == JSONError(.tooDeep, at: 2))
    }

    @Test("a text is accepted at the size limit and refused one byte above it")
    func size() {
        #expect(fault(in: "\"1234\"", limits: JSONParser.Limits(maximumBytes: 6)) == nil)
        #expect(
            fault(in: "\"12345\"", limits: JSONParser.Limits(maximumBytes: 6)) == JSONError(.tooLarge, at: 6))
    }

    @Test("a parser is as good after a fault as before, and keeps nothing of it")
    func reuse() throws {
        var parser = JSONParser()
        var tape = JSONTape()
        let deep = Array(" [{\"a\":[1,  {\"a\":2,".utf8)
        #expect(throws: JSONError(.unexpectedEnd, at: deep.count)) { try parser.parse(deep.span, into: &tape) }
        let good = Array("{\"a\":[]}".utf8)
        try parser.parse(good.span, into: &tape)
        #expect(tape.nodes.map(\.kind) == [.object, .string, .array])
        #expect(tape.whitespaceBytes == 0)
    }
}
