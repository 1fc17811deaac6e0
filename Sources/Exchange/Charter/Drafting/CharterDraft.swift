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
    /// - Throws: As ``founding(id:charter:schemas:)``.
    public static func amendment(
        id: String, basis: Position, schemas: [JSONValue]
    ) throws(ExchangeError) -> [UInt8] {
        let names = try schemas.map { schema throws(ExchangeError) in try Name(schema) }
        return try event(id, CharterAmendment.type) { writer in
            writer.object { writer in
                writer.member("basis", Int64(clamping: basis))
                writer.key("changes")
                writer.array { writer in
                    for (schema, name) in zip(schemas, names) {
                        writer.object { writer in
                            writer.member("op", "put")
                            writer.member("kind", "schema")
                            writer.key("value")
                            Self.write(schema, name, to: &writer)
                        }
                    }
                }
            }
        }
    }

    /// What a schema's `$id` says.
    private struct Name {
        let uri: String
        let type: String

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
        guard writer.bytes.count <= LogLimits.entryBytes - roomBytes else {
            throw ExchangeError(
                .limitExceeded,
                "The event has \(writer.bytes.count) bytes, over \(LogLimits.entryBytes - roomBytes): register some of the "
                    + "schemas by an amendment of their own.")
        }
        return writer.bytes
    }
}
