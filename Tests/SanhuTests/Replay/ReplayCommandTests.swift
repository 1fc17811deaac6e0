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

    @Test("S94 why a decision stood is told by its position and by its id, as a text and as JSON")
    func reasons() async throws {
        let workspace = try await PortWorkspace.make()
        _ = try await Self.lodge(workspace)
        let hold = try await Self.append(
            workspace, "hold.placed", "MSA", "h", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        let lifted = try await Self.append(workspace, "hold.lifted", "MSA", "u", #""declaration":"1","hold":"h""#)
        let why = try await workspace.succeed("why", "\(hold)", "--as", "CUS")
        let told = try #require(try Self.objects(why).first)
        #expect(told["power"]?["agency"]?.string == "MSA")
        #expect(told["later"]?.elements.map { $0["position"]?.integer } == [lifted])
        let again = try await workspace.succeed("why", "/MSA/1#h", "--as", "CUS", "--known", "\(lifted + 1)")
        #expect(
            again.text
                == (try await workspace.succeed("why", "\(hold)", "--as", "CUS", "--known", "\(lifted + 1)")).text)
        let before = try #require(
            try Self.objects(try await workspace.succeed("why", "\(hold)", "--as", "CUS", "--known", "\(lifted)")).first
        )
        #expect(before["later"]?.elements.isEmpty == true)
        let text = try await workspace.succeed("why", "\(lifted)", "--as", "CUS", "--format", "text")
        #expect(
            text.text.contains("reference") && text.text.contains("named") && text.text.contains("\(hold)"), "\(text)")
        #expect(try await workspace.run("why", "4711", "--as", "CUS").status == 4)
        #expect(try await workspace.run("why", "/MSA/1#none", "--as", "CUS").status == 4)
        #expect(try await workspace.run("why", "first", "--as", "CUS").status == 64)
    }

    @Test(
        "S94 what an agency could see is told to an auditor with the rule that opened it, and to a stranger not at all")
    func sights() async throws {
        let workspace = try await PortWorkspace.make()
        let lodged = try await Self.append(
            workspace, "declaration.lodged", "DEC", "l",
            #""declaration":"1","kind":"goods","office":"2248","port":"CNNSA","commercial":{"price":"CANARY-1"}"#)
        func ask(_ asker: String) async throws -> SanhuProcess.Result {
            try await workspace.run(
                "could-see", "declaration:1", "--reader", "COM", "--reader-purpose", "statistics", "--as", asker)
        }
        let told = try await ask("AUD")
        let sighting = try #require(try Self.objects(told).first { $0["position"]?.integer == lodged })
        let field = try #require(sighting["fields"]?.elements.first { $0["path"]?.string == "/commercial" })
        #expect(field["open"]?.bool == true && field["rule"]?.string == "trade-to-commerce")
        #expect(!told.text.contains("CANARY"))
        let owner = try await ask("CUS")
        #expect(owner.text.contains("CANARY-1"))
        #expect(try await ask("public").status == 3)
    }

    @Test("S94 an object is played event by event, as lines where nobody watches and by Enter where somebody steps")
    func playing() async throws {
        let workspace = try await PortWorkspace.make()
        let lodged = try await Self.lodge(workspace)
        let hold = try await Self.append(
            workspace, "hold.placed", "MSA", "h", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        let frames = try Self.objects(try await workspace.succeed("replay", "declaration:1", "--as", "CUS"))
        #expect(frames.map { $0["position"]?.integer } == [lodged, hold])
        #expect(frames.map { $0["state"]?["holds"]?.elements.count } == [0, 1])
        let stepped = try await workspace.run(
            ["replay", "declaration:1", "--as", "CUS", "--step", "--format", "text"], input: Array("\n".utf8))
        #expect(stepped.status == 0 && stepped.text.contains("\(hold)  "), "\(stepped)")
        let ended = try await workspace.run(
            ["replay", "declaration:1", "--as", "CUS", "--step", "--format", "text"], input: Array("q\n".utf8))
        #expect(ended.status == 0 && ended.text.contains("\(lodged)  ") && !ended.text.contains("\(hold)  "))
        for wrong in [["--speed", "fast"], ["--speed", "2x", "--step"], ["--longest", "-1"], ["--from", "first"]] {
            let refused = try await workspace.run(["replay", "declaration:1", "--as", "CUS"] + wrong)
            #expect(refused.status == 64, "\(refused)")
        }
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
