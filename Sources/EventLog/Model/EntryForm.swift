internal import JSON
internal import LMDB

/// The form that every entry has, and the one place that says whether some bytes have it: whoever reads a log or a
/// snapshot takes nothing that no append could have written.
///
/// ```text
/// {"recorded":"2026-03-01T00:15:30.123456Z","agency":"CUS","tags":["…","…"],"event":{…}}
/// ```
///
/// Compact, these members in this order, `"signature"` (a string) after them if the agency signed; the time in its one
/// form, tags unique and in the order of their bytes, the event a CloudEvent. A form keeps its buffers: use one for many
/// entries. What it says besides is of the entry that it parsed last.
package struct EntryForm {
    private var parser = JSONParser(
        limits: .init(maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1))
    private var tape = JSONTape()
    /// Where the tags and the event stand in the tape.
    private var tags = 0
    private var event: CloudEventAttributes?
    private var name: [UInt8] = []
    private var lastName: [UInt8] = []

    private static let recordedName = Array("recorded".utf8)
    private static let agencyName = Array("agency".utf8)
    private static let tagsName = Array("tags".utf8)
    private static let eventName = Array("event".utf8)
    private static let signatureName = Array("signature".utf8)

    package init() {}

    /// Parses an entry.
    ///
    /// - Returns: When it was recorded.
    /// - Throws: ``LogError`` with code `.corrupted`, naming the position and what is wrong.
    /// - Complexity: O(*n*) in the entry's bytes; no allocation once the buffers have grown.
    package mutating func parse(_ entry: Span<UInt8>, at position: Position) throws(LogError) -> Timestamp {
        do throws(EntryFault) {
            return try parse(entry)
        } catch {
            throw LogError(.corrupted, "What stands at position \(position) is not an entry: \(error).")
        }
    }

    /// Checks that time has not gone back from one entry to the next.
    ///
    /// - Throws: ``LogError`` with code `.corrupted`, naming the position.
    package static func check(
        _ recorded: Timestamp, isNotBefore last: Timestamp, at position: Position
    ) throws(LogError) {
        guard recorded >= last else {
            throw LogError(.corrupted, "The entry at position \(position) was recorded before the one before it.")
        }
    }

    private mutating func parse(_ entry: Span<UInt8>) throws(EntryFault) -> Timestamp {
        event = nil
        do throws(JSONError) {
            try parser.parse(entry, into: &tape)
        } catch {
            throw .json(error)
        }
        guard tape.whitespaceBytes == 0 else { throw .whitespace }
        guard tape.nodes[0].kind == .object else { throw .members }
        var at = 1
        let recorded = try checkTime(member(Self.recordedName, &at, entry), entry)
        try checkAgency(member(Self.agencyName, &at, entry), entry)
        tags = try member(Self.tagsName, &at, entry)
        try checkTags(entry)
        let object = try member(Self.eventName, &at, entry)
        if at < tape.nodes.count {
            let signature = try member(Self.signatureName, &at, entry)
            guard tape.nodes[signature].kind == .string else { throw .signature }
        }
        guard at == tape.nodes.count else { throw .members }
        do throws(LogError) {
            event = try CloudEventAttributes(tape, entry, object: object)
        } catch {
            throw .event(error.reason)
        }
        return recorded
    }

    /// The value of the member that must come next.
    private func member(_ name: [UInt8], _ at: inout Int, _ entry: Span<UInt8>) throws(EntryFault) -> Int {
        guard at < tape.nodes.count, !tape.nodes[at].isEscaped, tape.matches(name, at, in: entry) else {
            throw .members
        }
        let value = at + 1
        at = Int(tape.nodes[value].end)
        return value
    }

    private func checkTime(_ index: Int, _ entry: Span<UInt8>) throws(EntryFault) -> Timestamp {
        guard let text = plainText(index, entry), let time = Timestamp(written: entry.extracting(text)) else {
            throw .time
        }
        return time
    }

    private func checkAgency(_ index: Int, _ entry: Span<UInt8>) throws(EntryFault) {
        guard let text = plainText(index, entry), AgencyName.isValid(entry.extracting(text)) else { throw .agency }
    }

    /// Where the text of a string without escapes stands; nil if there is none.
    private func plainText(_ index: Int, _ entry: Span<UInt8>) -> Range<Int>? {
        let node = tape.nodes[index]
        guard node.kind == .string, !node.isEscaped else { return nil }
        return Int(node.offset)..<Int(node.offset + node.length)
    }

    private mutating func checkTags(_ entry: Span<UInt8>) throws(EntryFault) {
        guard tape.nodes[tags].kind == .array else { throw .tags("“tags” is not an array") }
        let end = Int(tape.nodes[tags].end)
        lastName.removeAll(keepingCapacity: true)
        var at = tags + 1
        while at < end {
            guard tape.nodes[at].kind == .string else { throw .tags("a tag is not a string") }
            guard at - tags <= LogLimits.tagsPerEvent else {
                throw .tags("it has more than \(LogLimits.tagsPerEvent) tags")
            }
            read(at, entry)
            if let fault = Tag.fault(in: name.span) { throw .tags("a tag \(fault)") }
            guard isWrittenPlainly(at, entry) else { throw .tags("a tag has an escape that it needs not") }
            guard at == tags + 1 || Tag.isOrdered(lastName.span, name.span) else {
                throw .tags("its tags are not unique and in the order of their bytes")
            }
            swap(&name, &lastName)
            at += 1
        }
    }

    /// Whether the string whose text is in ``name`` is written with no more escapes than it must be.
    private func isWrittenPlainly(_ index: Int, _ entry: Span<UInt8>) -> Bool {
        let node = tape.nodes[index]
        guard node.isEscaped else { return true }
        var written: [UInt8] = []
        JSONText.appendQuoted(name.span, to: &written)
        let start = Int(node.offset) - 1
        return written.span.isEqual(to: entry.extracting(start..<start + Int(node.length) + 2))
    }

    /// Puts the text of a string into ``name``.
    private mutating func read(_ index: Int, _ entry: Span<UInt8>) {
        name.removeAll(keepingCapacity: true)
        tape.appendText(at: index, in: entry, to: &name)
    }

    // MARK: The entry that was parsed last

    /// What its event is known by: source, a zero byte, id. Nil if it was no entry.
    func identity(of entry: Span<UInt8>) -> [UInt8]? {
        guard let event else { return nil }
        var identity: [UInt8] = []
        event.appendIdentity(tape, entry, to: &identity)
        return identity
    }

    /// The hash of what its event is known by.
    mutating func identityHash(of entry: Span<UInt8>, _ hasher: IndexHasher) -> UInt64? {
        guard let event else { return nil }
        name.removeAll(keepingCapacity: true)
        event.appendIdentity(tape, entry, to: &name)
        return hasher.hash(.id, name.span)
    }

    /// Appends the hashes that it is filed under: the id's, the type's, then the tags'.
    mutating func appendKeys(of entry: Span<UInt8>, _ hasher: IndexHasher, to keys: inout [UInt64]) {
        guard let event, let id = identityHash(of: entry, hasher) else { return }
        keys.append(id)
        read(event.type, entry)
        keys.append(hasher.hash(.type, name.span))
        for tag in tags + 1..<Int(tape.nodes[tags].end) {
            read(tag, entry)
            keys.append(hasher.hash(.tag, name.span))
        }
    }
}
