import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("The automations of the port, in a ledger", .fewAtOnce)
struct PortStoryTests {
    private static let one = #""declaration":"1""#

    @Test(
        "S20 S22 S25 S26 S01 S61 Orders become one notice, all release, one release, and the declarant is told of each")
    func goods() async throws {
        let run = try PortRun(try await CaseLab())
        try await run.append(
            "declaration.lodged", by: "DEC", tags: ["container:C1"], Self.one + #","kind":"goods","flow":"import""#)
        try await run.append("declaration.accepted", by: "CUS", Self.one)
        try await run.append(
            "inspection.ordered", by: "BOR", Self.one + #","order":"b","kind":"physical","containers":["C1"]"#)
        try await run.append("inspection.ordered", by: "CUS", Self.one + #","order":"c","kind":"nii","place":"yard""#)
        try await run.append(
            "inspection.ordered", by: "MSA",
            Self.one + #","order":"m","kind":"physical","exclusions":["dangerous-goods"]"#)
        try await run.settle()
        #expect(try run.log("inspection.notified").map { $0.texts("orders") } == [["m"]], "others may join")
        run.clock.advance(minutes: 31)
        try await run.settle()
        let joint = try #require(try run.log("inspection.notified").last)
        #expect(joint.texts("orders") == ["b", "c"] && joint.text("convenor") == "CUS" && joint.agency == "SW")
        #expect(joint.tags.isSuperset(of: ["agency:DEC", "agency:TER", "container:C1", "declaration:1"]))
        // One inspection, and each agency disposes of it for itself.
        let inspection = #","inspection":"\#(joint.text("inspection"))""#
        try await run.append(
            "inspection.completed", by: "CUS",
            Self.one + inspection + #","orders":["b","c"],"participants":["BOR","CUS"],"result":"no-finding""#)
        try await run.append("duty.assessed", by: "CUS", id: "bill", Self.one + #","bill":"B","dueDate":"2020-01-01""#)
        try await run.append("guarantee.lodged", by: "INS", Self.one + #","guarantee":"G","bill":"B""#)
        // Sealed as a whole: nobody is told by a notice what is closed to them.
        let sealed = CaseLab.event(
            "inspection.completed+person", by: "CUS", id: "sealed", tags: ["declaration:1"],
            #"{"person":"E1","result":"no-finding"}"#)
        let typed = String(decoding: sealed.event, as: UTF8.self)
            .replacing(#""type":"sanhu.inspection.completed+person""#, with: #""type":"sanhu.inspection.completed""#)
        _ = try await run.book.append([AgencyEvent(Array(typed.utf8), tags: sealed.tags)], as: "CUS")
        for agency in ["CUS", "MSA", "BOR"] { try await run.append("release.granted", by: agency, Self.one) }
        try await run.settle()
        #expect(try run.log("release.completed").count == 1)
        // The bill's day was over when it was assessed.
        let overdue = try PortRun.notices(run.lab, "D")
        #expect(overdue.map(\.cause) == ["bill"] && overdue[0].texts("recipients") == ["DEC"])
        try Self.expectFeedback(run.lab)
        let told = try PortRun.notices(run.lab, "F")
        #expect(told.allSatisfy { $0.texts("recipients") == ["DEC"] && $0.tags.contains("agency:DEC") })
        #expect(!told.contains { $0.cause == "sealed" } && told.count == 9)
        #expect(try run.parked() == [])
        // Nothing is done twice, also when all that is derived is lost.
        let head = try run.lab.ledger.log.head
        await run.keeper.close()
        try run.lab.removeViews(but: "cases")
        let again = try PortRun(run.lab, clock: run.clock)
        try await again.settle()
        #expect(try run.lab.ledger.log.head == head)
        await again.close()
    }

    /// Each decision that is no sealed one is told once (100 %).
    static func expectFeedback(_ lab: CaseLab, _ note: String = "") throws {
        let decisions: Set<String> = [
            "declaration.accepted", "inspection.notified", "inspection.completed", "hold.placed", "hold.lifted",
            "duty.assessed", "release.granted", "release.completed",
        ]
        let log = try PortRun.log(lab)
        let lodged = Set(log.filter { $0.type == "declaration.lodged" }.map { $0.text("declaration") })
        let due = log.filter { entry in
            decisions.contains(entry.type) && lodged.contains(entry.text("declaration"))
                && entry.tags.contains("declaration:" + entry.text("declaration"))
        }
        let told = try PortRun.notices(lab, "F").map { "\($0.data?["event"]?["source"]?.string ?? "") \($0.cause)" }
        #expect(Set(told).count == told.count, "told twice \(note)")
        #expect(Set(told) == Set(due.map { "\($0.source) \($0.id)" }), "\(note)")
    }

    @Test("S60 S20 Declared before it arrived, released on arrival: not while it is flagged, and once")
    func arrival() async throws {
        let lab = try await CaseLab()
        let run = try PortRun(lab)
        let ship = #","conveyance":"IMO9074729","voyage":"026E""#
        func lodge(_ name: String) async throws {
            try await run.append(
                "declaration.lodged", by: "DEC", tags: ["container:K\(name)", "enterprise:E1"],
                #""declaration":"\#(name)","kind":"goods","preLodged":true"# + ship)
            try await run.append("declaration.accepted", by: "CUS", #""declaration":"\#(name)""#)
        }
        func arrive(_ voyage: String) async throws {
            try await run.append(
                "conveyance.arrived", by: "MSA",
                #""conveyance":"IMO9074729","direction":"arrival","voyage":"\#(voyage)""#)
            try await run.settle()
        }
        for name in ["1", "2", "3"] { try await lodge(name) }
        // Sealed: only the rule sees it.
        try await run.append(
            "risk.flagged", by: "CUS", id: "f", #""container":"K2","reasonClass":"a","action":"b""#)
        try await run.append(
            "hold.placed", by: "MSA", id: "h", #""container":"K3","scope":"all","legalBasis":"Art. 5""#)
        try await arrive("025E")
        #expect(try run.waiting("arrival-release").count == 3, "that was the voyage before")
        try await arrive("026E")
        #expect(try run.log("release.granted").map { $0.text("declaration") } == ["1"])
        let release = try #require(try run.log("release.granted").first)
        #expect(release.agency == "CUS" && release.text("basis") == "arrival")
        #expect(release.tags.isSuperset(of: ["container:K1", "conveyance:IMO9074729", "enterprise:E1"]))
        let completed = try #require(try run.log("release.completed").first)
        #expect(completed.text("declaration") == "1")
        // Declared before it arrived: the clock of its clearance begins at the arrival all the same.
        let arrived = try #require(Timestamp(completed.text("arrivedAt")))
        let lodged = try #require(Timestamp(completed.text("lodgedAt")))
        #expect(arrived == (try lab.ledger.log.entry(at: release.position).recorded) && arrived > lodged)
        try await run.append("risk.cleared", by: "CUS", #""container":"K2","flag":"f","outcome":"lifted""#)
        try await run.append("hold.lifted", by: "MSA", #""container":"K3","hold":"h""#)
        try await run.settle()
        #expect(try run.log("release.granted").map { $0.text("declaration") }.sorted() == ["1", "2", "3"])
        try await arrive("026E")
        #expect(try run.log("release.granted").count == 3 && run.waiting("arrival-release").isEmpty)
        #expect(try run.log("release.completed").count == 3 && run.parked() == [])
        await run.close()
    }

    @Test("S23 S40 S44 After a week in which nobody was there, each reminder and each end comes once")
    func away() async throws {
        let lab = try await CaseLab()
        let run = try PortRun(lab)
        for (agency, verdict) in [("CUS", "clear"), ("BOR", "suspicious")] {
            try await run.append(
                "image.reviewed", by: agency,
                #""image":"I1","container":"C1","screen":"\#(agency)","verdict":"\#(verdict)","participants":["CUS","BOR"]"#
            )
        }
        func time(_ days: Int64) -> String {
            Timestamp(microseconds: run.clock.now.microseconds + days * 86_400_000_000).description
        }
        let scope = #""fields":{"compartments":["trade-secret"]},"objects":["declaration:1"],"purpose":"investigation""#
        func request(_ name: String) async throws -> Position {
            let rest = #""case":"\#(name)","deadline":"\#(time(3))","to":"\#(time(30))""#
            return try await run.append(
                "assistance.requested", by: "ASB", #""kind":"smuggling","owner":"CUS",\#(scope),\#(rest)"#)
        }
        let (open, answered) = (try await request("A"), try await request("B"))
        try await run.append("assistance.answered", by: "CUS", #""assistance":\#(answered),"result":"provided""#)
        try await run.append(
            "incident.declared", by: "POO", id: "x",
            #""incident":"X","stage":"declared","level":"I","participants":["CUS","MSA"],"until":"\#(time(2))""#)
        try await run.append("notice.acknowledged", by: "CUS", #""incident":"X","stage":"received""#)
        try await run.settle()
        let conclusion = try #require(try run.log("image.reviewed").last)
        #expect(conclusion.agency == "SW" && conclusion.text("conclusion") == "inspect")
        #expect(conclusion.texts("dissent") == ["CUS"] && conclusion.tags.contains("image:I1"))
        #expect(try run.log("notice.issued").isEmpty)
        // The process is not there for a week.
        await run.keeper.close()
        run.clock.advance(minutes: 7 * 1_440)
        let again = try PortRun(lab, clock: run.clock)
        try await again.settle()
        try await again.settle()
        let assistance = try PortRun.notices(lab, "A").map { $0.text("notice") }
        #expect(assistance == ["A\(open)-reminder", "A\(open)-overdue"])
        let reminded = try PortRun.notices(lab, "I")
        #expect(reminded.map { $0.texts("recipients") } == [["MSA"]] && reminded.map(\.cause) == ["x"])
        let incidents = try again.log("incident.declared")
        #expect(incidents.map { $0.text("stage") } == ["declared", "closed"] && incidents.last?.agency == "SW")
        #expect(try again.parked() == [])
        await again.close()
    }
}
