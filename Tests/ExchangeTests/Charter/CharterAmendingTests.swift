import EventLog
import Exchange
import Testing

@Suite("Amending a charter")
struct CharterAmendingTests {
    private static let change = CharterLab.put("purpose", #"{"code":"audit","version":1,"title":"审计"}"#)

    private static func code(_ body: () throws -> Void) throws -> ExchangeError.Code? {
        try CharterLab.fault(body)?.code
    }

    @Test("An amendment drawn up on an older charter is stale, also the same one again")
    func stale() throws {
        let charter = try CharterLab.charter()
        let data = try CharterAmendment(CharterLab.amendment(Self.change))
        let next = try charter.applying(data, position: 10, recorded: CharterLab.time("2016-06-01"))
        #expect(next.position == 10)
        let again = try CharterLab.fault {
            _ = try next.applying(data, position: 11, recorded: CharterLab.time("2016-06-02"))
        }
        #expect(again?.code == .staleAmendment)
        #expect(again?.pointer == "/basis")
        let early = try CharterAmendment(CharterLab.amendment(Self.change, basis: 5))
        #expect(
            try Self.code { _ = try charter.applying(early, position: 10, recorded: CharterLab.time("2016-06-01")) }
                == .staleAmendment)
        #expect(
            try Self.code { _ = try charter.applying(data, position: 0, recorded: CharterLab.time("2016-06-01")) }
                == .staleAmendment)
    }

    @Test("Nothing acts backwards: not the amendment, not a validity, not a revocation, not time itself")
    func backwards() throws {
        let charter = try CharterLab.charter()
        let before = "2016-05-31T23:59:59.999999Z"
        #expect(try Self.code { _ = try charter.amended(Self.change, effective: before) } == .actsBackwards)
        _ = try charter.amended(Self.change, effective: "2016-06-01T00:00:00Z")
        #expect(
            try Self.code { _ = try charter.amended(Self.change, recorded: "2015-12-31T00:00:00Z") } == .actsBackwards)
        func refused(_ kind: String, _ value: String) throws -> ExchangeError? {
            try CharterLab.fault { _ = try charter.amended(CharterLab.put(kind, value)) }
        }
        let ended = try refused("purpose", #"{"code":"duty","version":2,"title":"x","validity":{"to":"\#(before)"}}"#)
        #expect(ended?.code == .actsBackwards)
        #expect(ended?.pointer == "/changes/0/value/validity/to")
        let began = try refused("purpose", #"{"code":"new","version":1,"title":"x","validity":{"from":"\#(before)"}}"#)
        #expect(began?.code == .actsBackwards)
        #expect(began?.pointer == "/changes/0/value/validity/from")
        let other = #"{"code":"CIQ","title":"x","kind":"authority","validity":{"from":"2002-01-01T00:00:00Z"}}"#
        #expect(try refused("agency", other)?.code == .actsBackwards)
        let same = #"{"code":"CIQ","title":"x","kind":"authority","validity":{"from":"2001-04-10T00:00:00Z"}}"#
        #expect(try refused("agency", same) == nil)
        let key = try CharterLab.publicKey("TAX-1")
        #expect(
            try refused("key", #"{"id":"TAX-1","agency":"TAX","public":"\#(key)","revoked":"\#(before)"}"#)?.pointer
                == "/changes/0/value/revoked")
        let role = #"{"agency":"TAX","id":"new","roles":[{"role":"chief","validity":{"from":"\#(before)"}}]}"#
        #expect(try refused("officer", role)?.pointer == "/changes/0/value/roles/0/validity/from")
    }

    @Test("CIQ merges into customs in 2018, and 2016 still shows the agencies of 2016")
    func merger() throws {
        let charter = try CharterLab.charter()
        let merger = "2018-04-20T00:00:00+08:00"
        let next = try charter.amended(
            CharterLab.end("agency", #"{"code":"CIQ","into":"CUS"}"#), effective: merger,
            recorded: "2018-03-21T00:00:00Z")
        let (before, after) = (try CharterLab.time("2018-04-19T15:59:59Z"), try CharterLab.time(merger))
        #expect(next.agency("CIQ", at: before)?.kind == .authority)
        #expect(next.agency("CIQ", at: after) == nil)
        #expect(try next.agency("CIQ", at: CharterLab.time("2016-01-01")) == charter.agency("CIQ", at: before))
        #expect(next.successor(of: "CIQ", at: before)?.code == "CIQ")
        #expect(next.successor(of: "CIQ", at: after)?.code == "CUS")
        #expect(next.power(of: "CIQ", type: "sanhu.lab.reported", port: "CNSHA", at: before) != nil)
        #expect(next.power(of: "CIQ", type: "sanhu.lab.reported", port: "CNSHA", at: after) == nil)
        #expect(next.maySign("CIQ-1", at: before))
        #expect(!next.maySign("CIQ-1", at: after))
        #expect(
            try Self.code { _ = try charter.amended(CharterLab.end("agency", #"{"code":"CIQ","into":"XXX"}"#)) }
                == .unknownAgency)
        #expect(
            try Self.code { _ = try charter.amended(CharterLab.end("agency", #"{"code":"CIQ","into":"CIQ"}"#)) }
                == .malformedCharter)
        let circle =
            CharterLab.end("agency", #"{"code":"CIQ","into":"AUD"}"#) + ","
            + CharterLab.end("agency", #"{"code":"AUD","into":"CIQ"}"#)
        #expect(try Self.code { _ = try charter.amended(circle) } == .malformedCharter)
    }

    @Test("The later word counts: it replaces what was to take effect later, and not what took effect before")
    func laterWord() throws {
        func purpose(_ version: Int) -> String {
            CharterLab.put("purpose", #"{"code":"duty","version":\#(version),"title":"v\#(version)"}"#)
        }
        let scheduled = try CharterLab.charter().amended(
            purpose(2), effective: "2020-01-01T00:00:00Z", recorded: "2016-02-01T00:00:00Z")
        #expect(try scheduled.purpose("duty", at: CharterLab.time("2019-12-31"))?.version == 1)
        #expect(try scheduled.purpose("duty", at: CharterLab.time("2020-01-01"))?.version == 2)
        let overtaken = try scheduled.amended(
            purpose(3), effective: "2018-01-01T00:00:00Z", recorded: "2016-03-01T00:00:00Z")
        for (year, version) in [(2017, 1), (2018, 3), (2020, 3), (2030, 3)] {
            #expect(try overtaken.purpose("duty", at: CharterLab.time("\(year)-01-01"))?.version == version)
        }
        // What was to begin later can be called off.
        let new = try CharterLab.charter().amended(
            CharterLab.put("personalTag", #"{"kind":"passport"}"#), effective: "2020-01-01T00:00:00Z")
        let calledOff = try new.amended(
            CharterLab.end("personalTag", #"{"kind":"passport"}"#), recorded: "2017-01-01T00:00:00Z")
        #expect(try new.isPersonal(tagKind: "passport", at: CharterLab.time("2021-01-01")))
        #expect(try !calledOff.isPersonal(tagKind: "passport", at: CharterLab.time("2021-01-01")))
    }

    @Test("What is not known cannot end, and what has ended not again; it may begin anew")
    func ending() throws {
        let charter = try CharterLab.charter()
        let unknown: [(String, String, ExchangeError.Code)] = [
            ("agency", #"{"code":"XXX"}"#, .unknownAgency), ("officer", #"{"agency":"TAX","id":"x"}"#, .unknownOfficer),
            ("key", #"{"id":"x"}"#, .unknownKey), ("power", #"{"id":"x"}"#, .malformedCharter),
            ("source", #"{"prefix":"/x"}"#, .malformedCharter), ("schema", #"{"uri":"x:y"}"#, .unknownSchema),
            ("rule", #"{"id":"x"}"#, .malformedCharter), ("purpose", #"{"code":"x"}"#, .unknownPurpose),
            ("personalTag", #"{"kind":"x"}"#, .malformedCharter),
        ]
        for (kind, value, code) in unknown {
            let error = try CharterLab.fault { _ = try charter.amended(CharterLab.end(kind, value)) }
            #expect(error?.code == code, "\(kind)")
            #expect(error?.pointer == "/changes/0/value")
        }
        let known: [(String, String)] = [
            ("officer", #"{"agency":"TAX","id":"desk"}"#), ("key", #"{"id":"CUS-2"}"#), ("power", #"{"id":"cus"}"#),
            ("source", #"{"prefix":"/CUS"}"#), ("schema", #"{"uri":"https://s.example/lab/1"}"#),
            ("rule", #"{"id":"price"}"#), ("purpose", #"{"code":"duty"}"#), ("personalTag", #"{"kind":"person"}"#),
        ]
        let ended = try charter.amended(known.map { CharterLab.end($0.0, $0.1) }.joined(separator: ","))
        let (before, after) = (try CharterLab.time("2016-05-31"), try CharterLab.time("2016-06-01"))
        #expect(ended.values(at: before) == charter.values(at: before))
        let kinds = CharterDifference(from: charter, at: after, to: ended, at: after).changes.map(\.kind)
        #expect(kinds == [.officer, .key, .power, .source, .schema, .rule, .purpose, .personalTag])
        for (kind, value) in known {
            let again = try CharterLab.fault {
                _ = try ended.amended(CharterLab.end(kind, value), recorded: "2016-07-01T00:00:00Z")
            }
            #expect(again?.code == .malformedCharter, "\(kind)")
        }
        let anew = try ended.amended(
            CharterLab.put("source", #"{"prefix":"/CUS","agency":"TAX"}"#), recorded: "2016-07-01T00:00:00Z")
        #expect(anew.owner(ofSource: "/CUS/1", at: before) == "CUS")
        #expect(anew.owner(ofSource: "/CUS/1", at: after) == nil)
        #expect(try anew.owner(ofSource: "/CUS/1", at: CharterLab.time("2016-07-01")) == "TAX")
    }

    @Test("What a key, a power, a schema and a purpose are known by keeps its meaning")
    func identity() throws {
        let charter = try CharterLab.charter()
        let (one, nine) = (try CharterLab.publicKey("TAX-1"), try CharterLab.publicKey("TAX-9"))
        let refused: [(String, String, ExchangeError.Code)] = [
            ("key", #"{"id":"TAX-1","agency":"TAX","public":"\#(nine)"}"#, .malformedCharter),
            ("key", #"{"id":"TAX-1","agency":"CUS","public":"\#(one)"}"#, .malformedCharter),
            ("key", #"{"id":"TAX-2","agency":"TAX","public":"\#(one)"}"#, .malformedCharter),
            ("power", #"{"id":"cus","agency":"TAX","types":["a"]}"#, .malformedCharter),
            ("purpose", #"{"code":"duty","version":1,"title":"x"}"#, .malformedCharter),
            (
                "schema", #"{"uri":"https://s.example/lab/1","type":"sanhu.lab.reported","document":{}}"#,
                .malformedCharter
            ),
            (
                "schema", #"{"uri":"https://s.example/lab/1","type":"a","document":{"type":"object"}}"#,
                .malformedCharter
            ),
        ]
        for (kind, value, code) in refused {
            #expect(try Self.code { _ = try charter.amended(CharterLab.put(kind, value)) } == code, "\(value)")
        }
        let revoked = try charter.amended(
            CharterLab.put(
                "key", #"{"id":"TAX-1","agency":"TAX","public":"\#(one)","revoked":"2016-06-01T00:00:00Z"}"#))
        let freed = try CharterLab.fault {
            _ = try revoked.amended(
                CharterLab.put("key", #"{"id":"TAX-1","agency":"TAX","public":"\#(one)"}"#), by: ["CUS-1", "BOR-1"],
                recorded: "2016-07-01T00:00:00Z")
        }
        #expect(freed?.code == .revokedKey)
    }

    @Test("Versions of a schema make one line")
    func schemas() throws {
        let charter = try CharterLab.charter()
        func schema(_ uri: String, _ type: String, replaces: String) -> String {
            CharterLab.put(
                "schema",
                #"{"uri":"\#(uri)","type":"\#(type)","document":{},"replaces":{"uri":"\#(replaces)","upcaster":"lab-1-2"}}"#
            )
        }
        let (one, two, three) = ("https://s.example/lab/1", "https://s.example/lab/2", "https://s.example/lab/3")
        let type = "sanhu.lab.reported"
        let next = try charter.amended(schema(two, type, replaces: one))
        #expect(next.successor(ofSchema: one)?.uri == two)
        #expect(next.schema(two)?.replaces?.upcaster == "lab-1-2")
        #expect(next.successor(ofSchema: two) == nil)
        #expect(
            try Self.code {
                _ = try next.amended(schema(three, type, replaces: one), recorded: "2016-07-01T00:00:00Z")
            } == .malformedCharter)
        #expect(
            try Self.code {
                _ = try next.amended(schema(three, "a", replaces: two), recorded: "2016-07-01T00:00:00Z")
            } == .malformedCharter)
        #expect(try Self.code { _ = try charter.amended(schema(two, type, replaces: three)) } == .unknownSchema)
        let circle = schema(two, type, replaces: three) + "," + schema(three, type, replaces: two)
        #expect(try Self.code { _ = try charter.amended(circle) } == .malformedCharter)
        #expect(
            try Self.code { _ = try charter.amended(schema(two, type, replaces: two)) } == .malformedCharter)
    }

    @Test("A charter that nobody could amend any more is refused; the rule itself can be amended")
    func amendable() throws {
        let charter = try CharterLab.charter()
        let alone = CharterLab.put("amendment", #"{"threshold":2,"agencies":["CUS","AUD"]}"#)
        let error = try CharterLab.fault { _ = try charter.amended(alone) }
        #expect(error?.code == .malformedCharter)
        #expect(error?.pointer == "/amendment")
        let ends = ["TAX-1", "BOR-1"].map { CharterLab.end("key", #"{"id":"\#($0)"}"#) }.joined(separator: ",")
        #expect(try CharterLab.fault { _ = try charter.amended(ends) }?.pointer == "/amendment")
        let one = try charter.amended(CharterLab.put("amendment", #"{"threshold":1,"agencies":["BOR"]}"#))
        #expect(
            try Self.code { _ = try one.amended(Self.change, recorded: "2016-07-01T00:00:00Z") }
                == .notEnoughSignatures)
        _ = try one.amended(Self.change, by: ["BOR-1"], recorded: "2016-07-01T00:00:00Z")
    }

    @Test("An amendment may name in one change what it brings in a later one")
    func forwardNames() throws {
        let changes =
            CharterLab.put("power", #"{"id":"fx","agency":"FX","types":["sanhu.exchange.settled"]}"#) + ","
            + CharterLab.put("agency", #"{"code":"FX","title":"外汇","kind":"authority"}"#)
        let next = try CharterLab.charter().amended(changes)
        #expect(
            try next.power(of: "FX", type: "sanhu.exchange.settled", port: nil, at: CharterLab.time("2017-01-01"))?.id
                == "fx")
    }
}
