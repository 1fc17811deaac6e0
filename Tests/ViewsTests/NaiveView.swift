import EventLog
import Exchange
import JSON
import LMDB
import TestSupport
import Testing

@testable import Views

/// What a reader sees of a view, made the simple way: read everything as the reader, map each event as it was disclosed, keep
/// it all in memory.
struct NaiveView {
    private(set) var facts: [(object: String, fact: Fact)] = []

    init(_ definition: ViewDefinition, _ lab: ViewLab, for reader: Reader, asOf: Timestamp? = nil) async throws {
        let catalog = SchemaCatalog(try lab.ledger.foldTerms())
        for case .entry(let event) in try await lab.ledger.read(.all, for: reader, asOf: asOf) {
            try take(event, definition, catalog)
        }
    }

    private mutating func take(
        _ event: SeenEntry.Event, _ definition: ViewDefinition, _ catalog: SchemaCatalog
    ) throws {
        let root = try JSONDocument(parsing: event.event).root
        let type = try #require(root["type"]?.string)
        let origin = try catalog.origin(
            schema: root["dataschema"]?.string ?? "", type: type, agency: event.agency)
        let scratch = EntryScratch()
        let bytes = EntryText.write(event)
        guard let shape = EntryShape(bytes.span) else { preconditionFailure("no entry") }
        scratch.begin(bytes.count)
        var sink = FactSink()
        sink.begin(event.position, event.recorded, origin: origin.number, mayTally: false)
        let entry = ViewEntry(bytes.span, shape, scratch, origin.traits, event.position, event.recorded)
        do {
            try definition.map(entry, &sink)
        } catch {
            return
        }
        sink.keep()
        let fields = SeenFields(event)
        let mapped = sink.take(of: event.position..<event.position + 1, [origin], [])
        var merge = RowMerge(.fact, [mapped])
        var room = Int.max
        try merge.giveRows(&room) { key, value, _ in
            guard let stored = StoredFact(key, value, shared: mapped.shared.block) else {
                preconditionFailure("a row is none")
            }
            let name = key.copied[1..<key.count - FactRow.tailBytes]
            let values = stored.values.map { value in
                switch value {
                case .given(let value): value
                case .reference(let pointer): fields.value(at: pointer)
                }
            }
            let fact = Fact(
                position: stored.position, ordinal: stored.ordinal, recorded: stored.recorded, agency: event.agency,
                type: type, schema: origin.schema, predecessors: [], kind: stored.kind, values: values)
            facts.append((String(decoding: name, as: UTF8.self), fact))
        }
    }

    /// The facts about an object of entries below a position.
    func facts(of object: String, before end: Position) -> [Fact] {
        facts.filter { $0.object == object && $0.fact.position < end }.map(\.fact)
    }

    var objects: [String] { Set(facts.map(\.object)).sorted() }
}
