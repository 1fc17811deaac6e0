import TestSupport
import Testing

@testable import EventLog

/// What exceeds a limit is refused before it reaches the writer, with the limit in words.
@Suite(.fewAtOnce)
struct LimitTests {
    private static func fault(_ request: AppendRequest) -> LogError? {
        refusal {
            var preparation = EventPreparation(hasher: .random())
            _ = try preparation.prepare(request)
        }
    }

    @Test(
        "What is no tag is refused, with what is wrong",
        arguments: [
            ("", "kind:value"), ("box", "kind:value"), ("box:", "kind:value"), (":1", "kind:value"), ("Box:1", "a–z"),
            ("1box:1", "a letter first"), ("-box:1", "a letter first"), ("bo x:1", "a–z"), ("kästen:1", "a–z"),
            ("box:a\nb", "control character"), ("box:a\u{7F}", "control character"), ("box:\u{0}", "control character"),
            (String(repeating: "k", count: 33) + ":1", "over 32 bytes"),
            ("box:" + String(repeating: "v", count: 252), "256 bytes, over the limit of 255"),
            ("box:" + String(repeating: "关", count: 84), "256 bytes"),
        ])
    func tags(text: String, words: String) {
        let error = refusal { _ = try Tag(text) }
        #expect(error?.code == .invalidTag)
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test("Tags as long as may be, and with any value, are taken")
    func tagsAtLimit() throws {
        for text in [
            "b:1", "b2-c:x:y: z", String(repeating: "k", count: 32) + ":1", "box:" + String(repeating: "v", count: 251),
            "box:\"quoted\\\"", "box:关 é",
        ] {
            let tag = try Tag(text)
            #expect(tag.text == text)
            #expect("\(tag.kind):\(tag.value)" == text)
            #expect(try Tag(kind: String(tag.kind), value: String(tag.value)) == tag)
        }
        #expect(try Tag("b:x:y").value == "x:y")
        #expect(try Tag("a:z") < Tag("b:a"))
        #expect(try Tag("a:1") < Tag("a:10"))
        #expect(try Tag("a:\u{E9}") != Tag("a:e\u{301}"))
    }

    @Test("Counts at their limit are taken, one more is refused with the limit in words")
    func counts() {
        func many(_ count: Int) -> [String] { (0..<count).map { "box:\($0)" } }
        func condition(_ query: Query) -> AppendRequest {
            AppendRequest([draft("1")], conditions: [AppendCondition(noneMatching: query)])
        }
        func disclosed(_ disclosures: [[UInt8]]) -> AppendRequest {
            AppendRequest([draft("1", disclosures: disclosures)])
        }
        let item = Query.Item(types: ["t"])
        let conditions = Array(repeating: AppendCondition(noneMatching: .all), count: 1_001)
        let cases: [(fits: AppendRequest, exceeds: AppendRequest, words: String)] = [
            (
                AppendRequest([draft("1", tags: many(256) + many(256))]), AppendRequest([draft("1", tags: many(257))]),
                "256 tags"
            ),
            (
                AppendRequest([draft("1")], conditions: Array(conditions.dropFirst())),
                AppendRequest([draft("1")], conditions: conditions), "1000 conditions"
            ),
            (
                condition(Query(Array(repeating: item, count: 256))),
                condition(Query(Array(repeating: item, count: 257))),
                "256 items"
            ),
            (condition(Query(types: many(64))), condition(Query(types: many(65))), "64 types"),
            (
                condition(Query(tags: many(64).map(tag))), condition(Query(tags: many(65).map(tag))),
                "64 types and as many tags"
            ),
            (
                disclosed(Array(repeating: [1], count: 1_024)), disclosed(Array(repeating: [1], count: 1_025)),
                "1024 disclosures"
            ),
            (
                disclosed([Array(repeating: 1, count: 1 << 20)]), disclosed([Array(repeating: 1, count: 1 << 20 + 1)]),
                "\(1 << 20) bytes"
            ),
        ]
        for (fits, exceeds, words) in cases {
            #expect(Self.fault(fits) == nil, "\(words)")
            let error = Self.fault(exceeds)
            #expect(error?.code == .limitExceeded, "\(words)")
            #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        }
    }

    @Test("A request has at least one event, at most 10,000, and at most 64 MiB")
    func requestSize() {
        #expect(Self.fault(AppendRequest([]))?.code == .invalidEvent)
        let one = draft("1")
        let tooMany = Self.fault(AppendRequest(Array(repeating: one, count: 10_001)))
        #expect(tooMany?.code == .limitExceeded)
        #expect(tooMany?.reason.contains("10000 events; this has 10001") == true)
        let large = draft("1", disclosures: Array(repeating: Array(repeating: 1, count: 1 << 20), count: 64))
        let tooLarge = Self.fault(AppendRequest([large]))
        #expect(tooLarge?.code == .limitExceeded)
        #expect(tooLarge?.reason.contains("\(64 << 20) bytes") == true)
    }

    @Test("The error of a request with many events says which one it is")
    func whichEvent() {
        let error = Self.fault(AppendRequest([draft("1"), draft("2", agency: ""), draft("3")]))
        #expect(error?.code == .invalidAgency)
        #expect(error?.reason.hasPrefix("Event 2 of 3:") == true)
    }

    @Test("A query over its limits is refused to readers and subscribers too")
    func queries() throws {
        let ledger = try TestLedger()
        let query = Query(Array(repeating: Query.Item(types: ["t"]), count: 257))
        #expect(refusal { _ = try ledger.log.read(query, ReadRange()) }?.code == .limitExceeded)
        #expect(refusal { _ = try ledger.log.subscribe(query) }?.code == .limitExceeded)
        ledger.close()
    }

    @Test("An error says whether to try again")
    func retrying() {
        let retryable = LogError.Code.allCases.filter { LogError($0, "").isRetryable }
        #expect(Set(retryable) == [.diskFull, .mapFull, .busy, .closed, .failed, .inputOutput, .inUse])
        #expect(LogError(.busy, "Wait.").description == "busy: Wait.")
    }
}
