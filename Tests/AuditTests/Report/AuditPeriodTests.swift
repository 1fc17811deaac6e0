import Audit
import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Views

@Suite("Audit report on a period")
struct AuditPeriodTests {
    private static func period(
        _ lab: PortLab, port: String? = nil, for reader: Reader = PortLab.auditor
    ) async throws -> AuditReport {
        let from = try #require(Timestamp("2026-02-01T00:00:00Z"))
        let to = try #require(Timestamp("2026-04-01T00:00:00Z"))
        return try await AuditReportTests.maker(lab).report(
            AuditQuestion(.period(from: from, to: to, port: port), at: lab.head), for: reader)
    }

    @Test("A period is what was recorded in it, of a port if one is named; what is not told is counted")
    func periods() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.head
        try await lab.playDay()
        let all = try await Self.period(lab)
        let head = try lab.head
        #expect(all.range == 0..<head && all.stubs == 1, "the flag")
        #expect(all.events.last?.position == head - 1)
        let port = try await Self.period(lab, port: "CNSHA")
        #expect(port.events.map(\.position) == [first + 8])
        #expect(AuditReportTests.text(port.html).contains("port CNSHA"))
        let none = try await AuditReportTests.maker(lab).report(
            AuditQuestion(
                .period(
                    from: #require(Timestamp("2020-01-01T00:00:00Z")), to: #require(Timestamp("2020-02-01T00:00:00Z")),
                    port: nil), at: lab.head), for: PortLab.auditor)
        #expect(none.total == 0 && none.events.isEmpty)
        _ = try AuditReportVerifier(key: lab.verifier).verify(none.json)
    }

    @Test(
        "Breaches that the ledger recorded are told to auditors, with what broke the rule, also where few events are shown"
    )
    func breaches() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let book = try Rulebook(of: lab.ledger, rules: PortRules.all)
        func append(_ type: String, _ id: String, _ data: String) async throws {
            let text =
                #"{"specversion":"1.0","id":"\#(id)","source":"/CUS/1","type":"sanhu.\#(type)","dataschema":"urn:sanhu:schema:\#(type):1","data":{\#(data)}}"#
            _ = try await book.append([AgencyEvent(Array(text.utf8))], as: "CUS")
        }
        try await lab.append("declaration.lodged", by: "DEC", #""declaration":"D-9","kind":"goods","port":"CNNSA""#)
        try await append(
            "inspection.ordered", "order", #""declaration":"D-9","kind":"physical","unit":"2200-01","order":"O-1""#)
        try await append(
            "inspection.started", "start",
            #""declaration":"D-9","inspection":"I-1","orders":["O-1"],"participants":["CUS"],"unit":"2200-01""#)
        let started = try lab.head
        for report in [
            try await AuditReportTests.report(lab, "declaration:D-9"),
            try await Self.period(lab, port: "CNNSA"), try await Self.period(lab),
        ] {
            let breach = try #require(report.breaches.first)
            #expect(report.breaches.count == 1 && breach.rule == "separation" && breach.object == "declaration:D-9")
            #expect(breach.cause.map { $0 < started } == true && !breach.against.isEmpty)
            #expect(AuditReportTests.text(report.html).contains("<span class=\"bad\">separation</span>"))
        }
        let port = try await Self.period(lab, port: "CNNSA")
        #expect(port.counts.contains { $0.type == "rule.breached" && $0.events == 1 })
        #expect(port.events.map(\.position) == port.events.map(\.position).sorted())
        let elsewhere = try await Self.period(lab, port: "CNSHA")
        #expect(elsewhere.breaches.isEmpty && elsewhere.events.isEmpty && elsewhere.total == 0)
        let customs = try await AuditReportTests.report(lab, "declaration:D-9", for: PortLab.customs)
        #expect(customs.breaches.isEmpty && !AuditReportTests.text(customs.json).contains("separation\",\"object"))
    }
}
