import EventLog
import Exchange
import Testing

@Suite("What a charter answers")
struct CharterQuestionTests {
    @Test("A power covers the types it names and those that begin like its patterns, at its ports")
    func powers() throws {
        let charter = try CharterLab.charter()
        let now = try CharterLab.time("2016-06-01")
        func power(_ agency: String, _ type: String, _ port: String? = nil) -> String? {
            charter.power(of: agency, type: type, port: port, at: now)?.id
        }
        #expect(power("CUS", "sanhu.release.granted") == "cus")
        #expect(power("CUS", "sanhu.release.granted", "CNSHA") == "cus")
        #expect(power("CUS", "sanhu.risk.flagged") == "cus")
        #expect(power("CUS", "sanhu.risk.flag.set") == "cus")
        #expect(power("CUS", "sanhu.risk") == nil)
        #expect(power("CUS", "sanhu.risk.") == "cus")
        #expect(power("CUS", "sanhu.riskier.x") == nil)
        #expect(power("CUS", "sanhu.release.granted.x") == nil)
        #expect(power("TAX", "sanhu.release.granted") == nil)
        #expect(power("XXX", "sanhu.release.granted") == nil)
        #expect(power("CIQ", "sanhu.lab.reported", "CNSHA") == "ciq")
        #expect(power("CIQ", "sanhu.lab.reported", "CNTAO") == nil)
        #expect(power("CIQ", "sanhu.lab.reported") == nil)
        #expect(power("CIQ", "") == nil)
    }

    @Test("No power, however wide, reaches charter events; what a power named once it covers then and not later")
    func narrowedPower() throws {
        let wide = try CharterLab.charter().amended(
            CharterLab.put("power", #"{"id":"all","agency":"TAX","types":["sanhu.*"]}"#))
        let narrow = try wide.amended(
            CharterLab.put("power", #"{"id":"all","agency":"TAX","types":["sanhu.duty.*"]}"#),
            recorded: "2017-01-01T00:00:00Z")
        let (before, then, later) = (
            try CharterLab.time("2016-05-31"), try CharterLab.time("2016-06-01"), try CharterLab.time("2017-01-01")
        )
        #expect(narrow.power(of: "TAX", type: "sanhu.risk.flagged", port: nil, at: before) == nil)
        #expect(narrow.power(of: "TAX", type: "sanhu.risk.flagged", port: nil, at: then)?.id == "all")
        #expect(narrow.power(of: "TAX", type: "sanhu.risk.flagged", port: nil, at: later) == nil)
        #expect(narrow.power(of: "TAX", type: "sanhu.duty.assessed", port: nil, at: later)?.id == "all")
        #expect(narrow.power(of: "TAX", type: "sanhu.charter.amended", port: nil, at: then) == nil)
    }

    @Test("The longest claim on a source that holds counts, and a claim ends at a slash")
    func sources() throws {
        let charter = try CharterLab.charter().amended(
            CharterLab.put(
                "source", #"{"prefix":"/CUS/joint","agency":"BOR","validity":{"to":"2017-01-01T00:00:00Z"}}"#))
        let (now, later) = (try CharterLab.time("2016-06-01"), try CharterLab.time("2017-01-01"))
        #expect(charter.owner(ofSource: "/CUS", at: now) == "CUS")
        #expect(charter.owner(ofSource: "/CUS/0101/system", at: now) == "CUS")
        #expect(charter.owner(ofSource: "/CUS/joint/1", at: now) == "BOR")
        #expect(charter.owner(ofSource: "/CUS/joint/1", at: later) == "CUS")
        #expect(charter.owner(ofSource: "/CUS/jointly", at: now) == "CUS")
        #expect(charter.owner(ofSource: "/CUSTOMS", at: now) == nil)
        #expect(charter.owner(ofSource: "CUS", at: now) == nil)
        #expect(charter.owner(ofSource: "", at: now) == nil)
        #expect(charter.owner(ofSource: "/CUS" + String(repeating: "/x", count: 500), at: now) == "CUS")
    }

    @Test("Names are compared by their bytes: a Kelvin sign is no K")
    func bytes() throws {
        let charter = try CharterLab.charter().amended(
            CharterLab.put("agency", #"{"code":"MKT","title":"市场监管","kind":"authority"}"#))
        let now = try CharterLab.time("2016-06-01")
        #expect(charter.agency("MKT", at: now) != nil)
        #expect("M\u{212A}T" == "MKT")
        #expect(charter.agency("M\u{212A}T", at: now) == nil)
    }

    @Test("Roles are bounded in time, and nobody holds one of an agency that is no member")
    func roles() throws {
        let charter = try CharterLab.charter()
        let (then, later) = (try CharterLab.time("2016-12-31"), try CharterLab.time("2017-01-01"))
        #expect(charter.hasRole("assessor", officer: "desk", of: "TAX", at: then))
        #expect(!charter.hasRole("assessor", officer: "desk", of: "TAX", at: later))
        #expect(charter.hasRole("chief", officer: "desk", of: "TAX", at: later))
        #expect(!charter.hasRole("chief", officer: "desk", of: "CUS", at: later))
        #expect(!charter.hasRole("chief", officer: "nobody", of: "TAX", at: later))
        #expect(charter.hasRole("assessor", of: "TAX", at: then))
        #expect(!charter.hasRole("assessor", of: "TAX", at: later))
        #expect(!charter.hasRole("assessor", of: "CUS", at: then))
        // An officer's past roles may be restated; others not invented.
        let roles = #"{"role":"assessor","validity":{"to":"2017-01-01T00:00:00Z"}},{"role":"inspector"}"#
        let next = try charter.amended(
            CharterLab.put("officer", #"{"agency":"TAX","id":"desk","roles":[\#(roles)]}"#),
            recorded: "2018-01-01T00:00:00Z")
        #expect(next.hasRole("chief", officer: "desk", of: "TAX", at: later))
        #expect(try !next.hasRole("chief", officer: "desk", of: "TAX", at: CharterLab.time("2018-01-01")))
        #expect(try next.hasRole("inspector", officer: "desk", of: "TAX", at: CharterLab.time("2018-01-01")))
        let ended = try charter.amended(
            CharterLab.end("agency", #"{"code":"CIQ"}"#) + ","
                + CharterLab.put("officer", #"{"agency":"CIQ","id":"a","roles":[{"role":"b"}]}"#))
        #expect(!ended.hasRole("b", officer: "a", of: "CIQ", at: then))
    }

    @Test("Schemas are found by their URI: for appending while they hold, for reading for ever")
    func schemas() throws {
        let uri = "https://s.example/lab/1"
        let charter = try CharterLab.charter().amended(CharterLab.end("schema", #"{"uri":"\#(uri)"}"#))
        let (before, after) = (try CharterLab.time("2016-05-31"), try CharterLab.time("2016-06-01"))
        #expect(charter.schema(uri, at: before)?.type == "sanhu.lab.reported")
        #expect(charter.schema(uri, at: before)?.document == Array(#"{"type":"object"}"#.utf8))
        #expect(charter.schema(uri, at: after) == nil)
        #expect(charter.schema(uri)?.type == "sanhu.lab.reported")
        #expect(charter.schema("https://s.example/other") == nil)
    }

    @Test("Purposes, rules and personal kinds are those in force, by their names")
    func lists() throws {
        let charter = try CharterLab.charter().amended(
            CharterLab.put("purpose", #"{"code":"audit","version":1,"title":"审计"}"#) + ","
                + CharterLab.put("rule", #"{"id":"a","effect":"prohibit","readers":{},"fields":{}}"#) + ","
                + CharterLab.end("rule", #"{"id":"price"}"#))
        let (before, after) = (try CharterLab.time("2016-05-31"), try CharterLab.time("2016-06-01"))
        #expect(charter.purposes(at: before).map(\.code) == ["duty"])
        #expect(charter.purposes(at: after).map(\.code) == ["audit", "duty"])
        #expect(charter.sharingRules(at: before).map(\.id) == ["price"])
        #expect(charter.sharingRules(at: after).map(\.id) == ["a"])
        #expect(charter.isPersonal(tagKind: "person", at: after))
        #expect(charter.isPersonal(tagKind: "person:x".prefix(6), at: after))
        #expect(!charter.isPersonal(tagKind: "container", at: after))
    }

    @Test("Deadlines run in working days of the port, over weekends, holidays and worked weekends")
    func deadlines() throws {
        let data = try CharterLab.data()
        let charter = try CharterLab.charter(
            data.dropLast() + #"""
                ,"deadlines":{"check":2,"answer":5,"answerUnpublished":10,"minutesAheadOfUTC":480,
                "holidays":["2026-10-01","2026-10-02","2026-10-05","2026-10-06","2026-10-07"],
                "workdays":["2026-10-10","2026-09-20"]}}
                """#)
        let now = try CharterLab.time("2026-01-01")
        let deadlines = charter.deadlines(at: now)
        let unset = try CharterLab.charter().deadlines(at: now)
        #expect(unset == .default)
        #expect([unset.check, unset.answer, unset.answerUnpublished] == [2, 5, 10])
        func due(_ days: Int, _ request: String, _ deadlines: DisclosureDeadlines) throws -> String {
            try deadlines.due(days, after: CharterLab.time(request)).description
        }
        // Monday 8:00 at the port; two working days later Wednesday ends, at 16:00 UTC.
        #expect(try due(2, "2026-11-23T00:00:00Z", deadlines) == "2026-11-25T16:00:00.000000Z")
        // Sunday 17:00 UTC is Monday at the port.
        #expect(try due(2, "2026-11-22T17:00:00Z", deadlines) == "2026-11-25T16:00:00.000000Z")
        #expect(try due(5, "2026-11-27T00:00:00Z", deadlines) == "2026-12-04T16:00:00.000000Z")
        // Wednesday 30 September: the 8th, the 9th and Saturday the 10th are worked.
        #expect(try due(3, "2026-09-30T00:00:00Z", deadlines) == "2026-10-10T16:00:00.000000Z")
        #expect(try due(3, "2026-09-30T00:00:00Z", unset) == "2026-10-05T16:00:00.000000Z")
        #expect(try due(1, "1969-12-31T00:00:00Z", unset) == "1970-01-01T16:00:00.000000Z")
    }
}
