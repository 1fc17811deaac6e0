import EventLog
import Foundation
import TestSupport
import Testing

@testable import Exchange

@Suite("Retries of events whose subject was erased", .fewAtOnce, .serialized)
struct ErasedRetryTests {
    private static func receipt(_ event: AgencyEvent, _ lab: ErasureLab) async throws -> Receipt {
        try await lab.ledger.append([event], as: "CUS")[0]
    }

    /// Expects that an event is refused because its id stands for another one.
    private static func expectReused(
        _ event: AgencyEvent, at position: Position, _ lab: ErasureLab,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let error = try await ErasureLab.fault { _ = try await Self.receipt(event, lab) }
        #expect(
            error?.code == .log && error?.reason.contains("position \(position) but other content") == true,
            "\(String(describing: error))", sourceLocation: sourceLocation)
    }

    /// An event, changed in its text.
    private static func changed(_ event: AgencyEvent, _ text: String, to other: String) throws -> AgencyEvent {
        let before = String(decoding: event.event, as: UTF8.self)
        try #require(before.contains(text))
        var event = event
        event.event = Array(before.replacing(text, with: other).utf8)
        return event
    }

    @Test("What was never sealed must be the same: data, attributes and tags")
    func unsealed() async throws {
        let lab = try await ErasureLab()
        let events = try await lab.fill()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        try await Self.expectReused(Self.changed(events[0], #""number":"d1""#, to: #""number":"d7""#), at: 1, lab)
        try await Self.expectReused(
            Self.changed(events[0], #""data""#, to: #""time":"2026-01-01T00:00:00Z","data""#), at: 1, lab)
        var tagged = events[0]
        tagged.tags = [try EventLog.Tag(kind: "permit", value: "7")]
        try await Self.expectReused(tagged, at: 1, lab)
        try await Self.expectReused(Self.changed(events[4], #""ship":"Hai""#, to: #""ship":"He""#), at: 5, lab)
        // Of an event sealed as a whole, its attributes are left.
        try await Self.expectReused(
            Self.changed(events[5], #""data""#, to: #""time":"2026-01-01T00:00:00Z","data""#), at: 6, lab)
        // Written in another order it says the same.
        let ordered = try Self.changed(
            events[0], #""specversion":"1.0","id":"d1""#, to: #""id":"d1","specversion":"1.0""#)
        #expect(try await Self.receipt(ordered, lab) == .erased(1))
        // What was erased cannot be compared.
        #expect(try await Self.receipt(Self.changed(events[0], "CANARY-SECRET-0001", to: "x"), lab) == .erased(1))
    }

    @Test("What is sealed for others must be the same, and so must they")
    func others() async throws {
        let lab = try await ErasureLab()
        let events = try await lab.fill()
        _ = try await lab.ledger.erase(ErasureLab.order("Wu"), as: "CUS")
        let crew = events[4]
        #expect(try await Self.receipt(crew, lab) == .erased(5))
        #expect(try await Self.receipt(Self.changed(crew, "P-Wu", to: "P-1"), lab) == .erased(5))
        try await Self.expectReused(Self.changed(crew, "P-Li", to: "P-1"), at: 5, lab)
        try await Self.expectReused(try ErasureLab.crew("c1", ["Wu", ErasureLab.importer, "Li"]), at: 5, lab)
        var fewer = try ErasureLab.crew("c1", [ErasureLab.importer, "Wu"])
        fewer.tags = crew.tags
        try await Self.expectReused(fewer, at: 5, lab)
        // The tags blinded for others, and how many there are.
        for tags in [["Li", "Wu"], ["Li", "Wu", "Chen"], [ErasureLab.importer, "Li"]] {
            var tagged = crew
            tagged.tags = try tags.map { try EventLog.Tag(kind: "person", value: $0) }
            try await Self.expectReused(tagged, at: 5, lab)
        }
    }

    @Test("One erased subject does not stand for another")
    func otherErased() async throws {
        let lab = try await ErasureLab()
        _ = try await lab.fill()
        for name in [ErasureLab.importer, ErasureLab.other] {
            _ = try await lab.ledger.erase(ErasureLab.order(name), as: "CUS")
        }
        try await Self.expectReused(ErasureLab.declaration("d1", importer: ErasureLab.other), at: 1, lab)
        try await Self.expectReused(ErasureLab.flag("f2"), at: 7, lab)
        #expect(try await Self.receipt(ErasureLab.flag("f2", ErasureLab.other), lab) == .erased(7))
    }

    @Test("A retry makes no key, whatever it names")
    func keys() async throws {
        let lab = try await ErasureLab()
        let events = try await lab.fill()
        let before = try lab.ledger.keyStatus()
        try await Self.expectReused(ErasureLab.declaration("d2", importer: "nobody"), at: 2, lab)
        try await Self.expectReused(try ErasureLab.crew("c1", ["Chen"]), at: 5, lab)
        #expect(try await lab.ledger.append(events, as: "CUS").map(\.position) == Array(1...7))
        #expect(try lab.ledger.keyStatus() == before)
    }
}
