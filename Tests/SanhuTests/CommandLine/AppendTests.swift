import Foundation
import Testing

@Suite("The command line: append")
struct AppendTests {
    @Test("one event over several lines")
    func prettyPrinted() async throws {
        let workspace = try await Workspace.withLedger()
        let text = "\n{\n  \"specversion\": \"1.0\",\n  \"id\": \"1\",\n  \"source\": \"/s\",\n\n  \"type\": \"t\"\n}\n"
        let result = try await workspace.append(text: text, "--agency", "CUS", "--tag", "a:1", "--tag", "b:1")
        #expect(result.status == 0 && result.text == "{\"appended\":0}\n", "\(result)")
        #expect(result.errors == "1 appended\n")
        let entry = try #require(try await workspace.succeed("read").objects.first)
        #expect(entry["agency"] as? String == "CUS")
        #expect(entry["tags"] as? [String] == ["a:1", "b:1"])
        #expect(try await workspace.succeed("read").text.contains(#""event":{"specversion":"1.0","id":"1","source":"#))
    }

    @Test("an array, on one line or over several")
    func arrays() async throws {
        let workspace = try await Workspace.withLedger()
        let drafts = (0..<4).map { Draft(id: "\($0)") }
        let one = try await workspace.append(text: "[\(drafts[0].event),\(drafts[1].event)]\n\(drafts[2].event)\n")
        #expect(one.lines == [#"{"appended":0}"#, #"{"appended":1}"#, #"{"appended":2}"#], "\(one)")
        let lines = drafts.map { "  " + $0.event }.joined(separator: ",\n")
        let many = try await workspace.append(text: "[\n\(lines)\n]\n")
        #expect(many.lines.last == #"{"appended":3}"# && many.lines.first == #"{"duplicate":0}"#, "\(many)")
        let none = try await workspace.append(text: "[]")
        #expect(none.status == 0 && none.output.isEmpty, "\(none)")
        try await workspace.expectSound(entries: 4)
    }

    @Test("one event a line, from a file or standard input, with blank lines and either line end")
    func lines() async throws {
        let workspace = try await Workspace.withLedger()
        let text = Draft(id: "1").event + "\r\n\r\n" + Draft(id: "2").event + "\n \n" + Draft(id: "3").event
        try workspace.write(text, to: "events.ndjson")
        let file = try await workspace.succeed("append", "events.ndjson")
        #expect(file.lines.count == 3 && file.errors == "3 appended\n", "\(file)")
        let again = try await workspace.run("append", "-", input: Array(text.utf8))
        #expect(again.status == 0 && again.errors == "0 appended, 3 were there already\n", "\(again)")
        #expect(again.lines == (0..<3).map { "{\"duplicate\":\($0)}" })
        let implied = try await workspace.run("append", input: Array((Draft(id: "4").event + "\n").utf8))
        #expect(implied.lines == [#"{"appended":3}"#], "standard input goes without saying: \(implied)")
        try await workspace.expectSound(entries: 4)
    }

    @Test("an event's own agency and tags come before and beside those of the command line")
    func drafts() async throws {
        let workspace = try await Workspace.withLedger()
        let text = Draft(id: "1", agency: "MSA", tags: ["ship:1"]).line + Draft(id: "2").event + "\n"
        let result = try await workspace.append(text: text, "--agency", "CUS", "--tag", "office:7")
        #expect(result.status == 0, "\(result)")
        let entries = try await workspace.succeed("read").objects
        #expect(entries.map { $0["agency"] as? String } == ["MSA", "CUS"])
        #expect(entries.map { $0["tags"] as? [String] } == [["office:7", "ship:1"], ["office:7"]])
    }

    @Test("what read prints can be appended to another ledger")
    func readGoesIntoAppend() async throws {
        let first = try await Workspace.withEvents(10)
        let second = try await Workspace.withLedger()
        let result = try await second.run("append", "-", input: try await first.succeed("read").output)
        #expect(result.status == 0, "\(result)")
        func contents(_ workspace: Workspace) async throws -> [String] {
            try await workspace.succeed("read").lines.map { $0.components(separatedBy: "\"agency\"")[1] }
        }
        #expect(try await contents(first) == contents(second))
    }

    @Test("a refused event is reported in its place and does not keep the others out")
    func refusesOne() async throws {
        let workspace = try await Workspace.withLedger()
        let text = Draft(id: "1").line + "{\"id\":1}\n" + Draft(id: "2").line + "nonsense\n" + Draft(id: "3").line
        let result = try await workspace.append(text: text)
        #expect(result.status == 3 && result.errors == "3 appended, 2 refused\n", "\(result)")
        let answers = try result.objects
        #expect(answers.map { $0["appended"] as? Int } == [0, nil, 1, nil, 2])
        #expect(answers.map { $0["refused"] as? String } == [nil, "invalidEvent", nil, "invalidJSON", nil])
        #expect(answers.map { $0["line"] as? Int } == [nil, 2, nil, 4, nil])
        let array = try await workspace.append(
            text: "[\(Draft(id: "4").event),3,\(Draft(id: "5", tags: ["Bad"]).line),\(Draft(id: "6").event)]")
        #expect(array.status == 3 && array.errors == "2 appended, 2 refused\n", "\(array)")
        #expect(try array.objects.map { $0["refused"] as? String } == [nil, "invalidEvent", "invalidTag", nil])
        try await workspace.expectSound(entries: 5)
    }

    @Test("a line that is cut short takes no other with it, wherever it stands")
    func cutLines() async throws {
        for cut in ["[", "{", "{\"id\":", "[{\"a\":1},"] {
            let workspace = try await Workspace.withLedger()
            let text = Draft(id: "1").line + cut + "\n" + Draft(id: "2").line + Draft(id: "3").line
            let later = try await workspace.append(text: text)
            #expect(later.errors == "3 appended, 1 refused\n", "\(cut): \(later)")
            let first = try await workspace.append(text: cut + "\n" + Draft(id: "4").line + Draft(id: "5").line)
            #expect(first.errors == "2 appended, 1 refused\n", "\(cut): \(first)")
            #expect(try first.objects.map { $0["line"] as? Int } == [1, nil, nil], "\(cut): \(first)")
        }
    }

    @Test("a refusal within an array says which of its elements it is")
    func refusedElement() async throws {
        let workspace = try await Workspace.withEvents(1)
        let text = "[\(Draft(id: "1").event),\(Draft(id: "2").event),\(Draft(id: "e-0", type: "other").event)]"
        let result = try await workspace.append(text: text)
        let refusal = try #require(try result.objects.last)
        #expect(refusal["refused"] as? String == "idReused" && refusal["index"] as? Int == 2, "\(result)")
        #expect((refusal["reason"] as? String)?.hasPrefix("The event has") == true, "\(result)")
    }

    @Test("what stands beside an event and is not known is refused, so that no tag is lost to a misspelling")
    func unknownMembers() async throws {
        let workspace = try await Workspace.withLedger()
        for name in ["tag", "signature", "Agency"] {
            let line = "{\"agency\":\"CUS\",\"\(name)\":\"x\",\"event\":\(Draft(id: "1").event)}"
            let result = try await workspace.append(text: line)
            #expect(result.status == 3 && result.text.contains("“\(name)” cannot stand beside"), "\(result)")
        }
        // What read prints can be appended as it is.
        _ = try await workspace.succeed("init", "--ledger", "other", "--origin", "other.example/ledger")
        _ = try await workspace.append(text: Draft(id: "1").line)
        let printed = try await workspace.succeed("read").text
        let copied = try await workspace.append(text: printed, "--ledger", "other")
        #expect(copied.status == 0 && copied.lines == [#"{"appended":0}"#], "\(copied)")
    }

    @Test("--atomic appends all or none, and says which line was at fault")
    func atomic() async throws {
        let workspace = try await Workspace.withEvents(1)
        let bad = try await workspace.append(text: Draft(id: "1").line + "{}\n" + Draft(id: "2").line, "--atomic")
        #expect(bad.status == 3 && bad.output.isEmpty && bad.errors.contains("Event 2 of 3"), "\(bad)")
        let broken = try await workspace.append(text: Draft(id: "1").line + "{\n" + Draft(id: "2").line, "--atomic")
        #expect(broken.status == 3 && broken.output.isEmpty && broken.errors.contains("Line 2"), "\(broken)")
        let reused = try await workspace.append(
            text: Draft(id: "1").line + Draft(id: "e-0", type: "other").line, "--atomic")
        #expect(reused.status == 3 && reused.errors.contains("position 0"), "\(reused)")
        try await workspace.expectSound(entries: 1)
        let good = try await workspace.append(text: Draft(id: "1").line + Draft(id: "2").line, "--atomic")
        #expect(good.status == 0 && good.lines == [#"{"appended":1}"#, #"{"appended":2}"#], "\(good)")
    }

    @Test("what comes through a pipe is appended when it comes, not when the pipe ends")
    func appendsAsItComes() async throws {
        let workspace = try await Workspace.withLedger()
        let writer = try workspace.start("append", "-")
        for number in 0..<3 {
            try writer.write(Draft.numbered(number).line)
            #expect(try await writer.lines(number + 1).last == "{\"appended\":\(number)}")
        }
        try writer.write(Draft.numbered(3).line + String(Draft.numbered(4).line.prefix(20)))
        #expect(try await writer.lines(4).count == 4)
        try writer.write(String(Draft.numbered(4).line.dropFirst(20).dropLast()))
        try writer.closeInput()
        let result = try await writer.finish()
        #expect(result.status == 0 && result.errors == "5 appended\n", "\(result)")
        try await workspace.expectSound(entries: 5)
    }

    @Test("conditions: success where nothing came, conflict where something did")
    func conditions() async throws {
        let workspace = try await Workspace.withEvents(3)
        let free = try await workspace.append([Draft(id: "r-1", type: "release")], "--if-none", "type=release lot:1")
        #expect(free.status == 0 && free.text == "{\"appended\":3}\n", "\(free)")
        let after = try await workspace.append([Draft(id: "r-2")], "--if-none", "type=release", "--after", "3")
        #expect(after.status == 0, "\(after)")
        let conflict = try await workspace.append(
            [Draft(id: "r-3"), Draft(id: "r-4")], "--if-none", "lot:99", "--if-none", "type=release | lot:0",
            "--if-none", "\"parity:odd\"", "--after", "0")
        #expect(conflict.status == 3 && conflict.output.isEmpty, "\(conflict)")
        #expect(conflict.errors.contains("(conditionFailed)"))
        // As it would be written again, so that it can be read with `read --query`.
        #expect(
            conflict.errors.contains("Condition 2 failed: the event at position 3 matches “type=release | lot:0”"),
            "\(conflict)")
        #expect(
            conflict.errors.contains("Condition 3 failed: the event at position 1 matches “parity:odd”"), "\(conflict)")
        #expect(!conflict.errors.contains("Condition 1 failed"))
        try await workspace.expectSound(entries: 5)
    }

    @Test(
        "a conflict names the query so that it reads as that query again",
        arguments: [
            "*", "lot:1", "type=test.a lot:0", "\"type=a b\" \"lot:x | y\" | lot:1 | type=test.b type=test.a",
        ])
    func conflictNamesQuery(query: String) async throws {
        let workspace = try await Workspace.withEvents(3)
        let conflict = try await workspace.append([Draft(id: "1")], "--if-none", query)
        #expect(conflict.status == 3, "\(conflict)")
        let named = try #require(conflict.errors.split(separator: "“").last?.split(separator: "”").first)
        #expect(
            try await workspace.positions("--query", String(named)) == workspace.positions("--query", query),
            "\(conflict)")
        let again = try await workspace.append([Draft(id: "1")], "--if-none", String(named))
        #expect(again.errors == conflict.errors)
    }

    @Test("each condition may have a position of its own")
    func conditionsWithPositions() async throws {
        let workspace = try await Workspace.withEvents(4)
        let conflict = try await workspace.append(
            [Draft(id: "1")], "--if-none", "lot:1", "--after", "0", "--if-none", "lot:2", "--after", "2")
        #expect(conflict.status == 3 && conflict.errors.contains("Condition 1"), "\(conflict)")
        #expect(!conflict.errors.contains("Condition 2"))
        let good = try await workspace.append(
            [Draft(id: "1")], "--if-none", "lot:1", "--after", "1", "--if-none", "lot:2", "--after", "2")
        #expect(good.status == 0, "\(good)")
    }

    @Test("a retry under a condition is a duplicate, although its own event breaks the condition")
    func retryUnderCondition() async throws {
        let workspace = try await Workspace.withEvents(2)
        let release = Draft(id: "r", type: "release")
        for answer in ["{\"appended\":2}\n", "{\"duplicate\":2}\n"] {
            let result = try await workspace.append([release], "--if-none", "type=release", "--after", "1")
            #expect(result.status == 0 && result.text == answer, "\(result)")
        }
        try await workspace.expectSound(entries: 3)
    }
}
