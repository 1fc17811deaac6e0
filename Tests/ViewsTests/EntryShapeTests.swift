import EventLog
import JSON
import TestSupport
import Testing

@testable import Views

@Suite("Entries looked at where they lie")
struct EntryShapeTests {
    /// What is found without parsing, or with the escapes taken out.
    private static func found(_ entry: [UInt8]) -> [String]? {
        var memory = ShapeMemory()
        return found(entry, &memory)
    }

    /// The same, by what entries before had in common.
    private static func found(_ entry: [UInt8], _ memory: inout ShapeMemory) -> [String]? {
        let scratch = EntryScratch()
        func texts(_ bytes: Span<UInt8>, _ shape: EntryShape) -> [String] {
            var parts = [shape.agency, shape.type, shape.dataschema]
            parts += (0..<scratch.tagCount(bytes, shape)).map { EntryShape.Part(scratch.tag($0, bytes, shape)) }
            var texts: [String] = []
            for part in parts { texts.append(String(decoding: entryBytes(bytes, part), as: UTF8.self)) }
            return texts
        }
        func entryBytes(_ bytes: Span<UInt8>, _ part: EntryShape.Part) -> [UInt8] {
            part.range.map { bytes[$0] }
        }
        guard let shape = EntryShape(entry.span, &memory) else { return nil }
        guard shape.isEscaped else {
            scratch.begin(entry.count)
            return texts(entry.span, shape)
        }
        guard let plain = scratch.plain(entry.span) else { return nil }
        return texts(plain.bytes.span, plain.shape)
    }

    @Test(
        "What is found without parsing is what the parser finds, whatever the order of members and whatever stands in texts"
    )
    func differential() throws {
        var dice = LongForm.dice("entry shapes")
        let values = [
            #""x""#, #""a\"],\"event\":{\"type\":\"no\"""#, #""\\""#, "12", "null", #"{"type":"no","a":[1,"]"]}"#, "[]",
        ]
        let texts = ["a", "sanhu.x.y", "q\"uote", "back\\slash", "],", "],\"event\":{", "税务", "t\\\"],\"event\":{"]
        for round in 0..<4_000 {
            let tags = Set((0..<dice.below(5)).map { _ in "k\(dice.below(3)):" + dice.pick(texts) }).sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
            let (type, schema) = (dice.pick(texts), dice.oneIn(4) ? nil : "urn:" + dice.pick(texts))
            var members = ["id", "source", "time", "data", "typed", "typ", "dataschemes"].filter { _ in dice.oneIn(2) }
                .map {
                    ($0, dice.pick(values))
                }
            func quoted(_ text: String) -> String {
                var writer = JSONWriter()
                writer.string(text)
                return String(decoding: writer.bytes, as: UTF8.self)
            }
            members.append((dice.oneIn(9) ? "t\\u0079pe" : "type", quoted(type)))
            if let schema { members.append(("dataschema", quoted(schema))) }
            members.shuffle(using: &dice)
            let event = members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
            let entry =
                #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":["#
                + tags.map(quoted).joined(separator: ",") + #"],"event":{"# + event + "}}"
            _ = try JSONDocument(parsing: Array(entry.utf8))
            let expected = ["CUS", type, schema ?? ""] + tags
            #expect(Self.found(Array(entry.utf8)) == expected, "seed \(dice.seed), round \(round): \(entry)")
        }
    }

    @Test("Entries one after another are found the same as each by itself, whatever those before were like")
    func remembering() throws {
        var dice = LongForm.dice("entry shapes, remembered")
        var memory = ShapeMemory()
        /// Some producers, each of which writes its events alike, but for ids, times, and now and then something else.
        let names = ["specversion", "id", "source", "type", "time", "dataschema", "subject", "data", "typed", "extra"]
        let values = [#""1.0""#, #""x""#, #""a\"b""#, "12", #""\\""#, #"{"type":"no"}"#, "[1]", "null", #""税务""#]
        var producers = (0..<4).map { _ in names.shuffled(using: &dice).map { ($0, dice.pick(values)) } }
        var met = 0
        for round in 0..<6_000 {
            if dice.oneIn(500) {
                producers[dice.below(4)] = names.shuffled(using: &dice).map { ($0, dice.pick(values)) }
            }
            // Mostly one and the same for a while.
            var members = producers[dice.oneIn(5) ? dice.below(4) : round / 300 % 4]
            for index in members.indices {
                switch members[index].0 {
                case "id": members[index].1 = "\"\(dice.below(1_000_000))\""
                case "type":
                    members[index].1 = dice.pick([#""a""#, #""a""#, #""a""#, #""ab""#, #""sanhu.x""#, #""q\"t""#])
                case "dataschema": members[index].1 = dice.pick([#""urn:1""#, #""urn:1""#, #""urn:12""#, #""urn:\\""#])
                case _ where dice.oneIn(40): members[index].1 = dice.pick(values)
                default: break
                }
            }
            if dice.oneIn(30) { members.removeAll { $0.0 == dice.pick(["dataschema", "time", "data"]) } }
            if dice.oneIn(60) { members.shuffle(using: &dice) }
            let tags = (0..<dice.below(3)).map { "\"k\($0):\(dice.pick(["a", "],", "b\\\"c"]))\"" }
            let agency = dice.oneIn(20) ? "TAX" : "CUS"
            let event = members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
            let entry =
                #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"\#(agency)","tags":["#
                + tags.joined(separator: ",") + #"],"event":{"# + event + "}}"
            let alone = Self.found(Array(entry.utf8))
            #expect(alone != nil)
            let isMet = !memory.members.isEmpty
            #expect(Self.found(Array(entry.utf8), &memory) == alone, "seed \(dice.seed), round \(round): \(entry)")
            if isMet, !memory.members.isEmpty { met += 1 }
        }
        // Or nothing was tried.
        #expect(met > 3_000, "seed \(dice.seed)")
    }

    @Test("What is no entry is none, and nothing is read beyond its end")
    func broken() {
        let entry = Array(
            #"{"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":["a:b"],"event":{"id":"1","type":"x","data":{"a":"b"}}}"#
                .utf8)
        #expect(Self.found(entry) == ["CUS", "x", "", "a:b"])
        for length in 0..<100 { _ = Self.found(Array(entry.prefix(length))) }
        #expect(Self.found(Array(entry.prefix(70))) == nil)
        #expect(Self.found([UInt8](repeating: UInt8(ascii: "\""), count: 200)) == nil)
    }
}
