import Foundation
import JSON
import Testing

@Suite("sanhu board")
struct BoardCommandTests {
    private static func append(
        _ workspace: Workspace, _ type: String, _ agency: String, _ id: String, _ data: String, tags: [String] = []
    ) async throws {
        let tags = tags.map { "\"\($0)\"" }.joined(separator: ",")
        let event =
            #"{"tags":[\#(tags)],"event":{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)","dataschema":"urn:sanhu:schema:\#(type):1","data":{\#(data)}}}"#
            + "\n"
        let done = try await workspace.append(text: event, "--as", agency)
        try #require(done.status == 0, "\(done)")
    }

    private static func objects(_ result: SanhuProcess.Result) throws -> [JSONValue] {
        try result.text.split(separator: "\n").map { try JSONDocument(parsing: Array($0.utf8)).root }
    }

    @Test("boards are lines of JSON for machines and tables for people, each reader's own, in pages; views list them")
    func boards() async throws {
        let workspace = try await PortWorkspace.make()
        for number in 1...3 {
            try await Self.append(
                workspace, "declaration.lodged", "DEC", "l\(number)", #""declaration":"\#(number)","kind":"goods""#)
        }
        try await Self.append(
            workspace, "document.requested", "CUS", "ask",
            #""declaration":"1","kinds":["invoice"],"until":"2026-03-03""#)
        try await Self.append(
            workspace, "notice.issued", "SW", "n",
            #""declaration":"1","notice":"N-1","event":{"source":"/CUS/1","id":"ask"},"type":"sanhu.document.requested","agency":"CUS","outcome":"documents-requested","recipients":["DEC"]"#
        )
        // Who was told sees that it was, and of other entries none but its own.
        let own = try Self.objects(try await workspace.succeed("board", "receipts", "--as", "DEC"))
        #expect(own.map { $0["object"]?.string } == ["declaration:1", "declaration:2", "declaration:3"])
        #expect(own.first?["asked"]?.elements.first?["what"]?.string == "documents")
        #expect(own.first?["receipts"]?.elements.first?["position"] == nil)
        let seen = try Self.objects(try await workspace.succeed("read", "--as", "DEC", "--tag", "declaration:1"))
        #expect(seen.map { $0["agency"]?.string } == ["DEC", "SW"])
        let page = try Self.objects(
            try await workspace.succeed("board", "receipts", "--of", "DEC", "--as", "CUS", "--limit", "2"))
        #expect(page.count == 3 && page.last?["next"]?.string == "declaration:2")
        let rest = try Self.objects(
            try await workspace.succeed(
                "board", "receipts", "--of", "DEC", "--as", "CUS", "--limit", "2", "--after", "declaration:2"))
        #expect(rest.map { $0["object"]?.string } == ["declaration:3"])
        #expect(try Self.objects(try await workspace.succeed("board", "receipts", "--as", "TER")).isEmpty)

        try await Self.append(
            workspace, "guarantee.lodged", "INS", "g",
            #""guarantee":"G1","limit":{"amount":1000,"currency":"CNY"}"#)
        let knows = try await workspace.succeed(
            "board", "guarantees", "--as", "CUS", "--purpose", "clearance", "--format", "table")
        #expect(knows.text.contains("担保余额") && knows.text.contains("1000 CNY"), "\(knows)")
        let blind = try await workspace.succeed(
            "board", "guarantees", "guarantee:G1", "--as", "MSA", "--format", "table")
        #expect(blind.text.contains("▒ (conditional, ask TRE)") && !blind.text.contains("1000"), "\(blind)")
        for board in ["inspections", "inbox", "risk", "credit", "incidents"] {
            let empty = try await workspace.succeed("board", board, "--as", "CUS", "--format", "table")
            #expect(empty.text.contains("Nothing, as far as you may know."), "\(empty)")
        }
        #expect(try await workspace.succeed("view", "list").text.contains("boards.3"))
    }

    @Test("what a board is not asked for so, is told so")
    func refusals() async throws {
        let workspace = try await PortWorkspace.make()
        for (arguments, part) in [
            (["inbox"], "Who asks?"), (["nothing", "--as", "CUS"], "inspections"),
            (["inbox", "--as", "CUS", "--port", "CNNSA"], "--port goes with"),
            (["risk", "--as", "CUS", "--of", "x"], "--of goes with"),
            (["credit", "enterprise:E1", "--as", "CUS", "--of", "published"], "Give an object"),
            (["credit", "--as", "CUS", "--on", "today"], "is no day"),
            (["credit", "--as", "CUS", "--limit", "0"], "--limit"),
        ] {
            let refused = try await workspace.run(["board"] + arguments)
            #expect(refused.status == 64 && refused.errors.contains(part), "\(refused)")
        }
        #expect(try await workspace.run("view", "show", "boards", "--as", "CUS").errors.contains("sanhu board"))
        #expect(try await workspace.run("board", "inbox", "--as", "CUS", "--at", "99").status == 4)
    }
}
