import EventLog
import Exchange
import TestSupport
import Testing

/// Requests of many events, whose checking and sealing is shared between cores.
@Suite("Intake of many events", .fewAtOnce)
struct ManyEventsTests {
    private static func declarations(_ count: Int) -> [AgencyEvent] {
        (0..<count).map { LedgerLab.declaration("n\($0)", price: $0) }
    }

    @Test("Receipts come in the order of the events, whatever tasks they were in")
    func order() async throws {
        let lab = try await LedgerLab()
        let events = Self.declarations(1_000)
        let receipts = try await lab.ledger.append(events, as: "CUS")
        #expect(receipts == (1...1_000).map { .appended(Position($0)) })
        let prices = try await lab.seen(by: Reader(.authority, agency: "CUS"))
        #expect(prices.enumerated().allSatisfy { $1.contains(#""price":\#($0)}"#) })
        let mixed = Array(events[500...]) + [LedgerLab.declaration("new")] + events[..<500]
        let again = try await lab.ledger.append(mixed, as: "CUS")
        #expect(again[0] == .duplicate(501) && again[500] == .appended(1_001) && again[501] == .duplicate(1))
    }

    @Test("Of several that are at fault the first is named, and nothing is appended", arguments: [0, 1, 300, 499, 998])
    func firstFault(place: Int) async throws {
        let lab = try await LedgerLab()
        var events = Self.declarations(1_000)
        // The first is invalid by its schema, a later one no JSON at all, which is found earlier.
        events[place] = LedgerLab.event("sanhu.declaration.lodged", LedgerLab.lodged, id: "bad", #"{"office":"1"}"#)
        events[place + 1] = AgencyEvent(Array("{".utf8))
        let fault = try await LedgerLab.fault { _ = try await lab.ledger.append(events, as: "CUS") }
        #expect(fault?.code == .eventInvalid)
        #expect(fault?.reason.hasPrefix("Event \(place + 1) of 1000: ") == true, "\(fault?.reason ?? "")")
        #expect(try lab.ledger.log.head == 1)
    }
}
