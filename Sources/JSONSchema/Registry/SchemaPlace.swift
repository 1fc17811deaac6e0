package import JSON

/// A place in a registered document: a value, and the schema resource (Core, section 4.3.5) it belongs to.
package struct SchemaPlace: Sendable {
    /// What tells places apart: the document, by the order of registration, and the node in its tape.
    struct Key: Hashable, Sendable {
        let document: Int
        let node: Int
    }

    let key: Key
    /// The index of the resource in the registry.
    let resource: Int
    /// The URI of the resource.
    let uri: String

    /// What stands at the place.
    package let value: JSONValue

    /// The path from the resource's root.
    package let pointer: JSONPointer

    /// The place as an absolute URI with a JSON pointer as its fragment.
    package var location: String { uri + "#" + pointer.description }
}
