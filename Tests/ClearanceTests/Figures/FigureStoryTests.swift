import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Views

/// Figures of small stories, computed by hand.
@Suite("Figures of the port", .fewAtOnce)
struct FigureStoryTests {
    private static let d1 = #""declaration":"1""#
    private static let d2 = #""declaration":"2""#

    /// A declaration through the port: when it arrived, was declared and released on a day of March 2026.
    private static func pass(
        _ lab: FigureLab, _ number: String, port: String, _ arrived: Int, _ lodged: Int, _ released: Int,
        flow: String = "import"
    ) async throws {
        func time(_ hour: Int) -> String { String(format: "2026-03-%02dT%02d:00:00+08:00", 1 + hour / 24, hour % 24) }
        let name = "\"declaration\":\"\(number)\""
        try await lab.append(
            "declaration.lodged", "DEC", time(lodged),
            name + #","kind":"goods","flow":"\#(flow)","port":"\#(port)","transportMode":"2","channel":"single-window""#
        )
        if flow == "import" {
            try await lab.append("conveyance.arrived", "BOR", time(arrived), name + #","direction":"arrival""#)
        } else {
            try await lab.append(
                "equipment.moved", "CAR", time(arrived),
                name + #","container":"MSKU1234565","move":"gate-in","port":"CNNSA""#)
        }
        try await lab.append("release.completed", "SW", time(released), name + #","agencies":["CUS"]"#)
    }

    @Test(
        "S75, S76, S77, S60, S07, trap 3, trap 10: clearance time begins at the arrival, ports are ranked, targets stay apart"
    )
    func clearanceTime() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        // Port A: 10, 20 and 30 hours; the second was declared before it arrived, the third three hours after.
        try await Self.pass(lab, "1", port: "A", 10, 12, 20)
        try await Self.pass(lab, "2", port: "A", 20, 2, 40)
        try await Self.pass(lab, "3", port: "A", 30, 33, 60)
        // B: 20, the same mean; C: 5, one only; D released before it arrived; E an export, from the yard.
        try await Self.pass(lab, "4", port: "B", 1, 1, 21)
        try await Self.pass(lab, "5", port: "B", 1, 1, 21)
        try await Self.pass(lab, "6", port: "C", 1, 1, 6)
        try await Self.pass(lab, "7", port: "D", 30, 1, 20)
        try await Self.pass(lab, "8", port: "E", 1, 1, 8, flow: "export")
        let before = try lab.lab.ledger.log.head
        let table = try #require(try await lab.report("K22").table("K22"))
        let a = try #require(table.rows.first { $0.group.port == "A" })
        #expect(a.group.month == "2026-03" && a.group.labels == ["-", "2", "import"])
        #expect(a.measure.values == [36_000: 1, 72_000: 1, 108_000: 1] && a.measure.mean == "72000")
        #expect(a.measure.percentiles([50, 80, 90, 1, 100]) == [72_000, 108_000, 108_000, 36_000, 108_000])
        #expect(table.rows.map(\.group.port) == ["A", "B", "C", "E"], "trap 3: D's clock would run backwards")
        #expect(table.rows.last?.measure.values == [25_200: 1])
        #expect(try await lab.total("K22-early").count == 1)
        let ahead = try await lab.total("K17")
        // D was declared before its arrival, too; E is an export, whose ship comes later.
        #expect(ahead.hits == 2 && ahead.count == 7)
        let enterprise = try #require(try await lab.report("K22-enterprise").table("K22-enterprise"))
        #expect(enterprise.rows.first { $0.group.port == "A" }?.measure.values == [7_200: 1, 0: 1, 10_800: 1])
        let agency = try #require(try await lab.report("K22-agency").table("K22-agency"))
        #expect(agency.rows.first { $0.group.port == "A" }?.measure.values == [28_800: 1, 72_000: 1, 97_200: 1])

        let ranking = FigureRanking(table, flow: "import", minimum: 2)
        #expect(
            ranking.places.map(\.rank) == [1, 1] && ranking.places.map(\.port) == ["A", "B"], "ties share a place")
        #expect(ranking.suppressed == 1, "C has one declaration, and is not named")
        #expect(!String(decoding: ranking.json, as: UTF8.self).contains("\"C\""), "trap 11")
        #expect(FigureRanking(table, flow: "import", minimum: 1).places.map(\.rank) == [1, 2, 2])

        func policy(_ jurisdiction: String, _ edition: String, _ targets: String) async throws {
            try await lab.append(
                "policy.published", "POO", nil,
                #""kind":"target","edition":"\#(edition)","jurisdiction":"\#(jurisdiction)","ports":["A","B","C","D","E"],"validity":{"from":"2018-01-01"},"targets":[\#(targets)]"#
            )
        }
        let name = #""figure":"clearance-time/import""#
        try await policy("CN", "2017", #"{\#(name),"value":40,"unit":"hours","due":"2017-12-31","baseline":"2017"}"#)
        try await policy(
            "CN", "2018-37",
            #"{\#(name),"value":0.5,"unit":"of the baseline","due":"2026-12-31","baseline":"2017"},{"figure":"single-window-use","value":100,"unit":"percent","due":"2026-12-31"}"#
        )
        try await policy(
            "CN-HA", "2018-39", #"{\#(name),"value":0.4,"unit":"of the baseline","due":"2026-12-31","baseline":"2017"}"#
        )
        // A later figure for the same year does not move the baseline.
        try await policy("CN", "2017-b", #"{\#(name),"value":400,"unit":"hours","due":"2017-12-31","baseline":"2017"}"#)
        // Import: (10 + 20 + 30 + 20 + 20 + 5) / 6 = 17.5 hours of 40.
        let targets = FigureTargets(try await lab.report("K22", "K01"))
        #expect(targets.lines.map(\.jurisdiction) == ["CN", "CN", "CN-HA"])
        #expect(targets.lines.map(\.measured) == ["0.4375", "100", "0.4375"])
        #expect(targets.lines.map(\.isMet) == [true, true, false])

        // What a position came to stays, byte for byte, whatever is appended and however the view is made.
        let old = try await lab.report(at: before)
        try await lab.append(
            "policy.published", "POO", nil,
            #""kind":"definition","edition":"2026-2","validity":{"from":"2026-01-01"},"definitions":[{"figure":"clearance-time/import","start":"sanhu.declaration.lodged","end":"sanhu.release.completed"},{"figure":"clearance-time","start":"sanhu.conveyance.arrived","end":"sanhu.release.completed"}]"#
        )
        try await Self.pass(lab, "9", port: "A", 30, 50, 90)
        let changed = try await lab.report("K22")
        let now = try #require(changed.table("K22"))
        #expect(
            now.rows.first { $0.group.port == "A" }?.measure.values == [28_800: 1, 136_800: 1, 97_200: 1, 144_000: 1])
        #expect(now.rows.last?.measure.values == [25_200: 1], "an export's clock starts at the yard")
        #expect(now.policies.map(\.edition) == ["2026-2"])
        #expect(try await lab.report(at: before).json == old.json)
        try await lab.figures.runner.rebuildAll()
        #expect(try await lab.report(at: before).json == old.json)
        await #expect(throws: ViewError.self) { _ = try await lab.figures.report(for: .public) }
        // Of a port, and of a time.
        let some = FigureSelection(port: "A", to: Timestamp("2026-03-02T00:00:00+08:00"))
        #expect(try await lab.report("K08", of: some).table("K08")?.total.count == 1)
    }

    @Test("S20, S22, S24, S25, S28, S53, S56, S63: joint inspections, three ones, parallelism, recognition, notices")
    func inspections() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func at(_ hour: Int) -> String { String(format: "2026-03-02T%02d:00:00+08:00", hour) }
        for (name, joint) in [(Self.d1, true), (Self.d2, false)] {
            try await lab.append(
                "declaration.lodged", "DEC", at(1), name + #","kind":"goods","flow":"import","port":"A""#)
            try await lab.append(
                "inspection.ordered", "CUS", at(2), id: joint ? "o1" : "o2",
                name + #","kind":"physical","order":"O1","method":"risk","unit":"u1","cause":"f1""#)
            try await lab.append(
                "inspection.ordered", "MSA", at(4),
                name + #","kind":"physical","order":"O2","method":"random","unit":"u2""#)
            guard joint else { continue }
            try await lab.append(
                "inspection.notified", "SW", at(5), id: "n1",
                name + #","place":"yard","participants":["CUS","MSA"],"orders":["O1","O2"]"#)
            try await lab.append(
                "notice.acknowledged", "TER", at(6), name + #","stage":"received","event":{"source":"/SW/1","id":"n1"}"#
            )
            try await lab.append(
                "inspection.started", "CUS", at(7),
                name + #","participants":["CUS","MSA"],"opened":["MSKU1234565"],"unit":"u1""#)
            try await lab.append(
                "inspection.completed", "CUS", at(8), id: "good",
                name + #","result":"no-finding","kinds":["physical"],"method":"risk""#)
            try await lab.append(
                "result.recognised", "MSA", at(9), name + #","event":"good","by":"MSA""#)
            try await lab.append("release.granted", "CUS", at(8), name + #","condition":"none""#)
            try await lab.append("release.granted", "MSA", at(10), name + #","condition":"none""#)
            try await lab.append("release.completed", "SW", at(10), name + #","port":"A""#)
        }
        let joint = try await lab.total("K07")
        #expect(joint.hits == 1 && joint.count == 2)
        #expect(try await lab.total("K07-openings").values == [1: 1])
        #expect(try await lab.total("K08").hits == 1)
        // Customs 2–8, maritime 4–10: twelve hours of work in eight.
        let parallel = try await lab.total("K09")
        #expect(parallel.hits == 12 * 3_600 && parallel.count == 8 * 3_600 && parallel.share == "1.5")
        let recognised = try await lab.total("K10")
        #expect(recognised.hits == 1 && recognised.count == 1)
        #expect(try await lab.total("K13").hits == 0)
        #expect(try await lab.total("K20").values == [3 * 3_600: 1])
        #expect(try await lab.total("K20-acknowledged").hits == 1)
        let causeless = try await lab.total("S53")
        #expect(causeless.hits == 2 && causeless.count == 4)
        // The unit that ordered inspected as well: S52.
        #expect(try await lab.total("K15-units").count == 1)
    }
}
