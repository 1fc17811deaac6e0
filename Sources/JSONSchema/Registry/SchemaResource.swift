import JSON

/// A schema with an identity: the root of a document, or a schema in one that has an `$id` of its own.
struct SchemaResource: Sendable {
    let uri: String
    /// What relative references in it are resolved against.
    let base: URIReference
    let root: SchemaPlace
    /// The metaschema its `$schema` names; that of the resource around it if it names none.
    let dialect: String?
    /// The places its `$anchor` and `$dynamicAnchor` name.
    var anchors: [String: SchemaPlace] = [:]
    var dynamicAnchors: [String: SchemaPlace] = [:]
}
