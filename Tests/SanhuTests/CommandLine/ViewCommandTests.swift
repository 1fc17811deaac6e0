import Foundation
import JSON
import Testing

@Suite("sanhu view and sanhu parked")
struct ViewCommandTests {
    private static func objects(_ result: SanhuProcess.Result) throws -> [JSONValue] {
        try result.text.split(separator: "\n").map { try JSONDocument(parsing: Array($0.utf8)).root }
    }

    @Test("a view is made, shown as a reader may see it, rebuilt and listed")
    func journey() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...3)
        let missing = try Self.objects(try await workspace.succeed("view", "status", "timeline"))
        #expect(missing.first?["state"]?.string == "missing")

        let story = try Self.objects(
            try await workspace.succeed("view", "show", "timeline", "declaration:2", "--as", "CUS"))
        #expect(story.count == 1)
        #expect(story.first?["position"]?.integer == 2)
        #expect(story.first?["value"]?.string == "Buyer 2")
        let withheld = try Self.objects(
            try await workspace.succeed("view", "show", "timeline", "declaration:2", "--as", "TAX"))
        #expect(withheld.first?["withheld"]?["owner"]?.string == "CUS")
        #expect(withheld.first?["value"] == nil)
        let before = try await workspace.succeed(
            "view", "show", "timeline", "declaration:2", "--as", "CUS", "--at", "2")
        #expect(before.text.isEmpty)

        let counts = try Self.objects(
            try await workspace.succeed("view", "show", "counts", "sanhu.decl", "--as", "TAX"))
        #expect(counts.map { $0["sum"]?.integer } == [3])
        let rebuilt = try Self.objects(try await workspace.succeed("view", "rebuild", "timeline"))
        #expect(rebuilt.first?["rebuilt"]?.string == "timeline.1")
        let listed = try Self.objects(try await workspace.succeed("view", "list"))
        #expect(
            listed.map { $0["view"]?.string?.prefix { $0 != "." } } == [
                "boards", "cases", "counts", "figures", "timeline",
            ])
        #expect(listed.allSatisfy { $0["parked"]?.integer == 0 })
        #expect([listed[2], listed[4]].allSatisfy { ($0["position"]?.integer ?? 0) >= 4 })
        let table = try await workspace.succeed("view", "list", "--format", "table")
        #expect(table.text.hasPrefix("VIEW"))

        #expect(try await workspace.succeed("parked", "list").text.isEmpty)
        #expect(try await workspace.succeed("parked", "retry", "timeline").text.isEmpty)
        let none = try await workspace.run("parked", "retry", "timeline", "2")
        #expect(none.status == 4 && none.errors.contains("notParked"), "\(none)")
    }

    @Test("what is not there, not allowed or not understood is said, with its exit code")
    func refusals() async throws {
        let workspace = try await Workspace.withAgencies()
        let unknown = try await workspace.run("view", "rebuild", "nothing")
        #expect(unknown.status == 4 && unknown.errors.contains("timeline"), "\(unknown)")
        #expect(try await workspace.run("view", "show", "timeline", "declaration:1").status == 64)
        #expect(try await workspace.run("view", "show", "timeline", "--as", "CUS").status == 64)
        let statistics = try await workspace.run("view", "show", "counts", "--as", "public")
        #expect(statistics.status == 3 && statistics.errors.contains("accessDenied"), "\(statistics)")
        let far = try await workspace.run("view", "show", "timeline", "a:b", "--as", "CUS", "--at", "99")
        #expect(far.status == 4 && far.errors.contains("notReached"), "\(far)")
    }
}
