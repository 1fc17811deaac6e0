import EventLog
import ExchangeProtocol
import JSON
import TestSupport
import Testing

@testable import Exchange

/// Events are parsed once, where they come in; what was parsed before says nothing of one that was changed since.
@Suite("Events that were parsed already", .fewAtOnce)
struct ParsedOnceTests {
    private static let noted = "urn:x:noted:1"

    /// A ledger that has a schema of which nothing is sealed, beside one with sealed fields.
    private static func lab() async throws -> LedgerLab {
        let lab = try await LedgerLab()
        let schema = #"""
            {"uri":"\#(noted)","type":"sanhu.risk.noted","document":{"type":"object","required":["number"],"properties":
            {"number":{"type":"string","x-tag":{"kind":"declaration"}}}}}
            """#
        _ = try await lab.ledger.amend(
            LedgerLab.amendment(CharterLab.put("schema", schema), id: "noted", basis: lab.ledger.charter().position))
        return lab
    }

    private static func noted(_ id: String, _ more: String = "") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/CUS/2248","type":"sanhu.risk.noted","#
            + #""dataschema":"\#(noted)","data":{"number":"D-\#(id)"\#(more)}}"#
    }

    private static func events(_ body: String) throws -> [AgencyEvent] {
        try DraftReader(.init(agency: "CUS", tags: [])).drafts(Array(body.utf8)).map { try AgencyEvent($0.get()) }
    }

    /// What follows the recorded time of each entry of the two types.
    private static func entries(_ lab: LedgerLab) throws -> [String] {
        let query = Query(types: ["sanhu.risk.noted", "sanhu.declaration.lodged"], tags: [])
        return try lab.ledger.log.read(query, ReadRange()).map { entry in
            let text = String(decoding: entry.bytes, as: UTF8.self)
            return String(text[(text.firstRange(of: #""agency""#)?.lowerBound ?? text.startIndex)...])
        }
    }

    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test("A batch gives the same entries as its events one by one, compact or not, with tags beside them or none")
    func sameEntries() async throws {
        let bare =
            (0..<3).map { Self.noted("e\($0)") } + [
                String(decoding: LedgerLab.declaration("7", buyer: "Li").event, as: UTF8.self)
            ]
        let bodies = [
            "[\(bare.joined(separator: ","))]", "[\n\(bare.joined(separator: ",\n"))\n]",
            "[\(bare.map { #"{"agency":"CUS","tags":["case:1"],"event":\#($0)}"# }.joined(separator: ","))]",
        ]
        for body in bodies {
            let parsed = try Self.events(body)
            let one = try await Self.lab()
            _ = try await one.ledger.append(parsed, as: "CUS")
            let (found, again) = (try Self.entries(one), try await Self.lab())
            for event in parsed {
                _ = try await again.ledger.append([AgencyEvent(event.event, tags: event.tags)], as: "CUS")
            }
            // Digests are made with the keys of each ledger.
            let expected = try Self.entries(again)
            #expect(found.count == 4 && Array(found.prefix(3)) == Array(expected.prefix(3)))
            #expect(found.last?.count == expected.last?.count && found.last?.contains("_sd") == true)
        }
    }

    @Test("An event that is changed after it was parsed is taken as it is then")
    func changed() async throws {
        let lab = try await Self.lab()
        var event = try #require(try Self.events("[\(Self.noted("a"))]").first)
        event.event = Array(Self.noted("b").utf8)
        _ = try await lab.ledger.append([event], as: "CUS")
        let entries = try Self.entries(lab)
        #expect(entries.count == 1 && entries[0].contains(#""id":"b""#) && entries[0].contains("declaration:D-b"))

        var draft = EventDraft(agency: "CUS", parsed: try JSONDocument(parsing: Array(Self.noted("a").utf8)))
        #expect(draft.document != nil)
        draft.event = Array("{".utf8)
        #expect(draft.document == nil)
        let request = AppendRequest([draft])
        await #expect(throws: LogError.self) { _ = try await lab.ledger.log.append(request) }
    }

    @Test("Tags that are given to an event after it was looked at are taken over")
    func retagged() async throws {
        let lab = try await Self.lab()
        let own = try lab.ledger.ownEvents(try Self.events("[\(Self.noted("a"))]"), of: "CUS", upcasting: .standard)
        var event = try #require(own.handed.first)
        event.tags = [try Tag(kind: "case", value: "7")]
        _ = try await lab.ledger.append([event], as: "CUS")
        #expect(try Self.entries(lab)[0].contains(#""case:7""#))
    }

    @Test("What was looked at under another charter is looked at anew: tags that became personal are blinded")
    func otherCharter() async throws {
        let lab = try await Self.lab()
        var event = try #require(try Self.events("[\(Self.noted("a"))]").first)
        event.tags = [try Tag(kind: "driver", value: "Li Wei")]
        let own = try lab.ledger.ownEvents([event], of: "CUS", upcasting: .standard)
        _ = try await lab.ledger.amend(
            LedgerLab.amendment(
                CharterLab.put("personalTag", #"{"kind":"driver"}"#), id: "driver",
                basis: lab.ledger.charter().position))
        _ = try await lab.ledger.append(own.handed, as: "CUS")
        let entries = try Self.entries(lab)
        #expect(entries.count == 1 && entries[0].contains("driver:") && !entries[0].contains("Li Wei"))
    }

    @Test("An event in a batch may be as deep as one alone, and no deeper", arguments: [true, false])
    func depth(isTogether: Bool) async throws {
        let lab = try await Self.lab()
        // The event and its data stand around it; a batch does as well, where it is read.
        for (depth, isTaken) in [(LogLimits.depth - 3, true), (LogLimits.depth - 1, false)] {
            let text = Self.noted("d\(depth)", #","note":\#(Self.nested(depth))"#)
            let fault = try? await LedgerLab.fault {
                _ = try await lab.ledger.append(try Self.events(isTogether ? "[\(text)]" : text), as: "CUS")
            }
            let isThere = try Self.entries(lab).contains { $0.contains(#""id":"d\#(depth)""#) }
            #expect(isThere == isTaken, "\(depth): \(String(describing: fault))")
        }
    }

    @Test("Events are the same by what they say, whether they were parsed or not")
    func equality() throws {
        let parsed = try #require(try Self.events("[\(Self.noted("a"))]").first)
        let plain = AgencyEvent(parsed.event)
        #expect(parsed == plain && parsed.hashValue == plain.hashValue)
        let draft = EventDraft(agency: "CUS", parsed: try JSONDocument(parsing: parsed.event))
        #expect(Set([draft, EventDraft(agency: "CUS", event: parsed.event)]).count == 1)
        #expect(draft != EventDraft(agency: "TAX", event: parsed.event))
    }
}
