import Foundation
import TestSupport
import Testing

/// The commands over a network: the same verbs, against a server.
@Suite("The command line against a server", .fewAtOnce)
struct RemoteTests {
    /// Serves a ledger of the port, and stops in the end.
    ///
    /// - Parameter settings: Makes ready what is needed, and gives the server's settings.
    @discardableResult
    static func serving(
        _ settings: (Workspace) async throws -> String = { _ in #"{"port":0}"# },
        _ body: (Workspace, _ url: String, _ key: String) async throws -> Void
    ) async throws -> Workspace {
        let workspace = try await PortWorkspace.make()
        for agency in ["SW", "CUS"] { try PortWorkspace.writeKey(of: agency, in: workspace) }
        let file = URL(fileURLWithPath: workspace.ledger + "/ledger.json")
        let description = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let key = try #require(description?["verifier"] as? String)
        let config = try await workspace.write(settings(workspace), to: "server.json")
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
        return workspace
    }

    static func event(_ id: String, _ data: String) -> String {
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
            // An anchor of the access log may have come between the two.
            #expect(all.status == 0 && plain.text.hasPrefix(all.text) && all.text.contains("e3"), "\(all)")
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

    @Test("What follows from an event is appended while the ledger is served: a decision is told to the declarant")
    func follows() async throws {
        try await Self.serving { workspace, url, _ in
            func remote(_ agency: String) -> [String] {
                ["--server", url, "--agency-key", "\(agency).key", "--key-id", "\(agency)-1", "--as", agency]
            }
            let lodged = Self.event("e1", #""declaration":"1","kind":"goods""#)
            let accepted = lodged.replacing("/SW/1", with: "/CUS/1").replacing("e1", with: "a1")
                .replacing("declaration.lodged", with: "declaration.accepted").replacing(#","kind":"goods""#, with: "")
            for (agency, event) in [("SW", lodged), ("CUS", accepted)] {
                let appended = try await workspace.run(["append", "-"] + remote(agency), input: Array(event.utf8))
                #expect(appended.status == 0, "\(appended)")
            }
            let last = ContinuousClock.now + .seconds(60)
            var notices: [String] = []
            while notices.isEmpty, .now < last {
                let read = try await workspace.run(["read", "--type", "sanhu.notice.issued"] + remote("CUS"))
                notices = read.text.split(separator: "\n").map(String.init)
            }
            #expect(notices.count == 1 && notices.allSatisfy { $0.contains(#""outcome":"accepted""#) }, "\(notices)")
        }
    }

    @Test("What a folder is asked for, a server is asked for by the same words, and answers the same")
    func asking() async throws {
        // What the server says, and what the folder says when the server has let go of it.
        let questions = [
            ["case", "declaration:2"], ["board", "inbox"], ["board", "receipts", "--of", "SW", "--limit", "1"],
            ["report", "K22", "--at", "5"], ["report", "coverage", "--at", "5"], ["disclose", "list", "--all"],
        ]
        var served: [String] = []
        let workspace = try await Self.serving { workspace, url, _ in
            func remote(_ agency: String) -> [String] {
                ["--server", url, "--agency-key", "\(agency).key", "--key-id", "\(agency)-1", "--as", agency]
            }
            try PortWorkspace.writeKey(of: "TAX", in: workspace)
            let input = (1...2).map { Self.event("e\($0)", #""declaration":"\#($0)","kind":"goods""#) }.joined()
            let appended = try await workspace.run(["append", "-"] + remote("SW"), input: Array(input.utf8))
            #expect(appended.status == 0, "\(appended)")
            let file = try await workspace.run(["case", "declaration:1"] + remote("CUS"))
            #expect(file.status == 0 && file.text.contains(#""object":"declaration:1""#), "\(file)")
            let request = [
                "--owner", "CUS", "--field", "/commercial", "--object", "declaration:1", "--purpose", "investigation",
                "--case", "T-7", "--to", "2099-12-31T00:00:00+08:00",
            ]
            let asked = try await workspace.run(["disclose", "request"] + request + remote("TAX"))
            let position = try #require(asked.text.firstMatch(of: /"appended":(\d+)/)?.1, "\(asked)")
            let decided = try await workspace.run(
                ["disclose", "decide", String(position), "--deny", "--reason", "Art. 6"] + remote("CUS"))
            #expect(decided.status == 0, "\(decided)")
            let wrong = try await workspace.run(["disclose", "revoke", "1", "--reason", "none"] + remote("CUS"))
            #expect(wrong.status != 0 && wrong.errors.contains("unknownGrant"), "\(wrong)")
            for question in questions {
                let reply = try await workspace.run(question + remote("CUS"))
                #expect(reply.status == 0, "\(reply)")
                served.append(reply.text)
            }
            let seen = try await workspace.run(["who-saw", "--reader", "CUS"] + remote("CUS"))
            #expect(seen.status == 0, "\(seen)")
        }
        for (question, answer) in zip(questions, served) {
            let local = try await workspace.run(question + ["--as", "CUS"])
            #expect(local.text == answer, "\(question)")
        }
    }
}
