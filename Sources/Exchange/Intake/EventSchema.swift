internal import EventLog
internal import JSON
internal import JSONSchema

/// A registered schema, ready for use: what its events are held against, and how they are sealed.
final class EventSchema: Sendable {
    let registered: RegisteredSchema
    let plan: SealingPlan
    /// The cell of the sharing matrix that it belongs to, if it names one.
    let cell: SharingCell?
    private let validator: CompiledSchema
    private static let data = Array("data".utf8)

    /// Compiles a schema.
    ///
    /// - Parameter personalKinds: Those that a schema that is being registered is held against.
    /// - Throws: ``ExchangeError`` with code `.schemaRefused` and the place in the schema, or as
    ///   ``SealingPlan/init(_:in:personalKinds:)``.
    init(_ registered: RegisteredSchema, personalKinds: Set<String> = []) throws(ExchangeError) {
        self.registered = registered
        var registry = SchemaRegistry()
        let document = try Self.document(registered)
        cell = try Self.cell(of: document.root, registered.uri)
        do throws(SchemaError) {
            try registry.register(document, at: registered.uri)
            validator = try registry.compile(registered.uri)
        } catch {
            throw ExchangeError(.schemaRefused, "The schema \(registered.uri) is refused: \(error)")
        }
        plan = try SealingPlan(registered.uri, in: registry, personalKinds: personalKinds)
    }

    private static func cell(of root: JSONValue, _ uri: String) throws(ExchangeError) -> SharingCell? {
        do throws(ExchangeError) {
            return try SharingCell(of: root)
        } catch {
            throw ExchangeError(error.code, "The schema \(uri) is refused: \(error.reason)", pointer: error.pointer)
        }
    }

    private static func document(_ registered: RegisteredSchema) throws(ExchangeError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: registered.document)
        } catch {
            throw ExchangeError(.schemaRefused, "The schema \(registered.uri) is not JSON: \(error)")
        }
    }

    /// What is wrong with an event's data, as far as it is looked for; nothing if they cannot be held against the schema.
    func violations(_ data: [UInt8]) -> [SchemaViolation] {
        guard let document = try? JSONDocument(parsing: data, limits: .init(maximumDepth: LogLimits.depth + 2)) else {
            return []
        }
        return (try? validator.validate(document.tape, document.bytes.span, limits: .init(maximumViolations: 64))) ?? []
    }

    /// Holds an event's data against the schema.
    ///
    /// - Parameter event: The event, whose data are held against it; `null` if it has none.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of the first violation. Values do not stand in it.
    func check(dataOf event: JSONDocument) throws(ExchangeError) {
        let node = event.tape.member(Self.data, ofObjectAt: 0, in: event.bytes.span)
        if let node, let isValid = try? validator.isValid(event.tape, event.bytes.span, at: node), isValid { return }
        let data = event.root["data"]
        let violations: [SchemaViolation]
        do {
            let document = try JSONDocument(parsing: data.map { Array($0.text) } ?? Array("null".utf8))
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
