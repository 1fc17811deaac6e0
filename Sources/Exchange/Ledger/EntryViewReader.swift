internal import EventLog
internal import JSON

/// Reads entries. Keeps its buffers and the texts that it met last, of which most come again in the next entry, so use one
/// for many; one for each thread.
struct EntryViewReader {
    /// The attributes that are read, in the order of ``Attribute``.
    private static let names = ["type", "id", "source", "dataschema"].map { Array($0.utf8) }
    private static let agencyName = Array("agency".utf8)
    private static let tagsName = Array("tags".utf8)
    private static let eventName = Array("event".utf8)

    /// An entry is one level deeper than its event.
    private var parser = JSONParser(
        limits: JSONParser.Limits(maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1))
    private var tape = JSONTape()
    private var agency = RecurringText()
    private var type = RecurringText()
    private var source = RecurringText()
    private var dataschema = RecurringText()

    /// What stands in an entry.
    ///
    /// - Throws: ``ExchangeError`` with code `.log` if it is none.
    /// - Complexity: O(*n*) in its bytes.
    mutating func view(of entry: Entry) throws(ExchangeError) -> EntryView {
        guard let document = try? JSONDocument(parsing: entry.bytes, with: &parser, by: &tape),
            let view = view(of: entry, document)
        else { throw ExchangeError(.log, "What stands at position \(entry.position) is no entry. Run `sanhu verify`.") }
        return view
    }

    private mutating func view(of entry: Entry, _ document: JSONDocument) -> EntryView? {
        let (tape, bytes) = (document.tape, document.bytes.span)
        guard tape.nodes[0].kind == .object, let event = tape.member(Self.eventName, ofObjectAt: 0, in: bytes),
            tape.nodes[event].kind == .object
        else { return nil }
        let nodes = Self.attributes(of: event, tape, bytes)
        guard
            let agency = agency.text(tape.member(Self.agencyName, ofObjectAt: 0, in: bytes), tape, bytes),
            let type = type.text(nodes[0], tape, bytes), let id = nodes[1], tape.nodes[id].kind == .string,
            let source = source.text(nodes[2], tape, bytes)
        else { return nil }
        return EntryView(
            entry, document, agency: agency, tags: Self.tags(tape, bytes), type: type,
            identity: EventIdentity(source: source, id: tape.decodedString(at: id, in: bytes)),
            dataschema: dataschema.text(nodes[3], tape, bytes), eventRange: tape.range(of: event))
    }

    /// Where the attributes of ``names`` stand.
    private static func attributes(
        of event: Int, _ tape: JSONTape, _ bytes: Span<UInt8>
    ) -> InlineArray<4, Int?> {
        var found = InlineArray<4, Int?>(repeating: nil)
        let (nodes, names) = (tape.nodes.span, Self.names)
        var key = event + 1
        while key < Int(nodes[event].end) {
            let name = nodes[key]
            for index in names.indices where Int(name.length) == names[index].count || name.isEscaped {
                guard tape.matches(names[index], key, in: bytes) else { continue }
                found[index] = key + 1
                break
            }
            key = Int(nodes[key + 1].end)
        }
        return found
    }

    private static func tags(_ tape: JSONTape, _ bytes: Span<UInt8>) -> [Tag] {
        guard let list = tape.member(tagsName, ofObjectAt: 0, in: bytes), tape.nodes[list].kind == .array else {
            return []
        }
        var tags: [Tag] = []
        var at = list + 1
        while at < Int(tape.nodes[list].end) {
            if tape.nodes[at].kind == .string, let tag = try? Tag(tape.decodedString(at: at, in: bytes)) {
                tags.append(tag)
            }
            at = Int(tape.nodes[at].end)
        }
        return tags
    }
}
