public import EventLog
public import Exchange
public import JSON

/// What an entry said about an object, as one reader sees it.
public struct Fact: Sendable, Hashable {
    /// Where the entry stands.
    public let position: Position
    /// The place of the fact among what the map step said of the entry.
    public let ordinal: Int
    public let recorded: Timestamp
    /// Who appended the event, and its type.
    public let agency: String
    public let type: String
    /// Under which the entry stands: the version and form of its data. Empty if it names none.
    public let schema: String
    /// The agencies that had become that one, by mergers, when it was recorded.
    public let predecessors: [String]
    /// The number that the map step gave it, to tell its kinds of facts apart.
    public let kind: UInt8
    public let values: [FactValue]
}

/// A value of a fact.
public enum FactValue: Sendable, Hashable {
    /// A value as JSON text.
    case json([UInt8])
    /// The event has no such field.
    case missing
    /// The reader may not see it.
    case withheld(WithholdingReason)
    /// It was erased, with the key of whom it was about.
    case erased
    /// It is damaged or missing.
    case lost

    /// The text of a JSON string; nil for anything else.
    public var string: String? { value?.string }

    /// The value of a JSON integer; nil for anything else.
    public var integer: Int64? { value?.integer }

    /// The value, if there is one to be seen.
    public var value: JSONValue? {
        guard case .json(let text) = self else { return nil }
        return (try? JSONDocument(parsing: text))?.root
    }
}
