import Foundation
import TestSupport
import Testing

/// The commands over a network: the same verbs, against a server.
@Suite("The command line against a server", .fewAtOnce)
struct RemoteTests {
    /// Serves a ledger of the port, and stops in the end.
    private static func serving(_ body: (Workspace, _ url: String, _ key: String) async throws -> Void) async throws {
        let workspace = try await PortWorkspace.make()
        for agency in ["SW", "CUS"] { try PortWorkspace.writeKey(of: agency, in: workspace) }
        let file = URL(fileURLWithPath: workspace.ledger + "/ledger.json")
        let description = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let key = try #require(description?["verifier"] as? String)
        let config = try workspace.write(#"{"port":0}"#, to: "server.json")
        let server = try workspace.start("serve", "--config", config)
        var url: String?
        for _ in 0..<2_000 where url == nil {
            try await Task.sleep(for: .milliseconds(10))
            url = server.errors.split(separator: "\n").first { $0.contains("serving http") }.flatMap {
                $0.split(separator: " ").last.map(String.init)
            }
        }
        try await body(workspace, try #require(url, "\(server.errors)"), key)
        server.send(SIGTERM)
        #expect(try await server.finish(within: 20).status == 0)
    }

    private static func event(_ id: String, _ data: String) -> String {
        #"{"tags":[],"event":{"specversion":"1.0","id":"\#(id)","source":"/SW/1","type":"sanhu.declaration.lodged","dataschema":"urn:sanhu:schema:declaration.lodged:1","data":{\#(data)}}}"#
            + "\n"
    }

    @Test("Events are appended, read, verified and followed as from a folder; what is refused says why")
    func verbs() async throws {
        try await Self.serving { workspace, url, key in
            let own = ["--server", url, "--agency-key", "SW.key", "--key-id", "SW-1", "--as", "SW"]
            let input = (1...3).map { Self.event("e\($0)", #""declaration":"\#($0)","kind":"goods""#) }.joined()
            let appended = try await workspace.run(["append", "-"] + own, input: Array(input.utf8))
            #expect(appended.status == 0 && appended.text.contains("appended"), "\(appended)")
            let again = try await workspace.run(["append", "-"] + own, input: Array(input.utf8))
            #expect(again.status == 0 && again.text.split(separator: "\n").allSatisfy { $0.contains("duplicate") })
            let bad = try await workspace.run(
                ["append", "-"] + own, input: Array(Self.event("bad", #""kind":7"#).utf8))
            #expect(bad.status == 3 && bad.text.contains("eventInvalid"), "\(bad)")

            let reading = ["--server", url, "--agency-key", "CUS.key", "--key-id", "CUS-1", "--as", "CUS"]
            let read = try await workspace.run(["read", "--tag", "declaration:2"] + reading)
            #expect(try read.objects.count == 1 && read.status == 0, "\(read)")
            let all = try await workspace.run(["read", "--trust", key] + reading)
            let plain = try await workspace.run(["read"] + reading)
            #expect(all.status == 0 && all.text == plain.text && !plain.text.isEmpty, "\(all)")
            let other = key.replacing(key.suffix(8).prefix(4), with: "AAAA")
            let wrong = try await workspace.run(["read", "--trust", other] + reading)
            #expect(wrong.status != 0, "\(wrong)")

            let follower = try workspace.start(
                "read", "--follow", "--server", url, "--agency-key", "CUS.key", "--key-id", "CUS-1", "--as", "CUS",
                "--trust", key, "--state", "cus.state", "--type", "sanhu.declaration.lodged")
            _ = try await follower.lines(3)
            _ = try await workspace.run(
                ["append", "-"] + own, input: Array(Self.event("e4", #""declaration":"4","kind":"goods""#).utf8))
            #expect(try await follower.lines(4).last?.contains(#""declaration":"4""#) ?? false)
            follower.send(SIGKILL)
            _ = try? await follower.finish()

            let nobody = try await workspace.run(["read", "--server", url, "--as", "CUS"])
            #expect(nobody.status == 3 && nobody.text.isEmpty && nobody.description.contains("noToken"), "\(nobody)")
            let folder = try await workspace.run(["read", "--agency-key", "x", "--key-id", "y"])
            #expect(folder.status == 64, "\(folder)")
        }
    }
}
