internal import Synchronization

/// The schemas that a charter registers, each compiled once, when it is first asked for. What stands under a URI never
/// changes, so all who share a shelf may keep what they took.
final class SchemaShelf: Sendable {
    private let compiled = Mutex<[String: EventSchema]>([:])

    /// A schema that was ever registered, compiled, or nil.
    ///
    /// - Throws: As ``EventSchema/init(_:)``.
    func schema(_ uri: String, of charter: Charter) throws(ExchangeError) -> EventSchema? {
        if let known = compiled.withLock({ $0[uri] }) { return known }
        guard let registered = charter.schema(uri) else { return nil }
        let schema = try EventSchema(registered)
        compiled.withLock { $0[uri] = schema }
        return schema
    }
}
