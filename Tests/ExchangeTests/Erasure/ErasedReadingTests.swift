import EventLog
import Foundation
import TestSupport
import Testing

@testable import Exchange

@Suite("Reading and appending after an erasure", .fewAtOnce, .serialized)
struct ErasedReadingTests {
    @Test("Who may see a field is told that it was erased; to others nothing has changed")
    func readers() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        var before: [SeenEntry] = []
        let others = [ErasureLab.uncleared, Reader(.auditor, agency: "AUD"), .public]
        for reader in others { before += try await lab.ledger.read(.all, ReadRange(to: 8), for: reader) }
        #expect(before.contains { $0.event?.withheld.isEmpty == false })
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        var after: [SeenEntry] = []
        for reader in others { after += try await lab.ledger.read(.all, ReadRange(to: 8), for: reader) }
        #expect(before == after)
        for reader in [ErasureLab.cleared, ErasureLab.customs] {
            let seen = try #require(try await lab.seen(1, by: reader).event)
            #expect(seen.gone == ["/importer", "/commercial"].map { SeenEntry.Gone(pointer: $0, cause: .erased) })
            #expect(seen.withheld.isEmpty && !seen.text.contains("_sd") && seen.text.contains(#""number":"d1""#))
            // A decoy is not told from before.
            #expect(try #require(try await lab.seen(4, by: reader).event).gone.isEmpty)
        }
    }

    @Test("Of several persons in an array one is gone, the others are there")
    func persons() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        _ = try await lab.ledger.erase(ErasureLab.order("Wu"), as: "CUS")
        let seen = try #require(try await lab.seen(5, by: ErasureLab.cleared).event)
        #expect(seen.text.contains(ErasureLab.importer) && seen.text.contains("P-Li") && !seen.text.contains("Wu"))
        #expect(seen.gone == [SeenEntry.Gone(pointer: "/crew/1", cause: .erased)])
        let unseen = try #require(try await lab.seen(5, by: ErasureLab.uncleared).event)
        #expect(unseen.gone.isEmpty && unseen.withheld.count == 5)
    }

    @Test("An event sealed as a whole stays in its place, without its data")
    func wholeEvents() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let leaf = try lab.ledger.log.entry(at: 6).leafHash
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        let seen = try #require(try await lab.seen(6, by: ErasureLab.cleared).event)
        #expect(seen.gone == [SeenEntry.Gone(pointer: "", cause: .erased)] && !seen.text.contains("CANARY"))
        #expect(try await lab.seen(6, by: ErasureLab.uncleared) == .stub(6, leaf: leaf))
        let kept = try #require(try await lab.seen(7, by: ErasureLab.cleared).event)
        #expect(kept.text.contains(#""data":{"importer":"CANARY-IMPORTER-7777"}"#) && kept.gone.isEmpty)
    }

    @Test("A read as of a time before the erasure shows that it was erased, and no value")
    func asOf() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let earlier = Timestamp.now()
        #expect(
            try #require(try await lab.seen(1, by: ErasureLab.cleared, asOf: earlier).event).text.contains("CANARY"))
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        let seen = try #require(try await lab.seen(1, by: ErasureLab.cleared, asOf: earlier).event)
        #expect(!seen.text.contains("CANARY") && seen.gone.map(\.cause) == [.erased, .erased])
        let unseen = try #require(try await lab.seen(1, by: ErasureLab.uncleared, asOf: earlier).event)
        #expect(unseen.gone.isEmpty && unseen.withheld.count == 2)
    }

    @Test("A query by the erased person's tag finds nothing, and no error")
    func tags() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        func found(_ name: String) async throws -> [Position] {
            let query = Query(tags: [try EventLog.Tag(kind: "person", value: name)])
            return try await lab.ledger.read(query, for: ErasureLab.customs).map(\.position)
        }
        for (name, positions) in [("Wu", [5]), ("Li", [5]), ("nobody", [])] as [(String, [Position])] {
            #expect(try await found(name) == positions)
        }
        _ = try await lab.ledger.erase(ErasureLab.order("Wu"), as: "CUS")
        #expect(try await found("Wu").isEmpty)
        #expect(try await found("Li") == [5])
    }

    @Test("A retried event whose subject was erased is known by its position, whatever has expired since")
    func retries() async throws {
        let lab = try await ErasureLab()
        let events = try await lab.fill()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        let expected: [Receipt] = [
            .erased(1), .duplicate(2), .erased(3), .duplicate(4), .erased(5), .erased(6), .duplicate(7),
        ]
        #expect(try await lab.ledger.append(events, as: "CUS") == expected)
        for (event, receipt) in zip(events, expected) {
            #expect(try await lab.ledger.append([event], as: "CUS") == [receipt])
        }
        try lab.lab.reopen()
        #expect(try await lab.ledger.append(events, as: "CUS") == expected)
        let more = events + [ErasureLab.declaration("d9", importer: "new")]
        #expect(try await lab.ledger.append(more, as: "CUS") == expected + [.appended(9)])
    }

    @Test("Nothing is appended about an erased subject, nor an old id with other content")
    func appends() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        let refused = [
            ErasureLab.declaration("d9"), ErasureLab.flag("f9"),
            try ErasureLab.crew("c9", ["Li", ErasureLab.importer]),
        ]
        for event in refused {
            let error = try await ErasureLab.fault { _ = try await lab.ledger.append([event], as: "CUS") }
            #expect(error?.code == .subjectErased)
        }
        // The id of an event of the erased subject, for another one, and ids of another subject and of none, for the erased one.
        let reused = [
            (ErasureLab.declaration("d1", importer: "new"), 1), (ErasureLab.declaration("d2"), 2),
            (ErasureLab.declaration("d4"), 4),
        ]
        for (event, position) in reused {
            let error = try await ErasureLab.fault { _ = try await lab.ledger.append([event], as: "CUS") }
            #expect(error?.code == .log && error?.reason.contains("position \(position) but other content") == true)
        }
        let stranger = try await ErasureLab.fault {
            _ = try await lab.ledger.append([ErasureLab.declaration("d1")], as: "TAX")
        }
        #expect(stranger?.code == .foreignSource)
        #expect(try lab.ledger.log.head == 9)
    }
}
