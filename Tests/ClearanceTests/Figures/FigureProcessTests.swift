import Clearance
import EventLog
import Exchange
import JSON
import TestSupport
import Testing
import Views

@Suite("Figures of disclosure, draws, scans and time limits", .fewAtOnce)
struct FigureProcessTests {
    private static func at(_ hour: Int, _ minute: Int = 0) -> String {
        "2026-03-01T\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute):00+08:00"
    }

    private static func hits(_ lab: FigureLab, _ code: String) async throws -> [Int64] {
        let total = try await lab.total(code)
        return [total.hits, total.count]
    }

    @Test("K05 S04: from the first request to the first decision, by owner; refusals with and without a reason")
    func disclosure() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        var requests: [Position] = []
        for hour in 0..<3 {
            requests.append(
                try await lab.append(
                    "disclosure.requested", "TAX", Self.at(hour),
                    #""owner":"CUS","fields":{"types":["sanhu.declaration.lodged"],"pointers":["/commercial"]},"objects":["declaration:1"],"purpose":"refund","case":"T-\#(hour)","to":"2030-01-01T00:00:00+08:00""#
                ))
        }
        for (number, outcome) in ["granted", "denied"].enumerated() {
            try await lab.append(
                "disclosure.decided", "CUS", Self.at(5),
                #""request":\#(requests[number]),"outcome":"\#(outcome)","reasons":["Art. 5"]"#)
        }
        let table = try #require(try await lab.report("K05").table("K05"))
        #expect(table.total.count == 2, "the third is not decided")
        #expect(table.rows.map(\.group.labels) == [["CUS"]])
        #expect(table.total.sum == (5 + 4) * 3_600, "\(table.total)")
        #expect(try await Self.hits(lab, "K05-reasons") == [1, 1])
    }

    @Test(
        "K14 S51: of draws that were drawn, those whose seed was revealed; one that is committed to alone counts for nothing"
    )
    func draws() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        let commitment = String(repeating: "0", count: 64)
        for (draw, stages) in [("A", 1), ("B", 2), ("C", 3), ("D", 3)] {
            for stage in ["committed", "drawn", "revealed"].prefix(stages) {
                try await lab.append(
                    "selection.drawn", "CUS", Self.at(1),
                    #""draw":"\#(draw)","stage":"\#(stage)","commitment":"\#(commitment)""#)
            }
        }
        #expect(try await Self.hits(lab, "K14") == [2, 3])
    }

    @Test(
        "K16 S54: the last conclusion decides, and goods that were inspected were not released straight after the scan")
    func scans() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func review(_ declaration: Int, _ conclusion: String?, _ hour: Int) async throws {
            let said = conclusion.map { #","conclusion":"\#($0)""# } ?? ""
            try await lab.append(
                "image.reviewed", "CUS", Self.at(hour),
                #""image":"I\#(declaration)","declaration":"\#(declaration)","screen":"s","verdict":"clear""# + said)
        }
        for declaration in 1...4 {
            try await lab.append(
                "declaration.lodged", "DEC", Self.at(0),
                #""declaration":"\#(declaration)","kind":"goods","port":"CNNSA""#)
        }
        try await review(1, "release", 1)
        try await review(2, "release", 1)
        try await lab.append(
            "inspection.started", "CUS", Self.at(2), #""declaration":"2","participants":["CUS"]"#)
        try await review(3, "inspect", 1)
        try await review(3, "release", 2)
        try await review(4, nil, 1)
        #expect(try await Self.hits(lab, "K16") == [2, 3], "the fourth has no conclusion")
    }

    @Test("K25 S73: an operation counts by the limit in force when it began; a minute over is too late")
    func limits() async throws {
        let lab = try await FigureLab()
        defer { lab.close() }
        func publish(_ edition: String, _ from: String, _ to: String, _ minutes: Int) async throws {
            try await lab.append(
                "policy.published", "POO", nil,
                #""kind":"service-limit","edition":"\#(edition)","validity":{"from":"\#(from)","to":"\#(to)"},"limits":[{"operation":"examine","minutes":\#(minutes),"start":"declaration.accepted","end":"release.granted"},{"operation":"other","minutes":1}]"#
            )
        }
        try await publish("1", "2026-01-01", "2026-02-01", 1)
        try await publish("2", "2026-02-01", "2027-01-01", 60)
        for (declaration, minutes) in [(1, 59), (2, 60), (3, 61)] {
            let one = #""declaration":"\#(declaration)""#
            try await lab.append("declaration.lodged", "DEC", Self.at(0), one + #","kind":"goods","port":"CNNSA""#)
            try await lab.append("declaration.accepted", "CUS", Self.at(8), one)
            try await lab.append("release.granted", "CUS", Self.at(8 + minutes / 60, minutes % 60), one)
        }
        try await lab.append("declaration.lodged", "DEC", Self.at(0), #""declaration":"4","kind":"goods""#)
        try await lab.append("declaration.accepted", "CUS", Self.at(8), #""declaration":"4""#)
        let table = try #require(try await lab.report("K25").table("K25"))
        #expect([table.total.hits, table.total.count] == [2, 3], "\(table.rows)")
        #expect(Set(table.rows.flatMap(\.group.labels)) == ["examine"])
    }
}
