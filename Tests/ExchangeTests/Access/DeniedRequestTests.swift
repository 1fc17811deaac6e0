import EventLog
import TestSupport
import Testing

@testable import Exchange

@Suite("Of a request that is denied, all it was about is on record", .fewAtOnce, .serialized)
struct DeniedRequestTests {
    private static let auditor = Reader(.auditor, agency: "AUD")
    private static let object = "enterprise:91310000MA1FL0AB1X"

    /// Appends declarations about one enterprise, together.
    private static func declare(_ numbers: Range<Int>, _ lab: LedgerLab) async throws {
        let events = try numbers.map { number in
            var event = LedgerLab.declaration("\(number)", buyer: "Li")
            event.tags = [try EventLog.Tag(object)]
            return event
        }
        _ = try await lab.ledger.append(events, as: "CUS")
    }

    private static func ranges(_ record: AccessRecord) -> [ClosedRange<Position>] {
        guard case .fields(let fields, let ranges) = record.extent, fields.map(\.pointer) == ["/buyer"] else {
            return []
        }
        return ranges
    }

    @Test("However many entries it was about: the ten thousand and first, too")
    func manyEntries() async throws {
        let lab = try await LedgerLab()
        let count = 10_002
        try await Self.declare(0..<5_000, lab)
        try await Self.declare(5_000..<count, lab)
        _ = try await lab.decide(lab.ask(LedgerLab.scope([Self.object])), .denied)
        let told = try await lab.ledger.accesses(for: Self.auditor)
        #expect(told.map { Self.ranges($0.record) } == [[], [1...Position(count)]])
    }

    @Test("However far apart they stand, in as many records as that takes")
    func manyRecords() async throws {
        let lab = try await LedgerLab()
        try await Self.declare(0..<1, lab)
        let decision = try await lab.decide(lab.ask(LedgerLab.scope([Self.object])), .denied)
        var request = try #require(
            try lab.ledger.current { state throws(ExchangeError) in
                let charter = try state.charter()
                return state.book.decisions[decision].flatMap { DeniedRequest($0, state.book, charter) }
            })
        let plan = try #require(
            try lab.ledger.current { state throws(ExchangeError) in try state.schema(LedgerLab.lodged)?.plan })
        let entry = ReadableEntry(
            agency: "CUS", type: "sanhu.declaration.lodged", tags: [], wholeEvent: nil, fields: plan.fields)
        let positions = (0..<40_000).map { Position(2 * $0) }
        for position in positions { request.note(entry, at: position) }
        let records = request.records
        #expect(records.count == 1 + (positions.count + 511) / 512)
        #expect(records.flatMap(Self.ranges) == positions.map { $0...$0 })
        #expect(Set(records.indices.map { request.identity($0) }).count == records.count)
    }

    @Test("Where the process died when some of its records were durable, the others follow")
    func partly() async throws {
        let lab = try await LedgerLab()
        try await Self.declare(0..<3, lab)
        let asked = try await lab.ask(LedgerLab.scope([Self.object]))
        let field = AccessRecord.AccessedField(type: "sanhu.declaration.lodged", pointer: "/buyer")
        let record = try #require(
            AccessRecord.denials(
                [field], ownedBy: "CUS", for: LedgerLab.investigator, at: [1...2], .now()
            ).first)
        let draft = EventDraft(
            agency: LedgerVoice.agency,
            event: record.event(id: "denied-\(asked + 1)-1", source: LedgerVoice.accessSource))
        _ = try await lab.ledger.accessLog.append(AppendRequest([draft]))
        #expect(try await lab.decide(asked, .denied) == asked + 1)
        #expect(try lab.ledger.accessLog.head == 2)
        try lab.reopen()
        #expect(try lab.ledger.accessLog.head == 2)
    }
}
