import Foundation
import JSON
import Testing

/// The commands that replay, on a ledger of the port.
@Suite("The command line: replays")
struct ReplayCommandTests {
    static func event(
        _ type: String, _ agency: String, _ id: String, _ data: String, tags: [String] = [], time: String? = nil
    ) -> String {
        let tags = tags.map { "\"\($0)\"" }.joined(separator: ",")
        let time = time.map { #""time":"\#($0)","# } ?? ""
        return
            #"{"tags":[\#(tags)],"event":{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)",\#(time)"dataschema":"urn:sanhu:schema:\#(type):1","data":{\#(data)}}}"#
            + "\n"
    }

    static func objects(_ result: SanhuProcess.Result) throws -> [JSONValue] {
        try result.text.split(separator: "\n").map { try JSONDocument(parsing: Array($0.utf8)).root }
    }

    /// Appends an event, and gives its position.
    @discardableResult
    static func append(
        _ workspace: Workspace, _ type: String, _ agency: String, _ id: String, _ data: String, tags: [String] = [],
        time: String? = nil
    ) async throws -> Int64 {
        let text = event(type, agency, id, data, tags: tags, time: time)
        let done = try await workspace.append(text: text, "--as", agency)
        try #require(done.status == 0, "\(done)")
        return try #require(try objects(done).first?["appended"]?.integer)
    }

    private static func lodge(_ workspace: Workspace) async throws -> Int64 {
        try await append(
            workspace, "declaration.lodged", "DEC", "l",
            #""declaration":"1","kind":"goods","office":"2248","port":"CNNSA""#, tags: ["container:C1"])
    }

    @Test("S94 a file, a board, a timeline and a figure are shown as known, as true, and what lies between")
    func moments() async throws {
        let workspace = try await PortWorkspace.make()
        let lodged = try await Self.lodge(workspace)
        let hold = try await Self.append(
            workspace, "hold.placed", "MSA", "h", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#,
            time: "2020-01-02T03:04:05Z")
        func holds(_ options: String...) async throws -> Int? {
            let result = try await workspace.run(["case", "declaration:1", "--as", "CUS"] + options)
            try #require(result.status == 0, "\(result)")
            let shown = try Self.objects(result)
            let file = shown.first?["file"] ?? shown.first
            return file?["holds"]?.elements.count
        }
        #expect(try await holds() == 1)
        #expect(try await holds("--known", "\(hold)") == 0)
        #expect(try await holds("--true", "2020-01-02T03:04:04Z") == 0)
        #expect(try await holds("--true", "2020-01-02T03:04:05Z") == 1)
        let truth = try #require(
            try Self.objects(
                try await workspace.succeed("case", "declaration:1", "--as", "CUS", "--true", "2020-01-03T00:00:00Z")
            ).first)
        #expect(truth["deviations"]?.elements.map { $0["cause"]?.string } == ["late"])
        #expect(truth["deviations"]?.elements.first?["position"]?.integer == hold)
        let text = try await workspace.succeed(
            "case", "declaration:1", "--as", "CUS", "--true", "2020-01-03T00:00:00Z", "--format", "text")
        #expect(text.text.contains("\(hold)") && text.text.contains("late"))

        let difference = try #require(
            try Self.objects(
                try await workspace.succeed("diff", "declaration:1", "--from", "\(hold)", "--as", "CUS")
            ).first)
        #expect(difference["events"]?.elements.map { $0["position"]?.integer } == [hold])
        #expect(difference["changes"]?.elements.contains { $0["path"]?.string?.hasPrefix("holds[") == true } == true)
        let steps = try Self.objects(
            try await workspace.succeed(
                "view", "show", "timeline", "declaration:1", "--as", "CUS", "--known", "\(hold)"))
        #expect(steps.map { $0["position"]?.integer } == [lodged])
        let row = try Self.objects(
            try await workspace.succeed(
                "board", "receipts", "declaration:1", "--as", "CUS", "--known", "\(hold + 1)"))
        #expect(row.first?["receipts"]?.elements.count == 1)
        let figure = try #require(
            try Self.objects(
                try await workspace.succeed("report", "S43-holds", "--as", "AUD", "--true", "2020-01-03T00:00:00Z")
            ).first)
        #expect(figure["total"]?["count"]?.integer == 1 && figure["true"]?.string == "2020-01-03T00:00:00.000000Z")

        for wrong in [["--known", "yesterday"], ["--true", "4711"], ["--known", "1", "--at", "1"]] {
            let refused = try await workspace.run(["case", "declaration:1", "--as", "CUS"] + wrong)
            #expect(refused.status == 64, "\(refused)")
        }
        let ahead = try await workspace.run("case", "declaration:1", "--as", "CUS", "--known", "4711")
        #expect(ahead.status == 4 && ahead.errors.contains("The log has"), "\(ahead)")
    }

    @Test("S94 K28 a tampered entry is found, whatever a replay of it says")
    func tampering() async throws {
        let workspace = try await PortWorkspace.make()
        _ = try await Self.lodge(workspace)
        let hold = try await Self.append(
            workspace, "hold.placed", "MSA", "h", #""declaration":"1","scope":"all","legalBasis":"CANARY-5""#)
        #expect(try await workspace.run("verify").status == 0)
        let file = workspace.ledger + "/log/data.mdb"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let needle = Array("CANARY-5".utf8)
        var changed = 0
        for start in bytes.indices.dropLast(needle.count) where bytes[start] == needle[0] {
            guard bytes[start..<start + needle.count].elementsEqual(needle) else { continue }
            bytes[start + 7] = UInt8(ascii: "6")
            changed += 1
        }
        #expect(changed > 0)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let found = try await workspace.run("verify")
        #expect(found.status == 2, "\(found)")
        let problems = try #require(try Self.objects(found).first?["problems"]?.elements)
        #expect(problems.contains { $0["position"]?.integer == hold })
    }
}
