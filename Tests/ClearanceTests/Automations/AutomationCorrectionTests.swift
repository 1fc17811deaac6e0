import EventLog
import JSON
import Testing

@testable import Clearance
@testable import Views

@Suite("What automations make of what is taken back, or never comes")
struct AutomationCorrectionTests {
    private static let one = #""declaration":"1""#

    @Test("S61 A payment that is corrected was none: the bill is reminded of, once")
    func payments() throws {
        for isEarly in [false, true] {
            var bench = DeskBench(PortAutomations.paymentReminder)
            try bench.take("declaration.lodged", by: "DEC", Self.one + #","kind":"goods""#)
            func assess() throws {
                try bench.take("duty.assessed", by: "TAX", Self.one + #","bill":"T","dueDate":"2026-03-02""#)
            }
            if !isEarly { try assess() }
            try bench.take("duty.paid", by: "TRE", id: "p", Self.one + #","bill":"T""#)
            try bench.take("duty.paid", by: "TRE", id: "q", Self.one + #","bill":"T""#)
            if isEarly { try assess() }
            #expect(bench.timers == 0)
            // Of two payments one is left; another agency's word is none.
            try bench.take("record.corrected", by: "TRE", Self.one + #","event":"q""#)
            try bench.take("record.corrected", by: "CUS", Self.one + #","event":"p""#)
            #expect(bench.timers == 0, "early: \(isEarly)")
            try bench.take("record.corrected", by: "TRE", Self.one + #","event":"p""#)
            #expect(bench.timers == 1, "early: \(isEarly)")
            try bench.pass(to: 10 * 1_440)
            #expect(try bench.appended.map { $0.text("outcome") } == ["overdue"])
        }
    }

    @Test("S61 A withdrawal that is refused leaves the bill to be paid")
    func withdrawals() throws {
        var bench = DeskBench(PortAutomations.paymentReminder)
        try bench.take("declaration.lodged", by: "DEC", Self.one + #","kind":"goods""#)
        try bench.take("duty.assessed", by: "TAX", Self.one + #","bill":"T","dueDate":"2026-03-02""#)
        try bench.take("declaration.withdrawn", by: "CUS", Self.one + #","stage":"decided","decision":"refused""#)
        #expect(bench.timers == 1)
        try bench.take("declaration.withdrawn", by: "CUS", Self.one + #","stage":"decided","decision":"granted""#)
        #expect(bench.timers == 0)
    }

    @Test("S01 Decisions on what nobody lodges hold up nothing; of those on what is lodged late the newest are told")
    func unlodged() throws {
        var bench = DeskBench(PortAutomations.feedback)
        for _ in 0..<100 { try bench.take("hold.placed", by: "CUS", Self.one + #","scope":"all""#) }
        #expect(try bench.appended.isEmpty)
        try bench.take("declaration.lodged", by: "DEC", Self.one + #","kind":"goods""#)
        let told = try bench.appended.compactMap { $0.text("notice") }
        #expect(told == (40..<100).map { "F\($0)" })
    }

    @Test(
        "S23 Whoever named a participant that does not answer can say anew who takes part, and the image is concluded")
    func participants() throws {
        var bench = DeskBench(PortAutomations.imageConclusion)
        func review(_ agency: String, _ participants: String) throws {
            try bench.take(
                "image.reviewed", by: agency,
                #""image":"I","screen":"\#(agency)","verdict":"clear","participants":[\#(participants)]"#)
        }
        try review("CUS", #""CUS","MSA","NOBODY""#)
        try review("MSA", #""CUS","MSA""#)
        #expect(try bench.appended.isEmpty)
        try review("CUS", #""CUS","MSA""#)
        #expect(try bench.appended.map { $0.text("conclusion") } == ["release"])
    }
}
