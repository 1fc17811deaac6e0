import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

/// Two events that differ only in whether a classified field is there.
@Suite("Twins: with and without an optional classified field", .fewAtOnce, .serialized)
struct TwinTests {
    /// All of an entry that may be looked at without being cleared.
    private struct Look: Equatable, CustomStringConvertible {
        /// How many digests there are at each place.
        var digests: [String: Int] = [:]
        var entryBytes = 0
        var eventBytes = 0
        var rows: [Int] = []
        /// The kinds of the tags, and how long they are.
        var tags: [String] = []
        var seen: [String] = []

        var description: String {
            "digests \(digests), entry \(entryBytes), event \(eventBytes), rows \(rows), tags \(tags), seen \(seen)"
        }
    }

    private static func digests(_ value: Any, _ place: String = "", into counts: inout [String: Int]) {
        if let object = value as? NaivePort.Object {
            for (name, inner) in object {
                if name == "_sd", let digests = inner as? [Any] { counts[place] = digests.count }
                self.digests(inner, place + "/" + name, into: &counts)
            }
        } else if let array = value as? [Any] {
            for (index, inner) in array.enumerated() { digests(inner, "\(place)/\(index)", into: &counts) }
        }
    }

    /// The readers that are not cleared for anything here.
    private static let outside = [Reader(.auditor, agency: "AUD"), .public]
    /// Those who may see what is shared, and nothing dearer.
    private static let inside = [
        Reader(.authority, agency: "TRA", purpose: "clearance"), Reader(.authority, agency: "MKT"),
        Reader(.party, identities: ["declaration:x", "enterprise:x"].compactMap { try? EventLog.Tag($0) }),
    ]

    private static func look(
        _ lab: PortLab, at position: Position, id: String, by readers: [Reader]
    ) async throws -> Look {
        var look = Look()
        let entry = try lab.ledger.log.entry(at: position)
        let event = try #require(try NaivePort.object(entry.bytes)["event"])
        digests(event, into: &look.digests)
        // The time of recording alone differs in how many digits it has.
        look.entryBytes = entry.bytes.count - entry.recorded.description.utf8.count
        look.eventBytes = try JSONSerialization.data(withJSONObject: event).count
        look.rows = try lab.ledger.log.disclosures(at: position).map(\.count)
        look.tags = (try NaivePort.object(entry.bytes)["tags"] as? [String] ?? []).map { tag in
            "\(tag.prefix { $0 != ":" }) \(tag.utf8.count)"
        }
        for reader in readers {
            let seen = try await lab.ledger.read(.all, ReadRange(from: position, to: position + 1), for: reader)
            switch try #require(seen.first) {
            case .stub: look.seen.append("stub")
            case .entry(let event):
                let text = String(decoding: event.event, as: UTF8.self).replacing(id, with: "ID")
                look.seen.append("\(text) \(event.withheld) \(event.gone)")
            }
        }
        return look
    }

    private static func json(_ object: SchemaSample.Object) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }

    @Test("They look alike: as many digests, the same sizes, rows, tags and reasons, and the same receipts")
    func twins() async throws {
        let lab = try await PortLab()
        var compared = 0
        for schema in PortSchemas.all where !schema.governs {
            let sample = try SchemaSample(schema)
            let agency = try CanaryTests.agency(for: schema.type)
            func append(_ data: SchemaSample.Object, _ id: String) async throws -> (outside: Look, inside: Look) {
                let event = PlainEvent(
                    String(schema.type.dropFirst("sanhu.".count)), agency: agency, id: id,
                    subject: sample.isSealedWhole ? "x" : nil, schema: schema.uri, data: try Self.json(data))
                let receipts = try await lab.append([event])
                guard case .appended(let position)? = receipts.first, receipts.count == 1 else {
                    throw ExchangeError(.log, "\(receipts)")
                }
                return (
                    try await Self.look(lab, at: position, id: id, by: Self.outside),
                    try await Self.look(lab, at: position, id: id, by: Self.inside)
                )
            }
            let whole = try await append(sample.data(), "twin-\(schema.uri)-000")
            for (number, name) in sample.optional.enumerated() {
                let without = try await append(sample.data(without: name), "twin-\(schema.uri)-\(number + 100)")
                #expect(without.outside == whole.outside, "\(schema.uri) without \(name)")
                let isShared = try schema.marks().contains { $0.pointer == "/" + name && $0.sharingClass == "shared" }
                if !isShared { #expect(without.inside == whole.inside, "\(schema.uri) without \(name)") }
                compared += 1
            }
            guard !sample.optional.isEmpty else { continue }
            // With nothing at all that is classified.
            var bare = sample.data()
            for name in sample.optional { bare[name] = nil }
            #expect(try await append(bare, "twin-\(schema.uri)-00x").outside == whole.outside, "\(schema.uri), bare")
        }
        #expect(compared > 50, "\(compared)")
        lab.close()
    }

    @Test("Persons of an array: none, one or all that there may be")
    func persons() async throws {
        let lab = try await PortLab()
        func look(_ count: Int?) async throws -> Look {
            let persons = count.map { count in
                let listed = (0..<count).map { #"{"role":"buyer","name":"N\#($0)"}"# }.joined(separator: ",")
                return #","partyDetails":[\#(listed)]"#
            }
            let id = "persons-\(count.map { "\($0)" } ?? "n")"
            let event = PlainEvent(
                "declaration.lodged", agency: "DEC", id: id, data: #"{"kind":"goods"\#(persons ?? "")}"#)
            let position = try #require(try await lab.append([event]).first?.position)
            return try await Self.look(lab, at: position, id: id, by: Self.outside + Self.inside)
        }
        let none = try await look(nil)
        for count in 0...4 { #expect(try await look(count) == none, "\(count) persons") }
        #expect(none.rows.count == 7)
        lab.close()
    }
}
