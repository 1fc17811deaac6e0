import EventLog
import Testing

@testable import Interchange

@Suite("Importing food safety notifications from CSV")
struct RASFFImporterTests {
    private static let addressed = RASFFSample.row(
        distribution: "Finland,Sweden", forAttention: "INFOSAN,Netherlands,Sweden", forFollowUp: "Finland,Sweden")

    @Test("a row alerts all it names, each once, and asks for follow-up those named for it")
    func mapsRows() throws {
        let events = try RASFFSample.run(Self.addressed).events()
        #expect(events.map(\.type) == ["sanhu.alert.notified", "sanhu.assistance.requested"])
        let (alert, request) = (events[0], events[1])
        #expect(alert.agency == "FI" && alert.source == "/rasff/FI" && alert.subject == "notification:2024.9650")
        #expect(alert.tags == ["notification:2024.9650", "agency:FI", "agency:SE", "agency:INFOSAN", "agency:NL"])
        #expect(alert.time == "2024-12-31T14:35:21Z")
        #expect(alert.data["timeBasis"] as? String == "offset-unstated")
        #expect(alert.data["forAttention"] as? [String] == ["INFOSAN", "NL", "SE"])
        #expect(alert.data["week"] as? Int == 53)
        #expect(request.agency == "FI" && request.source == "/rasff/FI" && request.subject == alert.subject)
        #expect(request.members["causationid"] as? String == alert.id)
        #expect(request.data["asked"] as? [String] == ["FI", "SE"])
        #expect(request.tags == ["notification:2024.9650", "agency:FI", "agency:SE"])
    }

    @Test("a notification addressed to nobody has no tag of an agency, no empty list and asks nobody")
    func addressedToNobody() throws {
        let events = try RASFFSample.run(RASFFSample.row()).events()
        #expect(events.count == 1 && events[0].tags == ["notification:2024.9650"])
        #expect(events[0].data["distribution"] == nil && events[0].data["changed"] == nil)
    }

    @Test("trap 12: a reference is text: 2024.9650 is not 2024.965, and what lost its zeros is refused")
    func referencesAreText() throws {
        let outcome = try RASFFSample.run(
            RASFFSample.row("2024.9650"), RASFFSample.row("2024.9605"), RASFFSample.row("2024.965"),
            RASFFSample.row("2024.0965"))
        #expect(outcome.summary.refusals.map(\.line) == [4])
        #expect(
            try outcome.events().map(\.id) == [
                "alert.notified/2024.9650", "alert.notified/2024.9605", "alert.notified/2024.0965",
            ])
    }

    @Test("a comma inside a name separates nothing")
    func commas() throws {
        let row = RASFFSample.row(
            distribution: "Aruba,Bonaire, Sint Eustatius and Saba,Curaçao",
            origin: "Bonaire, Sint Eustatius and Saba,Peru", hazards: "2,4-D  ,paraquat unauthorised substance")
        let event = try #require(try RASFFSample.run(row).events().first)
        #expect(event.data["distribution"] as? [String] == ["AW", "BQ", "CW"])
        #expect(event.data["origins"] as? [String] == ["Bonaire, Sint Eustatius and Saba", "Peru"])
        #expect(event.data["hazards"] as? [String] == ["2,4-D", "paraquat unauthorised substance"])
    }

    @Test("a reference that comes again with other content is an amendment that says what changed")
    func amendments() throws {
        let second = RASFFSample.row(
            date: "2024-12-31 14:35:21", distribution: "Finland", forAttention: "INFOSAN,Netherlands,Sweden",
            forFollowUp: "Estonia,Sweden", hazards: "norovirus  ", week: "1")
        let events = try RASFFSample.run(Self.addressed, second).events()
        #expect(
            events.map(\.type) == [
                "sanhu.alert.notified", "sanhu.assistance.requested", "sanhu.alert.amended",
                "sanhu.assistance.requested",
            ])
        #expect(events[2].data["changed"] as? [String] == ["distribution", "forFollowUp", "week"])
        #expect(events[2].members["causationid"] as? String == events[0].id)
        #expect(events[2].id.hasPrefix("alert.amended/2024.9650/"))
        // Only who was not asked before is asked now, because of the amendment.
        #expect(events[3].data["asked"] as? [String] == ["EE"])
        #expect(events[3].members["causationid"] as? String == events[2].id)
        #expect(Set(events.map(\.id)).count == 4)
    }

    @Test("the same content again is the same event, byte for byte, in whichever file and however it is padded")
    func repetitions() throws {
        let padded = RASFFSample.row(
            subject: " norovirus in oysters ", date: "2024-12-31 14:35:21", hazards: "norovirus  ")
        let amended = RASFFSample.row(week: "1")
        let drafts = try RASFFSample.run([[RASFFSample.row(), amended, padded], [amended, RASFFSample.row()]]).drafts
        #expect(drafts.count == 5)
        #expect(Set(drafts).count == 2)
        #expect(drafts[0] == drafts[2] && drafts[0] == drafts[4] && drafts[1] == drafts[3])
    }

    @Test(
        "a malformed row is refused with its line and the rest goes on",
        arguments: [
            "1,2", RASFFSample.row("2024-9650"), RASFFSample.row("24.9650"), RASFFSample.row(""),
            RASFFSample.row("2024.96501234"), RASFFSample.row(" 2024.9650x"), RASFFSample.row(subject: "  "),
            RASFFSample.row(date: "2024-02-30 10:00:00"), RASFFSample.row(date: "2024-12-31"),
            RASFFSample.row(date: "2024-12-31 10:00:00Z"), RASFFSample.row(date: "31.12.2024 10:00:00"),
            RASFFSample.row(by: "Atlantis"), RASFFSample.row(distribution: "Sweden,,Finland"),
            RASFFSample.row(forAttention: "sweden"), RASFFSample.row(year: "24"), RASFFSample.row(week: "54"),
        ])
    func refusesRow(_ bad: String) throws {
        let outcome = try RASFFSample.run(RASFFSample.row("2024.0001"), bad, RASFFSample.row("2024.0002"))
        #expect(outcome.summary.refusals.map(\.line) == [3])
        #expect(try outcome.events().map(\.subject) == ["notification:2024.0001", "notification:2024.0002"])
    }

    @Test("an authority that is not known is named in the refusal, for the alert would miss it")
    func unknownAuthority() throws {
        let fault = try #require(
            try RASFFSample.run(RASFFSample.row(forFollowUp: "Sweden,Atlantis")).summary.refusals.first)
        #expect(fault.reason.contains("“Atlantis” in forFollowUp"))
    }

    @Test("another country does not amend a notification")
    func otherNotifier() throws {
        let outcome = try RASFFSample.run(RASFFSample.row(), RASFFSample.row(by: "Sweden", week: "1"))
        #expect(outcome.summary.refusals.map(\.line) == [3] && outcome.summary.draftCount == 1)
        #expect(outcome.summary.refusals[0].reason.contains("line 2"))
    }

    @Test("a file with another header is refused")
    func refusesFiles() throws {
        let folder = try Folder()
        try folder.write(RASFFSample.header.replacing("forFollowUp", with: "followUp") + "\n", to: "a.csv")
        let outcome = Outcome(RASFFImporter(paths: [folder.path]))
        #expect(outcome.summary.filesRefused == 1)
        #expect(outcome.summary.refusals[0].reason.contains("column 11 is “followUp”"))
    }

    @Test("each authority has a name and a code of its own, and the codes are such as a charter takes")
    func authorities() {
        let all = RASFFAuthority.all
        #expect(all.count == 178)
        #expect(Set(all.map(\.name)).count == all.count && Set(all.map(\.code)).count == all.count)
        #expect(all.allSatisfy { $0.code.allSatisfy { ("A"..."Z").contains($0) } })
        #expect(
            RASFFAuthority.named("Ecuador")?.code == "EC" && RASFFAuthority.named("European Commission")?.code == "EU")
        #expect(RASFFAuthority.named("") == nil)
    }
}
