import EventLog
import Testing

@testable import Interchange

@Suite("Refusing WCO files")
struct WCORefusalTests {
    @Test(
        "a file that cannot be mapped is refused with a reason and the rest goes on",
        arguments: [
            ("<r><a></r>", "not well-formed"),
            ("<!DOCTYPE MetaData><MetaData/>", "document type declaration"),
            ("<Invoice/>", "root element “Invoice”"),
            ("<MetaData><WCOTypeName>DEC</WCOTypeName></MetaData>", "holds 0 messages"),
            (
                "<MetaData><WCOTypeName>RES</WCOTypeName><Declaration/></MetaData>",
                "WCOTypeName “RES” over a Declaration"
            ),
            (Messages.declaration(lrn: ""), "no FunctionalReferenceID"),
            (Messages.declaration(lrn: "L", function: "4"), "function code “4”"),
            (Messages.declaration(lrn: "L", function: "13", type: "XYZ"), "asks for “XYZ”"),
            (Messages.declaration(lrn: "L", function: "13", type: "COR"), "has no ID"),
            (Messages.declaration(lrn: "a\nb"), "line break"),
            (Messages.declaration(lrn: String(repeating: "L", count: 300)), "over the limit"),
            (
                Messages.response("99", at: "20260101100000Z", reference: "r", lrn: "L", number: nil),
                "function code “99”"
            ),
            (Messages.response("01", at: "yesterday", reference: "r", lrn: "L", number: nil), "is no time"),
            (
                Messages.response("01", at: "20260101100000Z", reference: "r", lrn: nil, number: nil),
                "names no declaration"
            ),
            (
                "<inventoryLinkingMovementRequest><messageCode>ABC</messageCode></inventoryLinkingMovementRequest>",
                "“ABC”"
            ),
            (
                "<inventoryLinkingMovementRequest><messageCode>EAL</messageCode></inventoryLinkingMovementRequest>",
                "no consignment"
            ),
        ])
    func refuses(_ content: String, _ reason: String) throws {
        let folder = try Folder()
        try folder.write(content, to: "S/1.xml")
        try folder.write(Messages.declaration(lrn: "GOOD"), to: "S/2.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(outcome.summary.refusals.count == 1)
        #expect(outcome.summary.refusals.first?.reason.contains(reason) == true)
        #expect(outcome.summary.refusals.first?.file == folder.path + "/S/1.xml")
        #expect(outcome.drafts.count == 1)
        #expect(outcome.summary.filesImported == 1)
        #expect(outcome.summary.filesRefused == 1)
    }

    @Test("an event over the limit is refused")
    func refusesLarge() throws {
        let folder = try Folder()
        let statement =
            "<AdditionalInformation><StatementDescription>\(String(repeating: "x", count: 60_000))"
            + "</StatementDescription></AdditionalInformation>"
        try folder.write(Messages.declaration(lrn: "L", content: statement), to: "1.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(outcome.summary.refusals.first?.reason.contains("over the limit of 60000") == true)
        #expect(outcome.drafts.isEmpty)
    }

    @Test("more objects than an event may be found by are counted in a warning and stay in its data")
    func limitsTags() throws {
        let folder = try Folder()
        let containers = (1...300).map { "<TransportEquipment><ID>C\($0)</ID></TransportEquipment>" }.joined()
        let content = "<GoodsShipment><Consignment>\(containers)</Consignment></GoodsShipment>"
        try folder.write(Messages.declaration(lrn: "L", content: content), to: "1.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(try #require(outcome.drafts.first).tags.count == EventLimits.tags)
        #expect(outcome.summary.warnings.first?.reason.contains("objects beyond the 256") == true)
        #expect(String(decoding: try #require(outcome.drafts.first).event, as: UTF8.self).contains("\"C300\""))
    }

    @Test("a report gives no event, but ties the lodgement to its number and time")
    func readsReports() throws {
        let folder = try Folder()
        try folder.write(Messages.declaration(lrn: "L"), to: "1.xml")
        try folder.write(
            """
            <p:DeclarationVersionResponse xmlns:p="u"><p:DeclarationVersionDetails><p:Declaration>
              <p:ID>26GB00AAAA11BBBBR0</p:ID><p:VersionID>1</p:VersionID><p:LRN>L</p:LRN>
              <p:CreatedDateTime><p:DateTimeString formatCode="304">20260101090000Z</p:DateTimeString></p:CreatedDateTime>
            </p:Declaration></p:DeclarationVersionDetails></p:DeclarationVersionResponse>
            """, to: "report.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        let event = try #require(try outcome.events().first)
        #expect(event.subject == "declaration:26GB00AAAA11BBBBR0")
        #expect(event.time == "2026-01-01T09:00:00Z")
        #expect(event.data["timeBasis"] as? String == "stored")
        #expect(outcome.summary.filesRefused == 1)
        #expect(outcome.summary.refusals.first?.reason.contains("copy of a declaration") == true)
    }
}
