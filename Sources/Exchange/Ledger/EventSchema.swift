internal import JSON
internal import JSONSchema

/// A registered schema, ready for use: what its events are held against, and how they are sealed.
struct EventSchema: Sendable {
    let registered: RegisteredSchema
    let plan: SealingPlan
    private let validator: CompiledSchema

    /// Compiles a schema.
    ///
    /// - Throws: ``ExchangeError`` with code `.schemaRefused` and the place in the schema, or as
    ///   ``SealingPlan/init(_:in:)``.
    init(_ registered: RegisteredSchema) throws(ExchangeError) {
        self.registered = registered
        var registry = SchemaRegistry()
        let document = try Self.document(registered)
        do throws(SchemaError) {
            try registry.register(document, at: registered.uri)
            validator = try registry.compile(registered.uri)
        } catch {
            throw ExchangeError(.schemaRefused, "The schema \(registered.uri) is refused: \(error)")
        }
        plan = try SealingPlan(registered.uri, in: registry)
    }

    private static func document(_ registered: RegisteredSchema) throws(ExchangeError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: registered.document)
        } catch {
            throw ExchangeError(.schemaRefused, "The schema \(registered.uri) is not JSON: \(error)")
        }
    }

    /// Holds an event's data against the schema.
    ///
    /// - Parameter data: The text of the data.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of the first violation. Values do not stand in it.
    func check(_ data: [UInt8]) throws(ExchangeError) {
        let violations: [SchemaViolation]
        do {
            let document = try JSONDocument(parsing: data)
            violations = try validator.validate(document.tape, document.bytes.span, limits: .init(maximumViolations: 1))
        } catch {
            throw ExchangeError(.eventInvalid, "The data cannot be held against \(registered.uri): \(error)")
        }
        guard let first = violations.first else { return }
        let pointer = "/data\(plan.place(of: first))"
        throw ExchangeError(
            .eventInvalid, "\(pointer) does not fit \(registered.uri): \(first.expected) is expected there.",
            pointer: pointer)
    }
}
