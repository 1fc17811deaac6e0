import EventLog
import Exchange
import Testing

@Suite("Deadlines in working days")
struct DisclosureDeadlinesTests {
    /// Holidays and the weekends worked on in exchange, as the State Council set them for 2024 (Spring Festival, National Day)
    /// and 2025 (Spring Festival).
    private static func calendar() -> DisclosureDeadlines {
        let spring2024 = (10...17).map { "2024-02-\($0)" }
        let national2024 = (1...7).map { "2024-10-0\($0)" }
        let spring2025 = (28...31).map { "2025-01-\($0)" } + (1...4).map { "2025-02-0\($0)" }
        return DisclosureDeadlines(
            holidays: spring2024 + national2024 + spring2025,
            workdays: [
                "2024-02-04", "2024-02-18", "2024-09-29", "2024-10-12", "2025-01-26", "2025-02-08",
            ])
    }

    private static func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    @Test(
        "The day of the request is not counted; holidays and weekends are not, unless worked on",
        arguments: [
            // A Monday in March: Wednesday is the second working day.
            ("2024-03-04T09:00:00+08:00", 2, "2024-03-07T00:00:00+08:00"),
            // A Friday: Monday and Tuesday.
            ("2024-03-08T23:59:59+08:00", 2, "2024-03-13T00:00:00+08:00"),
            // In UTC still Friday, in the port Saturday: the same two days.
            ("2024-03-08T16:30:00Z", 2, "2024-03-13T00:00:00+08:00"),
            ("2024-03-08T15:59:59Z", 1, "2024-03-12T00:00:00+08:00"),
            // In UTC still Sunday, in the port Monday.
            ("2024-03-10T16:00:00Z", 1, "2024-03-13T00:00:00+08:00"),
            // The Thursday before the Spring Festival: Friday 9, Sunday 18 (worked), 19, 20, 21.
            ("2024-02-08T10:00:00+08:00", 5, "2024-02-22T00:00:00+08:00"),
            // A Saturday before a Sunday that is worked on.
            ("2024-02-03T10:00:00+08:00", 2, "2024-02-06T00:00:00+08:00"),
            // Before the National Day: Sunday 29 and Monday 30, then 8 to 12, Saturday worked, 14, 15, 16.
            ("2024-09-28T10:00:00+08:00", 10, "2024-10-17T00:00:00+08:00"),
            // Over the turn of the year and a leap day.
            ("2024-02-28T10:00:00+08:00", 1, "2024-03-01T00:00:00+08:00"),
            ("2025-01-24T10:00:00+08:00", 6, "2025-02-09T00:00:00+08:00"),
            // Before 1970.
            ("1969-12-26T10:00:00+08:00", 2, "1969-12-31T00:00:00+08:00"),
        ])
    func due(_ recorded: String, _ days: Int, _ expected: String) throws {
        let due = try Self.calendar().due(days, after: Self.time(recorded))
        #expect(due == (try Self.time(expected)), "\(due)")
    }

    @Test("A request is due after 2, 5 and 10 days, unless the port says otherwise")
    func stages() throws {
        let deadlines = DisclosureDeadlines.default
        let monday = try Self.time("2024-03-04T09:00:00+08:00")
        #expect(deadlines.due(.check, recorded: monday) == (try Self.time("2024-03-07T00:00:00+08:00")))
        #expect(deadlines.due(.answer, recorded: monday) == (try Self.time("2024-03-12T00:00:00+08:00")))
        #expect(
            deadlines.due(.answer, recorded: monday, isPublished: false)
                == (try Self.time("2024-03-19T00:00:00+08:00")))
        let one = DisclosureDeadlines(check: 1, holidays: [], workdays: [])
        #expect(one.due(.check, recorded: monday) == (try Self.time("2024-03-06T00:00:00+08:00")))
    }

    @Test("Late requests are listed, those done late too, and those done in time not")
    func late() throws {
        // Hour 0 is Monday 2026-03-02 at midnight. Checks are due after Wednesday, answers after the Monday after.
        let (check, answer) = (hour(72), hour(192))
        var book = GrantBook()
        let denied = { DisclosureEvent.decided(DisclosureRuling(on: $0, .denied, reasons: ["x"])) }
        for at in 1...4 { try book.take(.requested(DisclosureRequest(asked())), by: "TAX", at: at) }
        try book.take(.checked(request: 2, conforms: true, reasons: []), by: "CUS", at: 10)
        try book.take(.checked(request: 3, conforms: false, reasons: ["x"]), by: "CUS", at: 71)
        try book.take(.checked(request: 4, conforms: true, reasons: []), by: "CUS", at: 72)
        try book.take(denied(4), by: "CUS", at: 192)
        let deadlines = DisclosureDeadlines.default
        func late(_ time: Timestamp, isPublished: Bool = true) -> [String] {
            let requests = book.requests.values.sorted { $0.at.position < $1.at.position }
            return deadlines.late(requests, at: time, isPublished: { _ in isPublished }).map { late in
                "\(late.request.at.position) \(late.stage) \(late.done == nil ? "open" : "done")"
            }
        }
        #expect(late(Timestamp(microseconds: check.microseconds - 1)) == [])
        #expect(late(check) == ["1 check open", "4 check done"])
        #expect(late(Timestamp(microseconds: answer.microseconds - 1)) == ["1 check open", "4 check done"])
        #expect(
            late(answer) == ["1 check open", "1 answer open", "2 answer open", "4 check done", "4 answer done"])
        #expect(late(answer, isPublished: false) == ["1 check open", "4 check done"])
    }
}
