import Foundation
import TestSupport
import Testing

@Suite("The command line: import into a ledger with a charter")
struct SealedImportTests {
    private static let canary = "KANARIENVOGEL7Q9X"
    private static let price = "4917263508172635"

    private func summary(_ result: SanhuProcess.Result) throws -> [String: Any] {
        try #require(try result.objects.last?["summary"] as? [String: Any], "\(result)")
    }

    private func refusals(_ result: SanhuProcess.Result) throws -> [[String: Any]] {
        try result.objects.compactMap { $0["refused"] as? [String: Any] }
    }

    /// A row whose seller and price are canaries.
    private func row(_ number: Int, process: String = "B", price: String = price) -> String {
        KCSFixture.row(number, fraud: 1).replacing("0VKY2BR", with: Self.canary).replacing("372254.4", with: price)
            .replacing(",B,", with: ",\(process),")
    }

    private func expectSilent(_ result: SanhuProcess.Result, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = result.text + result.errors
        for canary in [Self.canary, Self.price] {
            #expect(!text.contains(canary), "\(result)", sourceLocation: sourceLocation)
            let encoded = Data(canary.utf8).base64EncodedString().prefix(20)
            #expect(!text.contains(encoded), "\(result)", sourceLocation: sourceLocation)
        }
    }

    /// Searches all files of the ledger.
    private func expectSilent(_ workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let files = try #require(FileManager.default.enumerator(atPath: workspace.ledger))
        var looked = 0
        for case let name as String in files {
            guard let data = FileManager.default.contents(atPath: workspace.ledger + "/" + name) else { continue }
            looked += 1
            for canary in [Self.canary, Self.price] {
                #expect(data.range(of: Data(canary.utf8)) == nil, "\(name)", sourceLocation: sourceLocation)
            }
        }
        #expect(looked > 4)
    }

    @Test("what it imports is appended by the agency it is of, and sealed; a second time nothing is appended")
    func journey() async throws {
        let workspace = try await PortWorkspace.make()
        try workspace.write([KCSFixture.header, row(1), row(2), row(3)].joined(separator: "\n") + "\n", to: "d.csv")
        let imported = try await workspace.succeed("import", "kcs", "d.csv")
        expectSilent(imported)
        #expect(try summary(imported)["appended"] as? Int == 9)
        let again = try summary(try await workspace.succeed("import", "kcs", "d.csv"))
        #expect(again["appended"] as? Int == 0 && again["duplicates"] as? Int == 9)
        try workspace.write(WCOFixture.lodgement("LRN-7"), to: "in/1.xml")
        for (file, code, time) in [("2", "01", "20260301080000Z"), ("3", "09", "20260301093000Z")] {
            let answer = WCOFixture.answer(code, at: time, reference: "LRN-7", number: "26GB0000000000007")
            try workspace.write(answer, to: "in/\(file).xml")
        }
        #expect(try summary(try await workspace.succeed("import", "wco", "in"))["appended"] as? Int == 3)
        #expect(try summary(try await workspace.succeed("import", "wco", "in"))["appended"] as? Int == 0)
        // The story in its order, by whoever said it.
        let story = try await workspace.succeed("read", "--tag", "declaration:1", "--as", "CUS")
        let types = try story.objects.map { ($0["event"] as? [String: Any])?["type"] as? String }
        #expect(
            types == ["sanhu.declaration.lodged", "sanhu.inspection.completed", "sanhu.violation.recorded"], "\(story)")
        #expect(try story.objects.map { $0["agency"] as? String } == ["DEC", "CUS", "CUS"])
        #expect(story.text.contains(Self.canary) && story.text.contains(Self.price))
        let cleared = try await workspace.succeed(
            "read", "--tag", "declaration:1", "--as", "TAX", "--role", "assessor", "--purpose", "duty-assessment")
        #expect(cleared.text.contains(Self.price) && !cleared.text.contains("critical-fraud"), "\(cleared)")
        expectSilent(try await workspace.succeed("read", "--as", "TRA", "--purpose", "clearance"))
        expectSilent(try await workspace.succeed("read", "--as", "public"))
        expectSilent(try await workspace.succeed("read"))
        try expectSilent(workspace)
        #expect(try await workspace.run("verify").status == 0)
    }

    @Test("an event that the charter or its schema refuses is reported with file and line, and the rest comes in")
    func refusals() async throws {
        let workspace = try await PortWorkspace.make()
        let long = String(repeating: "P", count: 200)
        let rows = [KCSFixture.header, row(1), row(2, process: long), row(3, price: Self.price + "x"), row(4)]
        try workspace.write(rows.joined(separator: "\n") + "\n", to: "d.csv")
        let result = try await workspace.run("import", "kcs", "d.csv")
        #expect(result.status == 3, "\(result)")
        expectSilent(result)
        let refused = try refusals(result)
        #expect(refused.map { $0["line"] as? Int } == [4, 3], "\(result)")
        #expect((refused.last?["reason"] as? String)?.contains("/data/processType") == true, "\(result)")
        #expect(try summary(result)["appended"] as? Int == 8 && summary(result)["refusedByLedger"] as? Int == 1)
        // The same declaration with another price is another content under a known id.
        try workspace.write([KCSFixture.header, row(1, price: "7")].joined(separator: "\n") + "\n", to: "e.csv")
        let changed = try await workspace.run("import", "kcs", "e.csv")
        #expect(try changed.status == 3 && refusals(changed).count == 1, "\(changed)")
        expectSilent(changed)
        // Messages that are broken, or hold more than their field may.
        let text = String(repeating: Self.canary, count: 200)
        let statement =
            "<AdditionalInformation><StatementDescription>\(text)</StatementDescription></AdditionalInformation>"
        let lodgement = WCOFixture.lodgement("L")
        try workspace.write(lodgement.replacing("<Declarant>", with: statement + "<Declarant>"), to: "in/1.xml")
        try workspace.write(lodgement.replacing("<Declarant>", with: "<\(Self.canary)<Declarant>"), to: "two/2.xml")
        try workspace.write(lodgement.replacing("</ID></Declarant>", with: Self.canary), to: "three/3.xml")
        for folder in ["in", "two", "three"] {
            let messages = try await workspace.run("import", "wco", folder)
            #expect(try messages.status == 3 && refusals(messages).count == 1, "\(messages)")
            expectSilent(messages)
        }
        try expectSilent(workspace)
    }

    @Test("what is refused by append tells no classified value, on either output")
    func append() async throws {
        let workspace = try await PortWorkspace.make()
        func event(_ data: String, id: String = "1", source: String = "/DEC/1") -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"sanhu.declaration.lodged","#
                + #""dataschema":"urn:sanhu:schema:declaration.lodged:1","data":\#(data)}"# + "\n"
        }
        let good = #"{"kind":"goods","commercial":{"seller":"\#(Self.canary)","price":\#(Self.price)}}"#
        let lines = [
            event(#"{"kind":"goods","commercial":"\#(Self.canary)"}"#),
            event(#"{"kind":"goods","commercial":{"note":"\#(String(repeating: Self.canary, count: 100))"}}"#),
            event(#"{"kind":"goods","partyDetails":[{"name":"\#(Self.canary)","\#(Self.canary)":1}]}"#),
            event(#"{"kind":"goods","partyDetails":[{"role":"\#(Self.canary)"}]}"#),
            event(#"{"kind":"goods","statements":["\#(Self.canary)",\#(Self.price)]}"#),
            event(good, source: "/CUS/1"), event(String(good.dropLast(3))),
            event(good.replacing(Self.canary, with: Self.canary + "\\ud800")),
        ]
        let refused = try await workspace.append(text: lines.joined(), "--as", "DEC")
        #expect(refused.status == 3, "\(refused)")
        #expect(try refused.objects.count == lines.count && refused.objects.allSatisfy { $0["refused"] != nil })
        expectSilent(refused)
        let other = event(good.replacing(Self.price, with: "5"))
        let reused = try await workspace.append(text: event(good) + other, "--as", "DEC")
        #expect(try reused.status == 3 && reused.objects.last?["refused"] as? String == "log", "\(reused)")
        expectSilent(reused)
        expectSilent(try await workspace.append(text: event(good, id: "2"), "--as", "CUS"))
        expectSilent(try await workspace.append(text: event(good, id: "3")))
        try expectSilent(workspace)
    }
}
