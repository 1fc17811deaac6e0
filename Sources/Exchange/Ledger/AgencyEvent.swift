public import EventLog
internal import JSON

/// An event as an agency hands it in: plain, to be checked and sealed.
public struct AgencyEvent: Sendable, Hashable {
    /// The CloudEvents 1.0 JSON object, in UTF-8.
    public var event: [UInt8]
    /// What it is about, beside what its schema derives. Those that name persons are blinded before the log sees them.
    public var tags: [Tag]

    public init(_ event: [UInt8], tags: [Tag] = []) {
        self.event = event
        self.tags = tags
    }
}

/// An event that was parsed: what intake decides by.
struct ParsedEvent {
    let document: JSONDocument
    let identity: EventIdentity
    let type: String
    let dataschema: String
    /// The port that the event names, by the extension attribute `port`.
    let port: String?
    let tags: [Tag]

    /// Parses an event strictly.
    ///
    /// - Throws: ``ExchangeError``: `.eventInvalid`; `.unknownSchema` if it names no schema, `.reservedName` for tags that
    ///   only charter events carry.
    init(_ event: AgencyEvent) throws(ExchangeError) {
        do throws(JSONError) {
            document = try JSONDocument(
                parsing: event.event, limits: .init(maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth))
        } catch {
            throw ExchangeError(.eventInvalid, "The event is not JSON that is accepted: \(error).")
        }
        identity = EventIdentity(
            source: try Self.text("source", document), id: try Self.text("id", document))
        type = try Self.text("type", document)
        guard let schema = document.root["dataschema"]?.string else {
            throw ExchangeError(
                .unknownSchema, "The event names no schema: give the URI of a registered one as “dataschema”.",
                pointer: "/dataschema")
        }
        guard !LedgerVoice.types.contains(type), identity.source != LedgerVoice.accessSource else {
            throw ExchangeError(.reservedName, "Only the ledger itself says “\(type.prefix(200))” or “/access”.")
        }
        dataschema = schema
        port = document.root["port"]?.string
        tags = event.tags
        for tag in tags where tag.kind == CharterTags.kind {
            throw ExchangeError(.reservedName, "Tags of the kind “\(tag.kind)” are for charter events alone.")
        }
    }

    private static func text(_ name: String, _ document: JSONDocument) throws(ExchangeError) -> String {
        guard let text = document.root[name]?.string, !text.isEmpty else {
            throw ExchangeError(.eventInvalid, "An event needs “\(name)”, a string.", pointer: "/" + name)
        }
        return text
    }

    /// The text of its data; `null` if there are none.
    var data: [UInt8] { document.root["data"].map { Array($0.text) } ?? Array("null".utf8) }
}
