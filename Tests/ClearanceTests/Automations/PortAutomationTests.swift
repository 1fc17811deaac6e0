import EventLog
import JSON
import Testing

@testable import Clearance

@Suite("The other automations of the port, without a ledger")
struct PortAutomationTests {
    @Test("S23 One image, several verdicts, one conclusion, and who disagrees")
    func images() throws {
        var bench = DeskBench(PortAutomations.imageConclusion)
        let both = #","participants":["CUS","BOR"]"#
        func review(_ image: String, _ verdict: String, _ more: String = "") -> String {
            #""image":"\#(image)","screen":"s","verdict":"\#(verdict)"\#(more)"#
        }
        try bench.take("image.reviewed", by: "CUS", review("1", "clear", both + #","container":"C1""#))
        try bench.take("image.reviewed", by: "CUS", review("1", "clear", both))
        #expect(try bench.appended.isEmpty, "one agency looks twice")
        try bench.take("image.reviewed", by: "BOR", id: "b", review("1", "suspicious", both))
        let first = try #require(try bench.appended.first)
        #expect(first.text("conclusion") == "inspect" && first.texts("dissent") == ["CUS"])
        #expect(first.text("container") == "C1" && first.texts("participants") == ["CUS", "BOR"])
        // Another verdict that changes nothing, and one that does.
        try bench.take("image.reviewed", by: "CUS", review("1", "suspicious"))
        #expect(try bench.appended.count == 1)
        try bench.take("image.reviewed", by: "CUS", review("1", "clear"))
        try bench.take("record.corrected", by: "BOR", tags: ["image:1"], #""event":"b""#)
        #expect(try bench.appended.count == 1, "a verdict is missing again")
        try bench.take("image.reviewed", by: "BOR", review("1", "clear"))
        #expect(try bench.appended.map { $0.text("conclusion") } == ["inspect", "release"])
        // Nobody says who takes part: two screens. One agency concludes itself: nothing is to be added.
        try bench.take("image.reviewed", by: "CUS", review("2", "clear"))
        try bench.take("image.reviewed", by: "BOR", review("2", "undecided"))
        #expect(try bench.appended.last?.text("conclusion") == "undecided")
        try bench.take("image.reviewed", by: "CUS", review("3", "clear"))
        try bench.take("image.reviewed", by: "BOR", review("3", "clear", #","conclusion":"release""#))
        // An agency that has become another looks for both.
        try bench.take(
            "image.reviewed", by: "CUS", after: ["CIQ"], review("4", "clear", #","participants":["CUS","CIQ"]"#))
        #expect(try bench.appended.map { $0.text("image") } == ["1", "1", "2", "4"])
    }

    @Test("S40 Reminded a day before, overdue at the deadline, once; answered or closed, neither")
    func assistance() throws {
        var bench = DeskBench(PortAutomations.assistanceTimer)
        let day: Int64 = 1_440
        func request(_ due: Int64) -> String {
            #""kind":"smuggling","owner":"CUS","case":"A","deadline":"\#(DeskBench.time(due))""#
        }
        try bench.take("assistance.requested", by: "ASB", id: "a0", request(5 * day))
        try bench.take("assistance.requested", by: "ASB", id: "a1", request(5 * day))
        try bench.take("assistance.requested", by: "BOR", id: "a2", request(day))
        try bench.take("assistance.requested", by: "BOR", id: "a3", request(5 * day))
        try bench.pass(to: day / 2)
        #expect(try bench.appended.map { $0.text("notice") } == ["A2-reminder"])
        try bench.take("assistance.answered", by: "CUS", #""assistance":2,"result":"provided""#)
        try bench.take("assistance.closed", by: "BOR", at: 3 * day, #""assistance":3"#)
        // Nobody was there for ten days.
        try bench.pass(to: 14 * day)
        let notices = try bench.appended.dropFirst()
        #expect(notices.map { $0.text("notice") } == ["A0-reminder", "A1-reminder", "A0-overdue", "A1-overdue"])
        #expect(notices.map { $0.texts("recipients") } == [["CUS"], ["CUS"], ["CUS", "ASB"], ["CUS", "ASB"]])
        #expect(notices.allSatisfy { $0.data["acknowledge"]?.bool == true })
        // Too late; and one whose deadline was over when it came.
        try bench.take("assistance.answered", by: "CUS", #""assistance":0,"result":"provided""#)
        try bench.take("assistance.requested", by: "ASB", id: "late", request(day))
        try bench.pass(to: 15 * day)
        #expect(try bench.appended.count == 6 && bench.timers == 0)
        // A request to act is answered by those asked: read is not answered.
        let complaint = #""kind":"complaint","asked":["MSA","TER"],"deadline":"\#(DeskBench.time(20 * day))""#
        try bench.take("assistance.requested", by: "POO", id: "K", complaint)
        try bench.take("notice.acknowledged", by: "MSA", #""event":{"id":"K"},"stage":"read""#)
        try bench.take("notice.acknowledged", by: "TER", #""event":{"source":"/POO","id":"K"},"stage":"answered""#)
        try bench.take("notice.acknowledged", by: "MSA", #""event":{"source":"/other","id":"K"},"stage":"answered""#)
        try bench.pass(to: 21 * day)
        #expect(try bench.appended.suffix(2).map { $0.texts("recipients") } == [["MSA"], ["MSA", "POO"]])
    }

    @Test("S44 Members that have not acknowledged are reminded, and an incident that nobody closes ends")
    func incidents() throws {
        var bench = DeskBench(PortAutomations.incident)
        func incident(_ name: String, _ stage: String, _ more: String = "") -> String {
            #""incident":"\#(name)","stage":"\#(stage)","level":"II"\#(more)"#
        }
        let members = #","participants":["CUS","BOR","MSA"]"#
        let until = #","until":"\#(DeskBench.time(600))""#
        try bench.take("incident.declared", by: "POO", incident("1", "declared", members + until))
        try bench.take("notice.acknowledged", by: "CUS", at: 5, #""incident":"1","stage":"received""#)
        try bench.take("notice.acknowledged", by: "CUS", at: 6, #""incident":"1","stage":"received""#)
        try bench.pass(to: 30)
        #expect(try bench.appended.map { $0.texts("recipients") } == [["BOR", "MSA"]])
        try bench.take("notice.acknowledged", by: "BOR", at: 31, #""incident":"1","stage":"received""#)
        // A change calls another in; a stranger changes and closes nothing.
        try bench.take("incident.declared", by: "TRA", at: 39, incident("1", "closed"))
        try bench.take(
            "incident.declared", by: "POO", at: 40, incident("1", "changed", #","participants":["CUS","TRA"]"# + until))
        try bench.pass(to: 70)
        #expect(try bench.appended.map { $0.texts("recipients") } == [["BOR", "MSA"], ["TRA"]])
        try bench.pass(to: 599)
        #expect(try bench.appended.count == 2)
        try bench.pass(to: 600)
        #expect(try bench.appended.last?.text("stage") == "closed" && bench.timers == 0)
        // It is over: what is said of it then changes nothing.
        try bench.take("incident.declared", by: "POO", at: 601, incident("1", "closed"))
        try bench.take("incident.declared", by: "POO", incident("2", "declared", members))
        try bench.take("incident.declared", by: "POO", at: 602, incident("2", "closed"))
        try bench.pass(to: 100_000)
        #expect(try bench.appended.count == 3)
        // Without an end it lasts seven days.
        try bench.take("incident.declared", by: "POO", incident("3", "declared"))
        try bench.pass(to: 100_000 + 7 * 1_440 - 1)
        #expect(try bench.appended.count == 3)
        try bench.pass(to: 100_000 + 7 * 1_440)
        #expect(try bench.appended.last?.text("incident") == "3")
    }

    @Test("S61 A bill that is not paid when its day is over is reminded of, once; paid in time or before it came, not")
    func payments() throws {
        var bench = DeskBench(PortAutomations.paymentReminder)
        let number = #""declaration":"1""#
        func bill(_ name: String, _ day: String = "2026-03-02", _ more: String = "") -> String {
            number + #","bill":"\#(name)","dueDate":"\#(day)"\#(more)"#
        }
        try bench.take("duty.paid", by: "TRE", number + #","bill":"early""#)
        for name in ["early", "paid", "claimed", "corrected", "late", "moved"] {
            try bench.take("duty.assessed", by: "CUS", id: "id \(name)", bill(name))
        }
        try bench.take(
            "declaration.lodged", by: "SW", tags: ["enterprise:E1"],
            number + #","kind":"goods","parties":{"declarant":"E1"}"#)
        try bench.take("guarantee.lodged", by: "INS", number + #","guarantee":"G""#)
        try bench.take("duty.paid", by: "TRE", number + #","bill":"paid""#)
        try bench.take("guarantee.claimed", by: "CUS", number + #","guarantee":"G","bills":["claimed"]"#)
        try bench.take("record.corrected", by: "CUS", number + #","event":"id corrected""#)
        try bench.take("duty.assessed", by: "CUS", bill("moved", "2026-03-04"))
        try bench.take("duty.assessed", by: "CUS", bill("late", "2026-04-01", #","stage":"payment-reminded""#))
        try bench.pass(to: 2 * 1_440 - 1)
        #expect(try bench.appended.isEmpty)
        try bench.pass(to: 2 * 1_440)
        #expect(try bench.appended.map { $0.data["event"]?["id"]?.string } == ["id late"])
        let notice = try #require(try bench.appended.first)
        #expect(notice.text("outcome") == "overdue" && notice.text("declaration") == "1")
        try bench.take("duty.paid", by: "TRE", at: 3 * 1_440, number)
        try bench.pass(to: 100_000)
        #expect(try bench.appended.count == 1 && bench.timers == 0)
        // Set before it was known who declares: told to whom it usually is.
        #expect(notice.texts("recipients") == ["DEC"])
        try bench.take("duty.assessed", by: "CUS", bill("new"))
        try bench.pass(to: 100_001)
        #expect(try bench.appended.last?.texts("recipients") == ["DEC", "INS"])
        #expect(try bench.appended.last?.texts("enterprises") == ["E1"])
        try bench.take("duty.assessed", by: "CUS", bill("void", "2027-01-01"))
        try bench.take("declaration.withdrawn", by: "CUS", number + #","stage":"completed""#)
        #expect(bench.timers == 0)
    }

    @Test("S01 Each decision is told the declarant, once the declaration is lodged, and nothing else")
    func feedback() throws {
        var bench = DeskBench(PortAutomations.feedback)
        let number = #""declaration":"1""#
        // Before it is lodged: imports come in any order.
        try bench.take("hold.placed", by: "MSA", number + #","scope":"all","legalBasis":"Art. 1""#)
        try bench.take("hold.placed", by: "MSA", tags: ["declaration:1"], #""declaration":"2","scope":"all""#)
        #expect(try bench.appended.isEmpty)
        try bench.take(
            "declaration.lodged", by: "DEC", tags: ["enterprise:E1"],
            number + #","kind":"goods","parties":{"declarant":"E1","importer":"E2"}"#)
        #expect(try bench.appended.map { $0.text("outcome") } == ["held"], "that of another declaration is not")
        #expect(try bench.appended[0].texts("recipients") == ["DEC"])
        #expect(try bench.appended[0].texts("enterprises") == ["E1"] && bench.appended[0].text("notice") == "F0")
        let decisions = [
            ("declaration.accepted", "", "accepted"),
            ("declaration.rejected", #","concerns":"request""#, "request-rejected"),
            ("declaration.examined", #","result":"passed""#, "passed"),
            ("declaration.amended", #","stage":"decided","decision":"granted""#, "granted"),
            ("inspection.notified", #","participants":["CUS"]"#, "inspection"),
            ("inspection.completed", #","result":"no-finding""#, "no-finding"),
            ("duty.assessed", #","bill":"b""#, "assessed"),
            ("release.granted", #","condition":"guarantee""#, "guarantee"),
            ("release.granted", "", "none"), ("release.completed", "", "released"), ("clearance.closed", "", "closed"),
            ("disposition.decided", #","decision":"destroy""#, "destroy"),
            ("record.corrected", #","event":"x""#, "corrected"),
        ]
        for (type, more, _) in decisions { try bench.take(type, by: "CUS", number + more) }
        let told = try bench.appended.dropFirst()
        #expect(told.map { $0.text("outcome") } == decisions.map(\.2))
        #expect(told.map { $0.text("type") } == decisions.map { "sanhu." + $0.0 })
        // What decides nothing: a request of the declarant, an order whose notice follows.
        try bench.take("declaration.amended", by: "DEC", number + #","stage":"requested""#)
        try bench.take("inspection.ordered", by: "CUS", number)
        try bench.take("declaration.lodged", by: "DEC", number + #","kind":"goods""#)
        #expect(try bench.appended.count == 1 + decisions.count)
        // One decision on two declarations is told to each.
        try bench.take("declaration.lodged", by: "DEC", #""declaration":"3","kind":"goods""#)
        try bench.take("hold.lifted", by: "MSA", tags: ["declaration:1", "declaration:3"], #""hold":"h""#)
        let two = try bench.appended.suffix(2)
        #expect(two.map { $0.text("declaration") } == ["1", "3"] && Set(two.map { $0.text("notice") }).count == 2)
    }

    @Test(
        "S60 A release on arrival is proposed once the declaration is accepted, and as long as customs has not released"
    )
    func arrival() throws {
        var bench = DeskBench(PortAutomations.arrivalRelease)
        func lodge(_ name: String, _ more: String) throws {
            try bench.take(
                "declaration.lodged", by: "DEC", tags: ["container:C1"],
                #""declaration":"\#(name)","kind":"goods"\#(more)"#)
        }
        let early = #","preLodged":true,"conveyance":"S1""#
        // The acceptance may come in before the declaration.
        try bench.take("declaration.accepted", by: "CUS", #""declaration":"1""#)
        try lodge("1", early)
        try lodge("2", early)
        try lodge("3", #","conveyance":"S1""#)
        try lodge("4", #","preLodged":true"#)
        for name in ["2", "3", "4"] { try bench.take("declaration.accepted", by: "CUS", #""declaration":"\#(name)""#) }
        #expect(bench.proposed == ["declaration:1", "declaration:2"])
        try bench.take("release.granted", by: "MSA", #""declaration":"1""#)
        try bench.take("declaration.rejected", by: "CUS", #""declaration":"2","concerns":"request""#)
        #expect(bench.proposed.count == 2)
        try bench.take("release.granted", by: "CUS", #""declaration":"1""#)
        try bench.take("declaration.rejected", by: "CUS", #""declaration":"2""#)
        #expect(bench.proposed.isEmpty)
        try bench.take("declaration.accepted", by: "CUS", #""declaration":"2""#)
        #expect(bench.proposed == ["declaration:2"])
        try bench.take("declaration.withdrawn", by: "CUS", #""declaration":"2","stage":"completed""#)
        #expect(bench.proposed.isEmpty)
    }
}
