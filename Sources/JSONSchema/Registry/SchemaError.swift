/// Why a schema cannot be registered or compiled, or why a validation was given up: what, where, and what to do.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// A schema is neither an object nor a boolean.
        case malformedSchema
        /// A keyword's value is not of the form the keyword has.
        case malformedKeyword
        /// A URI, or what should be one, cannot name a schema.
        case malformedURI
        /// A URI, or an anchor in one schema, names two schemas.
        case duplicateIdentifier
        /// A reference leads to nothing that is registered.
        case unknownReference
        /// `$schema` names neither draft 2020-12 nor a registered metaschema of it.
        case unknownDialect
        /// A metaschema requires a vocabulary that is not known here.
        case unknownVocabulary
        /// A format that is not known here would have to be asserted.
        case unknownFormat
        /// A pattern is not a regular expression.
        case malformedPattern
        /// A pattern cannot be matched in linear time, or uses what is not known here.
        case unsupportedPattern
        /// A pattern takes a program over the limit.
        case patternTooLarge
        /// A schema applies itself to the same value again, without end.
        case endlessRecursion
        /// There are more schemas than the limit.
        case tooManySchemas
        /// While validating: schemas apply one another deeper than the limit.
        case tooDeep
        /// While validating: schemas are applied more often than the limit.
        case tooMuchWork
    }

    public let code: Code

    /// Where in the schemas: a URI with a JSON pointer as its fragment.
    public let location: String

    /// What is wrong.
    public let reason: String

    /// What to do about it.
    public let remedy: String

    init(_ code: Code, at location: String, _ reason: String, remedy: String) {
        self.code = code
        self.location = location
        self.reason = reason
        self.remedy = remedy
    }

    public var description: String { "\(location): \(reason) \(remedy)" }
}
