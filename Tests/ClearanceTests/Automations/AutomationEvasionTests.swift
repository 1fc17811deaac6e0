import EventLog
import JSON
import Testing

@testable import Clearance
@testable import Views

@Suite("What automations are not misled by")
struct AutomationEvasionTests {
    @Test("S22 A withdrawal that is refused, or that only the declarant says, takes nothing out of a joint inspection")
    func withdrawals() throws {
        var bench = DeskBench(PortAutomations.jointInspection)
        func withdraw(_ by: String, _ more: String) throws {
            try bench.take("declaration.withdrawn", by: by, #""declaration":"1","stage":"# + more)
        }
        try bench.take("declaration.lodged", by: "DEC", #""declaration":"1","kind":"goods""#)
        for agency in ["CUS", "MSA"] {
            try bench.take(
                "inspection.ordered", by: agency, #""declaration":"1","order":"\#(agency)","kind":"physical""#)
        }
        try withdraw("DEC", #""requested""#)
        try withdraw("CUS", #""decided","decision":"refused""#)
        try withdraw("DEC", #""completed""#)
        #expect(bench.timers == 1)
        try bench.pass(to: 60)
        #expect(try bench.appended.map { $0.texts("participants") } == [["CUS", "MSA"]])
        try bench.take("inspection.ordered", by: "MSA", #""declaration":"1","order":"again","kind":"physical""#)
        try withdraw("CUS", #""decided","decision":"granted""#)
        try bench.pass(to: 120)
        #expect(try bench.appended.count == 1)
    }

    @Test("S22 Of two orders of one number that is carried out whose agency says so")
    func numbers() throws {
        var bench = DeskBench(PortAutomations.jointInspection)
        for agency in ["CUS", "MSA"] {
            try bench.take("inspection.ordered", by: agency, #""declaration":"1","order":"7","kind":"physical""#)
        }
        try bench.take(
            "inspection.completed", by: "CUS", #""declaration":"1","orders":["7"],"result":"no-finding""#)
        try bench.pass(to: 60)
        #expect(try bench.appended.map { $0.texts("participants") } == [["MSA"]])
    }

    @Test("S60 A withdrawal that is refused lets the release on arrival go on, which names what an amendment added")
    func arrival() throws {
        var bench = DeskBench(PortAutomations.arrivalRelease)
        let one = #""declaration":"1""#
        try bench.take("declaration.amended", by: "CUS", tags: ["container:C2"], one + #","stage":"decided""#)
        try bench.take(
            "declaration.lodged", by: "DEC", tags: ["container:C1"],
            one + #","kind":"goods","preLodged":true,"conveyance":"S1""#)
        try bench.take("declaration.accepted", by: "CUS", one)
        try bench.take("declaration.withdrawn", by: "CUS", one + #","stage":"decided","decision":"refused""#)
        try bench.take("declaration.amended", by: "CUS", tags: ["container:C3"], one + #","stage":"decided""#)
        #expect(bench.proposed == ["declaration:1"])
        #expect(bench.proposals.map(\.tags) == [["container:C1", "container:C2", "container:C3"]])
    }

    @Test("S44 An incident that is over is closed once, and nothing changes it any more")
    func incident() throws {
        var bench = DeskBench(PortAutomations.incident)
        func say(_ by: String, at minutes: Int64, _ stage: String, until: Int64) throws {
            try bench.take(
                "incident.declared", by: by, at: minutes,
                #""incident":"X","stage":"\#(stage)","level":"I","until":"\#(DeskBench.time(until))""#)
        }
        try say("POO", at: 0, "declared", until: 60)
        try say("MSA", at: 10, "changed", until: 600)
        try say("POO", at: 20, "changed", until: 90)
        try bench.pass(to: 89)
        #expect(try bench.appended.isEmpty)
        // Both come before anybody has run the automation.
        bench.isEchoing = false
        try say("MSA", at: 100, "changed", until: 600)
        try say("POO", at: 101, "changed", until: 600)
        bench.isEchoing = true
        try bench.pass(to: 700)
        #expect(try bench.appended.map { $0.text("stage") } == ["closed"])
        let said: [(minutes: Int64, stage: String, until: Int64)] = [(0, "declared", 60), (100, "changed", 600)]
        var known: IncidentCourse?
        for (minutes, stage, until) in said {
            let event = try bench.event("incident.declared", at: minutes, "X", stage, until: until)
            if known == nil { known = IncidentCourse(event) } else { _ = known?.take(event) }
        }
        let course = try #require(known)
        #expect(
            !course.isOpening(IncidentCourse.boarding, at: nil, about: CaseLab.tag("conveyance:S"), DeskBench.time(101))
        )
    }
}

extension DeskBench {
    /// What the port office says of an incident that opens a right.
    fileprivate func event(
        _ type: String, at minutes: Int64, _ name: String, _ stage: String, until: Int64
    ) throws -> LedgerEvent {
        let data =
            #"{"data":{"incident":"\#(name)","stage":"\#(stage)","level":"I","opens":["\#(IncidentCourse.boarding)"],"until":"\#(Self.time(until))"}}"#
        return LedgerEvent(
            position: 0, recorded: Self.time(minutes), agency: "POO", type: "sanhu." + type,
            identity: EventIdentity(source: "/POO", id: "\(minutes)"), tags: [CaseLab.tag("incident:" + name)],
            root: try JSONDocument(parsing: Array(data.utf8)).root)
    }
}
