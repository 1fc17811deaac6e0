import Foundation
import TestSupport
import Testing

@Suite("The command line: import")
struct ImportTests {
    private static let hasCorpus = SharedFolder.has("corpus/kcs/declarations.csv") && SharedFolder.has("corpus/hmrc")

    private func summary(_ result: SanhuProcess.Result) throws -> [String: Any] {
        try #require(try result.objects.last?["summary"] as? [String: Any], "\(result)")
    }

    private func types(_ result: SanhuProcess.Result) throws -> [String] {
        try result.objects.map { entry in
            let event = try #require(entry["event"] as? [String: Any])
            return String((event["type"] as? String ?? "").dropFirst("sanhu.".count))
        }
    }

    private func times(_ result: SanhuProcess.Result) throws -> [String] {
        try result.objects.compactMap { ($0["event"] as? [String: Any])?["time"] as? String }
    }

    @Test("KCS rows become lodgements, inspections and violations; a second time nothing is appended")
    func kcs() async throws {
        let workspace = try await Workspace.withLedger()
        try workspace.write(
            [KCSFixture.header, KCSFixture.row(1), KCSFixture.row(2, fraud: 1)].joined(separator: "\n"), to: "d.csv")
        let first = try summary(try await workspace.succeed("import", "kcs", "d.csv"))
        #expect(first["appended"] as? Int == 5 && first["duplicates"] as? Int == 0)
        let byType = try #require(first["byType"] as? [String: Int])
        #expect(
            byType == [
                "sanhu.declaration.lodged": 2, "sanhu.inspection.completed": 2, "sanhu.violation.recorded": 1,
            ])
        let second = try await workspace.succeed("import", "kcs", "d.csv")
        #expect(try summary(second)["appended"] as? Int == 0 && summary(second)["duplicates"] as? Int == 5)
        #expect(second.errors.contains("1 of 1 files imported, 0 refused; 0 events appended, 5 were there already"))
        let story = try await workspace.succeed("read", "--tag", "declaration:2")
        #expect(try types(story) == ["declaration.lodged", "inspection.completed", "violation.recorded"])
        try await workspace.expectSound(entries: 5)
    }

    @Test("a malformed row is reported with file and line, and the others are imported")
    func malformedRow() async throws {
        let workspace = try await Workspace.withLedger()
        let rows = [KCSFixture.header, KCSFixture.row(1), "2,what,is,this", KCSFixture.row(3)]
        try workspace.write(rows.joined(separator: "\n") + "\n", to: "in/d.csv")
        let result = try await workspace.run("import", "kcs", "in")
        #expect(result.status == 3, "\(result)")
        let refusals = try result.objects.compactMap { $0["refused"] as? [String: Any] }
        #expect(refusals.count == 1, "\(result)")
        #expect((refusals.first?["file"] as? String)?.hasSuffix("in/d.csv") == true)
        #expect(refusals.first?["line"] as? Int == 3 && refusals.first?["reason"] is String)
        #expect(try summary(result)["recordsRefused"] as? Int == 1)
        try await workspace.expectSound(entries: 4)
    }

    @Test("a WCO lodgement and its answers are one story, found by local reference and by number")
    func wco() async throws {
        let workspace = try await Workspace.withLedger()
        try workspace.write(WCOFixture.lodgement("LRN-7"), to: "in/1.xml")
        for (file, code, time) in [("2", "01", "20260301080000Z"), ("3", "09", "20260301093000Z")] {
            let answer = WCOFixture.answer(code, at: time, reference: "LRN-7", number: "26GB0000000000007")
            try workspace.write(answer, to: "in/\(file).xml")
        }
        try workspace.write("<MetaData>\n<Response>\n<oops>\n</MetaData>\n", to: "in/4.xml")
        let result = try await workspace.run("import", "wco", "in")
        #expect(result.status == 3, "\(result)")
        let counts = try summary(result)
        #expect(counts["filesFound"] as? Int == 4 && counts["filesImported"] as? Int == 3)
        #expect(counts["filesRefused"] as? Int == 1 && counts["appended"] as? Int == 3, "\(result)")
        let refusal = try #require(try result.objects.compactMap { $0["refused"] as? [String: Any] }.first)
        #expect((refusal["file"] as? String)?.hasSuffix("in/4.xml") == true, "\(result)")
        #expect(refusal["line"] as? Int == 4, "\(result)")
        let byNumber = try await workspace.succeed("read", "--tag", "declaration:26GB0000000000007")
        #expect(try types(byNumber).first == "declaration.lodged" && byNumber.lines.count == 3, "\(byNumber)")
        #expect(byNumber.text == (try await workspace.succeed("read", "--tag", "lrn:LRN-7").text))
        let second = try await workspace.run("import", "wco", "in")
        let again = try summary(second)
        #expect(again["appended"] as? Int == 0 && again["duplicates"] as? Int == 3)
        #expect(second.status == 3, "what is refused is refused again: \(second)")
        try FileManager.default.removeItem(atPath: workspace.path("in/4.xml"))
        let mended = try await workspace.run("import", "wco", "in")
        #expect(mended.status == 0, "with nothing refused it is a success: \(mended)")
        try await workspace.expectSound(entries: 3)
    }

    @Test("an input that is not there is no success")
    func missingInput() async throws {
        let workspace = try await Workspace.withLedger()
        try FileManager.default.createDirectory(atPath: workspace.path("empty"), withIntermediateDirectories: false)
        for format in ["wco", "kcs"] {
            for path in ["nowhere", "empty"] {
                let result = try await workspace.run("import", format, path)
                #expect(result.status == 4, "\(result)")
            }
        }
        let table = try await workspace.run("import", "kcs", "empty", "--hs", "nowhere.csv")
        #expect(table.status == 4 && table.errors.contains("--hs"), "\(table)")
        try await workspace.expectSound(entries: 0)
    }

    @Test(
        "all Korean declarations come in, each with its inspection, and once",
        .enabled(if: hasCorpus, "skipped: no corpus (hmrc, kcs) under SANHU_SHARED or ../shared"))
    func corpusKCS() async throws {
        let workspace = try await Workspace.withLedger()
        let file = SharedFolder.url.appendingPathComponent("corpus/kcs/declarations.csv").path
        let first = try summary(try await workspace.succeed("import", "kcs", file))
        let byType = try #require(first["byType"] as? [String: Int])
        #expect(byType["sanhu.declaration.lodged"] == 37_385 && byType["sanhu.inspection.completed"] == 37_385)
        let count = try #require(first["appended"] as? Int)
        #expect(count == byType.values.reduce(0, +) && first["recordsRefused"] as? Int == 0)
        let second = try summary(try await workspace.succeed("import", "kcs", file))
        #expect(second["appended"] as? Int == 0 && second["duplicates"] as? Int == count)
        #expect(try await workspace.succeed("stats").objects.first?["entries"] as? Int == count)
        let one = try await workspace.succeed("read", "--tag", "declaration:97061800")
        #expect(try types(one) == ["declaration.lodged", "inspection.completed"])
    }

    @Test(
        "all UK files are accounted for, and TT_IM017a's story is told in order by either reference",
        .enabled(if: hasCorpus, "skipped: no corpus (hmrc, kcs) under SANHU_SHARED or ../shared"))
    func corpusWCO() async throws {
        let workspace = try await Workspace.withLedger()
        let messages = SharedFolder.url.appendingPathComponent("corpus/hmrc").path
        let result = try await workspace.run("import", "wco", messages)
        let counts = try summary(result)
        let (imported, refused) = (counts["filesImported"] as? Int ?? 0, counts["filesRefused"] as? Int ?? 0)
        #expect(counts["filesFound"] as? Int == 425 && imported + refused == 425)
        let refusals = try result.objects.compactMap { $0["refused"] as? [String: Any] }
        #expect(result.status == (refused > 0 ? 3 : 0), "\(result.errors)")
        #expect(refusals.count == refused && refusals.allSatisfy { $0["reason"] is String && $0["file"] is String })
        let story = try await workspace.succeed("read", "--tag", "declaration:21GB7X8M7S6NG8N6R0")
        #expect(
            try types(story) == [
                "declaration.lodged", "declaration.accepted", "duty.assessed", "document.requested",
                "inspection.ordered", "declaration.amended", "notice.acknowledged", "declaration.amended",
                "duty.assessed", "duty.assessed", "inspection.completed", "clearance.closed",
            ])
        #expect(try times(story).count == 12 && times(story) == times(story).sorted())
        #expect(story.text == (try await workspace.succeed("read", "--tag", "lrn:TT_IM17a_v1.4_1907_01").text))
        let again = try summary(try await workspace.run("import", "wco", messages))
        #expect(again["appended"] as? Int == 0)
        #expect(try await workspace.run("verify").status == 0)
    }
}
