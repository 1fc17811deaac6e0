import EventLog
import Testing

@testable import Interchange

@Suite("Importing declarations from CSV")
struct KCSImporterTests {
    static let header = KCSColumn.allCases.map(\.header).joined(separator: ",")

    static func row(
        _ id: String, date: String = "2020-01-01", courier: String = "", hs: String = "440890",
        price: String = "372254.4",
        fraud: String = "0", critical: String = "0"
    ) -> String {
        "\(id),\(date),30,B,11,21,11,10,ZZR1LT6,QLRUBN9,0VKY2BR,\(courier),\(hs),"
            + "BE,BE,0.0,FEU1,G,108.0,\(price),\(fraud),\(critical)"
    }

    private func run(_ rows: [String], header: String = header, nomenclature: HSNomenclature? = nil) throws -> Outcome {
        let folder = try Folder()
        try folder.write(([header] + rows).joined(separator: "\n") + "\n", to: "d.csv")
        return Outcome(KCSImporter(paths: [folder.path], nomenclature: nomenclature))
    }

    @Test("a row becomes a lodgement and an inspection, and a violation where something was found")
    func mapsRows() throws {
        let outcome = try run([Self.row("1"), Self.row("2", fraud: "1", critical: "2")])
        #expect(
            try outcome.types() == [
                "declaration.lodged", "inspection.completed",
                "declaration.lodged", "inspection.completed", "violation.recorded",
            ])
        let events = try outcome.events()
        #expect(events[1].data["result"] as? String == "no-finding")
        #expect(events[3].data["result"] as? String == "finding")
        #expect(events[4].data["severity"] as? Int == 2)
        #expect(events[4].subject == "declaration:2")
        #expect(outcome.summary.filesImported == 1)
        #expect(outcome.summary.recordsRead == 2)
    }

    @Test("a lodgement names its objects, but not the seller, whom the price's class covers")
    func tagsObjects() throws {
        let event = try #require(try run([Self.row("1", courier: "W6UCD9")]).events().first)
        #expect(
            Set(event.tags) == [
                "declaration:1", "enterprise:QLRUBN9", "enterprise:ZZR1LT6", "enterprise:W6UCD9", "office:30",
                "hs:440890",
            ])
        #expect(event.agency == "DEC")
        #expect(event.source == "/declarants/kr/kcs")
        #expect(event.time == "2020-01-01T00:00:00+09:00")
        #expect(event.members["dataschema"] as? String == "urn:sanhu:schema:declaration.lodged:1")
        let commercial = try #require(event.data["commercial"] as? [String: Any])
        #expect((commercial["seller"] as? [String: Any])?["id"] as? String == "0VKY2BR")
        #expect((event.data["parties"] as? [String: String])?["courier"] == "W6UCD9")
    }

    @Test("an empty courier leaves no key, and the inspection claims no time")
    func leavesOut() throws {
        let events = try run([Self.row("1")]).events()
        #expect((events[0].data["parties"] as? [String: String])?.keys.sorted() == ["declarant", "importer"])
        #expect(events[1].time == nil)
        #expect(events[1].agency == "CUS")
    }

    @Test("numbers keep their digits")
    func keepsDigits() throws {
        let outcome = try run([Self.row("1", price: "2450.50")])
        #expect(
            String(decoding: try #require(outcome.drafts.first).event, as: UTF8.self).contains("\"amount\":2450.50"))
    }

    @Test(
        "a malformed row is refused with its line and the rest goes on",
        arguments: [
            "1,2", row("1", date: "2020-02-30"), row("1", date: "1.1.2020"), row("1", hs: "4408"),
            row("1", price: "dear"),
            row("1", fraud: "2"), row("1", critical: "3"), row(""), row("1 2"), row("\"1"),
        ])
    func refusesRow(_ bad: String) throws {
        let outcome = try run([Self.row("7"), bad, Self.row("8")])
        #expect(outcome.summary.refusals.map(\.line) == [3])
        #expect(outcome.summary.draftsByType["sanhu.declaration.lodged"] == 2)
        #expect(outcome.summary.filesImported == 1)
    }

    @Test("a declaration given twice in a batch is refused the second time")
    func refusesRepeats() throws {
        let outcome = try run([Self.row("1"), Self.row("1", price: "2.0")])
        #expect(outcome.summary.refusals.map(\.line) == [3])
        #expect(outcome.summary.refusals.first?.reason.contains("line 2") == true)
    }

    @Test("a file with another header, an empty one and one that is not there are refused, and accounted for")
    func refusesFiles() throws {
        let folder = try Folder()
        let other = try folder.write("Declaration ID,Day\n1,2\n", to: "other.csv")
        let empty = try folder.write("", to: "empty.csv")
        let outcome = Outcome(KCSImporter(paths: [other, empty, folder.path + "/none.csv"]))
        #expect(outcome.summary.filesRefused == 3)
        #expect(outcome.summary.filesFound == 3)
        #expect(outcome.summary.draftCount == 0)
        #expect(outcome.summary.refusals.first?.reason.contains("column 2 is “Day”") == true)
    }

    @Test("a code of another edition is a warning, once per code")
    func warnsOfEditions() throws {
        let rows = [Self.row("1"), Self.row("2", hs: "940540"), Self.row("3", hs: "940540")]
        let outcome = try run(rows, nomenclature: HSNomenclature(codes: ["440890"]))
        #expect(outcome.summary.warnings.map(\.line) == [3])
        #expect(outcome.summary.draftCount == 6)
    }

    @Test("batches stay within their limit, progress ends at one, and importing again gives the same bytes")
    func batches() throws {
        let rows = (1...2_500).map { Self.row("\($0)") }
        let first = try run(rows)
        #expect(first.batches.map(\.recordsRead) == [1000, 1000, 500])
        #expect(first.batches.last?.progress.fraction == 1)
        #expect(first.batches.map(\.progress.bytesDone).sorted() == first.batches.map(\.progress.bytesDone))
        #expect(first.drafts == (try run(rows)).drafts)
    }
}
