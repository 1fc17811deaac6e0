internal import EventLog
internal import JSON

/// An event that was parsed: what intake decides by.
final class ParsedEvent: Sendable {
    let document: JSONDocument
    let identity: EventIdentity
    let type: String
    let dataschema: String
    /// The port that the event names, by the extension attribute `port`.
    let port: String?
    let tags: [Tag]
    let handOver: AgencyEvent.HandOver?

    /// What parsing needs for a while; one for many events.
    struct Parser {
        fileprivate var parser = JSONParser(
            limits: .init(maximumBytes: AgencyEvent.maximumBytes, maximumDepth: LogLimits.depth))
        fileprivate var tape = JSONTape()
        fileprivate var texts = InlineArray<5, RecurringText>(repeating: RecurringText())
    }

    /// Parses an event strictly.
    ///
    /// - Throws: ``ExchangeError``: `.eventInvalid`; `.unknownSchema` if it names no schema, `.reservedName` for tags that
    ///   only charter events carry.
    init(_ event: AgencyEvent, with parser: inout Parser) throws(ExchangeError) {
        if let known = event.document, known.bytes.count <= AgencyEvent.maximumBytes {
            document = known
        } else {
            do throws(JSONError) {
                document = try JSONDocument(parsing: event.event, with: &parser.parser, by: &parser.tape)
            } catch {
                throw ExchangeError(.eventInvalid, "The event is not JSON that is accepted: \(error).")
            }
        }
        let texts = Self.attributes(of: document, &parser.texts)
        identity = EventIdentity(source: try Self.needed(texts[0], "source"), id: try Self.needed(texts[1], "id"))
        type = try Self.needed(texts[2], "type")
        guard let schema = texts[3] else {
            throw ExchangeError(
                .unknownSchema, "The event names no schema: give the URI of a registered one as “dataschema”.",
                pointer: "/dataschema")
        }
        guard !LedgerVoice.types.contains(type), identity.source != LedgerVoice.accessSource else {
            throw ExchangeError(.reservedName, "Only the ledger itself says “\(type.prefix(200))” or “/access”.")
        }
        dataschema = schema
        port = texts[4]
        tags = event.tags
        handOver = event.handOver
        for tag in tags where tag.isOf(kind: CharterTags.kind) {
            throw ExchangeError(.reservedName, "Tags of the kind “\(tag.kind)” are for charter events alone.")
        }
    }

    private static let names = ["source", "id", "type", "dataschema", "port"].map { Array($0.utf8) }

    /// The strings among the attributes of ``names``, in their order.
    private static func attributes(
        of event: JSONDocument, _ recurring: inout InlineArray<5, RecurringText>
    ) -> InlineArray<5, String?> {
        var texts = InlineArray<5, String?>(repeating: nil)
        let (tape, bytes, names) = (event.tape, event.bytes.span, Self.names)
        let nodes = tape.nodes.span
        guard nodes[0].kind == .object else { return texts }
        var key = 1
        while key < nodes.count {
            let (name, value) = (nodes[key], key + 1)
            if nodes[value].kind == .string {
                for index in names.indices where Int(name.length) == names[index].count || name.isEscaped {
                    guard tape.matches(names[index], key, in: bytes) else { continue }
                    texts[index] = recurring[index].text(value, tape, bytes)
                    break
                }
            }
            key = Int(nodes[value].end)
        }
        return texts
    }

    private static func needed(_ text: String?, _ name: String) throws(ExchangeError) -> String {
        guard let text, !text.isEmpty else {
            throw ExchangeError(.eventInvalid, "An event needs “\(name)”, a string.", pointer: "/" + name)
        }
        return text
    }
}
