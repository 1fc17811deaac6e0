import Audit
import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing
import Transparency
import Views

@Suite("Audit report")
struct AuditReportTests {
    static func maker(_ lab: PortLab) throws -> AuditReportMaker {
        AuditReportMaker(of: lab.ledger, signer: try NoteSigner(name: PortLab.origin, seed: Array(1...32)))
    }

    static func report(
        _ lab: PortLab, _ object: String = "declaration:D-1", for reader: Reader = PortLab.auditor,
        at position: Position? = nil, limit: Int = 200
    ) async throws -> AuditReport {
        var question = AuditQuestion(.object(try EventLog.Tag(object)), at: try position ?? lab.head)
        question.limit = limit
        return try await maker(lab).report(question, for: reader)
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Decisions have their power, rules and what they rest on; corrections and what they correct name each other")
    func contents() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.head
        try await lab.playDay()
        let report = try await Self.report(lab)
        #expect(report.events.map(\.type).first == "declaration.lodged" && report.total == 5 && report.rest == nil)
        let (inspected, corrected) = (first + 5, first + 7)
        let events = Dictionary(uniqueKeysWithValues: report.events.map { ($0.position, $0) })
        #expect(events[inspected]?.correctedBy == [corrected] && events[corrected]?.corrects == [inspected])
        let accepted = try #require(report.decisions[first + 3])
        #expect(accepted.power == "CUS-declaration" && accepted.rules.contains { $0.name == "sequence" })
        #expect(report.decisions[first + 1] == nil, "a lodgement is no decision")
        try await lab.append(
            "result.recognised", by: "MSA", tags: ["declaration:D-1"],
            #""declaration":"D-1","event":"inspected","by":"CUS","scope":"all""#)
        let later = try await Self.report(lab)
        let recognised = try #require(later.decisions[lab.head - 1])
        #expect(recognised.inputs == [DecisionAccount.Input(position: inspected, role: "event")])
        let order = try await lab.append(
            "inspection.ordered", by: "CUS", #""declaration":"D-1","order":"O-1","kind":"physical","cause":"inspected""#
        )
        let completed = try await lab.append(
            "inspection.completed", by: "CUS",
            #""declaration":"D-1","result":"no-finding","kinds":["physical"],"orders":["O-1","O-9"]"#)
        let ordered = try await Self.report(lab)
        #expect(ordered.decisions[order]?.inputs == [DecisionAccount.Input(position: inspected, role: "cause")])
        #expect(ordered.decisions[completed]?.inputs == [DecisionAccount.Input(position: order, role: "orders")])
        let page = Self.text(later.html)
        for word in [
            "稽查报告", "Customs accepts a declaration", "CUS-declaration", "corrected by <a href=\"#e\(corrected)\"",
            "the wrong container", "海关", "<title id=\"t0t\">", "scope=\"col\"", "scope=\"row\"",
        ] { #expect(page.contains(word), "\(word)") }
    }

    @Test("The same position gives the same bytes: again, after more was appended and read, and without views")
    func reproducible() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let position = try lab.head
        let first = try await Self.report(lab, for: PortLab.customs)
        try await lab.append("declaration.reopened", by: "CUS", #""declaration":"D-1""#)
        _ = try await lab.ledger.read(.all, for: PortLab.customs)
        let keeper = try ViewKeeper(of: lab.ledger)
        keeper.close()
        try? FileManager.default.removeItem(atPath: lab.path + "/views")
        let second = try await Self.report(lab, for: PortLab.customs, at: position)
        #expect(first.html == second.html && first.json == second.json)
        #expect(try await Self.report(lab, for: PortLab.customs).json != first.json)
    }

    @Test(
        "Classified fields stand in the report of who may see them, on record; in nobody else's, and sealed events neither"
    )
    func canaries() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let records = try lab.ledger.accessLog.head
        let own = try await Self.report(lab, for: PortLab.customs)
        #expect(Self.text(own.html).contains("CANARY-PRICE") && Self.text(own.html).contains("CANARY-RULE"))
        #expect(try lab.ledger.accessLog.head > records, "what is disclosed for a report is on record")
        for reader in [PortLab.auditor, Reader(.authority, agency: "AGR"), Reader(.participant, agency: "CAR")] {
            let report = try await Self.report(lab, for: reader)
            for text in [Self.text(report.html), Self.text(report.json)] {
                for word in ["CANARY", "risk.flagged"] {
                    #expect(!text.contains(word), "\(reader.agency ?? ""): \(word)")
                }
            }
        }
        let container = try await Self.report(lab, "container:CANARY-BOX")
        #expect(container.total == 0 && container.events.isEmpty, "that there is a flag on it is told to nobody else")
        #expect(Self.text(container.html).contains("Nothing that this reader sees"))
    }

    @Test("A grant that comes later adds nothing to the report of a position, and counts in that of a later one")
    func laterGrant() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let position = try lab.head
        let tax = Reader(.authority, agency: "TAX", purpose: "refund", caseName: "T-7")
        let before = try await Self.report(lab, for: tax)
        #expect(!Self.text(before.html).contains("CANARY"))
        lab.clock.advance(hours: 1)
        let request = try await lab.append(
            "disclosure.requested", by: "TAX",
            #""owner":"CUS","fields":{"types":["sanhu.declaration.lodged"],"pointers":["/commercial"]},"objects":["declaration:D-1"],"purpose":"refund","case":"T-7","to":"2026-06-30T00:00:00+08:00""#
        )
        try await lab.append(
            "disclosure.decided", by: "CUS", #""request":\#(request),"outcome":"granted","reasons":["Art. 5"]"#)
        let after = try await Self.report(lab, for: tax, at: position)
        #expect(after.html == before.html && after.json == before.json)
        let now = try await Self.report(lab, for: tax)
        #expect(Self.text(now.html).contains("CANARY-PRICE"))
    }

    @Test("What is hostile in events does nothing in the page")
    func hostile() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let evil = #"</td><script>alert(1)</script><img src=x onerror='alert(2)'>\" onload=\"x‮gnp.exe\u0007​"#
        try await lab.append(
            "declaration.lodged", by: "DEC",
            #""declaration":"D-1","kind":"\#(evil)","port":"\#(evil)","voyage":"]]></svg><svg onload=x>""#)
        try await lab.append(
            "record.corrected", by: "DEC", #""declaration":"D-1","event":"<b>no such</b>","basis":"\#(evil)""#)
        let page = Self.text(try await Self.report(lab).html)
        for word in [
            "<script", "<img", "<b>", "</svg><svg onload", "onerror='", "\" onload", "\u{202E}", "\u{200B}", "\u{7}",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("&lt;script&gt;") && page.contains("⟨U+202E⟩") && page.contains("⟨U+0007⟩"))
        #expect(page.contains("default-src 'none'") && !page.contains("http://") && !page.contains("https://"))
        #expect(!page.contains(" style=\"") && !page.contains("javascript:"))
    }

    @Test(
        "The report verifies with the key alone, and not when a byte of entry, disclosure, event, root or signature is another"
    )
    func verified() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let json = try await Self.report(lab, for: PortLab.customs).json
        let verifier = AuditReportVerifier(key: lab.verifier)
        let found = try verifier.verify(json)
        let head = try lab.head
        #expect(found.entries == 6 && found.disclosures > 0 && found.position == head)
        for (old, new) in [
            ("no-finding", "no-FINDING"), ("\"disclosures\":[\"W", "\"disclosures\":[\"X"),
            (
                "\"agency\":\"CUS\",\"type\":\"declaration.accepted\",\"leaf",
                "\"agency\":\"TAX\",\"type\":\"declaration.accepted\",\"leaf"
            ),
            ("\"type\":\"declaration.lodged\",\"leaf", "\"type\":\"declaration.loaded\",\"leaf"),
            ("\"occurred\":\"2026-03-01T00:00", "\"occurred\":\"2026-03-01T00:01"), ("\"root\":\"", "\"root\":\"x"),
            ("audit.example/ledger\\n15", "audit.example/ledger\\n16"), ("\"events\":[{", "\"events\":[{},{"),
            ("\"auditReport\":1", "\"auditReport\":2"),
        ] {
            let text = Self.text(json)
            #expect(text.contains(old), "\(old)")
            let range = try #require(text.range(of: old))
            let changed = text.replacingCharacters(in: range, with: new)
            #expect(throws: AuditReportFault.self, "\(old)") { try verifier.verify(Array(changed.utf8)) }
        }
        // An event twice, with its entry twice.
        let lines = try #require(
            try JSONDocument(parsing: json).root["entries"]?.elements.map { Self.text(Array($0.text)) })
        let told = try #require(
            try JSONDocument(parsing: json).root["events"]?.elements.map { Self.text(Array($0.text)) })
        let twice = Self.text(json).replacing(lines[0], with: lines[0] + "," + lines[0])
            .replacing(told[0], with: told[0] + "," + told[0])
        #expect(throws: AuditReportFault.self) { try verifier.verify(Array(twice.utf8)) }
        let stranger = try NoteSigner(name: PortLab.origin, seed: Array(5...36)).verifier
        #expect(throws: AuditReportFault.self) { try AuditReportVerifier(key: stranger).verify(json) }
        #expect(throws: AuditReportFault.self) { try verifier.verify(Array("[]".utf8)) }
        // The page has the same proofs.
        let page = Self.text(try await Self.report(lab, for: PortLab.customs).html)
        let root = try JSONDocument(parsing: json).root
        for entry in root["entries"]?.elements ?? [] {
            for hash in entry["proof"]?.elements ?? [] { #expect(page.contains(hash.string ?? "?")) }
        }
    }

    @Test("More than is shown is counted, and where the rest begins is said; nothing is there before anything was")
    func bounds() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.head
        try await lab.playDay()
        let report = try await Self.report(lab, limit: 2)
        #expect(report.total == 5 && report.rest == first + 5)
        // The correction stands beyond what is shown, and is shown.
        #expect(report.events.map(\.position) == [first + 1, first + 3, first + 7])
        let whole = try await Self.report(lab, limit: 3)
        #expect(whole.events.first { $0.type == "inspection.completed" }?.correctedBy == [first + 7])
        let page = Self.text(report.html)
        #expect(page.contains("5, of which 3 are shown") && page.contains("Events recorded per day"))
        await #expect(throws: ExchangeError.self) { try await Self.report(lab, at: 0) }
        await #expect(throws: ExchangeError.self) { try await Self.report(lab, at: lab.head + 1) }
        await #expect(throws: ExchangeError.self) { try await Self.report(lab, limit: 301) }
        await #expect(throws: ExchangeError.self) {
            try await Self.report(lab, for: Reader(.authority, agency: "NOBODY"))
        }
    }
}
