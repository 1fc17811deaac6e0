import Foundation
import JSON
import Testing

@Suite("sanhu compare, and what append warns of")
struct CompareCommandTests {
    private static func event(_ type: String, _ agency: String, _ id: String, _ data: String) -> String {
        #"{"event":{"specversion":"1.0","id":"\#(id)","source":"/\#(agency)/1","type":"sanhu.\#(type)","time":"2026-05-01T10:00:00+08:00","dataschema":"urn:sanhu:schema:\#(type):1","data":{\#(data)}}}"#
            + "\n"
    }

    private static func run(_ workspace: Workspace, _ arguments: [String]) async throws -> String {
        let done = try await workspace.run(arguments)
        try #require(done.status == 0, "\(done)")
        return done.text
    }

    private static func objects(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONDocument(parsing: Array($0.utf8)).root }
    }

    @Test("Readers stand side by side: what each is given, what is withheld from it, and what is a stub to it")
    func compares() async throws {
        let workspace = try await PortWorkspace.make()
        let number = #""declaration":"1""#
        let price = #","commercial":{"totalPrice":{"amount":120000,"currency":"USD"}}"#
        for (type, agency, id, data) in [
            ("declaration.lodged", "DEC", "l", number + #","kind":"goods""# + price),
            ("risk.flagged", "CUS", "f", number + #","reasonClass":"a","action":"inspect""#),
            ("declaration.accepted", "CUS", "a", number),
        ] {
            let done = try await workspace.append(text: Self.event(type, agency, id, data), "--as", agency)
            try #require(done.status == 0, "\(done)")
        }
        let readers = ["--as", "CUS", "--as", "TAX/assessor:duty-assessment:T-1", "--as", "MKT", "--as", "public"]
        let events = try Self.objects(
            try await Self.run(workspace, ["compare", "declaration:1"] + readers))
        #expect(
            events.map { $0["type"]?.string } == [
                "sanhu.declaration.lodged", "sanhu.risk.flagged", "sanhu.declaration.accepted",
            ])
        func sees(_ event: Int) -> [Bool?] { events[event]["readers"]?.elements.map { $0["sees"]?.bool } ?? [] }
        #expect(sees(0) == [true, true, true, false] && sees(1) == [true, false, false, false])
        let cells = events[0]["readers"]?.elements.map { $0["fields"]?["/commercial"] } ?? []
        #expect(cells[0]?["value"]?["totalPrice"]?["amount"]?.integer == 120_000)
        #expect(cells[1]?["value"] != nil && cells[2]?["withheld"]?.string == "CUS")
        #expect(events[0]["readers"]?.elements.map { $0["as"]?.string }.first == "CUS")

        let text = try await Self.run(
            workspace, ["compare", "declaration:1", "--format", "text", "--width", "120"] + readers)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.allSatisfy { $0.count <= 120 })
        #expect(lines.first?.split(separator: " ").map(String.init) == ["CUS", "TAX/assessor", "MKT", "public"])
        let line = try #require(lines.first { $0.contains("/commercial") })
        #expect(line.components(separatedBy: "{\"totalPrice").count == 3 && line.contains("▒ CUS"), "\(line)")
        #expect(text.contains("kind=goods") && text.contains("● given"))
        let flag = try #require(lines.first { $0.contains("reasonClass") })
        #expect(flag.contains("▒▒▒") && flag.hasPrefix("    data"), "\(flag)")
        #expect(text.contains("2026-05-01 10:00  DEC"))
        let seen = try await workspace.succeed("who-saw", "--as", "CUS", "--field", "/commercial").text
        #expect(seen.contains("TAX"), "it was read, and is on record")

        #expect(try await workspace.run(["compare", "declaration:1"]).status != 0)
        #expect(try await workspace.run(["compare", "declaration:1", "--as", "TAX/"]).status != 0)
        let nothing = try await workspace.succeed("compare", "declaration:2", "--as", "CUS", "--format", "text").text
        #expect(nothing.contains("Nothing, as far as these readers may know."))
    }

    @Test("A code of another edition is appended, and the line says what is odd about it")
    func warns() async throws {
        let workspace = try await PortWorkspace.make()
        let list =
            #""kind":"data-standard","edition":"HS-2022","validity":{"from":"2022-01-01"},"standards":[{"name":"HS","edition":"2022","codes":["940541"]}]"#
        let published = try await workspace.append(
            text: Self.event("policy.published", "POO", "p", list), "--as", "POO")
        try #require(published.status == 0, "\(published)")
        let lodged = try await workspace.append(
            text: Self.event(
                "declaration.lodged", "DEC", "l",
                #""declaration":"1","kind":"goods","items":[{"number":1,"hs6":"940540"}]"#), "--as", "DEC")
        #expect(lodged.status == 0)
        let line = try #require(try Self.objects(lodged.text).first)
        #expect(line["appended"] != nil)
        #expect(
            line["warnings"]?.elements.first?.string?.contains("The rule codes warns of the event about declaration:1.")
                == true)
    }
}
