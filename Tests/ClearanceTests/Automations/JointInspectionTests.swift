import EventLog
import JSON
import Testing

@testable import Clearance

@Suite("Joint inspection, without a ledger")
struct JointInspectionTests {
    private static let goods = #""declaration":"1""#

    private static func order(
        _ name: String, _ from: Int64? = nil, _ to: Int64? = nil, about: String = goods, kind: String = "physical",
        _ more: String = ""
    ) -> String {
        let window = [("from", from), ("to", to)].compactMap { name, minutes in
            minutes.map { #","\#(name)":"\#(DeskBench.time($0))""# }
        }
        return #"\#(about),"order":"\#(name)","kind":"\#(kind)"\#(window.joined())\#(more)"#
    }

    private static func bench() throws -> DeskBench {
        var bench = DeskBench(PortAutomations.jointInspection)
        try bench.take("declaration.lodged", by: "DEC", #""declaration":"1","kind":"goods""#)
        return bench
    }

    @Test("S22 Orders of several agencies whose windows overlap become one notice, after the merge window")
    func merged() throws {
        var bench = try Self.bench()
        try bench.take("inspection.ordered", by: "MSA", Self.order("m", 600, 720, #","place":"yard 1","port":"CNNSA""#))
        try bench.take(
            "inspection.ordered", by: "CUS", at: 10,
            Self.order("c", 660, 800, kind: "nii", #","containers":["C1"],"place":"yard 2""#))
        // Its window begins when that of the first is over.
        try bench.take("inspection.ordered", by: "BOR", at: 12, Self.order("b", 720, 800))
        try bench.take("inspection.ordered", by: "CUS", at: 13, Self.order("d", kind: "document"))
        try bench.pass(to: 29)
        #expect(try bench.appended.isEmpty)
        try bench.pass(to: 30)
        let notice = try #require(try bench.appended.first)
        #expect(try bench.appended.count == 1 && notice.type == "inspection.notified")
        #expect(notice.texts("orders") == ["m", "c"] && notice.texts("participants") == ["MSA", "CUS"])
        #expect(notice.texts("kinds") == ["physical", "nii"] && notice.texts("containers") == ["C1"])
        #expect(notice.text("convenor") == "CUS" && notice.text("place") == "yard 2")
        #expect(notice.text("at") == DeskBench.time(660).description && notice.text("port") == "CNNSA")
        #expect(notice.texts("recipients") == ["DEC", "TER"])
        // What comes after the notice gets a further one, with those that had no time in common with the first.
        try bench.take("inspection.ordered", by: "TRA", at: 35, Self.order("t", 700, 760))
        try bench.pass(to: 100)
        #expect(try bench.appended.map { $0.texts("orders") } == [["m", "c"], ["b", "t"]])
        #expect(bench.timers == 0)
    }

    @Test("S20 The notice precedes the inspection; what had begun already hurries nobody")
    func early() throws {
        var bench = try Self.bench()
        try bench.take("inspection.ordered", by: "CUS", Self.order("a", 35, 90))
        try bench.pass(to: 19)
        #expect(try bench.appended.isEmpty)
        try bench.pass(to: 20)
        #expect(try bench.appended.count == 1)
        // In five minutes: at once.
        try bench.take("inspection.ordered", by: "CUS", at: 50, Self.order("b", 55, 90))
        try bench.pass(to: 50)
        #expect(try bench.appended.count == 2)
        // A message that comes late: its window lies in the past.
        try bench.take("inspection.ordered", by: "CUS", at: 1_000, Self.order("c", 55, 90))
        try bench.take("inspection.ordered", by: "BOR", at: 1_001, Self.order("d", 60, 95))
        try bench.pass(to: 1_029)
        #expect(try bench.appended.count == 2)
        try bench.pass(to: 1_030)
        #expect(try bench.appended.last?.texts("orders") == ["c", "d"])
    }

    @Test(
        "S22, trap 2: What is excluded is never merged, and told at once",
        arguments: [
            "waste", "dangerous-goods", "special-technique", "epidemic", "nbc-emergency", "smuggling", "drugs",
            "illegal-entry", "infected-area",
        ])
    func excluded(code: String) throws {
        var bench = DeskBench(PortAutomations.jointInspection)
        let ship = #""conveyance":"IMO9074729""#
        try bench.take("conveyance.declared", by: "TER", ship)
        try bench.take("inspection.ordered", by: "BOR", Self.order("b", about: ship, kind: "boarding"))
        try bench.take(
            "inspection.ordered", by: "CUS",
            Self.order("c", about: ship, kind: "boarding", #","exclusions":["\#(code)"]"#))
        #expect(try bench.appended.map { $0.texts("orders") } == [["c"]])
        try bench.take("inspection.ordered", by: "MSA", at: 1, Self.order("m", about: ship, kind: "boarding"))
        try bench.pass(to: 30)
        let notice = try #require(try bench.appended.last)
        #expect(notice.texts("orders") == ["b", "m"] && notice.text("convenor") == "MSA")
        #expect(notice.text("conveyance") == "IMO9074729" && notice.texts("recipients") == ["TER"])
    }

    @Test("S22 What is cancelled, corrected, done or told by hand is left out; what is changed is told as it is now")
    func leftOut() throws {
        var bench = try Self.bench()
        let names = ["cancelled", "corrected", "begun", "done", "by hand", "released", "changed", "kept"]
        for name in names {
            let agency = name == "released" ? "TRA" : name == "kept" ? "BOR" : "CUS"
            try bench.take("inspection.ordered", by: agency, id: "id \(name)", Self.order(name))
        }
        try bench.take(
            "inspection.ordered", by: "CUS", Self.order("cancelled", kind: "physical", #","status":"cancelled""#))
        try bench.take("inspection.ordered", by: "CUS", at: 5, Self.order("changed", 600, 700))
        try bench.take("record.corrected", by: "CUS", Self.goods + #","event":"id corrected""#)
        try bench.take("inspection.started", by: "CUS", Self.goods + #","orders":["begun"],"participants":["CUS"]"#)
        try bench.take("inspection.completed", by: "CUS", Self.goods + #","orders":["done"],"result":"no-finding""#)
        try bench.take(
            "inspection.notified", by: "CUS", Self.goods + #","orders":["by hand"],"participants":["CUS"],"place":"x""#)
        try bench.take("release.granted", by: "TRA", Self.goods)
        // Others cannot: another agency's number, another agency's event.
        try bench.take("inspection.ordered", by: "MSA", Self.order("kept", kind: "physical", #","status":"cancelled""#))
        try bench.take("record.corrected", by: "MSA", Self.goods + #","event":"id kept""#)
        try bench.pass(to: 60)
        #expect(try bench.appended.map { Set($0.texts("orders")) } == [["kept", "changed"]])
        #expect(try bench.appended.first?.text("at") == DeskBench.time(600).description)
        // Ordered otherwise after the notice: a further notice.
        try bench.take("inspection.ordered", by: "CUS", at: 61, Self.order("changed", 800, 900))
        try bench.pass(to: 100)
        #expect(try bench.appended.map { $0.texts("orders").count } == [2, 1])
        // All that waits goes away, and nothing is told.
        try bench.take("inspection.ordered", by: "CUS", at: 101, Self.order("last"))
        try bench.take("declaration.withdrawn", by: "CUS", at: 102, Self.goods + #","stage":"completed""#)
        try bench.pass(to: 500)
        #expect(try bench.appended.count == 2 && bench.timers == 0)
    }

    @Test("S24 An agency that has become another takes part as that one; two agencies may count their orders alike")
    func mergers() throws {
        var bench = try Self.bench()
        try bench.take("inspection.ordered", by: "CIQ", Self.order("1"))
        try bench.take("inspection.ordered", by: "CUS", after: ["CIQ"], at: 1, Self.order("2"))
        try bench.pass(to: 31)
        #expect(try bench.appended.map { $0.texts("participants") } == [["CUS"]])
        try bench.take("inspection.ordered", by: "CUS", at: 40, Self.order("7"))
        try bench.take("inspection.ordered", by: "BOR", Self.order("7"))
        try bench.take(
            "inspection.completed", by: "CUS",
            Self.goods + #","orders":["7"],"participants":["CUS"],"result":"no-finding""#)
        try bench.pass(to: 80)
        #expect(try bench.appended.last?.texts("participants") == ["BOR"])
        // The ship on which the goods are is another object.
        try bench.take(
            "inspection.ordered", by: "CUS", at: 90, Self.order("g", kind: "physical", #","conveyance":"S1""#))
        try bench.take("inspection.ordered", by: "MSA", Self.order("s", about: #""conveyance":"S1""#))
        try bench.pass(to: 130)
        #expect(try bench.appended.suffix(2).map { $0.texts("orders") } == [["s"], ["g"]])
    }
}
