import Foundation
import TestSupport
import Testing

/// What anyone can check of a server, from the command line.
@Suite(.fewAtOnce)
struct RemoteVerifyTests {
    @Test func `checkpoint, proofs, consistency and tiles of a server are those of its folder, and verify without it`()
        async throws
    {
        let workspace = try await RemoteTests.serving { workspace, url, key in
            func run(_ arguments: String..., into name: String) async throws {
                let result = try await workspace.run(arguments + ["--server", url])
                #expect(result.status == 0, "\(result)")
                try result.output.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: workspace.path(name))) }
            }
            try await run("checkpoint", "--trust", key, into: "old.txt")
            let own = ["--server", url, "--agency-key", "SW.key", "--key-id", "SW-1", "--as", "SW"]
            let input = (1...3).map { RemoteTests.event("e\($0)", #""declaration":"\#($0)","kind":"goods""#) }.joined()
            let appended = try await workspace.run(["append", "-"] + own, input: Array(input.utf8))
            #expect(appended.status == 0, "\(appended)")
            let size = try String(contentsOfFile: workspace.path("old.txt"), encoding: .utf8).split(separator: "\n")[1]
            try await run("consistency", String(size), into: "new.proof")
            let verified = try await workspace.run(
                "consistency-verify", "new.proof", "--old", "old.txt", "--key", key)
            #expect(verified.status == 0 && verified.text.contains(#""verified":true"#), "\(verified)")
            try await run("proof", "1", into: "1.proof")
            try await run("tiles", "print", "tile/0/000.p/2", into: "tile")
            let misused = try await workspace.run("consistency", "1", "2", "--server", url)
            #expect(misused.status == 64, "\(misused)")
            let trusting = try await workspace.run("proof", "1", "--server", url, "--trust", key)
            #expect(trusting.status == 64 && trusting.errors.contains("proof-verify"), "\(trusting)")
            let bundle = try await workspace.run("tiles", "print", "tile/entries/000.p/2", "--server", url)
            #expect(bundle.status == 3 && bundle.text.isEmpty, "entries are not for everybody: \(bundle)")
            let wrong = key.replacing(key.suffix(8).prefix(4), with: "AAAA")
            let other = try await workspace.run("checkpoint", "--server", url, "--trust", wrong)
            #expect(other.status != 0 && other.text.isEmpty, "\(other)")
        }
        let tile = try await workspace.succeed("tiles", "print", "tile/0/000.p/2")
        #expect(try Data(tile.output) == Data(contentsOf: URL(fileURLWithPath: workspace.path("tile"))))
        let entry = try await workspace.succeed("show", "1")
        try workspace.write(entry.text, to: "1.json")
        let key = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: workspace.ledger + "/ledger.json"))) as? [String: Any])
        let verified = try await workspace.run(
            "proof-verify", "1.proof", "--entry", "1.json", "--key", key["verifier"] as? String ?? "")
        #expect(verified.status == 0, "\(verified)")
    }

    @Test
    func `a server is verified by the ledger's key and by what it showed before, and its answers are not believed`()
        async throws
    {
        try await RemoteTests.serving { workspace, url, key in
            let own = ["--server", url, "--agency-key", "CUS.key", "--key-id", "CUS-1", "--as", "CUS"]
            let first = try await workspace.run(["verify", "--trust", key, "--state", "cus.state"] + own)
            let report = try #require(try first.objects.first, "\(first)")
            #expect(first.status == 0 && report["sound"] as? Bool == true && report["oldSize"] == nil, "\(first)")
            let read = try #require(report["read"] as? [String: Any])
            let counted = (read["entries"] as? Int ?? 0) + (read["stubs"] as? Int ?? 0)
            #expect(counted > 0 && counted == report["entries"] as? Int, "\(first)")

            let input = RemoteTests.event("e1", #""declaration":"1","kind":"goods""#)
            let appended = try await workspace.run(
                ["append", "-", "--server", url, "--agency-key", "SW.key", "--key-id", "SW-1", "--as", "SW"],
                input: Array(input.utf8))
            #expect(appended.status == 0, "\(appended)")
            let second = try await workspace.run(["verify", "--trust", key, "--state", "cus.state"] + own)
            #expect(try second.objects.first?["oldSize"] as? Int == counted, "\(second)")

            // Who is nobody verifies hashes, and of entries that they are there.
            let hashes = try await workspace.run("verify", "--server", url, "--trust", key, "--hashes-only")
            let told = try #require(try hashes.objects.first, "\(hashes)")
            #expect(hashes.status == 0 && told["read"] == nil && (told["entries"] as? Int ?? 0) > counted, "\(hashes)")
            let `public` = try await workspace.run("verify", "--server", url, "--trust", key)
            #expect(`public`.status == 0, "\(`public`)")

            let unknown = try await workspace.run(["verify"] + own)
            #expect(unknown.status == 64 && unknown.errors.contains("--trust"), "\(unknown)")
            let wrong = key.replacing(key.suffix(8).prefix(4), with: "AAAA")
            let other = try await workspace.run(["verify", "--trust", wrong] + own)
            #expect(other.status != 0 && other.text.isEmpty, "\(other)")
            // A state that says more than the log has is a log that was rolled back; one that was changed is none.
            let state = workspace.path("cus.state")
            let text = try String(contentsOfFile: state, encoding: .utf8)
            try Data(text.replacing("\\n", with: "\\n1", maxReplacements: 1).utf8).write(
                to: URL(fileURLWithPath: state))
            let changed = try await workspace.run(["verify", "--trust", key, "--state", "cus.state"] + own)
            #expect(changed.status == 3 && changed.errors.contains("badState"), "\(changed)")
        }
        let workspace = try await Workspace.withEvents(1)
        let folder = try await workspace.run("verify", "--hashes-only")
        #expect(folder.status == 64 && folder.errors.contains("--server"), "\(folder)")
    }
}
