public import EventLog
internal import JSON
internal import Views

/// An event in an object's story, as everyone knows it.
public struct FigureStep: Sendable {
    public let position: Position
    public let recorded: Timestamp
    public let agency: String
    /// The agencies that had become that one, by mergers, when it was recorded.
    public let predecessors: [String]
    /// Without `sanhu.`.
    public let type: String
    /// The event's id.
    public let id: String
    /// When it happened, as the event says; else when it was recorded.
    public let moment: Timestamp
    /// Whether the event says when it happened.
    let isTimed: Bool
    let schema: String
    private let names: [String]
    private let values: [FactValue]

    /// - Returns: nil for a fact that is not of this view.
    init?(_ fact: Fact) {
        let before = FigureVocabulary.attributes.count
        guard let vocabulary = FigureVocabulary.numbered(fact.kind),
            fact.values.count == before + vocabulary.names.count
        else { return nil }
        (position, recorded, agency, predecessors) = (fact.position, fact.recorded, fact.agency, fact.predecessors)
        (type, names, schema) = (vocabulary.type, vocabulary.names, fact.schema)
        id = fact.values[0].plainText ?? ""
        let said = fact.values[1].plainText.flatMap { Timestamp($0) }
        (moment, isTimed) = (said ?? fact.recorded, said != nil)
        values = Array(fact.values[before...])
    }

    private func value(_ name: String) -> FactValue? { names.firstIndex(of: name).map { values[$0] } }

    /// A field that is a text; nil if it is none, or is not known to everyone.
    public func text(_ name: String) -> String? { value(name)?.plainText }

    /// A field that is a list of texts; none if it is none.
    public func texts(_ name: String) -> [String] {
        value(name)?.value?.elements.compactMap(\.string) ?? []
    }

    /// A field that is true or false; nil if it is none.
    public func flag(_ name: String) -> Bool? { value(name)?.value?.bool }

    /// A field that is a time.
    public func time(_ name: String) -> Timestamp? { text(name).flatMap { Timestamp($0) } }

    /// A member of a field that is an object.
    func text(_ name: String, _ member: String) -> String? { value(name)?.value?[member]?.string }

    /// A member of each element of a field that is a list of objects.
    func members(_ name: String, _ member: String) -> [String] {
        value(name)?.value?.elements.compactMap { $0[member]?.string } ?? []
    }

    /// A field as its JSON text, whatever it is; nil if there is none.
    func json(_ name: String) -> [UInt8]? {
        guard case .json(let bytes) = value(name) else { return nil }
        return bytes
    }

    /// Whether it is of an agency, or of one that has become it.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }
}
