import EventLog
import Exchange
import JSON
import Testing

@Suite("Access records, as they are written")
struct AccessRecordFormTests {
    private static let price = AccessRecord.AccessedField(type: "sanhu.declaration.lodged", pointer: "/price")

    private static func record(
        _ basis: AccessRecord.Basis, _ extent: AccessRecord.Extent, agency: String? = "TAX"
    ) -> AccessRecord {
        AccessRecord(
            reader: .init(.authority, agency: agency, role: agency == nil ? nil : "assessor"),
            purpose: agency == nil ? nil : "assessment", caseName: agency == nil ? nil : "案件一", basis: basis,
            extent: extent, from: hour(1), to: hour(2))
    }

    @Test("What is written is a CloudEvent, and is read as it was")
    func roundTrip() throws {
        let bases: [AccessRecord.Basis] = [
            .denied, .disclosed(.owner), .disclosed(.sender), .disclosed(.sharingClass), .disclosed(.rule("r\"1")),
            .disclosed(.grant(9)),
        ]
        let whole = AccessRecord.AccessedField(type: "a", pointer: "")
        let extents: [AccessRecord.Extent] = [
            .fields([Self.price], at: [0...0]), .fields([whole, Self.price], at: [1...3, 5...9]),
            .accessRecords(4...400),
        ]
        for basis in bases {
            for extent in extents {
                for agency in ["TAX", nil] {
                    let record = Self.record(basis, extent, agency: agency)
                    let event = try JSONDocument(parsing: record.event(id: "a1", source: "/sanhu/access")).root
                    #expect(event["specversion"]?.string == "1.0" && event["id"]?.string == "a1")
                    #expect(event["type"]?.string == AccessRecord.eventType)
                    #expect(event["time"]?.string == hour(2).description)
                    #expect(try AccessRecord(data: #require(event["data"])) == record)
                }
            }
        }
    }

    private static let written = """
        {"reader":{"kind":"authority","agency":"TAX"},"purpose":"assessment","case":"c","basis":{"kind":"rule",\
        "rule":"r"},"from":"2026-03-01T00:00:00Z","to":"2026-03-01T00:00:00Z","fields":[{"type":"a","pointer":"/p"},\
        {"type":"a","pointer":"/q"}],"positions":[[1,2],[4,4]]}
        """

    @Test(
        "What is wrong is refused with its path",
        arguments: [
            (#""kind":"authority""#, #""kind":"king""#, "/reader/kind"),
            (#""agency":"TAX""#, #""agency":"""#, "/reader/agency"),
            (#""agency":"TAX""#, #""name":"TAX""#, "/reader/name"),
            (#","rule":"r""#, "", "/basis/rule"), (#""kind":"rule""#, #""kind":"owner""#, "/basis/rule"),
            (#""kind":"rule","rule":"r""#, #""kind":"grant""#, "/basis/grant"),
            (#""from":"2026-03-01"#, #""from":"2026-03-02"#, "/to"), (#""case":"c""#, #""case":7"#, "/case"),
            (#""pointer":"/q""#, #""pointer":"q""#, "/fields/1/pointer"),
            (#""pointer":"/q""#, #""pointer":"/p""#, "/fields"), (#""pointer":"/q""#, #""pointer":"/o""#, "/fields"),
            ("[4,4]", "[3,4]", "/positions"), ("[4,4]", "[4,3]", "/positions/1"), ("[4,4]", "[4]", "/positions/1"),
            ("[1,2]", "[-1,2]", "/positions/0"), ("[[1,2],[4,4]]", "[]", "/positions"),
            (#""positions":"#, #""accessRecords":[1,2],"positions":"#, "/accessRecords"),
            (#","positions":[[1,2],[4,4]]"#, "", "/positions"),
        ])
    func faults(_ found: String, _ replacement: String, _ pointer: String) throws {
        let valid = try JSONDocument(parsing: Array(Self.written.utf8)).root
        #expect(throws: Never.self) { try AccessRecord(data: valid) }
        let text = Self.written.replacing(found, with: replacement, maxReplacements: 1)
        #expect(text != Self.written)
        let document = try JSONDocument(parsing: Array(text.utf8)).root
        let error = #expect(throws: ExchangeError.self) { try AccessRecord(data: document) }
        #expect(error?.code == .eventInvalid)
        #expect(error?.pointer == pointer)
    }
}
