import Audit
import Clearance
import EventLog
import Exchange
import Foundation
import TestSupport
import Testing
import Views

@Suite("Clearance times as CSV")
struct ClearanceTimesTests {
    private func text(_ lab: PortLab) async throws -> String {
        let keeper = try ViewKeeper(of: lab.ledger)
        defer { keeper.close() }
        let figures = try PortFigures(in: keeper)
        #expect(await figures.runner.reached(try lab.head, timeout: .seconds(60)))
        let report = try await figures.report(ClearanceTimesCSV.figures, at: lab.head, for: PortLab.auditor)
        return String(decoding: ClearanceTimesCSV.text(report, origin: PortLab.origin), as: UTF8.self)
    }

    @Test("A line for each figure, port, month, mode and flow, with unit, version, position and root")
    func lines() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        #expect(try await text(lab).components(separatedBy: "\r\n").count == 2, "the titles alone")
        for (number, hour) in [("D-1", "10"), ("D-2", "12")] {
            try await lab.append(
                "declaration.lodged", by: "DEC", time: "2026-03-01T08:00:00+08:00",
                #""declaration":"\#(number)","kind":"goods","flow":"import","port":"=CMD()","transportMode":"2""#)
            try await lab.append(
                "release.completed", by: "SW", time: "2026-03-01T\(hour):00:00+08:00",
                #""declaration":"\#(number)","port":"=CMD()","flow":"import","arrivedAt":"2026-03-01T08:00:00+08:00""#)
        }
        let lines = try await text(lab).components(separatedBy: "\r\n")
        #expect(lines.count == 5 && lines.last == "")
        #expect(
            lines[0].hasPrefix(
                "figure,definition_version,port,month,transport_mode,flow,declarations_count,mean_seconds,median_seconds"
            ))
        let root = try lab.ledger.log.root(atSize: lab.head)
        #expect(
            lines[1] == "K22,2,'=CMD(),2026-03,2,import,2,10800,7200,14400,14400,14400,7200,14400,"
                + "\(PortLab.origin),\(try lab.head),\(root)")
        #expect(lines[2].hasPrefix("K22-agency,1,'=CMD(),2026-03,all,import,2,"))
    }
}
