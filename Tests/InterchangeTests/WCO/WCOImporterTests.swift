import EventLog
import Testing

@testable import Interchange

@Suite("Importing WCO messages")
struct WCOImporterTests {
    static let number = "26GB00AAAA11BBBBR0"

    /// A scenario with a lodgement, its answers and an amendment, under file names that do not tell the order.
    private func scenario(in folder: Folder, at place: String = "S1") throws {
        try folder.write(
            Messages.declaration(lrn: "L-1", content: Messages.item), to: "\(place)/z_lodgement.xml")
        try folder.write(
            Messages.response("01", at: "20260101100001Z", reference: "r1", lrn: "L-1", number: Self.number),
            to: "\(place)/answers/02.xml")
        try folder.write(
            Messages.response("13", at: "20260101100001Z", reference: "r2", lrn: "L-1", number: Self.number),
            to: "\(place)/answers/10.xml")
        try folder.write(
            Messages.declaration(
                lrn: "L-2", number: Self.number, function: "13", type: "COR",
                content: """
                    <Amendment><ChangeReasonCode>21</ChangeReasonCode>
                      <Pointer><DocumentSectionCode>42A</DocumentSectionCode><TagID>109</TagID></Pointer></Amendment>
                    <InvoiceAmount currencyID="GBP">1100</InvoiceAmount>
                    """),
            to: "\(place)/a_amendment.xml")
        try folder.write(
            Messages.response("02", at: "20260101110002+01", reference: "r3", lrn: "L-2", number: Self.number),
            to: "\(place)/answers/01.xml")
        try folder.write(
            Messages.response(
                "11", at: "20260101100002Z", reference: "r4", lrn: "L-2", number: Self.number,
                content: "<Status><NameCode>39</NameCode></Status>"),
            to: "\(place)/answers/03.xml")
        try folder.write(
            Messages.response(
                "09", at: "20260101100900Z", reference: "r5", lrn: "L-1", number: Self.number, version: "2"),
            to: "\(place)/answers/04.xml")
    }

    @Test("tells a scenario in the order of what happened: lodgement first, a request before its answers")
    func orders() throws {
        let folder = try Folder()
        try scenario(in: folder)
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(
            try outcome.types() == [
                "declaration.lodged", "declaration.accepted", "duty.assessed", "declaration.amended",
                "notice.acknowledged", "declaration.amended", "clearance.closed",
            ])
        #expect(outcome.summary.filesImported == 7)
        #expect(outcome.summary.refusalCount == 0)
    }

    @Test("finds the whole story by the number and by every reference")
    func tagsBoth() throws {
        let folder = try Folder()
        try scenario(in: folder)
        for event in try Outcome(WCOImporter(paths: [folder.path])).events() {
            #expect(event.tags.contains("declaration:" + Self.number))
            #expect(event.tags.contains("lrn:L-1"))
            #expect(event.tags.contains("lrn:L-2"))
            #expect(event.subject == "declaration:" + Self.number)
        }
    }

    @Test("a lodgement names every object and keeps money apart from goods")
    func mapsLodgement() throws {
        let folder = try Folder()
        try scenario(in: folder)
        let event = try #require(try Outcome(WCOImporter(paths: [folder.path])).events().first)
        #expect(
            Set(event.tags).isSuperset(of: [
                "enterprise:GB111111111111", "enterprise:GB222222222222", "container:MSKU1234565", "seal:S-7",
                "conveyance:9074729", "location:GBAUFXTFXTFXT", "hs:851090", "permit:GBCHD2026.1", "ucr:5GB1-X",
            ]))
        #expect(!event.tags.contains("permit:INV-1"))
        #expect(event.agency == "DEC")
        #expect(event.time == "2026-01-01T10:00:01Z")
        #expect(event.data["timeBasis"] as? String == "answered")
        let item = try #require((event.data["items"] as? [[String: Any]])?.first)
        #expect(item["hsCode"] as? String == "85109000")
        #expect(item["origin"] as? String == "US")
        #expect(item["price"] == nil)
        let commercial = try #require(event.data["commercial"] as? [String: Any])
        let price = try #require((commercial["items"] as? [[String: Any]])?.first?["price"] as? [String: Any])
        #expect(price["amount"] as? String == "007", "what is no JSON number stays text")
        #expect(price["currency"] as? String == "GBP")
    }

    @Test("what is classified tells nothing in clear: neither by the id nor by a tag, and names stand with names")
    func keepsClassifiedApart() throws {
        let folder = try Folder()
        func lodged(_ content: String, _ name: String) throws -> Event {
            try folder.write(Messages.declaration(lrn: "L-1", content: content), to: "\(name)/1.xml")
            return try #require(try Outcome(WCOImporter(paths: [folder.path + "/" + name])).events().first)
        }
        let first = try lodged(Messages.item, "a")
        let dearer = try lodged(Messages.item.replacing("007", with: "008"), "b")
        #expect(first.id == dearer.id, "a hash of the price would tell it to whoever guesses")
        #expect(try lodged(Messages.item.replacing("Clippers", with: "Scissors"), "c").id != first.id)
        let persons = """
            <GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric>
              <AdditionalInformation><StatementDescription>Les McQueen, Main Street</StatementDescription></AdditionalInformation>
              <Consignee><Name>Pat Liter</Name></Consignee>
              <Commodity><DutyTaxFee><SpecificTaxBaseQuantity unitCode="GBP">4711</SpecificTaxBaseQuantity></DutyTaxFee>
              </Commodity></GovernmentAgencyGoodsItem>
              <Seller><ID>S-1</ID><Name>A. Clipper</Name></Seller></GoodsShipment>
            """
        let named = try lodged(persons, "d")
        let details = try #require(named.data["partyDetails"] as? [[String: Any]])
        #expect(details.map { $0["role"] as? String } == ["seller", "consignee"])
        #expect((named.data["statements"] as? [[String: Any]])?.first?["item"] as? Int == 1)
        let rest = named.members.merging(["data": named.data.filter { !ClassifiedMembers.names.contains($0.key) }]) {
            $1
        }
        let clear = "\(rest) \(named.tags)"
        for word in ["McQueen", "Liter", "Clipper", "S-1", "4711"] { #expect(!clear.contains(word), "\(word)") }
        let commercial = "\(named.data["commercial"] ?? "")"
        #expect(commercial.contains("4711") && commercial.contains("S-1") && !commercial.contains("Clipper"))
    }

    @Test("what a control found and put right stands apart, and no tag tells of it")
    func keepsFindingsApart() throws {
        let folder = try Folder()
        let content = """
            <Amendment><ChangeReasonCode>32</ChangeReasonCode></Amendment>
            <Declaration><ID>\(Self.number)</ID></Declaration><Declaration>\(Messages.item)</Declaration>
            """
        let result = Messages.response(
            "07", at: "20260101100001Z", reference: "r", lrn: nil, number: nil, content: content)
        try folder.write(result.replacing("<Declaration>\n        \n", with: "<Declaration>"), to: "1.xml")
        let event = try #require(try Outcome(WCOImporter(paths: [folder.path])).events().first)
        #expect(event.members["dataschema"] as? String == "urn:sanhu:schema:inspection.completed+wco:1")
        #expect((event.data["findings"] as? [[String: String]])?.first == ["reason": "32"])
        #expect((event.data["corrected"] as? [String: Any])?["items"] != nil && event.data["items"] == nil)
        #expect(event.data["commercial"] != nil)
        #expect(event.tags == ["declaration:" + Self.number])
    }

    @Test("an amendment carries what changes where, and the decision on it what was decided")
    func mapsAmendment() throws {
        let folder = try Folder()
        try scenario(in: folder)
        let amendments = try Outcome(WCOImporter(paths: [folder.path])).events().filter { $0.type.hasSuffix("amended") }
        #expect(amendments.map(\.agency) == ["DEC", "CUS"])
        let change = try #require((amendments[0].data["changes"] as? [[String: String]])?.first)
        #expect(change == ["reason": "21", "location": "42A:109"])
        #expect(amendments[1].data["decision"] as? String == "granted")
    }

    @Test("gives the same bytes from another path and in a second run, and no path in them")
    func isStable() throws {
        let one = try Folder()
        let other = try Folder()
        try scenario(in: one)
        try scenario(in: other, at: "elsewhere/under/another name")
        let first = Outcome(WCOImporter(paths: [one.path])).drafts
        #expect(first == Outcome(WCOImporter(paths: [other.path])).drafts)
        #expect(first == Outcome(WCOImporter(paths: [one.path, one.path])).drafts)
        #expect(!first.contains { String(decoding: $0.event, as: UTF8.self).contains("z_lodgement") })
    }

    @Test("a decision on a withdrawal is a withdrawal")
    func mapsWithdrawal() throws {
        let folder = try Folder()
        try folder.write(Messages.declaration(lrn: "L", content: ""), to: "1.xml")
        try folder.write(
            Messages.declaration(lrn: "L", number: Self.number, function: "13", type: "INV"), to: "2.xml")
        try folder.write(
            Messages.response("01", at: "20260101100000Z", reference: "a", lrn: "L", number: Self.number), to: "3.xml")
        try folder.write(
            Messages.response("02", at: "20260101100100Z", reference: "b", lrn: "L", number: Self.number), to: "4.xml")
        try folder.write(
            Messages.response("11", at: "20260101100100Z", reference: "c", lrn: "L", number: Self.number), to: "5.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(
            try outcome.types() == [
                "declaration.lodged", "declaration.accepted", "declaration.withdrawn", "notice.acknowledged",
                "declaration.withdrawn",
            ])
    }

    @Test("a reference nobody answers is filed under itself, without a time, and remarked on")
    func leavesUnresolved() throws {
        let folder = try Folder()
        try folder.write(Messages.declaration(lrn: "OTHER"), to: "1.xml")
        try folder.write(
            Messages.response("01", at: "20260101100000Z", reference: "a", lrn: "L", number: Self.number), to: "2.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        let lodged = try #require(try outcome.events().first)
        #expect(lodged.subject == "lrn:OTHER")
        #expect(lodged.time == nil)
        #expect(!lodged.tags.contains("declaration:" + Self.number))
        #expect(outcome.summary.warnings.first?.reason.contains("OTHER") == true)
    }

    @Test("a reference that goes with two numbers is filed under neither")
    func leavesAmbiguous() throws {
        let folder = try Folder()
        try folder.write(Messages.declaration(lrn: "L"), to: "1.xml")
        for (name, number) in [("2", "26GB00AAAA11BBBBR0"), ("3", "26GB00AAAA11BBBBR1")] {
            try folder.write(
                Messages.response("01", at: "20260101100000Z", reference: name, lrn: "L", number: number),
                to: "\(name).xml")
        }
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(try outcome.events().first { $0.agency == "DEC" }?.subject == "lrn:L")
        #expect(outcome.summary.warnings.first?.reason.contains("filed under none") == true)
    }

    @Test("the same answer twice is imported once; another answer under its reference is refused")
    func findsCopies() throws {
        let folder = try Folder()
        let answer = Messages.response("01", at: "20260101100000Z", reference: "r", lrn: "L", number: Self.number)
        try folder.write(answer, to: "1.xml")
        try folder.write(answer.replacing("<Response>", with: "<!-- copy --><Response>"), to: "2.xml")
        try folder.write(
            Messages.response("01", at: "20260101100009Z", reference: "r", lrn: "L", number: Self.number), to: "3.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(outcome.drafts.count == 1)
        #expect(outcome.summary.filesImported == 2)
        #expect(
            outcome.summary.refusals.map(\.reason) == [
                "carries the reference of \(folder.path)/1.xml, with other content"
            ])
        #expect(outcome.summary.warnings.count == 1)
    }
}
