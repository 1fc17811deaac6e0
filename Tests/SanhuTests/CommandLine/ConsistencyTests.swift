import Foundation
import Testing

@Suite("The command line: consistency")
struct ConsistencyTests {
    /// A workspace whose ledger grew from 3 to 8 to 20 events; files `c3`, `c8` and `c20` hold its checkpoints.
    private static func grown() async throws -> Workspace {
        let workspace = try await Workspace.withLedger()
        var size = 0
        for next in [3, 8, 20] {
            let appended = try await workspace.append((size..<next).map(Draft.numbered))
            try #require(appended.status == 0, "\(appended)")
            size = next
            try workspace.write(try await workspace.succeed("checkpoint").text, to: "c\(size)")
        }
        return workspace
    }

    private func verify(_ workspace: Workspace, _ options: String...) async throws -> SanhuProcess.Result {
        try await workspace.run(
            ["consistency-verify", "proof", "--key", workspace.key] + options,
            environment: ["SANHU_LEDGER": "", "SANHU_KEYS": "/nowhere"])
    }

    @Test("a proof holds with the old checkpoint and the public key alone")
    func holds() async throws {
        let workspace = try await Self.grown()
        for old in [3, 8, 20] {
            try workspace.write(try await workspace.succeed("consistency", "\(old)").text, to: "proof")
            let result = try await verify(workspace, "--old", "c\(old)")
            #expect(result.status == 0, "\(result)")
            let report = try #require(result.objects.first)
            #expect(report["verified"] as? Bool == true && report["origin"] as? String == Workspace.origin)
            #expect(report["oldSize"] as? Int == old && report["size"] as? Int == 20)
            // The new checkpoint may be given instead of the one in the proof.
            #expect(try await verify(workspace, "--old", "c\(old)", "--new", "c20").status == 0)
        }
        let nothing = try await workspace.succeed("consistency", "0")
        #expect(nothing.text == "old 0\n\n" + (try await workspace.succeed("checkpoint").text))
    }

    @Test("between two earlier sizes it holds with both checkpoints, and asks for the one that it lacks")
    func between() async throws {
        let workspace = try await Self.grown()
        try workspace.write(try await workspace.succeed("consistency", "3", "8").text, to: "proof")
        let result = try await verify(workspace, "--old", "c3", "--new", "c8")
        #expect(result.status == 0, "\(result)")
        #expect(try result.objects.first?["size"] as? Int == 8)
        let lacking = try await verify(workspace, "--old", "c3")
        #expect(lacking.status == 2 && lacking.errors.contains("must be given"), "\(lacking)")
    }

    @Test("it fails for other sizes, another history, another key and a changed proof")
    func fails() async throws {
        let workspace = try await Self.grown()
        let proof = try await workspace.succeed("consistency", "3").text
        let other = try await Self.grown()
        try workspace.write(try String(contentsOfFile: other.path("c3"), encoding: .utf8), to: "foreign")
        let hash = try #require(proof.split(separator: "\n").dropFirst().first)
        let changes: [(proof: String, old: String, new: String)] = [
            (proof, "c8", "c20"), (proof, "c3", "c8"), (proof, "foreign", "c20"), (proof, "c3", "foreign"),
            (proof.replacingOccurrences(of: "old 3", with: "old 4"), "c3", "c20"),
            (proof.replacingOccurrences(of: hash, with: "A" + hash.dropFirst(2) + "A"), "c3", "c20"),
            (proof.replacingOccurrences(of: hash + "\n", with: ""), "c3", "c20"),
            (String(proof.prefix(60)), "c3", "c20"), (proof, "proof", "c20"),
        ]
        for (number, change) in changes.enumerated() {
            try workspace.write(change.proof, to: "proof")
            let result = try await verify(workspace, "--old", change.old, "--new", change.new)
            #expect(result.status == 2 && result.output.isEmpty, "change \(number): \(result)")
            #expect(result.errors.contains("The proof does not hold"), "change \(number): \(result)")
        }
        try workspace.write(proof, to: "proof")
        let key = try await workspace.run("consistency-verify", "proof", "--old", "c3", "--key", other.key)
        #expect(key.status == 2, "\(key)")
        let missing = try await verify(workspace, "--old", "nowhere")
        #expect(missing.status == 4 && missing.errors.contains("nowhere"), "\(missing)")
    }
}
