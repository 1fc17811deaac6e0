import Foundation
import TestSupport
import Testing

@Suite("The command line: import rasff")
struct ImportRASFFTests {
    private func summary(_ result: SanhuProcess.Result) throws -> [String: Any] {
        try #require(try result.objects.last?["summary"] as? [String: Any], "\(result)")
    }

    @Test("Alerts, an amendment and a refusal are accounted for; a second time nothing is appended")
    func imports() async throws {
        let workspace = try await Workspace.withLedger()
        let rows = [
            RASFFFixture.row("2024.9650"), RASFFFixture.row("2024.9650", week: 1),
            RASFFFixture.row("2024.9605", attention: "Atlantis"),
        ]
        try workspace.write(RASFFFixture.header + rows.joined(), to: "n.csv")
        let first = try await workspace.run("import", "rasff", "n.csv")
        #expect(first.status == 3)
        let refusal = try #require(try first.objects.compactMap { $0["refused"] as? [String: Any] }.first)
        #expect(refusal["line"] as? Int == 4 && (refusal["reason"] as? String)?.contains("“Atlantis”") == true)
        #expect(
            try summary(first)["byType"] as? [String: Int] == [
                "sanhu.alert.notified": 1, "sanhu.alert.amended": 1, "sanhu.assistance.requested": 1,
            ])
        let second = try summary(try await workspace.run("import", "rasff", "n.csv"))
        #expect(second["appended"] as? Int == 0 && second["duplicates"] as? Int == 3)
        let asked = try await workspace.succeed("read", "--tag", "agency:ES", "--tag", "notification:2024.9650")
        #expect(try asked.objects.count == 3)
        #expect(try await workspace.succeed("read", "--tag", "agency:INFOSAN").objects.count == 2)
        #expect(try await workspace.succeed("read", "--tag", "notification:2024.965").objects.isEmpty)
        try await workspace.expectSound(entries: 3)
    }

    @Test("An input that is not there is no success")
    func missingInput() async throws {
        let workspace = try await Workspace.withLedger()
        #expect(try await workspace.run("import", "rasff", "nowhere").status == 4)
    }

    @Test(
        "A year of notifications comes in, and once",
        .enabled(if: SharedFolder.has("corpus/rasff"), "the corpus is not there (SANHU_SHARED)"))
    func corpus() async throws {
        let workspace = try await Workspace.withLedger()
        let file = SharedFolder.url.appendingPathComponent("corpus/rasff/notifications-2024.csv").path
        let first = try summary(try await workspace.succeed("import", "rasff", file))
        #expect(first["recordsRead"] as? Int == 5_389 && first["appended"] as? Int == 8_578)
        let second = try summary(try await workspace.succeed("import", "rasff", file))
        #expect(second["appended"] as? Int == 0 && second["duplicates"] as? Int == 8_578)
    }
}
