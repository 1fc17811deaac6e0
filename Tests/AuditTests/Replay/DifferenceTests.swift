import Audit
import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@Suite("Differences", .fewAtOnce)
struct DifferenceTests {
    private static func changes(_ old: String, _ new: String) throws -> [String] {
        try Difference(of: [Array(old.utf8)], and: [Array(new.utf8)]).changes.map { change in
            let texts = [change.was, change.is].map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "–" }
            return "\(change.path) \(change.kind) \(texts.joined(separator: " → "))"
        }
    }

    @Test func `members and elements appear, go and change, and are told by what names them`() throws {
        #expect(try Self.changes(#"{"a":1,"b":[1,2]}"#, #"{"a":1,"b":[1,2]}"#).isEmpty)
        #expect(
            try Self.changes(#"{"a":1,"b":2}"#, #"{"b":3,"c":{"d":1}}"#)
                == ["a went 1 → –", "b changed 2 → 3", #"c appeared – → {"d":1}"#])
        #expect(
            try Self.changes(
                #"{"holds":[{"id":"h-1","agency":"MSA"},{"id":"h-2","agency":"MSA"}]}"#,
                #"{"holds":[{"id":"h-2","agency":"MSA","lifted":9},{"id":"h-3","agency":"BOR"}]}"#)
                == [
                    #"holds[id=h-1] went {"id":"h-1","agency":"MSA"} → –"#, "holds[id=h-2].lifted appeared – → 9",
                    #"holds[id=h-3] appeared – → {"id":"h-3","agency":"BOR"}"#,
                ])
        #expect(
            try Self.changes(#"{"l":["a","b"]}"#, #"{"l":["b","c"]}"#) == [
                #"l[a] went "a" → –"#, #"l[c] appeared – → "c""#,
            ])
        #expect(try Self.changes(#"{"l":["a","b"]}"#, #"{"l":["b","a"]}"#) == [#"l changed ["a","b"] → ["b","a"]"#])
        #expect(try Self.changes(#"{"l":[{"x":1}]}"#, #"{"l":[{"x":2}]}"#) == [#"l changed [{"x":1}] → [{"x":2}]"#])
        #expect(try Self.changes("1", #"{"a":1}"#) == [#". changed 1 → {"a":1}"#])
    }

    @Test func `between two moments stand the events that came, and what they changed`() async throws {
        let lab = try await ReplayLab()
        defer { lab.close() }
        try await lab.lodge()
        let before = try lab.ledger.log.head
        let hold = try await lab.append(
            "hold.placed", by: "MSA", id: "h-1", #""declaration":"1","scope":"all","legalBasis":"Art. 5""#)
        func difference(_ first: Moment, _ second: Moment) async throws -> ReplayDifference {
            try await lab.replay.difference(
                of: .file("declaration:1"), from: first, to: second, for: ReplayLab.customs)
        }
        let forth = try await difference(Moment(position: before), .present)
        #expect(forth.events.map(\.position) == [hold] && forth.events.map(\.hasCome) == [true])
        #expect(forth.events.first?.type == "hold.placed" && forth.events.first?.agency == "MSA")
        #expect(forth.difference.changes.contains { $0.path == "steps[position=\(hold)]" && $0.kind == .appeared })
        #expect(forth.difference.changes.contains { $0.path.hasPrefix("holds") && $0.kind == .appeared })
        let back = try await difference(.present, Moment(position: before))
        #expect(back.events.map(\.hasCome) == [false])
        #expect(back.difference.changes.allSatisfy { $0.kind != .appeared })
        let none = try await difference(Moment(position: hold + 1), .present)
        #expect(none.events.isEmpty && none.difference.changes.isEmpty)
        var writer = JSONWriter()
        forth.write(to: &writer)
        let json = try JSONDocument(parsing: writer.bytes).root
        #expect(json["from"]?["known"]?["position"]?.integer == Int64(before))
        #expect(json["events"]?.elements.first?["kind"]?.string == "appeared")
        #expect(json["changes"]?.elements.count == forth.difference.changes.count)
    }
}
