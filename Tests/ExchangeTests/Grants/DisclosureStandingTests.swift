import EventLog
import Testing

@testable import Exchange

@Suite("How requests and grants stand")
struct DisclosureStandingTests {
    private static let deadlines = DisclosureDeadlines.default

    private static func standing(
        _ book: GrantBook, _ position: Position, at time: Timestamp, isPublished: Bool = true
    ) throws -> DisclosureStanding {
        let matter: DisclosureStanding.Matter
        if let record = book.requests[position] {
            matter = .request(record)
        } else if let record = book.assistances[position] {
            matter = .assistance(record)
        } else {
            matter = .grant(try #require(book.grants[position]))
        }
        return book.standing(matter, at: time, deadlines, isPublished: isPublished, detail: nil)
    }

    private static func ruling(_ request: Position, _ outcome: DisclosureRuling.Outcome = .granted) -> DisclosureEvent {
        .decided(DisclosureRuling(on: request, outcome, reasons: ["x"]))
    }

    @Test("Days left and days late are working days, and what is done is late for good")
    func due() throws {
        // Hour 0 is the beginning of Monday 2026-03-02. Checks are due on Wednesday, answers on Monday, or the Monday after.
        var book = GrantBook()
        try book.take(.requested(DisclosureRequest(asked())), by: "TAX", at: 1)
        func days(_ hours: Int, isPublished: Bool = true) throws -> [String] {
            try Self.standing(book, 1, at: hour(hours), isPublished: isPublished).due.map { due in
                "\(due.isLate ? "late" : "left") \(due.workingDays)\(due.done == nil ? "" : " done")"
            }
        }
        #expect(try days(1) == ["left 2", "left 5"])
        #expect(try days(1, isPublished: false) == ["left 2", "left 10"])
        #expect(try days(71) == ["left 0", "left 3"])
        #expect(try days(72) == ["late 1", "left 2"])
        // On Friday, and on the Sunday after.
        #expect(try days(97) == ["late 2", "left 1"])
        #expect(try days(24 * 6 + 1) == ["late 2", "left 1"])
        #expect(try days(192) == ["late 4", "late 1"])
        try book.take(.checked(request: 1, conforms: true, reasons: []), by: "CUS", at: 73)
        try book.take(Self.ruling(1, .denied), by: "CUS", at: 100)
        #expect(try days(900) == ["late 1 done", "left 1 done"])
        #expect(try Self.standing(book, 1, at: hour(900)).isOverdue == false)
    }

    @Test("Working days between two times are those that a deadline counts")
    func workingDays() throws {
        let national = DisclosureDeadlines(
            holidays: (1...7).map { "2024-10-0\($0)" }, workdays: ["2024-09-29", "2024-10-12"])
        for deadlines in [Self.deadlines, national] {
            for start in stride(from: 0, to: 24 * 40, by: 7) {
                let from = Timestamp(microseconds: 1_726_000_000_000_000 + Int64(start) * 3_600_000_000)
                for days in 0..<20 {
                    let due = deadlines.due(days, after: from)
                    let last = Timestamp(microseconds: due.microseconds - 1)
                    #expect(deadlines.workingDays(after: from, to: last) == days)
                    #expect(deadlines.workingDays(after: last, to: from) == 0)
                }
            }
        }
    }

    @Test("Each state has its word, whether or not an ending has been noted")
    func states() throws {
        var book = GrantBook()
        func state(_ position: Position, _ hours: Int) throws -> DisclosureStanding.State {
            try Self.standing(book, position, at: hour(hours)).state
        }
        let event = DisclosureEvent.requested(DisclosureRequest(asked(to: hour(500))))
        for at in 1...6 { try book.take(event, by: "TAX", at: at) }
        #expect(try state(1, 7) == .open && state(1, 500) == .lapsed)
        try book.take(.checked(request: 2, conforms: true, reasons: []), by: "CUS", at: 8)
        try book.take(.checked(request: 3, conforms: false, reasons: ["x"]), by: "CUS", at: 9)
        try book.take(Self.ruling(4), by: "CUS", at: 10)
        try book.take(Self.ruling(5, .denied), by: "CUS", at: 11)
        let later = DisclosureRuling(on: 6, .partly, reasons: ["x"], part: .init(from: hour(100)))
        try book.take(.decided(later), by: "CUS", at: 12)
        #expect(try (2...6).map { try state($0, 13) } == [.checked, .returned, .granted, .denied, .partly])
        #expect(try state(10, 13) == .inForce && state(10, 500) == .expired)
        #expect(try state(12, 13) == .pending && state(12, 100) == .inForce)
        try book.take(.revoked(grant: 12, reasons: ["x"]), by: "CUS", at: 14)
        let scope = asked(to: hour(500))
        for at in 15...16 {
            try book.take(
                .assistanceRequested(AssistanceRequest(.smuggling, scope, deadline: hour(100))), by: "TAX", at: at)
        }
        try book.take(Self.ruling(15), by: "CUS", at: 17)
        try book.take(.requested(DisclosureRequest(scope, under: 15)), by: "TAX", at: 18)
        try book.take(.assistanceAnswered(AssistanceAnswer(to: 15, .provided)), by: "CUS", at: 19)
        #expect(try state(15, 20) == .answered && state(16, 20) == .open && state(12, 20) == .revoked)
        #expect(try Self.standing(book, 16, at: hour(172)).due.map(\.workingDays) == [1])
        try book.take(.assistanceClosed(assistance: 15, reasons: []), by: "TAX", at: 21)
        #expect(try state(15, 22) == .closed && state(17, 22) == .closed && state(18, 22) == .closed)
        // What is over is noted, and nothing else; then there is nothing left to note.
        #expect(book.unnoted(at: hour(499)) == [] && book.nextEnd == hour(500))
        let unnoted = book.unnoted(at: hour(500))
        #expect(
            unnoted == [.expired(grant: 10), .lapsed(request: 1), .lapsed(request: 2), .lapsed(request: 16)])
        #expect(book.refusal(.lapsed(request: 1), by: "SW", at: 499) == .conflict)
        for (index, event) in unnoted.enumerated() { try book.take(event, by: "SW", at: 500 + index) }
        #expect(book.unnoted(at: hour(9000)) == [] && book.nextEnd == nil)
        #expect(
            try [1, 2, 16].map { try state($0, 600) } == [.lapsed, .lapsed, .lapsed] && state(10, 600) == .expired)
        for (event, code) in [
            (Self.ruling(1), ExchangeError.Code.outsideRequest), (Self.ruling(16), .caseClosed),
            (.lapsed(request: 1), .outsideRequest), (.lapsed(request: 16), .caseClosed),
            (.lapsed(request: 3), .conflict), (.lapsed(request: 10), .unknownRequest),
            (.expired(grant: 10), .grantEnded),
        ] {
            #expect(book.refusal(event, by: "CUS", at: 700) == code, "\(event)")
        }
    }
}
