import EventLog
import Testing

@testable import Interchange

@Suite("Importing movement messages")
struct WCOMovementTests {
    private func movement(_ code: String, reference: String, time: String = "", transport: String = "") -> String {
        """
        <inv:inventoryLinkingMovementRequest xmlns:inv="http://gov.uk/customs/inventoryLinking/v1">
          <inv:messageCode>\(code)</inv:messageCode>
          <inv:ucrBlock><inv:ucr>5GB1-X</inv:ucr><inv:ucrType>D</inv:ucrType></inv:ucrBlock>
          <inv:goodsLocation>GBAUFXTFXTFXT</inv:goodsLocation>\(time)
          <inv:movementReference>\(reference)</inv:movementReference>\(transport)
        </inv:inventoryLinkingMovementRequest>
        """
    }

    @Test("an announcement comes before the arrival it announces, and a departure names its ship")
    func orders() throws {
        let folder = try Folder()
        try folder.write(
            movement(
                "EDL", reference: "M3",
                time: "<inv:goodsDepartureDateTime>2026-01-02T10:00:00</inv:goodsDepartureDateTime>",
                transport: "<inv:transportDetails><inv:transportID>11CSCLGLOBE</inv:transportID></inv:transportDetails>"
            ),
            to: "Step4.xml")
        try folder.write(
            movement(
                "EAL", reference: "M2",
                time: "<inv:goodsArrivalDateTime>2026-01-02T09:00:00.5+01:00</inv:goodsArrivalDateTime>"),
            to: "Step3.xml")
        try folder.write(movement("EAA", reference: "M1"), to: "Step2.xml")
        try folder.write(Messages.declaration(lrn: "L", type: "EXD", content: Messages.item), to: "Step1.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(
            try outcome.types() == [
                "declaration.lodged", "conveyance.declared", "conveyance.arrived", "conveyance.departed",
            ])
        let events = try outcome.events()
        #expect(events[3].tags.contains("conveyance:CSCLGLOBE"))
        #expect(events.allSatisfy { $0.tags.contains("ucr:5GB1-X") && $0.tags.contains("location:GBAUFXTFXTFXT") })
        #expect(events[1].subject == "ucr:5GB1-X")
        #expect(events[1].agency == "TER")
        #expect(events[1].time == nil)
        #expect(outcome.summary.warnings.contains { $0.reason.contains("UTC was assumed") })
    }

    @Test("a movement whose reference the authority answers is filed under the declaration too")
    func resolves() throws {
        let folder = try Folder()
        try folder.write(
            movement("EAL", reference: "M35", time: "<inv:goodsArrivalDateTime>20260101T</inv:goodsArrivalDateTime>"),
            to: "bad.xml")
        try folder.write(movement("EAL", reference: "M35"), to: "good.xml")
        try folder.write(
            Messages.response("02", at: "20260101100000Z", reference: "r", lrn: "M35", number: "26GB00AAAA11BBBBR0"),
            to: "receipt.xml")
        let outcome = Outcome(WCOImporter(paths: [folder.path]))
        #expect(outcome.summary.filesRefused == 1)
        #expect(try outcome.events().allSatisfy { $0.tags.contains("declaration:26GB00AAAA11BBBBR0") })
    }
}
