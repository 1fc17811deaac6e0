import EventLog
import Exchange
import JSON
import Testing

@Suite("Showing and comparing charters")
struct CharterShowingTests {
    @Test("A difference tells what was added, changed and removed, in the order of the charter's parts")
    func difference() throws {
        let before = try CharterLab.charter()
        let after = try before.amended(
            CharterLab.put("personalTag", #"{"kind":"passport"}"#) + ","
                + CharterLab.put("purpose", #"{"code":"duty","version":2,"title":"税费核定与入库"}"#) + ","
                + CharterLab.end("power", #"{"id":"ciq"}"#) + ","
                + CharterLab.end("agency", #"{"code":"CIQ","into":"CUS"}"#) + ","
                + CharterLab.put("agency", #"{"code":"ASB","title":"缉私","kind":"authority"}"#))
        let words = CharterDifference(from: before, to: after)
        #expect(words.changes.map(\.kind) == [.agency, .agency, .power, .purpose, .personalTag])
        #expect(words.changes.map(\.name) == ["ASB", "CIQ", "ciq", "duty", "passport"])
        #expect(words.changes.map { $0.before == nil } == [true, false, false, false, true])
        let now = try CharterLab.time("2016-06-01")
        let inForce = CharterDifference(from: before, at: now, to: after, at: now)
        #expect(inForce.changes.map { $0.after == nil } == [false, true, true, false, false])
        #expect(
            inForce.description.split(separator: "\n").filter { $0.contains("agency") } == [
                "+ agency ASB 缉私, authority", "- agency CIQ 检验检疫, authority, from 2001-04-10T00:00:00.000000Z",
            ])
        let json = try JSONDocument(parsing: words.json).root
        #expect(json.elements.count == 5)
        #expect(json.elements[1]["after"]?["into"]?.string == "CUS")
        #expect(json.elements[0]["before"] == nil)
        // One charter at two times.
        let then = try CharterLab.time("2016-05-31")
        #expect(CharterDifference(from: after, at: then, to: after, at: now).changes == inForce.changes)
        #expect(
            CharterDifference(from: after, at: now, to: before, at: now).changes.map(\.after)
                == inForce.changes.map(\.before))
    }

    @Test("A charter is shown with one line for each value that holds, under its kind")
    func text() throws {
        let charter = try CharterLab.charter()
        let lines = try charter.text(at: CharterLab.time("2016-06-01")).split(separator: "\n").map(String.init)
        #expect(lines[0] == "charter of port.example/ledger, position 0, recorded 2016-01-01T00:00:00.000000Z")
        #expect(lines[1...3] == ["amendment", "  2 of 3: CUS, TAX, BOR", "agencies"])
        for line in [
            "  TAX/desk: assessor, until 2017-01-01T00:00:00.000000Z; chief", "  CUS-1 of CUS",
            "  ciq: CIQ may append sanhu.lab.reported at CNSHA, CNNGB", "  /CUS of CUS",
            "  https://s.example/lab/1 for sanhu.lab.reported, 17 bytes",
            "  price: permit fields (of CUS) to TAX for duty", "  duty (version 1) 税费核定", "  person",
            "  working days: 2 to check, 5 to answer, 10 if unpublished",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(lines.filter { !$0.hasPrefix(" ") }.dropFirst() == CharterKind.allCases.map(\.member)[...])
    }
}
