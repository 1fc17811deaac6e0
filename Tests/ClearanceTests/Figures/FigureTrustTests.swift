import Clearance
import EventLog
import Exchange
import Foundation
import Testing

/// What figures go by: whose policies count, which call, which inspection, which rating.
@Suite("What figures go by") struct FigureTrustTests {
    private static func at(_ day: Int, _ hour: Int = 8, month: Int = 3) -> String {
        String(format: "2026-%02d-%02dT%02d:00:00+08:00", month, day, hour)
    }

    @Test("S75, S80, S90, trap 10: a stranger's definition, list of fees or power list changes no figure")
    func strangers() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        let name = #""declaration":"220020261000000017""#
        try await lab.append(
            "declaration.lodged", "DEC", Self.at(1), name + #","kind":"goods","flow":"import","port":"CNNSA""#)
        try await lab.append("conveyance.arrived", "BOR", Self.at(2), name + #","direction":"arrival""#)
        try await lab.append("release.granted", "CUS", Self.at(4), name + #","condition":"none""#)
        try await lab.append("release.completed", "SW", Self.at(5), name + #","port":"CNNSA""#)
        try await lab.append(
            "fee.charged", "TER", Self.at(5), name + #","code":"PORT-CONVENIENCE","payer":"E","port":"CNNSA""#)
        try await lab.append(
            "disposition.decided", "CUS", Self.at(4),
            name + #","matter":"quality","decision":"return","powerItem":"X-1""#)
        func figures() async throws -> [[Int64]] {
            let (clearance, fees, powers) = (
                try await lab.total("K22"), try await lab.total("K26"), try await lab.total("K27")
            )
            return [[clearance.sum], [fees.hits, fees.count], [powers.hits, powers.count]]
        }
        let before = try await figures()
        #expect(before == [[3 * 86_400], [1, 1], [1, 1]])
        func publish(_ agency: String, _ kind: String, _ body: String) async throws {
            try await lab.append(
                "policy.published", agency, nil,
                #""kind":"\#(kind)","edition":"\#(agency)-1","jurisdiction":"CN","validity":{"from":"2018-01-01"},\#(body)"#
            )
        }
        let definition =
            #""definitions":[{"figure":"clearance-time","start":"sanhu.release.granted","end":"sanhu.release.completed"}]"#
        let fees = #""fees":[{"code":"PORT-CONVENIENCE","name":"x","unit":"TEU","maximum":1,"currency":"CNY"}]"#
        let powers = #""powers":[{"code":"X-1","agency":"CUS","act":"sanhu.disposition.decided"}]"#
        try await publish("CAR", "definition", definition)
        try await publish("CAR", "fee-list", fees)
        try await publish("CAR", "power-list", powers)
        #expect(try await figures() == before, "a carrier's policies are its own")
        // One's own list counts for oneself, and those of the port office for all.
        try await publish("TER", "fee-list", fees)
        try await publish("POO", "definition", definition)
        try await publish("POO", "power-list", powers)
        #expect(try await figures() == [[86_400], [0, 1], [0, 1]])
    }

    @Test("S60, S75, trap 3: of a voyage's calls that at the declaration's port starts the clock")
    func calls() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        let name = #""declaration":"220020261000000017""#
        try await lab.append(
            "declaration.lodged", "DEC", Self.at(1),
            name
                + #","kind":"goods","flow":"import","port":"CNNSA","conveyance":"IMO9074729","voyage":"88E","preLodged":true"#
        )
        func arrives(_ port: String, _ day: Int) async throws {
            try await lab.append(
                "conveyance.arrived", "BOR", Self.at(day),
                #""conveyance":"IMO9074729","voyage":"88E","port":"\#(port)","direction":"arrival""#)
        }
        try await arrives("CNSHA", 2)
        try await arrives("CNNSA", 10)
        try await lab.append("release.completed", "SW", Self.at(11), name + #","port":"CNNSA""#)
        #expect(try await lab.total("K22").values == [86_400: 1])
    }

    @Test("S20, S22, S24: what several agencies open and close together is one inspection")
    func together() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        let name = #""declaration":"220020261000000017""#
        try await lab.append(
            "declaration.lodged", "DEC", Self.at(1), name + #","kind":"goods","flow":"import","port":"A""#)
        for (agency, method) in [("CUS", "random"), ("MSA", "risk")] {
            try await lab.append(
                "inspection.ordered", agency, Self.at(2), id: "o-" + agency,
                name + #","kind":"physical","order":"O-\#(agency)","method":"\#(method)""#)
        }
        for agency in ["CUS", "MSA"] {
            try await lab.append(
                "inspection.started", agency, Self.at(3),
                name + #","inspection":"J1","opened":["CSNU6429970"],"participants":["CUS","MSA"]"#)
            try await lab.append(
                "inspection.completed", agency, Self.at(4),
                name
                    + #","inspection":"J1","kinds":["physical"],"orders":["O-\#(agency)"],"result":"\#(agency == "CUS" ? "finding" : "no-finding")""#
            )
        }
        try await lab.append("release.completed", "SW", Self.at(5), name + #","port":"A""#)
        #expect(try await lab.total("K07-openings").values == [1: 1])
        #expect(try await lab.total("K08").hits == 1)
        // Each result is of the order that it names.
        let methods = try #require(try await lab.report("K13").table("K13"))
        #expect(methods.rows.map(\.group.labels) == [["random"], ["risk"]])
        #expect(methods.rows.map(\.measure.hits) == [1, 0])
        // A finding without a number is one, too.
        let open = try await lab.total("K27-findings")
        #expect(open.hits == 1 && open.count == 1)
    }

    @Test("S21: each call of a ship is counted by itself, and stays in its month")
    func rounds() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func call(_ voyage: String, _ month: Int, joint: Bool) async throws {
            let ship = #""conveyance":"IMO9321483","voyage":"\#(voyage)""#
            for agency in ["MSA", "BOR"] {
                try await lab.append(
                    "inspection.ordered", agency, Self.at(3, month: month),
                    ship + #","kind":"boarding","order":"\#(voyage)-\#(agency)","port":"CNNSA""#)
            }
            if joint {
                try await lab.append(
                    "inspection.notified", "SW", Self.at(3, 9, month: month),
                    #""conveyance":"IMO9321483","place":"berth","participants":["MSA","BOR"],"orders":["\#(voyage)-MSA","\#(voyage)-BOR"]"#
                )
            }
        }
        try await call("1E", 9, joint: true)
        try await call("2E", 10, joint: false)
        let table = try #require(try await lab.report("K07").table("K07"))
        #expect(table.rows.map(\.group.month) == ["2026-09", "2026-10"])
        #expect(table.rows.map { [$0.measure.hits, $0.measure.count] } == [[1, 1], [0, 1]])
    }

    @Test("S17, trap 9: ratings that have ended, or that a successor has replaced, do not differ")
    func ratings() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func rate(_ agency: String, _ enterprise: String, _ rating: String, _ validity: String) async throws {
            try await lab.append(
                "credit.rated", agency, nil,
                #""enterprise":"\#(enterprise)","scheme":"AEO","rating":"\#(rating)"\#(validity)"#)
        }
        let (one, two) = ("91350100M000100Y43", "91440300708461136T")
        try await rate("CUS", one, "A", #","from":"2020-01-01","until":"2021-01-01""#)
        try await rate("MKT", one, "B", #","from":"2020-01-01""#)
        try await rate("CUS", two, "A", #","from":"2020-01-01""#)
        try await rate("MKT", two, "B", #","from":"2020-01-01""#)
        let total = try await lab.total("S17")
        #expect(total.hits == 1 && total.count == 2)
    }

    @Test("S50: goods inspected and their time go by the class that customs had given when they were lodged (分类查验率)")
    func classes() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        let (one, two) = ("91350100M000100Y43", "91440300708461136T")
        func rate(_ enterprise: String, _ rating: String, _ more: String = "", by agency: String = "CUS") async throws {
            try await lab.append(
                "credit.rated", agency, nil,
                #""enterprise":"\#(enterprise)","scheme":"AEO","rating":"\#(rating)""# + more)
        }
        var day = 0
        func pass(_ enterprise: String, isInspected: Bool, on date: String = "2026-09-10") async throws {
            day += 1
            let name = #""declaration":"22002026100000001\#(day)""#
            let at = date + "T08:00:00+08:00"
            try await lab.append(
                "declaration.lodged", "DEC", at,
                name
                    + #","kind":"goods","flow":"import","port":"CNNSA","parties":{"importer":"\#(enterprise)"}"#)
            if isInspected {
                try await lab.append(
                    "inspection.completed", "CUS", at, name + #","kinds":["physical"],"result":"no-finding""#)
            } else {
                try await lab.append(
                    "inspection.completed", "CUS", at, name + #","kinds":["document"],"result":"no-finding""#)
            }
            try await lab.append("release.completed", "SW", at, name + #","arrivedAt":"2026-09-10T06:00:00+08:00""#)
        }
        try await pass(one, isInspected: true)
        try await rate(one, "advanced", #","from":"2026-09-01","until":"2026-09-30""#)
        // A market regulator's rating is none of customs.
        try await rate(two, "advanced", by: "MKT")
        try await pass(one, isInspected: false)
        try await pass(one, isInspected: true)
        try await pass(one, isInspected: true, on: "2026-10-01")
        try await pass(two, isInspected: true)
        let report = try await lab.report("S50", "S50-time")
        let table = try #require(report.table("S50"))
        let rows = table.rows.map { "\($0.group.month) \($0.group.labels) \($0.measure.hits)/\($0.measure.count)" }
        #expect(rows == ["2026-09 [\"-\"] 2/2", "2026-09 [\"advanced\"] 1/2", "2026-10 [\"-\"] 1/1"])
        let times = try #require(report.table("S50-time"))
        #expect(times.rows.map(\.group.labels) == [["-"], ["advanced"], ["-"]])
    }

    @Test("S52: the breaches that the ledger records are the figure, told to who may see them all and to nobody else")
    func breaches() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        try await lab.append(
            "declaration.lodged", "DEC", Self.at(1),
            #""declaration":"220020261000000017","kind":"goods","flow":"import","port":"CNNSA""#)
        for (id, rule) in [("b1", "separation"), ("b2", "charges"), ("b3", "separation")] {
            try await lab.append(
                "rule.breached", "SW", nil, id: id,
                #""rule":"\#(rule)","version":1,"object":"declaration:220020261000000017","cause":{"source":"/CUS/1","id":"\#(id)"},"against":[1]"#
            )
        }
        try await lab.reach()
        let auditor = Reader(.authority, agency: "AUD")
        let told = try await lab.figures.report(["K15", "K26-breaches"], for: auditor)
        #expect(told.withheld.isEmpty)
        #expect(told.table("K15")?.rows.map(\.group.port) == ["CNNSA"] && told.table("K15")?.total.count == 2)
        #expect(told.table("K26-breaches")?.total.count == 1)
        let others = try await lab.figures.report(["K15", "K16"], for: CaseLab.customs)
        #expect(others.table("K15") == nil && others.withheld == ["K15"] && others.table("K16") != nil)
        #expect(String(decoding: others.json, as: UTF8.self).contains(#""withheld":["K15"]"#))
    }
}
