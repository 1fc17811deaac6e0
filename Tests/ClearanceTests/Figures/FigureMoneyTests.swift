import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Figures of permits, money, assistance and safety", .fewAtOnce)
struct FigureMoneyTests {
    private static let d = #""declaration":"1""#

    @Test("S37, S61, S62, S64, S80, S81, S90, S26, S18: permits, duty, tests, seals, fees, dispositions")
    func money() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func at(_ day: Int) -> String { "2026-03-0\(day)T08:00:00+08:00" }
        try await lab.append("declaration.lodged", "DEC", at(1), Self.d + #","kind":"goods","port":"CNNSA""#)
        // Permits: one of two by machine; an item written off three times, of which one was corrected.
        try await lab.append(
            "permit.verified", "CUS", at(1), Self.d + #","permit":"P","item":1,"result":"match","automatic":true"#)
        try await lab.append(
            "permit.verified", "CUS", at(1), Self.d + #","permit":"Q","result":"mismatch","automatic":true"#)
        for id in ["w1", "w2", "w3"] {
            try await lab.append(
                "permit.writtenoff", "CUS", at(1), id: id, Self.d + #","permit":"P","item":1,"quantity":5"#)
        }
        try await lab.append("record.corrected", "CUS", at(1), Self.d + #","permit":"P","event":"w2""#)
        // Duty: paid late and after the release; another bill in time.
        try await lab.append("duty.assessed", "CUS", at(1), Self.d + #","bill":"B1","dueDate":"2026-03-03""#)
        try await lab.append("duty.assessed", "CUS", at(1), Self.d + #","bill":"B2","dueDate":"2026-03-09""#)
        try await lab.append("release.granted", "CUS", at(2), Self.d + #","condition":"test-pending""#)
        try await lab.append("release.completed", "SW", at(2), Self.d + #","port":"CNNSA""#)
        try await lab.append("duty.paid", "TRE", at(4), Self.d + #","bill":"B1","paidOn":"2026-03-04""#)
        try await lab.append("duty.paid", "TRE", at(4), Self.d + #","bill":"B2","paidOn":"2026-03-04""#)
        // A failed test that was dealt with, by an item of a power list; a finding nobody dealt with.
        try await lab.append(
            "policy.published", "POO", nil,
            #""kind":"power-list","edition":"1","validity":{"from":"2026-01-01"},"powers":[{"code":"C7","agency":"CUS","act":"sanhu.disposition.decided"}]"#
        )
        try await lab.append(
            "lab.reported", "CUS", at(4), Self.d + #","sample":"s","laboratory":"LAB","result":"fail""#)
        try await lab.append(
            "inspection.completed", "CUS", at(4),
            Self.d + #","result":"finding","kinds":["physical"],"findingIds":["F1","F2"],"method":"random""#)
        try await lab.append(
            "disposition.decided", "CUS", at(5),
            Self.d + #","matter":"goods","decision":"return","finding":"F1","powerItem":"C7""#)
        try await lab.append(
            "disposition.decided", "MSA", at(5), Self.d + #","matter":"goods","decision":"return","powerItem":"C7""#)
        // Seals: of two transshipments one passed at once.
        let move = Self.d + #","container":"MSKU1234565","move":"transship","port":"CNNSA""#
        try await lab.append("equipment.moved", "CAR", at(5), move + #","direct":true,"sealIntact":true"#)
        try await lab.append("equipment.moved", "CAR", at(5), move + #","direct":false,"sealIntact":false"#)
        // Fees: listed, off the list, waived.
        try await lab.append(
            "policy.published", "POO", nil,
            #""kind":"fee-list","edition":"1","validity":{"from":"2026-03-02"},"fees":[{"code":"L","name":"Lifting","unit":"TEU","maximum":1,"currency":"CNY"}]"#
        )
        func fee(_ code: String, _ day: Int, _ more: String = "") async throws {
            try await lab.append(
                "fee.charged", "TER", at(day), Self.d + #","code":"\#(code)","payer":"E","port":"CNNSA""# + more)
        }
        try await fee("L", 1)
        try await fee("L", 3)
        try await fee("X", 3)
        try await fee("X", 3, #","waived":true,"waiver":"no-finding""#)
        try await lab.append("violation.recorded", "CUS", at(5), Self.d + #","party":"E","published":true"#)
        try await lab.append(
            "hold.placed", "CUS", at(5), Self.d + #","scope":"all","legalBasis":"Art. 1","reasonClass":"quarantine""#)

        let report = try await lab.report()
        func hits(_ code: String) throws -> [Int64] {
            let total = try #require(report.table(code)).total
            return [total.hits, total.count]
        }
        #expect(try hits("K11") == [1, 2])
        #expect(try hits("K11-double") == [1, 1])
        #expect(try hits("K18") == [1, 1])
        #expect(try hits("K18-overdue") == [1, 2])
        #expect(try hits("K19") == [1, 1] && hits("K19-failures") == [1, 1])
        #expect(try hits("K27") == [1, 2], "maritime cited the item of customs")
        #expect(try hits("K27-findings") == [1, 2])
        #expect(try hits("K21") == [1, 2])
        #expect(try hits("K26") == [2, 3], "the first was charged before the list was in force")
        #expect(try hits("K26-waived") == [1, 4])
        #expect(try hits("K13") == [1, 1] && hits("S18") == [1, 1] && hits("S43-holds") == [1, 1])
        #expect(report.tables.map(\.figure.code) == PortFigures.all.map(\.code))
    }

    @Test(
        "S03, S04, S17, S40, S43, S44: coverage, disclosure, ratings, assistance, incidents, and the report of a port")
    func safety() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        let empty = try await lab.report()
        #expect(empty.tables.allSatisfy { $0.rows.isEmpty })
        for (agency, rating) in [("CUS", "A"), ("MKT", "B"), ("MKT", "A")] {
            try await lab.append(
                "credit.rated", agency, nil, #""enterprise":"E1","scheme":"AEO","rating":"\#(rating)""#)
        }
        try await lab.append("credit.rated", "MKT", nil, #""enterprise":"E2","scheme":"AEO","rating":"A""#)
        try await lab.append("credit.rated", "CUS", nil, #""enterprise":"E2","scheme":"AEO","rating":"B""#)
        let ratings = try await lab.total("S17")
        #expect(ratings.hits == 1 && ratings.count == 2)

        let time = "2026-03-01T08:00:00+08:00"
        try await lab.append(
            "incident.declared", "POO", time,
            #""incident":"I1","stage":"declared","level":"II","ports":["CNNSA"],"participants":["CUS","MSA"]"#)
        try await lab.append(
            "incident.declared", "POO", time,
            #""incident":"I2","stage":"declared","level":"IV","ports":["CNNGB"],"exercise":true,"participants":["CUS"]"#
        )
        for (agency, minute) in [("CUS", 5), ("MSA", 12), ("CUS", 40)] {
            try await lab.append(
                "notice.acknowledged", agency, "2026-03-01T08:\(minute < 10 ? "0" : "")\(minute):00+08:00",
                #""incident":"I1","stage":"received""#)
        }
        #expect(try await lab.total("S44-acknowledged").values == [720: 1])
        let position = try lab.lab.ledger.log.head
        let security = FigureSelection(port: "CNNSA", from: Timestamp(time))
        try await lab.reach()
        func told() async throws -> [UInt8] {
            try await lab.figures.report(PortFigures.security, of: security, at: position, for: CaseLab.customs).json
        }
        let first = try await told()
        let incidents = try await lab.figures.report(["S44"], of: security, at: position, for: CaseLab.customs).table(
            "S44")
        #expect(incidents?.rows.map(\.group.labels) == [["II", "real"]], "that of the other port is not told")
        try await lab.append(
            "incident.declared", "POO", time, #""incident":"I3","stage":"declared","level":"I","ports":["CNNSA"]"#)
        try await lab.reach()
        #expect(try await told() == first, "the same position, the same bytes")

        let coverage = try SharingCoverage(lab.figures, for: CaseLab.customs)
        #expect(coverage.cells.count == 20 && coverage.live == 1)
        let credit = try #require(coverage.cells.first { $0.subject == "goods" && $0.category == "credit" })
        #expect(credit.isLive && credit.producers == ["CUS", "MKT"] && credit.count == 5 && credit.subscribers > 10)
        let crossing = try #require(coverage.cells.first { $0.subject == "persons" && $0.category == "movement" })
        #expect(crossing.isSealed && !crossing.isLive)
        #expect(try JSONDocument(parsing: Array(coverage.json.prefix { $0 != 10 })).root["root"]?.string != nil)
    }

    @Test(
        "S40, S75: requests to act are answered by all who are asked; goods arrive with their conveyance and containers"
    )
    func joined() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func request(_ id: String) async throws {
            // r1 can still be answered in time; by what they write themselves all were.
            let event = Self.action(
                id, deadline: id == "r1" ? "2099-03-05T00:00:00+08:00" : "2026-03-05T00:00:00+08:00")
            _ = try await lab.lab.ledger.append([event], as: "CUS")
        }
        func answer(_ id: String, _ agency: String, _ stage: String, _ day: Int) async throws {
            try await lab.append(
                "notice.acknowledged", agency, "2026-03-0\(day)T08:00:00+08:00",
                #""stage":"\#(stage)","event":{"source":"/CUS/1","id":"\#(id)"}"#)
        }
        for id in ["r1", "r2", "r3"] { try await request(id) }
        try await answer("r1", "MSA", "done", 2)
        try await answer("r1", "BOR", "done", 3)
        try await answer("r2", "MSA", "done", 2)
        try await answer("r2", "BOR", "received", 2)
        try await answer("r3", "MSA", "done", 2)
        try await answer("r3", "BOR", "done", 6)
        let total = try await lab.total("K12")
        #expect(total.hits == 1 && total.count == 3)

        func at(_ day: Int, _ hour: Int) -> String { "2026-03-0\(day)T0\(hour):00:00+08:00" }
        for day in [1, 3, 5] {
            try await lab.append(
                "conveyance.arrived", "BOR", at(day, 1),
                #""conveyance":"IMO1","voyage":"V\#(day)","direction":"arrival""#)
            try await lab.append(
                "equipment.moved", "CAR", at(day, 2), #""container":"MSKU1234565","move":"gate-in","port":"A""#)
        }
        // Lodged on the second day: before the call of the third, or after that of the first; or of the voyage it names.
        let ways = [
            (#","flow":"import","preLodged":true"#, Int64(3)), (#","flow":"import","preLodged":false"#, 51),
            (#","flow":"import"#, 51), (#","flow":"import","voyage":"V3""#, 3),
            (#","flow":"export","transport":{"containers":[{"id":"MSKU1234565"}]}"#, 2),
        ]
        for (number, (more, hours)) in ways.enumerated() {
            let name = #""declaration":"\#(number)""#
            let ending = more.hasSuffix("import") ? more + "\"" : more
            try await lab.append(
                "declaration.lodged", "DEC", at(2, 5),
                name + #","kind":"goods","port":"A\#(number)","conveyance":"IMO1""# + ending)
            try await lab.append("release.completed", "SW", at(3, 4), name)
            let table = try #require(try await lab.report("K22").table("K22"))
            #expect(table.rows.first { $0.group.port == "A\(number)" }?.measure.values == [hours * 3_600: 1], "\(more)")
        }
    }

    private static func action(_ id: String, deadline: String) -> AgencyEvent {
        AgencyEvent(
            Array(
                #"{"specversion":"1.0","id":"\#(id)","source":"/CUS/1","type":"sanhu.assistance.requested","time":"2026-03-01T08:00:00+08:00","dataschema":"urn:sanhu:schema:assistance.requested+action:1","data":{"kind":"smuggling","asked":["MSA","BOR"],"action":"search","deadline":"\#(deadline)"}}"#
                    .utf8))
    }
}
