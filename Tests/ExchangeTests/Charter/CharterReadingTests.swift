import EventLog
import Exchange
import JSON
import Testing

@Suite("Reading a charter")
struct CharterReadingTests {
    /// A member to put in place of one of the small charter, or beside them, and what is wrong with it.
    struct Bad: Sendable, CustomTestStringConvertible {
        let member: String
        let value: String
        let code: ExchangeError.Code
        let pointer: String
        var testDescription: String { "\(pointer): \(value.prefix(60))" }

        init(_ member: String, _ value: String, _ pointer: String, _ code: ExchangeError.Code = .malformedCharter) {
            (self.member, self.value, self.pointer, self.code) = (member, value, pointer, code)
        }
    }

    private static let key = String(repeating: "A", count: 43) + "="

    static let bad: [Bad] = [
        Bad("extra", "1", "/extra"),
        Bad("\u{212A}eys", "[]", "/\u{212A}eys"),
        Bad("agencies", "{}", "/agencies"),
        Bad("agencies", "[1]", "/agencies/0"),
        Bad("amendment", #"{"threshold":0,"agencies":["CUS"]}"#, "/amendment/threshold"),
        Bad("amendment", #"{"threshold":2,"agencies":["CUS"]}"#, "/amendment/threshold"),
        Bad("amendment", #"{"threshold":1,"agencies":[]}"#, "/amendment/agencies"),
        Bad("amendment", #"{"threshold":1,"agencies":["CUS","CUS"]}"#, "/amendment/agencies/1"),
        Bad("amendment", #"{"threshold":1.5,"agencies":["CUS"]}"#, "/amendment/threshold"),
        Bad("agencies", #"[{"code":"CUS","title":"x"}]"#, "/agencies/0/kind"),
        Bad("agencies", #"[{"code":"CUS","title":"x","kind":"party"}]"#, "/agencies/0/kind"),
        Bad("agencies", #"[{"code":"C S","title":"x","kind":"authority"}]"#, "/agencies/0/code"),
        Bad("agencies", #"[{"code":"","title":"x","kind":"authority"}]"#, "/agencies/0/code"),
        Bad("agencies", #"[{"code":"CUS","title":"\u0001","kind":"authority"}]"#, "/agencies/0/title"),
        Bad("agencies", #"[{"code":"CUS","title":"x","kind":"authority","into":"TAX"}]"#, "/agencies/0/into"),
        Bad(
            "agencies", #"[{"code":"CUS","title":"x","kind":"authority","validity":{"from":"2016"}}]"#,
            "/agencies/0/validity/from"),
        Bad(
            "agencies", #"[{"code":"CUS","title":"x","kind":"authority","validity":{"until":"2016"}}]"#,
            "/agencies/0/validity/until"),
        Bad(
            "agencies",
            #"""
            [{"code":"CUS","title":"x","kind":"authority",
            "validity":{"from":"2017-01-01T00:00:00Z","to":"2016-01-01T00:00:00Z"}}]
            """#, "/agencies/0/validity/to"),
        Bad(
            "agencies",
            #"[{"code":"CUS","title":"x","kind":"authority"},{"code":"CUS","title":"y","kind":"authority"}]"#,
            "/agencies/1"),
        Bad("officers", #"[{"agency":"CUS","id":"a","roles":[]}]"#, "/officers/0/roles"),
        Bad("officers", #"[{"agency":"CUS","id":"a","roles":[{"role":"b","extra":1}]}]"#, "/officers/0/roles/0/extra"),
        Bad("officers", #"[{"agency":"XXX","id":"a","roles":[{"role":"b"}]}]"#, "/officers/0/agency", .unknownAgency),
        Bad("keys", #"[{"id":"a","agency":"CUS","public":"AAAA"}]"#, "/keys/0/public"),
        Bad("keys", #"[{"id":"a","agency":"CUS","public":"\#(key)","revoked":1}]"#, "/keys/0/revoked"),
        Bad("keys", #"[{"id":"a","agency":"XXX","public":"\#(key)"}]"#, "/keys/0/agency", .unknownAgency),
        Bad(
            "keys", #"[{"id":"a","agency":"CUS","public":"\#(key)"},{"id":"b","agency":"TAX","public":"\#(key)"}]"#,
            "/keys/1/public"),
        Bad("powers", #"[{"id":"a","agency":"CUS","types":[]}]"#, "/powers/0/types"),
        Bad("powers", #"[{"id":"a","agency":"CUS","types":["*"]}]"#, "/powers/0/types/0"),
        Bad("powers", #"[{"id":"a","agency":"CUS","types":["a.*.b"]}]"#, "/powers/0/types/0"),
        Bad("powers", #"[{"id":"a","agency":"CUS","types":["a..b"]}]"#, "/powers/0/types/0"),
        Bad("powers", #"[{"id":"a","agency":"CUS","types":["a"],"ports":[]}]"#, "/powers/0/ports"),
        Bad("powers", #"[{"id":"a","agency":"XXX","types":["a"]}]"#, "/powers/0/agency", .unknownAgency),
        Bad("sources", #"[{"prefix":"/CUS/","agency":"CUS"}]"#, "/sources/0/prefix"),
        Bad("sources", #"[{"prefix":"/C US","agency":"CUS"}]"#, "/sources/0/prefix"),
        Bad("sources", #"[{"prefix":"/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p","agency":"CUS"}]"#, "/sources/0/prefix"),
        Bad("sources", #"[{"prefix":"/CUS","agency":"XXX"}]"#, "/sources/0/agency", .unknownAgency),
        Bad("schemas", #"[{"uri":"https://s.example/a#b","type":"a","document":{}}]"#, "/schemas/0/uri"),
        Bad("schemas", #"[{"uri":"https://s.example/a","type":"a.*","document":{}}]"#, "/schemas/0/type"),
        Bad("schemas", #"[{"uri":"https://s.example/a","type":"a","document":true}]"#, "/schemas/0/document"),
        Bad(
            "schemas",
            #"[{"uri":"https://s.example/a","type":"a","document":{},"replaces":{"uri":"x:y","upcaster":"u"}}]"#,
            "/schemas/0/replaces/uri", .unknownSchema),
        Bad(
            "schemas",
            #"[{"uri":"https://s.example/a","type":"a","document":{"x":"\#(String(repeating: "x", count: 60_000))"}}]"#,
            "/schemas/0/document", .limitExceeded),
        Bad("rules", #"[{"id":"a","effect":"allow","readers":{},"fields":{}}]"#, "/rules/0/effect"),
        Bad("rules", #"[{"id":"a","effect":"permit","fields":{}}]"#, "/rules/0/readers"),
        Bad("rules", #"[{"id":"a","effect":"permit","readers":{}}]"#, "/rules/0/fields"),
        Bad("rules", #"[{"id":"a","effect":"permit","readers":{"names":[]},"fields":{}}]"#, "/rules/0/readers/names"),
        Bad(
            "rules", #"[{"id":"a","effect":"permit","readers":{"addressed":"yes"},"fields":{}}]"#,
            "/rules/0/readers/addressed"),
        Bad(
            "rules", #"[{"id":"a","effect":"prohibit","readers":{"addressed":true},"fields":{}}]"#,
            "/rules/0/readers/addressed"),
        Bad(
            "rules", #"[{"id":"a","effect":"permit","readers":{},"fields":{"classes":["C2"]}}]"#,
            "/rules/0/fields/classes/0"),
        Bad(
            "rules", #"[{"id":"a","effect":"permit","readers":{},"fields":{"pointers":["x"]}}]"#,
            "/rules/0/fields/pointers/0"),
        Bad("rules", #"[{"id":"a","effect":"permit","readers":{},"fields":{},"needsCase":0}]"#, "/rules/0/needsCase"),
        Bad(
            "rules", #"[{"id":"a","effect":"permit","readers":{"agencies":["XXX"]},"fields":{}}]"#,
            "/rules/0/readers/agencies/0", .unknownAgency),
        Bad(
            "rules", #"[{"id":"a","effect":"permit","readers":{},"fields":{"owners":["CUS","XXX"]}}]"#,
            "/rules/0/fields/owners/1", .unknownAgency),
        Bad(
            "rules", #"[{"id":"a","effect":"permit","readers":{},"fields":{},"purposes":["fun"]}]"#,
            "/rules/0/purposes/0", .unknownPurpose),
        Bad("purposes", #"[{"code":"duty","version":0,"title":"x"}]"#, "/purposes/0/version"),
        Bad("personalTags", #"[{"kind":"Person"}]"#, "/personalTags/0/kind"),
        Bad("personalTags", #"[{"kind":"a:b"}]"#, "/personalTags/0/kind"),
        Bad("personalTags", #"[{"kind":"a"},{"kind":"a"}]"#, "/personalTags/1"),
        Bad("deadlines", #"{"check":2,"answer":5,"answerUnpublished":10}"#, "/deadlines/minutesAheadOfUTC"),
        Bad(
            "deadlines",
            #"{"check":2,"answer":5,"answerUnpublished":10,"minutesAheadOfUTC":0,"holidays":["2026-02-30"]}"#,
            "/deadlines/holidays/0"),
        Bad("signatures", #"[{"key":"CUS-1","signature":"AAAA"}]"#, "/signatures/0/signature"),
        Bad("signatures", "{}", "/signatures"),
    ]

    @Test("What is malformed, too large or names something unknown is refused with its place", arguments: bad)
    func refusal(_ bad: Bad) throws {
        // Keys of agencies that others refer to stay, so that one thing is wrong.
        var members: [String] = []
        for (name, value) in try CharterLab.json(CharterLab.data()).members where name != bad.member {
            members.append(#""\#(name)":\#(String(decoding: value.text, as: UTF8.self))"#)
        }
        members.append(#""\#(bad.member)":\#(bad.value)"#)
        let text = "{" + members.joined(separator: ",") + "}"
        let error = try #require(
            try CharterLab.fault {
                _ = try Charter(
                    founding: CharterFounding(CharterLab.json(text)), origin: CharterLab.origin,
                    recorded: CharterLab.time(CharterLab.founded))
            })
        #expect(error.code == bad.code, "\(error)")
        #expect(error.pointer == bad.pointer, "\(error)")
        #expect(error.description.contains(bad.pointer) || bad.code != .malformedCharter)
    }

    @Test("A charter without a rule by which it is amended is refused, and so is what is no object")
    func missing() throws {
        let error = try CharterLab.fault { _ = try CharterFounding(CharterLab.json("{}")) }
        #expect(error?.code == .malformedCharter)
        #expect(error?.pointer == "/amendment")
        for text in ["[]", "null", "1"] {
            #expect(try CharterLab.fault { _ = try CharterFounding(CharterLab.json(text)) }?.code == .malformedCharter)
            #expect(try CharterLab.fault { _ = try CharterAmendment(CharterLab.json(text)) }?.code == .malformedCharter)
        }
    }

    @Test(
        "An amendment that is malformed is refused with its place",
        arguments: [
            (#"{"changes":[]}"#, "/basis"), (#"{"basis":0}"#, "/changes"), (#"{"basis":0,"changes":[]}"#, "/changes"),
            (#"{"basis":-1,"changes":[]}"#, "/basis"), (#"{"basis":0,"changes":[{}]}"#, "/changes/0/op"),
            (#"{"basis":0,"effective":"soon","changes":[{}]}"#, "/effective"),
            (#"{"basis":0,"changes":[{"op":"drop","kind":"key","value":{}}]}"#, "/changes/0/op"),
            (#"{"basis":0,"changes":[{"op":"put","kind":"keys","value":{}}]}"#, "/changes/0/kind"),
            (#"{"basis":0,"changes":[{"op":"put","kind":"key"}]}"#, "/changes/0/value"),
            (
                #"{"basis":0,"changes":[{"op":"end","kind":"key","value":{"id":"a","agency":"CUS"}}]}"#,
                "/changes/0/value/agency"
            ),
            (#"{"basis":0,"changes":[{"op":"end","kind":"amendment","value":{}}]}"#, "/changes/0/value"),
            (
                #"""
                {"basis":0,"changes":[{"op":"end","kind":"key","value":{"id":"a"}},
                {"op":"end","kind":"key","value":{"id":"a"}}]}
                """#, "/changes/1/value"
            ),
            (#"{"basis":0,"changes":[],"signatures":[],"comment":""}"#, "/comment"),
        ])
    func amendment(_ text: String, _ pointer: String) throws {
        let error = try CharterLab.fault { _ = try CharterAmendment(CharterLab.json(text)) }
        #expect(error?.code == .malformedCharter)
        #expect(error?.pointer == pointer)
    }

    @Test("More changes, signatures or values than the limits are refused")
    func limits() throws {
        let change = CharterLab.end("key", #"{"id":"a"}"#)
        let changes = Array(repeating: change, count: CharterLimits.changes + 1).joined(separator: ",")
        let error = try CharterLab.fault {
            _ = try CharterAmendment(CharterLab.json(#"{"basis":0,"changes":[\#(changes)]}"#))
        }
        #expect(error?.code == .limitExceeded)
        #expect(error?.pointer == "/changes")
    }

    @Test("What a charter shows as JSON reads as the same charter, also its times and its schemas' members in order")
    func roundTrip() throws {
        let charter = try CharterLab.charter()
        let shown = String(decoding: charter.json(), as: UTF8.self)
        let again = try CharterLab.charter(shown)
        #expect(again.values() == charter.values())
        #expect(again.json() == charter.json())
        #expect(CharterDifference(from: charter, to: again).changes.isEmpty)
    }
}
