internal import JSON
internal import LMDB

/// What an entry says of itself that queries ask for. Reads entries, keeping its buffers.
package struct EntryReader {
    package init() {}

    private var parser = JSONParser(
        limits: .init(maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1))
    private var tape = JSONTape()

    private static let tagsName = Array("tags".utf8)
    private static let eventName = Array("event".utf8)
    private static let typeName = Array("type".utf8)

    /// The type and the tags of an entry.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if the entry is not one.
    package mutating func facts(of entry: Span<UInt8>) throws(LogError) -> EntryFacts {
        try parse(entry)
        guard let tags = tape.member(Self.tagsName, ofObjectAt: 0, in: entry), tape.nodes[tags].kind == .array,
            let event = tape.member(Self.eventName, ofObjectAt: 0, in: entry), tape.nodes[event].kind == .object,
            let type = tape.member(Self.typeName, ofObjectAt: event, in: entry)
        else { throw Self.corrupted }
        var list: [Tag] = []
        var at = tags + 1
        while at < Int(tape.nodes[tags].end) {
            guard let tag = try? Tag(tape.decodedString(at: at, in: entry)) else { throw Self.corrupted }
            list.append(tag)
            at = Int(tape.nodes[at].end)
        }
        return EntryFacts(type: tape.decodedString(at: type, in: entry), tags: list)
    }

    /// What the event of an entry is known by: source, a zero byte, id.
    mutating func identity(of entry: Span<UInt8>) throws(LogError) -> [UInt8] {
        let event = try eventBytes(of: entry)
        do throws(JSONError) {
            try parser.parse(event.span, into: &tape)
        } catch {
            throw Self.corrupted
        }
        var identity: [UInt8] = []
        try CloudEventAttributes(tape, event.span).appendIdentity(tape, event.span, to: &identity)
        return identity
    }

    /// The bytes of the event in an entry.
    mutating func eventBytes(of entry: Span<UInt8>) throws(LogError) -> [UInt8] {
        try parse(entry)
        guard let event = tape.member(Self.eventName, ofObjectAt: 0, in: entry) else { throw Self.corrupted }
        let start = Int(tape.nodes[event].offset)
        return entry.copied(from: start, to: start + Int(tape.nodes[event].length))
    }

    private mutating func parse(_ entry: Span<UInt8>) throws(LogError) {
        do throws(JSONError) {
            try parser.parse(entry, into: &tape)
        } catch {
            throw Self.corrupted
        }
        guard tape.nodes[0].kind == .object else { throw Self.corrupted }
    }

    private static var corrupted: LogError {
        LogError(.corrupted, "An entry is not of the form that entries have. Run `sanhu verify`.")
    }
}

/// The type and the tags of an event.
package struct EntryFacts: Hashable, Sendable {
    package init(type: String, tags: [Tag]) { (self.type, self.tags) = (type, tags) }

    package let type: String
    package let tags: [Tag]
}
