import Foundation
import Testing

@Suite("The command line: read")
struct ReadTests {
    @Test("one line of JSON for each entry: position, recorded, agency, tags, event, and nothing else anywhere")
    func format() async throws {
        let workspace = try await Workspace.withLedger()
        let data = #"{"name":"集装箱","text":"a \"quoted\" \\ line\u000a","deep":[[1,2.50,-0]]}"#
        let draft = Draft(id: "1", agency: "CUS", tags: ["container:集装 1", "a:1"], data: data)
        _ = try await workspace.append([draft])
        let result = try await workspace.succeed("read")
        #expect(result.errorBytes.isEmpty, "\(result)")
        let entry = try #require(try result.objects.first)
        let recorded = try #require(entry["recorded"] as? String)
        #expect(
            result.text == "{\"position\":0,\"recorded\":\"\(recorded)\",\"agency\":\"CUS\","
                + "\"tags\":[\"a:1\",\"container:集装 1\"],\"event\":\(draft.event)}\n")
        #expect(recorded.hasSuffix("Z") && recorded.count == 27)
    }

    @Test("types are alternatives, tags must all be there")
    func typesAndTags() async throws {
        let workspace = try await Workspace.withEvents(12)
        #expect(try await workspace.positions("--type", "test.b") == [2, 5, 8, 11])
        #expect(try await workspace.positions("--type", "test.b", "--type", "test.a") == Array(0..<12))
        #expect(try await workspace.positions("--tag", "parity:odd", "--tag", "lot:3") == [3])
        #expect(try await workspace.positions("--tag", "parity:odd", "--tag", "lot:4") == [])
        #expect(try await workspace.positions("--type", "test.b", "--tag", "parity:odd") == [5, 11])
        #expect(try await workspace.positions("--type", "test") == [], "a type is not a prefix")
    }

    @Test("a query joins items by bars, and quotes keep spaces")
    func queries() async throws {
        let workspace = try await Workspace.withEvents(12)
        _ = try await workspace.append([Draft(id: "room", type: "test.c", tags: ["room:1 | a"])])
        let cases: [(query: String, positions: [Int])] = [
            ("", Array(0..<13)), ("*", Array(0..<13)), ("lot:3 | lot:7", [3, 7]), ("lot:3|lot:7", [3, 7]),
            ("type=test.b parity:odd | lot:0", [0, 5, 11]), ("  type=test.b   lot:2 ", [2]),
            ("\"room:1 | a\"", [12]), ("\"room:1 | a\" type=test.c | lot:1", [1, 12]), ("type=\"test.c\"", [12]),
        ]
        for (query, expected) in cases {
            #expect(try await workspace.positions("--query", query) == expected, "\(query)")
        }
        for query in ["|", "lot:1 |", "| lot:1", "\"lot:1", "lot", "type="] {
            let result = try await workspace.run("read", "--query", query)
            #expect(result.status == 3 && result.output.isEmpty && result.errors.hasPrefix("sanhu: "), "\(result)")
        }
    }

    @Test("ranges of positions, forwards and backwards, with limits")
    func ranges() async throws {
        let workspace = try await Workspace.withEvents(12)
        #expect(try await workspace.positions("--from", "9") == [9, 10, 11])
        #expect(try await workspace.positions("--from", "12") == [])
        #expect(try await workspace.positions("--to", "2") == [0, 1])
        #expect(try await workspace.positions("--from", "10", "--to", "99") == [10, 11], "an end is only a bound")
        #expect(try await workspace.positions("--backwards", "--limit", "1", "--to", "99") == [11])
        #expect(try await workspace.positions("--tag", "lot:3", "--to", "18446744073709551615") == [3])
        #expect(try await workspace.positions("--from", "3", "--to", "5") == [3, 4])
        #expect(try await workspace.positions("--from", "5", "--to", "3") == [])
        #expect(try await workspace.positions("--backwards", "--limit", "2") == [11, 10])
        #expect(try await workspace.positions("--backwards", "--from", "3", "--to", "6") == [5, 4, 3])
        #expect(try await workspace.positions("--backwards", "--tag", "parity:odd", "--limit", "2") == [11, 9])
        #expect(try await workspace.positions("--limit", "0") == [])
        #expect(try await workspace.positions("--type", "test.b", "--from", "3", "--limit", "1") == [5])
    }

    @Test("ranges of recorded time, in any zone")
    func recordedTimes() async throws {
        let workspace = try await Workspace.withLedger()
        for number in 0..<3 { _ = try await workspace.append([.numbered(number)]) }
        let times = try await workspace.succeed("read").objects.compactMap { $0["recorded"] as? String }
        #expect(try await workspace.positions("--recorded-from", times[1]) == [1, 2])
        #expect(try await workspace.positions("--recorded-to", times[1]) == [0])
        #expect(try await workspace.positions("--recorded-from", times[1], "--recorded-to", times[2]) == [1])
        #expect(try await workspace.positions("--recorded-from", times[2], "--recorded-to", times[1]) == [])
        #expect(try await workspace.positions("--recorded-from", times[0], "--from", "2", "--backwards") == [2])
        #expect(try await workspace.positions("--recorded-from", "2000-01-01T00:00:00+08:00") == [0, 1, 2])
        #expect(try await workspace.positions("--recorded-from", "2999-01-01T00:00:00Z") == [])
        #expect(try await workspace.positions("--recorded-to", "2000-01-01T00:00:00Z") == [])
        let bad = try await workspace.run("read", "--recorded-from", "yesterday")
        #expect(bad.status == 64 && bad.errors.contains("yesterday"), "\(bad)")
    }

    @Test("--format text prints a line for people, without colour where there is no terminal")
    func text() async throws {
        let workspace = try await Workspace.withLedger()
        let event = """
            {"specversion":"1.0","id":"1","source":"/s","type":"sanhu.hold.placed","subject":"lot:1",\
            "time":"2026-03-01T08:15:30+08:00"}
            """
        _ = try await workspace.append(text: event, "--agency", "CIQ", "--tag", "lot:1", "--tag", "a:1")
        let result = try await workspace.succeed("read", "--format", "text")
        #expect(result.lines.count == 1 && result.errorBytes.isEmpty)
        #expect(result.text.contains("2026-03-01 08:15:30") && result.text.contains("hold.placed"))
        #expect(result.text.contains("CIQ") && result.text.contains("a:1") && !result.output.contains(0x1B))
    }
}
