import Foundation
import TestSupport
import Testing

/// Witnesses from the command line.
@Suite(.fewAtOnce)
struct WitnessCommandTests {
    /// Makes a witness, and gives its public key.
    private static func witness(_ name: String, _ workspace: Workspace) async throws -> String {
        let made = try await workspace.succeed("witness", "init", "--name", "\(name).example/witness", "--state", name)
        return try #require(made.objects.first?["key"] as? String)
    }

    @Test func `two agencies vouch for a ledger, and a reader demands both`() async throws {
        let workspace = try await RemoteTests.serving { workspace in
            let keys = [try await Self.witness("customs", workspace), try await Self.witness("tax", workspace)]
            let text = "witness C \(keys[0])\nwitness T \(keys[1])\ngroup both all C T\nquorum both\n"
            try workspace.write(text, to: "policy")
            return #"{"port":0,"witnesses":"\#(workspace.path("policy"))"}"#
        } _: { workspace, url, key in
            let demand = ["--server", url, "--trust", key, "--witnesses", "policy"]
            let alone = try await workspace.run(["checkpoint"] + demand)
            #expect(alone.status == 2 && alone.text.isEmpty && alone.errors.contains("notWitnessed"), "\(alone)")
            for name in ["customs", "tax"] {
                let looked = try await workspace.run(
                    "witness", "follow", url, "--state", name, "--key", key, "--once")
                #expect(looked.status == 0 && looked.text.contains(#""delivered":true"#), "\(looked)")
            }
            let both = try await workspace.run(["checkpoint"] + demand)
            #expect(both.status == 0 && both.text.contains("— customs.example/witness "), "\(both)")
            try workspace.write(both.text, to: "old.txt")
            let verified = try await workspace.run(["verify", "--hashes-only"] + demand)
            #expect(verified.status == 0 && verified.text.contains(#""witnessed":"#), "\(verified)")
            #expect(verified.errors.contains("witnesses vouch for"), "\(verified)")
            let read = try await workspace.run(["read", "--limit", "3"] + demand)
            #expect(read.status == 0, "\(read)")
            let misused = [
                ["checkpoint", "--server", url, "--witnesses", "policy"],
                ["checkpoint", "--server", url, "--trust", key, "--witness-age", "5"],
                ["read-verify", "x", "--key", key, "--witnesses", "policy"],
            ]
            for arguments in misused { #expect(try await workspace.run(arguments).status == 64, "\(arguments)") }
            let status = try await workspace.succeed("witness", "status", "--state", "customs")
            #expect(try status.objects.first?["size"] as? Int == Int(both.lines[1]), "\(status)")
            let printed = try await workspace.succeed("witness", "key", "--state", "customs")
            #expect(try String(contentsOfFile: workspace.path("policy"), encoding: .utf8).contains(printed.lines[0]))
        }
        // Offline: what was read continues a checkpoint that both have cosigned.
        let old = try String(contentsOfFile: workspace.path("old.txt"), encoding: .utf8)
        let lines = old.split(separator: "\n", omittingEmptySubsequences: false)
        let read = try await workspace.succeed(
            "read", "--as", "SW", "--verifiable", "--proofs", "--since", String(lines[1]))
        try workspace.write(read.text, to: "read.ndjson")
        let key = try JSONLine.object(String(contentsOfFile: workspace.ledger + "/ledger.json", encoding: .utf8))
        let offline = [
            "read-verify", "read.ndjson", "--key", key["verifier"] as? String ?? "", "--old", "old.txt", "--witnesses",
            "policy",
        ]
        let checked = try await workspace.run(offline)
        #expect(checked.status == 0, "\(checked)")
        let one = lines.filter { !$0.hasPrefix("— tax") }.joined(separator: "\n")
        try workspace.write(one, to: "old.txt")
        let lacking = try await workspace.run(offline)
        #expect(lacking.status == 2 && lacking.errors.contains("T is missing"), "\(lacking)")
    }

    @Test func `a witness lies where it is said, under names as short as any, and is not made twice`() async throws {
        let workspace = try Workspace()
        for state in ["w", "x/", workspace.path("y"), "./z"] {
            let made = try await workspace.run("witness", "init", "--name", "w.example", "--state", state)
            #expect(made.status == 0, "\(made)")
            let again = try await workspace.run("witness", "init", "--name", "w.example", "--state", state)
            #expect(again.status == 3 && again.text.isEmpty, "\(again)")
            #expect(try await workspace.run("witness", "status", "--state", state).status == 0)
        }
        let lost = try await workspace.run("witness", "status", "--state", "nowhere")
        #expect(lost.status == 4 && lost.errors.contains("needs a new key"), "\(lost)")
        let nameless = try await workspace.run("witness", "init", "--name", "a b", "--state", "q")
        #expect(nameless.status == 64, "\(nameless)")
    }

    @Test func `a witness that is served is fed by anyone, and its cosignature reaches the ledger`() async throws {
        try await RemoteTests.serving { workspace in
            let key = try await Self.witness("customs", workspace)
            try workspace.write("witness C \(key)\nquorum C\n", to: "policy")
            return #"{"port":0,"witnesses":"\#(workspace.path("policy"))"}"#
        } _: { workspace, url, key in
            try workspace.write(#"{"port":0}"#, to: "witness.json")
            let served = try workspace.start(
                "witness", "serve", "--state", "customs", "--config", "witness.json", "--log", key)
            let address = try await Self.address(of: served)
            let policy = try String(contentsOfFile: workspace.path("policy"), encoding: .utf8)
            try workspace.write(
                policy.replacing("\nquorum", with: " \(address)\nquorum", maxReplacements: 1), to: "fed")
            let fed = try await workspace.run(
                "witness", "feed", url, "--key", key, "--witnesses", "fed", "--once")
            #expect(try fed.status == 0 && fed.objects.first?["cosigned"] != nil, "\(fed)")
            let again = try await workspace.run(
                "witness", "feed", url, "--key", key, "--witnesses", "fed", "--once")
            #expect(again.status == 0 && again.text.isEmpty, "it is fresh: \(again)")
            let demanded = try await workspace.run(
                "checkpoint", "--server", url, "--trust", key, "--witnesses", "policy")
            #expect(demanded.status == 0, "\(demanded)")
            // A policy without addresses feeds nobody; a witness of another log does not cosign.
            let none = try await workspace.run(
                "witness", "feed", url, "--key", key, "--witnesses", "policy", "--once")
            #expect(none.status == 3 && none.errors.contains("has an address"), "\(none)")
            served.send(SIGTERM)
            #expect(try await served.finish(within: 20).status == 0)
            _ = try await Self.witness("tax", workspace)
            let other = try workspace.start("witness", "serve", "--state", "tax", "--config", "witness.json")
            let key2 = try await workspace.succeed("witness", "key", "--state", "tax").lines[0]
            try workspace.write("witness T \(key2) \(try await Self.address(of: other))\nquorum T\n", to: "fed")
            let refused = try await workspace.run(
                "witness", "feed", url, "--key", key, "--witnesses", "fed", "--once")
            #expect(try refused.status == 2 && refused.objects.first?["refused"] as? Int == 404, "\(refused)")
            other.send(SIGTERM)
            _ = try await other.finish(within: 20)
        }
    }

    /// Where a process says that it serves.
    private static func address(of process: SanhuProcess) async throws -> String {
        for _ in 0..<2_000 {
            let line = process.errors.split(separator: "\n").first { $0.contains("serving http") }
            if let url = line?.split(separator: " ").last { return String(url) }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw SanhuProcess.Failure("It does not serve: \(process.errors)")
    }

    @Test func `a ledger's folder that was set back is caught by a witness, and the evidence stands alone`()
        async throws
    {
        let workspace = try await RemoteTests.serving { workspace, url, key in
            _ = try await Self.witness("customs", workspace)
            try FileManager.default.copyItem(atPath: workspace.ledger, toPath: workspace.path("before"))
            let own = ["--server", url, "--agency-key", "SW.key", "--key-id", "SW-1", "--as", "SW"]
            let input = (1...5).map { RemoteTests.event("e\($0)", #""declaration":"\#($0)","kind":"goods""#) }.joined()
            #expect(try await workspace.run(["append", "-"] + own, input: Array(input.utf8)).status == 0)
            let looked = try await workspace.run("witness", "follow", url, "--state", "customs", "--key", key, "--once")
            #expect(looked.status == 0, "\(looked)")
            // A second process of the same witness is refused.
            let follower = try workspace.start(
                "witness", "follow", url, "--state", "customs", "--key", key, "--every", "1", "--config", "server.json")
            _ = try await follower.lines(1)
            let second = try await workspace.run("witness", "follow", url, "--state", "customs", "--key", key, "--once")
            #expect(second.status == 5 && second.errors.contains("inUse"), "\(second)")
            // While it follows it is a peer to others, who compare with it.
            _ = try await Self.witness("tax", workspace)
            let peer = try await Self.address(of: follower)
            let compared = try await workspace.run(
                "witness", "follow", url, "--state", "tax", "--key", key, "--once", "--peer", peer)
            #expect(compared.status == 0 && !compared.errors.contains("not heard"), "\(compared)")
            #expect(follower.output.split(separator: UInt8(ascii: "\n")).count == 1, "the same size is no news")
            follower.send(SIGTERM)
            #expect(try await follower.finish(within: 20).status == 0)
        }
        try FileManager.default.removeItem(atPath: workspace.ledger)
        try FileManager.default.copyItem(atPath: workspace.path("before"), toPath: workspace.ledger)
        let key = try #require(
            JSONLine.object(
                String(contentsOfFile: workspace.ledger + "/ledger.json", encoding: .utf8))["verifier"] as? String)
        let server = try workspace.start("serve", "--config", "server.json")
        let url = try await Self.address(of: server)
        let caught = try await workspace.run(
            "witness", "follow", url, "--state", "customs", "--key", key, "--once")
        #expect(caught.status == 2 && caught.errors.contains("rolledBack"), "\(caught)")
        server.send(SIGTERM)
        _ = try await server.finish(within: 20)
        let file = try #require(caught.objects.first?["evidence"] as? String)
        let evidence = try await workspace.succeed("witness", "evidence", file, "--key", key)
        #expect(try evidence.objects.first?["finding"] as? String == "rolledBack", "\(evidence)")
        let wrong = key.replacing(key.suffix(8).prefix(4), with: "AAAA")
        #expect(try await workspace.run("witness", "evidence", file, "--key", wrong).status != 0)
        let status = try await workspace.succeed("witness", "status", "--state", "customs")
        #expect(status.errors.contains("evidence: 1;"), "\(status)")
    }
}
