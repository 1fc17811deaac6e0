import Foundation
import Testing

@Suite("The command line: sample")
struct SampleCommandTests {
    @Test("the same seed gives the same bytes, another seed others")
    func seeds() async throws {
        let workspace = try Workspace()
        let first = try await workspace.succeed("sample", "--seed", "7", "--declarations", "30")
        let second = try await workspace.succeed("sample", "--seed", "7", "--declarations", "30")
        let other = try await workspace.succeed("sample", "--seed", "8", "--declarations", "30")
        #expect(first.output == second.output && first.output != other.output && first.errorBytes.isEmpty)
        for draft in try first.objects { #expect(Set(draft.keys) == ["agency", "tags", "event"]) }
        #expect(try await workspace.succeed("sample", "--declarations", "0").output.isEmpty)
    }

    @Test("what it prints is appended, and the story to show is told from the lodgement to the gate")
    func showcase() async throws {
        let workspace = try await Workspace.withLedger()
        let appended = try await workspace.shell(
            "set -o pipefail; \"$SANHU\" sample --seed 7 --declarations 40 | \"$SANHU\" append -")
        #expect(appended.status == 0, "\(appended.errors)")
        let tags = try #require(try await workspace.succeed("sample", "--seed", "7", "--showcase").objects.first)
        let declaration = try #require(tags["declaration"] as? String)
        let container = try #require(tags["container"] as? String)
        let events = try await workspace.succeed("read", "--tag", declaration).objects
            .compactMap { $0["event"] as? [String: Any] }
        let types = events.compactMap { $0["type"] as? String }
        #expect(types.first == "sanhu.declaration.lodged")
        let inspection = types.firstIndex(of: "sanhu.inspection.completed")
        let release = types.firstIndex(of: "sanhu.release.completed")
        #expect(try #require(inspection) < #require(release))
        let moves = try await workspace.succeed("read", "--tag", container).objects
            .compactMap { ($0["event"] as? [String: Any])?["data"] as? [String: Any] }
            .compactMap { $0["move"] as? String }
        #expect(moves.contains("gate-out"), "\(moves)")
        let again = try await workspace.shell("\"$SANHU\" sample --seed 7 --declarations 40 | \"$SANHU\" append -")
        #expect(again.status == 0 && again.errors.hasPrefix("0 appended"), "\(again.errors)")
        try await workspace.expectSound(entries: appended.lines.filter { $0.contains("appended") }.count)
    }
}
