import TestSupport
import Testing

@testable import EventLog

/// What cannot be stored is refused with a code and with words that name what is wrong.
@Suite(.fewAtOnce)
struct EventRefusalTests {
    private static func event(_ members: String) -> String {
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"//cus\",\"type\":\"t\"\(members)}"
    }

    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    /// What is wrong with an event: nil if it can be stored.
    private static func fault(_ event: String, agency: String = "CUS", tags: [EventLog.Tag] = []) -> LogError? {
        refusal {
            var preparation = EventPreparation(hasher: .random())
            let draft = EventDraft(agency: agency, tags: tags, event: Array(event.utf8))
            _ = try preparation.prepare(AppendRequest([draft]))
        }
    }

    @Test(
        "What is not JSON is refused, with the place",
        arguments: [
            ("", "byte 0"), ("{", "byte 1"), ("nonsense", "byte 1"), ("{\"id\":\"1\",\"id\":\"2\"}", "byte 10"),
            ("{\"id\":\"\\ud800\"}", "byte 7"), ("{\"n\":9007199254740993}", "byte 5"), ("{} {}", "byte 3"),
            ("{\"a\":\"\u{1}\"}", "byte 6"),
        ])
    func notJSON(event: String, place: String) {
        let error = Self.fault(event)
        #expect(error?.code == .invalidJSON)
        #expect(error?.reason.contains(place) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "What is not a CloudEvent is refused, with the attribute",
        arguments: [
            ("[]", "object"), ("\"event\"", "object"), ("{}", "“specversion”"),
            (event(",\"specversion\":\"1.0\"").replacing("{\"specversion\":\"1.0\",", with: "{"), ""),
            (event("").replacing("1.0", with: "0.3"), "“specversion”"),
            (event("").replacing("\"1.0\"", with: "1"), "“specversion”"),
            (event("").replacing("\"id\":\"1\",", with: ""), "“id” is missing"),
            (event("").replacing("\"source\":\"//cus\",", with: ""), "“source” is missing"),
            (event("").replacing(",\"type\":\"t\"", with: ""), "“type” is missing"),
            (event("").replacing("\"id\":\"1\"", with: "\"id\":\"\""), "“id” must be"),
            (event("").replacing("\"id\":\"1\"", with: "\"id\":1"), "“id” must be"),
            (event("").replacing("\"id\":\"1\"", with: "\"id\":null"), "“id” must be"),
            (event("").replacing("//cus", with: ""), "“source” must be"),
            (event("").replacing("\"t\"", with: "\"\""), "“type” must be"),
            (event("").replacing("\"t\"", with: "true"), "“type” must be"),
            (event("").replacing("\"1\"", with: "\"a\\u0000b\""), "“id” holds a control character"),
            (event("").replacing("\"1\"", with: "\"a\\nb\""), "“id” holds a control character"),
            (event("").replacing("//cus", with: "a\u{7F}"), "“source” holds a control character"),
            (event("").replacing("//cus", with: "not a uri"), "“source” must be a URI"),
            (event("").replacing("//cus", with: "海关"), "“source” must be a URI"),
            (event("").replacing("//cus", with: "a%2"), "“source” must be a URI"),
            (event("").replacing("//cus", with: "a\\u0020b"), "“source” must be a URI"),
            (event(",\"dataschema\":5"), "“dataschema” must be"),
            (event(",\"dataschema\":\"\""), "“dataschema” must be"),
            (event(",\"dataschema\":\"a b\""), "“dataschema” must be"),
            (event(",\"datacontenttype\":7"), "“datacontenttype” must be"),
            (event(",\"data_base64\":\"!!!\""), "“data_base64” must be"),
            (event(",\"extra\":\"a\\u0007\""), "“extra” holds a control character"),
            (event(",\"extra\":2147483648"), "beyond 32 bits"), (event(",\"extra\":-2147483649"), "beyond 32 bits"),
            (event("").replacing("\"t\"", with: "\"a\u{85}\""), "“type” holds a control character"),
            (event(",\"subject\":\"\""), "“subject” must be"), (event(",\"subject\":7"), "“subject” must be"),
            (event(",\"time\":\"yesterday\""), "“time” must be"), (event(",\"time\":17"), "“time” must be"),
            (event(",\"time\":\"2026-02-30T00:00:00Z\""), "“time” must be"),
            (event(",\"data\":1,\"data_base64\":\"\""), "“data_base64”"),
            (event(",\"data_base64\":1"), "“data_base64”"),
            (event(",\"Port\":\"x\""), "“Port” is no attribute's name"), (event(",\"a_b\":\"x\""), "“a_b”"),
            (event(",\"\":\"x\""), "no attribute's name"), (event(",\"port\":{}"), "“port” must be"),
            (event(",\"port\":[1]"), "“port” must be"), (event(",\"port\":1.5"), "“port” must be"),
            (event("").replacing("\"1\"", with: "\"" + String(repeating: "x", count: 1025) + "\""), "“id” must be"),
        ])
    func notCloudEvent(event: String, words: String) {
        let error = Self.fault(event)
        guard !words.isEmpty else {
            #expect(error == nil)
            return
        }
        #expect(error?.code == .invalidEvent, "\(event)")
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "What CloudEvents allow is taken",
        arguments: [
            event(""), event(",\"data\":null"), event(",\"data\":[1.5,{\"Any-Thing\":[]}]"),
            event(",\"data_base64\":\"AA==\""),
            event(",\"subject\":\"s\",\"time\":\"2026-03-01T08:15:30.5+08:00\""),
            event(",\"subject\":null,\"time\":null"),
            event(",\"port\":\"CNSHA\",\"n\":7,\"b\":true,\"x1\":null"), event(",\"dataschema\":\"https://x/1\""),
            event("").replacing("\"1\"", with: "\"" + String(repeating: "x", count: 1024) + "\""),
            " \n" + event("") + "\t", event("").replacing("\"1\"", with: "\"\\u00e9 \\\" é 关\""),
        ])
    func cloudEvents(event: String) {
        #expect(Self.fault(event) == nil)
    }

    @Test("An event as deep as may be is taken, one deeper refused; a retry of it written differently is known")
    func depth() async throws {
        #expect(Self.fault(Self.event(",\"data\":" + Self.nested(64)))?.code == .invalidJSON)
        #expect(Self.fault(Self.event(",\"data\":" + Self.nested(64)))?.reason.contains("deeper") == true)
        let ledger = try TestLedger()
        let deep = Self.event(",\"data\":" + Self.nested(63))
        let spaced = deep.replacing("\"id\":\"1\",\"source\":\"//cus\"", with: "\"source\":\"//cus\",\"id\":\"1\"")
        for (event, expected) in [(deep, Receipt.appended(0)), (deep, .duplicate(0)), (spaced, .duplicate(0))] {
            let request = AppendRequest([EventDraft(agency: "C", tags: [tag("a:1")], event: Array(event.utf8))])
            #expect(try await ledger.log.append(request) == [expected])
        }
        #expect(try ledger.log.last(.tagged("a:1"))?.position == 0)
        try ledger.deleteIndexAndReopen()
        #expect(try ledger.log.last(.tagged("a:1"))?.position == 0)
        ledger.close()
    }

    @Test("An entry of 65,535 bytes is stored, one of 65,536 refused")
    func entrySize() async throws {
        let ledger = try TestLedger()
        _ = try await ledger.log.append(AppendRequest([draft("1", tags: ["a:1"], data: "\"\"")]))
        let overhead = try #require(try ledger.log.last(.all)).bytes.count
        func sized(_ id: String, _ bytes: Int) -> EventDraft {
            draft(id, tags: ["a:1"], data: "\"" + String(repeating: "x", count: bytes - overhead) + "\"")
        }
        #expect(try await ledger.log.append(AppendRequest([sized("2", 65_535)])) == [.appended(1)])
        #expect(try ledger.log.entry(at: 1).bytes.count == 65_535)
        let error = await refusal { _ = try await ledger.log.append(AppendRequest([sized("3", 65_536)])) }
        #expect(error?.code == .entryTooLarge)
        #expect(error?.reason.contains("65536 bytes") == true)
        #expect(error?.reason.contains("limit of 65535") == true)
        #expect(error?.reason.contains("SHA-256") == true)
        // White space does not count, as it is not stored.
        var spaced = sized("4", 65_535)
        spaced.event.insert(contentsOf: Array(repeating: 0x20, count: 5_000), at: 1)
        #expect(try await ledger.log.append(AppendRequest([spaced])) == [.appended(2)])
        let huge = draft("5", data: "\"" + String(repeating: "x", count: 300_000) + "\"")
        #expect(await refusal { _ = try await ledger.log.append(AppendRequest([huge])) }?.code == .entryTooLarge)
        #expect(try ledger.log.read(.tagged("a:1"), ReadRange()).count == 3)
        #expect(ledger.log.verify().isSound)
        ledger.close()
    }

    @Test(
        "What is no agency is refused, by its name",
        arguments: ["", "a b", "Zoll/1", "海关", "a\"", "a\n", String(repeating: "a", count: 65)])
    func agency(name: String) {
        let error = Self.fault(Self.event(""), agency: name)
        #expect(error?.code == .invalidAgency)
        #expect(error?.reason.contains("“\(name.prefix(64))”") == true)
        #expect(Self.fault(Self.event(""), agency: "Customs-1.a_b") == nil)
        #expect(Self.fault(Self.event(""), agency: String(repeating: "a", count: 64)) == nil)
    }
}
