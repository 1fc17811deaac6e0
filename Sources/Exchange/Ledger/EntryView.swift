internal import EventLog
internal import JSON

/// What stands in an entry for all to see.
struct EntryView {
    let position: Position
    let recorded: Timestamp
    let agency: String
    let tags: [Tag]
    let type: String
    let identity: EventIdentity
    let dataschema: String?
    let document: JSONDocument
    /// Where the event stands in the entry.
    let eventRange: Range<Int>

    /// An entry is one level deeper than its event.
    private static let limits = JSONParser.Limits(
        maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1)

    /// Reads an entry.
    ///
    /// - Throws: ``ExchangeError`` with code `.log` if it is none.
    init(_ entry: Entry) throws(ExchangeError) {
        guard let document = try? JSONDocument(parsing: entry.bytes, limits: Self.limits),
            let agency = document.root["agency"]?.string, let event = document.root["event"],
            let type = event["type"]?.string, let id = event["id"]?.string, let source = event["source"]?.string
        else { throw ExchangeError(.log, "What stands at position \(entry.position) is no entry. Run `sanhu verify`.") }
        self.document = document
        position = entry.position
        recorded = entry.recorded
        self.agency = agency
        self.type = type
        identity = EventIdentity(source: source, id: id)
        tags = document.root["tags"]?.elements.compactMap { $0.string.flatMap { try? Tag($0) } } ?? []
        dataschema = event["dataschema"]?.string
        eventRange = event.text.indices
    }

    var data: JSONValue? { document.root["event"]?["data"] }
}
