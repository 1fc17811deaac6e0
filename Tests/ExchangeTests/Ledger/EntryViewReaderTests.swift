import EventLog
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("Reading many entries with one reader")
struct EntryViewReaderTests {
    /// What is read of an entry, texts by their bytes: Swift's strings are equal if Unicode calls them equivalent.
    private struct Read: Equatable {
        var position: Position
        var recorded: Timestamp
        var texts: [[UInt8]]
        var tags: [[UInt8]]
        var dataschema: [UInt8]?
        var event: [UInt8]
        var data: [UInt8]?

        init(_ view: EntryView) {
            position = view.position
            recorded = view.recorded
            texts = [view.agency, view.type, view.identity.source, view.identity.id].map { Array($0.utf8) }
            tags = view.tags.map { Array($0.text.utf8) }
            dataschema = view.dataschema.map { Array($0.utf8) }
            event = Array(view.document.bytes[view.eventRange])
            data = view.data.map { Array($0.text) }
        }

        /// By going through the JSON, or nil if it is no entry.
        init?(naive entry: Entry) {
            let limits = JSONParser.Limits(maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1)
            guard let document = try? JSONDocument(parsing: entry.bytes, limits: limits),
                let agency = document.root["agency"]?.string, let event = document.root["event"],
                let type = event["type"]?.string, let id = event["id"]?.string, let source = event["source"]?.string
            else { return nil }
            position = entry.position
            recorded = entry.recorded
            texts = [agency, type, source, id].map { Array($0.utf8) }
            tags =
                document.root["tags"]?.elements.compactMap { $0.string.flatMap { try? Tag($0) } }
                .map { Array($0.text.utf8) } ?? []
            dataschema = event["dataschema"]?.string.map { Array($0.utf8) }
            self.event = Array(event.text)
            data = event["data"].map { Array($0.text) }
        }
    }

    /// Writes entries of few texts, so that they come again, in any order and any way of writing.
    private struct Writer {
        var dice: Dice

        private static let agencies = ["CUS", "TAX", "", "海关", "é", "e\u{301}", "A\"B\\"]
        private static let types = ["sanhu.declaration.lodged", "sanhu.declaration.lodgee", "t", ""]
        private static let sources = ["/CUS/1", "/CUS/2", "/TAX/é", "/TAX/e\u{301}"]
        private static let schemas = ["urn:a:1", "urn:a:2", "urn:b:1"]
        private static let others = [
            "subject", "typ", "types", "Type", "ID", "idd", "sourc", "dataschem", "event", "x",
        ]
        private static let tags = ["a:1", "person:李", "b", "", "enterprise:A:B", "x:\u{1}"]

        mutating func string(_ text: String) -> String {
            var written = "\""
            let isEscaped = dice.oneIn(6)
            for scalar in text.unicodeScalars {
                if scalar == "\"" || scalar == "\\" || scalar.value < 0x20 || isEscaped && dice.oneIn(2) {
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16, uppercase: dice.oneIn(2))
                        written += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                } else {
                    written.unicodeScalars.append(scalar)
                }
            }
            return written + "\""
        }

        mutating func object(_ members: [(String, String)]) -> String {
            let written = members.map { "\(string($0.0)):\($0.1)" }
            let space = dice.oneIn(8) ? " " : ""
            return "{\(space)\((dice.oneIn(2) ? written.shuffled(using: &dice) : written).joined(separator: ","))}"
        }

        /// A text, at times something else.
        private mutating func value(_ texts: [String]) -> String {
            dice.oneIn(40) ? dice.pick(["7", "null", "[]", "{}", #"["CUS"]"#]) : string(dice.pick(texts))
        }

        private mutating func event() -> String {
            var members = [
                ("specversion", "\"1.0\""), ("id", value(["1", "é", "\(dice.below(1_000))"])),
                ("source", value(Self.sources)), ("type", value(Self.types)),
            ]
            if dice.oneIn(2) { members.append(("dataschema", value(Self.schemas))) }
            for name in Self.others where dice.oneIn(8) { members.append((name, value(Self.types))) }
            if dice.oneIn(2) {
                members.append(("data", object([("type", "\"no\""), ("id", "[1,{}]"), ("event", "{}")])))
            }
            if dice.oneIn(40) { members.remove(at: dice.below(members.count)) }
            // The same once more, as it is or with escapes.
            if dice.oneIn(40) { members.append(dice.pick(members)) }
            return object(members)
        }

        mutating func entry() -> [UInt8] {
            let tags = Self.tags.filter { _ in dice.oneIn(3) }.map { string($0) } + (dice.oneIn(20) ? ["7"] : [])
            var members = [
                ("recorded", "\"2026-03-01T00:15:30.123456Z\""), ("agency", value(Self.agencies)),
                ("tags", dice.oneIn(30) ? "\"a:1\"" : "[\(tags.joined(separator: ","))]"),
                ("event", dice.oneIn(40) ? value(Self.types) : event()),
            ]
            if dice.oneIn(10) { members.append((dice.pick(["agenc", "type", "tag", "events"]), "[{}]")) }
            if dice.oneIn(40) { members.remove(at: dice.below(members.count)) }
            if dice.oneIn(40) { members.append(dice.pick(members)) }
            return damaged(Array(object(members).utf8))
        }

        /// Now and then something was changed.
        private mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
            guard dice.oneIn(8) else { return bytes }
            var changed = bytes
            switch dice.below(5) {
            case 0: changed[dice.below(changed.count)] ^= 1 << UInt8(dice.below(8))
            case 1: changed.removeLast(1 + dice.below(changed.count))
            case 2: changed = Array("[".utf8) + bytes + Array("]".utf8)
            case 3:
                // Members in turn, as in an object, but in an array.
                let members = #""agency","CUS","event",{"id":"1","source":"/a","type":"t"}"#
                changed = Array("[\(members)\(dice.pick(["", ",1"]))]".utf8)
            default: changed = Array(dice.pick(["", "{}", "[]", "[1]", "7", "\"event\"", "null", "[[],[]]"]).utf8)
            }
            return changed
        }
    }

    private static func entry(_ bytes: [UInt8], at position: Position) -> Entry {
        Entry(
            position: position, recorded: Timestamp(microseconds: Int64(position) * 7),
            leafHash: MerkleHash.leaf(bytes.span), bytes: bytes)
    }

    /// What a reader reads; nil if it refuses.
    private static func read(_ entry: Entry, _ reader: inout EntryViewReader, _ comment: Comment) -> Read? {
        do throws(ExchangeError) {
            return Read(try reader.view(of: entry))
        } catch {
            #expect(error.code == .log, comment)
            #expect(error.reason.contains("at position \(entry.position) is no entry"), comment)
            return nil
        }
    }

    @Test("It reads each as a new reader does, and as the JSON says, whatever came before", arguments: UInt64(1)...60)
    func agrees(seed: UInt64) {
        var writer = Writer(dice: Dice(seed: seed))
        var reader = EntryViewReader()
        var (kept, refused): ([(EntryView, Read)], Int) = ([], 0)
        for number in 0..<200 as Range<Position> {
            let entry = Self.entry(writer.entry(), at: number)
            let comment: Comment = "seed \(seed), \(number): \(String(decoding: entry.bytes, as: UTF8.self))"
            let expected = Read(naive: entry)
            let found = Self.read(entry, &reader, comment)
            #expect(found == expected, comment)
            var fresh = EntryViewReader()
            #expect(Self.read(entry, &fresh, comment) == expected, comment)
            guard let expected else {
                refused += 1
                continue
            }
            // What was read stays as it is when the reader goes on.
            if writer.dice.oneIn(10), let view = try? reader.view(of: entry) { kept.append((view, expected)) }
        }
        for (view, expected) in kept { #expect(Read(view) == expected, "seed \(seed), \(view.position)") }
        #expect(refused > 10 && refused < 150, "seed \(seed)")
    }

    @Test(
        "What is no entry is refused with its position, and the next one is read",
        arguments: [
            "", "{", "[]", "[1]", "[1,2]", "7", "null", "\"event\"", "{}",
            #"["agency","CUS","event",{"id":"1","source":"/a","type":"t"}]"#,
            #"{"agency":"CUS","event":["id","1","source","/a","type","t"]}"#,
            #"{"agency":"CUS","event":"{}"}"#, #"{"event":{"id":"1","source":"/a","type":"t"}}"#,
            #"{"agency":7,"event":{"id":"1","source":"/a","type":"t"}}"#,
            #"{"agency":"CUS","event":{"id":1,"source":"/a","type":"t"}}"#,
            #"{"agency":"CUS","event":{"id":"1","source":"/a","type":null}}"#,
            #"{"agency":"CUS","event":{"id":"1","source":"/a","type":"t","\u0074ype":"u"}}"#,
            #"{"agency":"CUS","event":{"id":"1","\u0069d":"1","source":"/a","type":"t"}}"#,
            #"{"agency":"CUS","\u0061gency":"TAX","event":{"id":"1","source":"/a","type":"t"}}"#,
            #"{"agency":"CUS","event":{"data":{"id":"1","source":"/a","type":"t"}}}"#,
        ])
    func refused(text: String) throws {
        var reader = EntryViewReader()
        let sound = #"{"agency":"CUS","tags":["a:1"],"event":{"id":"1","source":"/a","type":"t","dataschema":"urn:s"}}"#
        let entries = [sound, text, sound].enumerated().map { Self.entry(Array($1.utf8), at: Position($0 * 11)) }
        let expected = try #require(Read(naive: entries[2]))
        _ = try reader.view(of: entries[0])
        let fault = #expect(throws: ExchangeError.self) { try EntryView(entries[1]) }
        #expect(fault?.code == .log && fault?.reason.contains("at position 11 is no entry") == true)
        #expect(Self.read(entries[1], &reader, "\(text)") == nil)
        #expect(Read(try reader.view(of: entries[2])) == expected)
    }

    @Test(
        "Attributes with escapes in their names and values are read, and lacking ones are not those of the last entry")
    func examples() throws {
        var reader = EntryViewReader()
        let plain = #"{"agency":"CUS","tags":["a:1"],"event":{"id":"1","source":"/a","type":"t","dataschema":"urn:s"}}"#
        let escaped =
            #"{"\u0061gency":"C\u0055S","t\u0061gs":["\u0061:1"],"\u0065vent":"#
            + #"{"\u0069d":"\u0031","sourc\u0065":"\/a","\u0074ype":"\u0074","d\u0061taschema":"urn\u003as"}}"#
        let bare = #"{"agency":"CUS","event":{"id":"1","source":"/a","type":"t"}}"#
        for text in [plain, escaped, plain, bare, escaped, bare] {
            let view = try reader.view(of: Self.entry(Array(text.utf8), at: 3))
            #expect(view.agency == "CUS" && view.type == "t")
            #expect(view.identity == EventIdentity(source: "/a", id: "1"))
            #expect(view.dataschema == (text == bare ? nil : "urn:s"))
            #expect(view.tags.map(\.text) == (text == bare ? [] : ["a:1"]))
        }
    }
}
