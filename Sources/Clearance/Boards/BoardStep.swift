public import EventLog
internal import JSON
public import Views

/// What happened once, as far as its reader may know: what boards are folded from.
public struct BoardStep: Sendable, Hashable {
    public let position: Position
    public let recorded: Timestamp
    /// When it happened, as the event says it (RFC 3339); nil if it says nothing.
    public let time: String?
    /// The event's id; unique per source.
    public let id: String
    public let source: String?
    public let agency: String
    /// The agencies that had become that one, by mergers, when it was recorded.
    public let predecessors: [String]
    /// Its type, without `sanhu.`.
    public let type: String
    /// What it says, without what it does not say.
    private let values: [String: FactValue]

    /// - Returns: nil for a fact that is none of boards.
    init?(_ fact: Fact) {
        guard let event = BoardEvent(rawValue: fact.kind) else { return nil }
        let vocabulary = BoardVocabulary.of(event)
        guard fact.values.count == vocabulary.fields.count else { return nil }
        position = fact.position
        recorded = fact.recorded
        agency = fact.agency
        predecessors = fact.predecessors
        type = vocabulary.name
        id = fact.values[0].plainText ?? ""
        let time = fact.values[1].plainText ?? ""
        self.time = time.isEmpty ? nil : time
        source = fact.values[2].plainText
        values = Self.said(zip(vocabulary.names, fact.values.dropFirst(3)).map { ($0, $1) })
    }

    /// A step of a case file.
    init(_ step: CaseStep) {
        position = step.position
        recorded = step.recorded
        agency = step.agency
        predecessors = step.predecessors
        type = step.type
        id = step.id
        time = step.time
        source = step.source
        values = Self.said(step.fields)
    }

    private static func said(_ fields: [(name: String, value: FactValue)]) -> [String: FactValue] {
        Dictionary(uniqueKeysWithValues: fields.filter { $0.value != .missing }.map { ($0.name, $0.value) })
    }

    /// A field by its name; `.missing` if the event says nothing, or it is too long for a board.
    public subscript(name: String) -> FactValue {
        guard let value = values[name], value != Self.longMark else { return .missing }
        return value
    }

    /// Whether a field was left out because it is too long: the event has it.
    public func isLong(_ name: String) -> Bool { values[name] == Self.longMark }

    private static let longMark = FactValue.json(Array("\"\(CaseMapping.tooLong)\"".utf8))

    /// The text of a field that is a string and may be seen.
    public func text(_ name: String) -> String? { self[name].plainText }

    /// The texts of a field that is an array of strings and may be seen.
    public func texts(_ name: String) -> [String] { self[name].texts }

    /// Where it stands and when it was.
    public var moment: CaseMoment { CaseMoment(position: position, recorded: recorded, time: time) }

    /// The day it is of, at +08:00: of the time it says, else of that at which it is recorded.
    var day: String { PortRules.day(of: moment.at) }

    /// Whether its agency is another, or has become it.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }

    /// Writes where it stands, who said it, and of some fields what may be seen, and what not.
    func write(_ names: [String], to writer: inout JSONWriter) {
        writer.member("position", Int64(position))
        writer.member("recorded", recorded.description)
        writer.member("agency", agency)
        write(fields: names, to: &writer)
    }

    /// Writes of some fields what may be seen, and what not.
    func write(fields names: [String], to writer: inout JSONWriter) {
        let fields = names.map { (name: $0, value: self[$0]) }
        for case (let name, .json(let json)) in fields {
            writer.key(name)
            writer.raw(json)
        }
        writer.hidden(fields)
        let long = names.filter(isLong)
        if !long.isEmpty { writer.list("long", long) }
    }
}
