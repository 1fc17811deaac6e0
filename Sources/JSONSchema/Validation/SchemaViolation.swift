public import JSON

/// One thing that is wrong with a text: where in the text, by which rule of which schema, and what was expected.
///
/// The value itself is not shown: it may be confidential.
public struct SchemaViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the text. For a property's name, the path to that property.
    public let instancePath: JSONPointer

    /// The keyword that is not satisfied, or `false` for the schema that takes nothing.
    public let keyword: String

    /// Where the keyword stands: the schema's URI with a JSON pointer as its fragment. References are followed, so the
    /// URI is that of the schema which holds the keyword.
    public let schemaPath: String

    /// What was expected, as half a sentence.
    public let expected: String

    public var description: String {
        let place = instancePath.tokens.isEmpty ? "the whole text" : instancePath.description
        return "\(place): expected \(expected) (\(schemaPath))"
    }
}
