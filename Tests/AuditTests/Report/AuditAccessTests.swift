import Audit
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

@Suite("Audit report: who looked")
struct AuditAccessTests {
    private static func accesses(_ lab: PortLab, for reader: Reader, at position: Position? = nil) async throws
        -> AuditReport
    {
        try await AuditReportTests.report(lab, for: reader, at: position)
    }

    @Test(
        "Who saw which classified field, why and by which rule; denials too: up to the last anchor below the position")
    func told() async throws {
        let lab = try await PortLab(anchors: true)
        defer { lab.close() }
        try await lab.playDay()
        let nothing = try await Self.accesses(lab, for: PortLab.auditor, at: lab.head)
        let tax = Reader(.authority, agency: "TAX", role: "assessor", purpose: "refund", caseName: "T-<7>")
        _ = try await lab.ledger.read(Query(tags: [try Tag("declaration:D-1")]), for: tax)
        try await lab.anchored()
        let position = try lab.head
        let report = try await Self.accesses(lab, for: PortLab.auditor)
        let record = try #require(report.accesses.records.first { $0.record.reader.agency == "TAX" })
        #expect(report.accesses.telling == .told && record.record.purpose == "refund")
        let page = AuditReportTests.text(report.html)
        for word in ["rule price-to-tax", "TAX / assessor", "refund", "T-&lt;7&gt;", "declaration.lodged /commercial"] {
            #expect(page.contains(word), "\(word)")
        }
        let root = try JSONDocument(parsing: report.json).root
        #expect(root["accesses"]?["records"]?.elements.contains { $0["basis"]?.string == "rule price-to-tax" } == true)
        // Before it was anchored it is not there, and whoever reads later changes nothing of it.
        #expect(nothing.accesses.records.allSatisfy { $0.record.reader.agency != "TAX" })
        _ = try await lab.ledger.read(Query(tags: [try Tag("declaration:D-1")]), for: tax)
        try await lab.anchored()
        let again = try await Self.accesses(lab, for: PortLab.auditor, at: position)
        #expect(again.json == report.json && again.html == report.html)
        // The owner is told of its own fields; who owns none of them is not.
        #expect(try await Self.accesses(lab, for: PortLab.customs, at: position).accesses.telling == .told)
        let other = try await Self.accesses(lab, for: Reader(.authority, agency: "AGR"), at: position)
        #expect(other.accesses.telling == .notTold && !AuditReportTests.text(other.json).contains("price-to-tax"))
    }

    @Test("Without an anchor nothing is told, and that is said")
    func unanchored() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let report = try await Self.accesses(lab, for: PortLab.auditor)
        #expect(report.accesses.telling == .nothingAnchored && report.accesses.records.isEmpty)
        #expect(AuditReportTests.text(report.html).contains("No access record had been anchored"))
    }
}
