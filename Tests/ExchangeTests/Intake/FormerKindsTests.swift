import EventLog
import TestSupport
import Testing

@testable import Exchange

@Suite("Retries of events whose tags have become personal since", .fewAtOnce)
struct FormerKindsTests {
    private static let boxed = "urn:x:boxed:1"

    private static func put(_ kind: String) -> String { CharterLab.put("personalTag", #"{"kind":"\#(kind)"}"#) }

    private static func amend(_ lab: LedgerLab, _ changes: [String], _ id: String) async throws {
        let basis = try lab.ledger.charter().position
        _ = try await lab.ledger.amend(
            LedgerLab.amendment(changes.joined(separator: ","), id: id, basis: basis))
    }

    /// An event with a tag of each of three kinds, one of which is personal from the beginning.
    private static func tagged(_ event: AgencyEvent) throws -> AgencyEvent {
        var event = event
        event.tags = try ["container", "lorry", "person"].map { try EventLog.Tag(kind: $0, value: "CSQU3054383") }
        return event
    }

    private static func kindsInClear(_ lab: LedgerLab, at position: Position) throws -> [String] {
        try EntryView(lab.ledger.log.entry(at: position)).tags.filter { $0.value == "CSQU3054383" }.map {
            String($0.kind)
        }.sorted()
    }

    @Test("Each is known by the kinds of its own time, alone and with others, and after opening again")
    func known() async throws {
        let lab = try await LedgerLab()
        var events: [AgencyEvent] = []
        func append(_ event: AgencyEvent) async throws -> Position {
            events.append(try Self.tagged(event))
            return try await lab.ledger.append([events[events.count - 1]], as: "CUS")[0].position
        }
        let one = try await append(LedgerLab.declaration("1", buyer: "Li"))
        let handed = try await append(HandingOverTests.handed("2"))
        #expect(try Self.kindsInClear(lab, at: one) == ["container", "lorry"])
        #expect(try Self.kindsInClear(lab, at: handed) == ["container", "lorry"])
        try await Self.amend(lab, [Self.put("container")], "k1")
        let two = try await append(LedgerLab.declaration("3"))
        #expect(try Self.kindsInClear(lab, at: two) == ["lorry"])
        try await Self.amend(lab, [Self.put("lorry")], "k2")
        let three = try await append(LedgerLab.declaration("4"))
        #expect(try Self.kindsInClear(lab, at: three).isEmpty)

        let duplicates = [one, handed, two, three].map { Receipt.duplicate($0) }
        let keys = try lab.ledger.keyStatus()
        for reopens in [false, true] {
            if reopens { try lab.reopen() }
            for (event, duplicate) in zip(events, duplicates) {
                #expect(try await lab.ledger.append([event], as: "CUS") == [duplicate])
            }
            #expect(try await lab.ledger.append(events.reversed(), as: "CUS") == duplicates.reversed())
            #expect(try lab.ledger.keyStatus() == keys)
        }
        events.append(try Self.tagged(LedgerLab.declaration("5")))
        #expect(try await lab.ledger.append(events, as: "CUS") == duplicates + [.appended(three + 1)])
        #expect(try Self.kindsInClear(lab, at: three + 1).isEmpty)
    }

    @Test("One that says something else is refused as any id that is used again")
    func otherContent() async throws {
        let lab = try await LedgerLab()
        let event = try Self.tagged(LedgerLab.declaration("1"))
        _ = try await lab.ledger.append([event], as: "CUS")
        try await Self.amend(lab, [Self.put("container")], "k1")
        for kind in ["container", "person"] {
            var other = event
            other.tags.removeAll { $0.isOf(kind: kind) }
            let fault = try await LedgerLab.fault { _ = try await lab.ledger.append([other], as: "CUS") }
            #expect(fault?.code == .log && fault?.reason.contains("position 1 but other content") == true, "\(kind)")
        }
    }

    @Test("So is one whose tag came from its data, by a schema that is over")
    func derived() async throws {
        let lab = try await LedgerLab()
        let schema =
            #"{"uri":"\#(Self.boxed)","type":"sanhu.declaration.boxed","document":{"type":"object","properties":{"box":{"x-tag":{"kind":"container"}}}}}"#
        try await Self.amend(lab, [CharterLab.put("schema", schema)], "k1")
        let event = LedgerLab.event("sanhu.declaration.boxed", Self.boxed, id: "b1", #"{"box":"CSQU3054383"}"#)
        let position = try await lab.ledger.append([event], as: "CUS")[0].position
        #expect(try Self.kindsInClear(lab, at: position) == ["container"])
        let end = CharterLab.end("schema", #"{"uri":"\#(Self.boxed)"}"#)
        try await Self.amend(lab, [end, Self.put("container")], "k2")
        #expect(try await lab.ledger.append([event], as: "CUS") == [.duplicate(position)])
    }
}
