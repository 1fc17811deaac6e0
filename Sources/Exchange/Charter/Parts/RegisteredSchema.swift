import EventLog

/// A version of the schema of an event type. What stands under a URI never changes: another version has another URI.
public struct RegisteredSchema: Sendable, Hashable {
    /// The version before, and what brings its events up to this one.
    public struct Predecessor: Sendable, Hashable {
        public let uri: String
        /// The name of an upcaster that the software knows.
        public let upcaster: String
    }

    /// What events give as `dataschema`.
    public let uri: String
    public let type: String
    /// The JSON Schema, compact, its members in the order in which they were written.
    public let document: [UInt8]
    public let replaces: Predecessor?
    /// When events may be appended against it; they can be read for ever.
    public let validity: Validity
}

extension RegisteredSchema: CharterPart {
    var name: CharterPartName { CharterPartName(uri) }

    func ended(at time: Timestamp) -> RegisteredSchema {
        RegisteredSchema(
            uri: uri, type: type, document: document, replaces: replaces, validity: validity.ended(at: time))
    }
}
