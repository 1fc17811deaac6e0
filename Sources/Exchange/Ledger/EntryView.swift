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

    /// Reads an entry.
    ///
    /// - Throws: ``ExchangeError`` with code `.log` if it is none.
    init(_ entry: Entry) throws(ExchangeError) {
        var reader = EntryViewReader()
        self = try reader.view(of: entry)
    }

    init(
        _ entry: Entry, _ document: JSONDocument, agency: String, tags: [Tag], type: String, identity: EventIdentity,
        dataschema: String?, eventRange: Range<Int>
    ) {
        position = entry.position
        recorded = entry.recorded
        self.document = document
        self.agency = agency
        self.tags = tags
        self.type = type
        self.identity = identity
        self.dataschema = dataschema
        self.eventRange = eventRange
    }

    var data: JSONValue? { document.root["event"]?["data"] }
}
