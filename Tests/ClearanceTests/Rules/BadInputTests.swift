import Clearance
import EventLog
import Exchange
import TestSupport
import Testing
import Views

/// What comes from outside and is wrong: the error names rule, object, and what would satisfy it.
@Suite("What comes in wrong", .fewAtOnce)
struct BadInputTests {
    private static let one = #""declaration":"1""#

    @Test("S98 A container, an enterprise or a ship whose number has a wrong check digit is refused")
    func identifiers() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func move(_ container: String) async throws -> String? {
            try await stand.append("equipment.moved", by: "CAR", #""container":"\#(container)","move":"gate-in""#)
        }
        #expect(try await move("CSQU3054383") == nil)
        let told = try #require(try await move("CSQU3054384"))
        #expect(told.contains("The rule identifiers refuses the event about container:CSQU3054384."))
        #expect(told.contains("its check digit would be 3"))
        #expect(try await move("C1") == nil, "a number of another form is not judged")
        func rate(_ enterprise: String) async throws -> String? {
            try await stand.append(
                "credit.rated", by: "CUS",
                #""enterprise":"\#(enterprise)","scheme":"customs","rating":"A","from":"2026-01-01""#)
        }
        #expect(try await rate("91350100M000100Y43") == nil)
        #expect(try await rate("91350100M000100Y44")?.contains("enterprise:91350100M000100Y44") == true)
        #expect(try await rate("E1") == nil)
        func arrive(_ ship: String) async throws -> String? {
            try await stand.append(
                "conveyance.arrived", by: "MSA", #""conveyance":"\#(ship)","port":"CNNSA""#)
        }
        #expect(try await arrive("IMO9074729") == nil)
        #expect(try await arrive("IMO9074728")?.contains("its check digit would be 9") == true)
    }

    @Test("S02, trap 8: A message before the one that it follows is refused, and taken when that has come")
    func sequence() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let early = try #require(try await stand.append("declaration.accepted", by: "CUS", id: "a", Self.one))
        #expect(early.contains("The rule sequence refuses the event about declaration:1."))
        #expect(early.contains("No declaration.lodged of declaration:1 stands in the log. Append it first"))
        // It is late by its own time, and taken: the order of the log decides.
        #expect(
            try await stand.append(
                "declaration.lodged", by: "DEC", time: "2026-05-02T10:00:00+08:00", Self.one + #","kind":"goods""#)
                == nil)
        #expect(
            try await stand.append(
                "declaration.accepted", by: "CUS", id: "a", time: "2026-05-01T10:00:00+08:00", Self.one)
                == nil)
        #expect(
            try await stand.append("declaration.withdrawn", by: "CUS", Self.one + #","stage":"completed""#) == nil)
        let dead = try #require(try await stand.append("declaration.reopened", by: "CUS", Self.one + #","reason":"x""#))
        #expect(dead.contains("declaration:1 was withdrawn. Lodge a new declaration"))
        // One that is known by the reference of its declarant alone.
        try await stand.append(
            "declaration.lodged", by: "DEC", tags: ["lrn:R9"], #""localReference":"R9","kind":"goods""#)
        #expect(
            try await stand.append(
                "declaration.accepted", by: "CUS", #""declaration":"9","localReference":"R9""#) == nil)
    }

    @Test("S02 What an event names must be there, and be its agency's own where it is to end it")
    func references() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let lift = Self.one + #","hold":"h""#
        let unknown = try #require(try await stand.append("hold.lifted", by: "MSA", lift))
        #expect(unknown.contains("The rule reference refuses the event about declaration:1."))
        #expect(unknown.contains("No hold.placed h about declaration:1 is in the log"))
        try await stand.append("hold.placed", by: "MSA", id: "h", Self.one + #","scope":"all","legalBasis":"Art. 1""#)
        #expect(try await stand.append("hold.lifted", by: "CUS", lift)?.contains("h is MSA's") == true)
        #expect(try await stand.append("hold.lifted", by: "MSA", #""declaration":"2","hold":"h""#) != nil)
        #expect(try await stand.append("hold.lifted", by: "MSA", lift) == nil)
        // A flag is sealed as a whole, and found all the same.
        let clear = Self.one + #","flag":"f","outcome":"lifted""#
        #expect(try await stand.append("risk.cleared", by: "CUS", clear) != nil)
        try await stand.append("risk.flagged", by: "CUS", id: "f", Self.one + #","reasonClass":"a","action":"b""#)
        #expect(try await stand.append("risk.cleared", by: "CUS", clear) == nil)
        let correct = Self.one + #","event":"x""#
        #expect(try await stand.append("record.corrected", by: "CUS", correct)?.contains("No event x") == true)
        try await stand.append("release.granted", by: "CUS", id: "x", Self.one)
        #expect(try await stand.append("record.corrected", by: "CUS", correct) == nil)
        #expect(
            try await stand.append("refund.decided", by: "TAX", #""refund":"R1","decision":"granted""#)?
                .contains("No refund.claimed R1 about refund:R1") == true)
        #expect(
            try await stand.append(
                "inspection.started", by: "CUS", Self.one + #","participants":["CUS"],"orders":["o1"]"#)?
                .contains("No inspection.ordered o1") == true)
    }

    @Test("Trap 7: A correction that repeats the id of what it corrects is no duplicate of it, nor takes its place")
    func corrections() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        let placed = Self.one + #","scope":"all","legalBasis":"Art. 1""#
        try await stand.append("hold.placed", by: "MSA", id: "e", placed)
        let correction = Self.one + #","event":"e","basis":"wrong container""#
        // The error declaration of EPCIS has the id of the event that was wrong: here it needs one of its own.
        await #expect("ids are unique for ever") {
            try await stand.append("record.corrected", by: "MSA", id: "e", correction)
        } throws: { error in
            (error as? ExchangeError)?.reason.contains("give it an id of its own") == true
        }
        #expect(try await stand.append("record.corrected", by: "MSA", id: "e-corrected", correction) == nil)
        let repeated = CaseLab.event("hold.placed", by: "MSA", id: "e", "{\(placed)}")
        let receipt = try await stand.book.append([repeated], as: "MSA")[0]
        guard case .duplicate = receipt else {
            Issue.record("what was corrected is in the log still: \(receipt)")
            return
        }
    }

    @Test("S02, trap 6: A code of another edition is kept, and its sender is warned with the edition that has it")
    func editions() async throws {
        let stand = try await RuleStand()
        defer { stand.close() }
        func list(_ edition: String, _ codes: String, from: String, to: String? = nil) async throws {
            let content = #""standards":[{"name":"HS","edition":"\#(edition)","codes":[\#(codes)]}]"#
            try await stand.append(
                "policy.published", by: "POO",
                RuleStand.policy("data-standard", "HS-" + edition, content, from: from, to: to))
        }
        func lodge(_ number: Int, _ code: String) async throws -> [RuleWarning] {
            let event = CaseLab.event(
                "declaration.lodged", by: "DEC", id: "d\(number)", time: "2026-05-01T10:00:00+08:00",
                #"{"declaration":"\#(number)","kind":"goods","items":[{"number":1,"hs6":"\#(code)"}]}"#)
            let (receipts, warnings) = try await stand.book.appendTelling([event], as: "DEC")
            guard case .appended = receipts[0] else { throw ExchangeError(.log, "It was not appended.") }
            return warnings
        }
        #expect(try await lodge(1, "940540").isEmpty, "no list is in force: nothing can be said")
        try await list("2017", #""940540","020230""#, from: "2017-01-01", to: "2022-01-01")
        try await list("2022", #""940541","020230""#, from: "2022-01-01")
        #expect(try await lodge(2, "020230").isEmpty)
        let warnings = try await lodge(3, "940540")
        #expect(warnings.map(\.rule) == ["codes"] && warnings.first?.object.text == "declaration:3")
        let told = warnings.first?.reason ?? ""
        #expect(told.contains("The rule codes warns of the event about declaration:3."))
        #expect(
            told.contains("Not in edition 2022, in force on 2026-05-01: 940540 (edition 2017). It is kept as it is"))
    }
}
