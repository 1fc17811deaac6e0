public import EventLog
public import JSON
public import Views

/// What happened once in a case, as far as its reader may know.
public struct CaseStep: Sendable, Hashable {
    public let position: Position
    public let recorded: Timestamp
    /// When it happened, as the event says it (RFC 3339); nil if it says nothing.
    public let time: String?
    /// The event's id, which other events may name.
    public let id: String
    /// The event's source, if others may name it; nil of other events.
    public let source: String?
    public let agency: String
    /// The agencies that had become that one, by mergers, when it was recorded.
    public let predecessors: [String]
    public let event: CaseEvent
    /// The number of the declaration whose event this is, if it is not that of the file.
    public private(set) var about: String?
    private let values: [FactValue]

    /// - Returns: nil for a fact that is no step, but tells what belongs to a declaration.
    init?(_ fact: Fact, of object: String) {
        guard let event = CaseEvent(rawValue: fact.kind) else { return nil }
        let vocabulary = CaseVocabulary.of(event)
        let count = vocabulary.fields.count
        // After the fields may stand what belongs to the object.
        guard (count...count + 1).contains(fact.values.count) else { return nil }
        self.event = event
        position = fact.position
        recorded = fact.recorded
        agency = fact.agency
        predecessors = fact.predecessors
        id = fact.values[0].plainText ?? ""
        let time = fact.values[1].plainText ?? ""
        self.time = time.isEmpty ? nil : time
        source = vocabulary.hasSource ? fact.values[2].plainText : nil
        values = Array(fact.values[(vocabulary.hasSource ? 3 : 2)..<count])
        about = others(than: object)
    }

    /// A step that is told by the event itself.
    ///
    /// - Parameter values: Of the fields, in their order.
    init(
        _ event: CaseEvent, at position: Position, _ recorded: Timestamp, time: String?, id: String,
        source: String?, agency: String, predecessors: [String], _ values: [FactValue]
    ) {
        self.event = event
        self.position = position
        self.recorded = recorded
        self.time = time
        self.id = id
        self.source = source
        self.agency = agency
        self.predecessors = predecessors
        self.values = values
    }

    /// The step as it stands in the file of an object.
    func told(of object: String) -> CaseStep {
        var step = self
        step.about = others(than: object)
        return step
    }

    /// The number of the declaration that it is about, if that is not the object.
    private func others(than object: String) -> String? {
        guard object.hasPrefix("declaration:"), let number = text("declaration") else { return nil }
        return object.isSame(as: "declaration:" + number) ? nil : number
    }

    /// Its type, without `sanhu.`.
    public var type: String { event.name }

    /// A field by its name; `.missing` if the event, or its kind, has none.
    public subscript(name: String) -> FactValue {
        event.fieldNames.firstIndex(of: name).map { values[$0] } ?? .missing
    }

    /// The text of a field that is a string and may be seen.
    public func text(_ name: String) -> String? { self[name].plainText }

    /// Whether a field was left out because it is too long: the event has it.
    public func isLong(_ name: String) -> Bool { self[name] == Self.longMark }

    /// All fields with their names, in order; those too long are not among them.
    public var fields: [(name: String, value: FactValue)] {
        zip(event.fieldNames, values).filter { $0.1 != Self.longMark }.map { ($0.0, $0.1) }
    }

    /// The names of fields that were left out because they are too long.
    public var longFields: [String] { zip(event.fieldNames, values).filter { $0.1 == Self.longMark }.map(\.0) }

    private static let longMark = FactValue.json(Array("\"\(CaseMapping.tooLong)\"".utf8))

    /// Where it stands and when it was.
    public var moment: CaseMoment { CaseMoment(position: position, recorded: recorded, time: time) }

    /// Writes it as docs/case-files.md says.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(position))
            writer.member("recorded", recorded.description)
            if let time { writer.member("time", time) }
            writer.member("id", id)
            writer.member("source", ifAny: source)
            writer.member("agency", agency)
            writer.member("type", type)
            if let about { writer.member("about", about) }
            writeFields(to: &writer)
        }
    }

    private func writeFields(to writer: inout JSONWriter) {
        writer.key("fields")
        writer.object { writer in
            for case (let name, .json(let json)) in fields {
                writer.key(name)
                writer.raw(json)
            }
        }
        writer.hidden(fields)
        if !longFields.isEmpty {
            writer.key("long")
            writer.array { writer in for name in longFields { writer.string(name) } }
        }
    }
}

/// Where in the log something stands, and when it was.
public struct CaseMoment: Sendable, Hashable {
    public let position: Position
    public let recorded: Timestamp
    /// As the event says it; nil if it says nothing.
    public let time: String?

    /// The time it happened as the event says, else the time it was recorded.
    public var at: Timestamp { time.flatMap { Timestamp($0) } ?? recorded }

    func write(_ name: String, to writer: inout JSONWriter) {
        writer.key(name)
        writer.object { writer in
            writer.member("position", Int64(position))
            writer.member("at", time ?? recorded.description)
        }
    }
}

extension FactValue {
    /// The text of a JSON string. Those without an escape, nearly all, are not parsed.
    var plainText: String? {
        guard case .json(let json) = self, json.first == UInt8(ascii: "\"") else { return nil }
        guard !json.contains(UInt8(ascii: "\\")) else { return string }
        return String(decoding: json.dropFirst().dropLast(), as: UTF8.self)
    }

    /// A whole number however it is written: 100, 100.0 and 1e2 are one, for JSON Schema as well (2020-12, validation 6.1.1). The
    /// log takes none that is not exact.
    var wholeNumber: Int64? {
        guard let value else { return nil }
        return value.integer ?? value.double.flatMap { Int64(exactly: $0) }
    }

    /// The texts of an array of strings; of anything else none.
    var texts: [String] { value?.elements.compactMap(\.string) ?? [] }
}
