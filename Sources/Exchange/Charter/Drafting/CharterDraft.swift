public import EventLog
public import JSON

/// Charter events yet to be signed, put together from a charter and the schemas that it registers.
///
/// A schema's `$id` names it and says of which type it is: `urn:sanhu:schema:declaration.lodged:1` is version 1 of the schema
/// of `sanhu.declaration.lodged`. Where a type has data of several forms, the form follows a plus sign:
/// `urn:sanhu:schema:inspection.completed+wco:1`.
public enum CharterDraft {
    /// Drafts the event that founds a ledger.
    ///
    /// - Parameters:
    ///   - id: The id of the CloudEvent.
    ///   - charter: The data of the event; schemas given here come after those it has.
    /// - Returns: The CloudEvent, compact, without signatures.
    /// - Throws: ``ExchangeError`` with code `.schemaRefused` for a schema without such an `$id`, `.malformedCharter` if the
    ///   charter is no object, `.limitExceeded` if the event is too large for an entry: register some of the schemas by
    ///   amendments then.
    public static func founding(
        id: String, charter: JSONValue, schemas: [JSONValue]
    ) throws(ExchangeError) -> [UInt8] {
        guard charter.kind == .object else {
            throw ExchangeError(.malformedCharter, "A charter is a JSON object.", pointer: "")
        }
        let names = try schemas.map { schema throws(ExchangeError) in try Name(schema) }
        return try event(id, CharterFounding.type) { writer in
            writer.object { writer in
                for (key, value) in charter.members where key != "schemas" {
                    writer.key(key)
                    writer.raw(RegisteredSchema.compact(value))
                }
                writer.key("schemas")
                writer.array { writer in
                    for schema in charter["schemas"]?.elements ?? [] { writer.raw(RegisteredSchema.compact(schema)) }
                    for (schema, name) in zip(schemas, names) { Self.write(schema, name, to: &writer) }
                }
            }
        }
    }

    /// Drafts an amendment that registers schemas.
    ///
    /// - Parameters:
    ///   - id: The id of the CloudEvent.
    ///   - basis: The position of the last charter event that counts.
    /// - Returns: The CloudEvent, compact, without signatures.
    /// - Throws: As ``founding(id:charter:schemas:)``; ``amendments(id:basis:schemas:)`` makes several where one has no room.
    public static func amendment(
        id: String, basis: Position, schemas: [JSONValue]
    ) throws(ExchangeError) -> [UInt8] {
        try amendment(id, basis, schemas.map { schema throws(ExchangeError) in try change(schema) })
    }

    /// Drafts amendments that register schemas, as few as have room for them, in the order of the schemas.
    ///
    /// Each rests on the one before: they are to be appended one after another, with no other charter event or event
    /// between them.
    ///
    /// - Parameters:
    ///   - id: The id of the first; the second is `ID.2`, and so on.
    ///   - basis: The position of the last charter event that counts, and of the log's last event: the position of the
    ///     first amendment is the next one.
    /// - Returns: CloudEvents, compact, without signatures; at least one.
    /// - Throws: As ``founding(id:charter:schemas:)``; `.limitExceeded` if one schema alone is too large for an entry.
    /// - Complexity: O(*n*) in the bytes of the schemas.
    public static func amendments(
        id: String, basis: Position, schemas: [JSONValue]
    ) throws(ExchangeError) -> [[UInt8]] {
        var parts: [[[UInt8]]] = [[]]
        var taken = 0
        for schema in schemas {
            let change = try change(schema)
            if taken > 0, taken + change.count + 1 > maximumBytes - frameBytes {
                parts.append([])
                taken = 0
            }
            parts[parts.count - 1].append(change)
            taken += change.count + 1
        }
        var drafts: [[UInt8]] = []
        for (index, changes) in parts.enumerated() {
            let name = index == 0 ? id : "\(id).\(index + 1)"
            drafts.append(try amendment(name, basis + Position(index), changes))
        }
        return drafts
    }

    /// What an amendment has around its changes, at most, but for its id.
    private static let frameBytes = 1_024

    private static func amendment(
        _ id: String, _ basis: Position, _ changes: [[UInt8]]
    ) throws(ExchangeError) -> [UInt8] {
        try event(id, CharterAmendment.type) { writer in
            writer.object { writer in
                writer.member("basis", Int64(clamping: basis))
                writer.key("changes")
                writer.array { writer in
                    for change in changes { writer.raw(change) }
                }
            }
        }
    }

    /// The change that registers a schema.
    private static func change(_ schema: JSONValue) throws(ExchangeError) -> [UInt8] {
        let name = try Name(schema)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("op", "put")
            writer.member("kind", "schema")
            writer.key("value")
            Self.write(schema, name, to: &writer)
        }
        return writer.bytes
    }

    /// What a schema's `$id` says.
    struct Name {
        let uri: String
        let type: String
        /// The type without its first part, and with the form: `inspection.completed+wco`.
        let form: String

        init(_ schema: JSONValue) throws(ExchangeError) {
            let uri = schema["$id"]?.string ?? ""
            let parts = uri.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 5, parts[0] == "urn", parts[2] == "schema", !parts[4].isEmpty,
                let noun = parts[3].split(separator: "+").first
            else {
                throw ExchangeError(
                    .schemaRefused,
                    "“\(uri.prefix(200))” does not say of which type the schema is. Give an “$id” such as "
                        + "urn:sanhu:schema:declaration.lodged:1.", pointer: "/$id")
            }
            self.uri = uri
            form = String(parts[3])
            type = "\(parts[1]).\(noun)"
        }
    }

    private static func write(_ schema: JSONValue, _ name: Name, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("uri", name.uri)
            writer.member("type", name.type)
            writer.key("document")
            writer.raw(RegisteredSchema.compact(schema))
        }
    }

    /// Room in an entry for what stands around the event: tags, agency, signatures.
    private static let roomBytes = 8_192
    private static let maximumBytes = LogLimits.entryBytes - roomBytes

    private static func event(
        _ id: String, _ type: String, _ data: (inout JSONWriter) -> Void
    ) throws(ExchangeError) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: LogLimits.entryBytes)
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", id)
            writer.member("source", "/charter")
            writer.member("type", type)
            writer.member("datacontenttype", "application/json")
            writer.key("data")
            data(&writer)
        }
        guard writer.bytes.count <= maximumBytes else {
            throw ExchangeError(
                .limitExceeded,
                "The event has \(writer.bytes.count) bytes, over \(maximumBytes): register some of the "
                    + "schemas by an amendment of their own.")
        }
        return writer.bytes
    }
}
