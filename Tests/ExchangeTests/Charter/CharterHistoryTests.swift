import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Transparency

@Suite("The history of a charter")
struct CharterHistoryTests {
    static func entry(_ position: Position, _ recorded: String, _ type: String, _ data: JSONValue?) throws -> Entry {
        let data = data.map { #","data":\#(String(decoding: $0.text, as: UTF8.self))"# } ?? ""
        let text =
            #"{"recorded":"\#(try CharterLab.time(recorded))","agency":"POO","tags":[],"event":{"specversion":"1.0","#
            + #""id":"\#(position)","source":"/POO","type":"\#(type)"\#(data)}}"#
        let bytes = Array(text.utf8)
        return Entry(
            position: position, recorded: try CharterLab.time(recorded), leafHash: MerkleHash.leaf(bytes.span),
            bytes: bytes)
    }

    static func founding(_ position: Position = 0) throws -> Entry {
        let draft = try CharterLab.json(CharterLab.data())
        let text = try CharterFounding(draft).signedText(origin: CharterLab.origin)
        let signed = try CharterSignature.adding(CharterLab.sign(text, CharterLab.founders), to: draft)
        return try entry(
            position, CharterLab.founded, CharterFounding.type, JSONDocument(parsing: signed).root)
    }

    private static func purpose(_ version: Int) -> String {
        CharterLab.put("purpose", #"{"code":"duty","version":\#(version),"title":"v\#(version)"}"#)
    }

    @Test("Folding gives the charter as of every position and every time")
    func fold() throws {
        var history = CharterHistory(origin: CharterLab.origin)
        #expect(history.charter(asOf: 0) == nil)
        try history.append(Self.founding())
        try history.append(Self.entry(3, "2016-02-01", "sanhu.risk.flagged", nil))
        try history.append(
            Self.entry(5, "2016-03-01", CharterAmendment.type, CharterLab.amendment(Self.purpose(2), basis: 0)))
        try history.append(
            Self.entry(9, "2016-05-01", CharterAmendment.type, CharterLab.amendment(Self.purpose(3), basis: 5)))
        #expect(history.refused.isEmpty)
        #expect(history.current?.position == 9)
        let now = try CharterLab.time("2017-01-01")
        let positions: [(Position, Int)] = [(0, 1), (4, 1), (5, 2), (8, 2), (9, 3), (100, 3)]
        for (position, version) in positions {
            #expect(history.charter(asOf: position)?.purpose("duty", at: now)?.version == version)
        }
        for (time, version) in [("2016-01-01", 1), ("2016-02-29", 1), ("2016-03-01", 2), ("2016-05-01", 3)] {
            #expect(try history.charter(asOf: CharterLab.time(time))?.purpose("duty", at: now)?.version == version)
        }
        #expect(try history.charter(asOf: CharterLab.time("2015-12-31")) == nil)
    }

    @Test("A ledger whose first event founds no charter has none")
    func notFounded() throws {
        for entry in [
            try Self.entry(0, "2016-01-01", "sanhu.risk.flagged", nil), try Self.founding(1),
            try Self.entry(0, "2016-01-01", CharterFounding.type, nil),
        ] {
            var history = CharterHistory(origin: CharterLab.origin)
            #expect(try CharterLab.fault { try history.append(entry) }?.code == .notFounded)
            #expect(history.current == nil)
        }
        var other = CharterHistory(origin: "other.example/ledger")
        #expect(try CharterLab.fault { try other.append(Self.founding()) }?.code == .wrongSignature)
    }

    @Test("A charter event that does not count has no effect, is told, and does not stop those after it")
    func refused() throws {
        var history = CharterHistory(origin: CharterLab.origin)
        try history.append(Self.founding())
        func append(_ position: Position, _ type: String, _ data: JSONValue?, _ recorded: String = "2016-03-01") throws
        {
            try history.append(Self.entry(position, recorded, type, data))
        }
        try append(1, CharterFounding.type, CharterLab.json(CharterLab.data()))
        try append(2, CharterAmendment.type, CharterLab.amendment(Self.purpose(2), by: ["CUS-1"]))
        try append(3, CharterAmendment.type, CharterLab.amendment(Self.purpose(2), effective: "2016-02-01T00:00:00Z"))
        try append(4, CharterAmendment.type, nil)
        try append(5, CharterAmendment.type, CharterLab.amendment(Self.purpose(2)))
        try append(6, CharterAmendment.type, CharterLab.amendment(Self.purpose(3)))
        #expect(history.refused.map(\.position) == [1, 2, 3, 4, 6])
        #expect(
            history.refused.map(\.error.code) == [
                .alreadyFounded, .notEnoughSignatures, .actsBackwards, .malformedCharter, .staleAmendment,
            ])
        #expect(history.current?.position == 5)
    }

    @Test("An amendment as deep as an event may be counts")
    func depth() throws {
        var history = CharterHistory(origin: CharterLab.origin)
        try history.append(Self.founding())
        // Event, data, changes, change and value are around the document.
        let levels = LogLimits.depth - 5
        let document =
            String(repeating: #"{"not":"#, count: levels - 1) + "{}" + String(repeating: "}", count: levels - 1)
        let data = try CharterLab.amendment(
            CharterLab.put("schema", #"{"uri":"https://s.example/deep","type":"a","document":\#(document)}"#))
        try history.append(Self.entry(1, "2016-03-01", CharterAmendment.type, data))
        #expect(history.refused.isEmpty)
        #expect(history.current?.schema("https://s.example/deep")?.document == Array(document.utf8))
    }

    @Test("Charter events are filed under what they touch, and the condition of an append finds them by it")
    func tags() throws {
        let charter = try CharterLab.charter()
        func tags(_ changes: String...) throws -> [String] {
            let data = try CharterLab.amendment(changes.joined(separator: ","))
            return try charter.tags(of: CharterAmendment(data)).map(\.text)
        }
        #expect(try tags(CharterLab.end("agency", #"{"code":"CIQ","into":"CUS"}"#)) == ["charter:agency.CIQ"])
        #expect(try tags(CharterLab.end("key", #"{"id":"TAX-1"}"#)) == ["charter:agency.TAX"])
        #expect(try tags(CharterLab.end("power", #"{"id":"cus"}"#)) == ["charter:agency.CUS"])
        #expect(
            try tags(CharterLab.put("source", #"{"prefix":"/CUS/a/b","agency":"TAX"}"#)) == [
                "charter:agency.CUS", "charter:agency.TAX",
            ])
        #expect(
            try tags(CharterLab.put("officer", #"{"agency":"TAX","id":"a","roles":[{"role":"b"}]}"#)) == [
                "charter:agency.TAX"
            ])
        #expect(
            try tags(
                CharterLab.end("schema", #"{"uri":"https://s.example/lab/1"}"#),
                CharterLab.end("rule", #"{"id":"price"}"#), Self.purpose(2),
                CharterLab.put("personalTag", #"{"kind":"passport"}"#)) == [
                    "charter:personal-tags", "charter:purpose.duty", "charter:rule.price",
                    "charter:schema.https://s.example/lab/1",
                ])
        let many = (0..<257).map { CharterLab.put("agency", #"{"code":"A\#($0)","title":"a","kind":"authority"}"#) }
        #expect(try tags(many.joined(separator: ",")) == ["charter:all"])
        #expect(CharterTags.founding.map(\.text) == ["charter:all"])

        let condition = CharterTags.condition(agency: "CUS", schema: "https://s.example/lab/1", head: 7)
        #expect(condition.after == 6)
        func finds(_ tag: String, _ type: String = CharterAmendment.type) throws -> Bool {
            condition.query.matches(type: type, tags: [try Tag(tag)])
        }
        for tag in ["agency.CUS", "schema.https://s.example/lab/1", "personal-tags", "all"] {
            #expect(try finds("charter:" + tag))
            #expect(try !finds("charter:" + tag, "sanhu.risk.flagged"))
        }
        for tag in ["agency.TAX", "agency.CUS2", "schema.https://s.example/lab/2", "rule.price"] {
            #expect(try !finds("charter:" + tag))
        }
    }
}
