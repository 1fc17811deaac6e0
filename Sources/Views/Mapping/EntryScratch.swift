internal import EventLog
internal import JSON
internal import LMDB

/// What looking at entries one after another keeps using again: where tags stand, and the parsed form, if it was asked for.
/// One for each thread.
final class EntryScratch {
    private var tags: [EntryShape.Part] = []
    /// Whether the tags are those of the entry that is looked at.
    private var hasTags = false
    private var parser = JSONParser(
        limits: .init(maximumBytes: 2 << 20, maximumDepth: LogLimits.depth + 3))
    private var tape = JSONTape()
    private var isParsed = false
    /// How many of the bytes are the entry; texts that had escapes stand after it.
    private var length = 0
    /// Where the data stand in the tape; nil if there are none.
    private var data: Int?
    private var event: Int?

    /// Which fields of a set a schema seals, as it was asked for last.
    private var sealed: (set: FieldSet, marks: SchemaTraits, fields: [Bool])?

    private static let eventName = Array("event".utf8)
    private static let dataName = Array("data".utf8)

    /// Forgets the entry before.
    @inline(__always)
    func begin(_ length: Int) {
        isParsed = false
        hasTags = false
        self.length = length
    }

    /// How many tags the entry has, which are looked for when they are asked for.
    func tagCount(_ bytes: Span<UInt8>, _ shape: EntryShape) -> Int {
        if !hasTags {
            tags.removeAll(keepingCapacity: true)
            shape.appendTags(bytes, to: &tags)
            hasTags = true
        }
        return tags.count
    }

    /// Where a tag stands.
    func tag(_ index: Int, _ bytes: Span<UInt8>, _ shape: EntryShape) -> Range<Int> {
        _ = tagCount(bytes, shape)
        return tags[index].range
    }

    /// An entry in which names or texts have escapes: its bytes, and after them these texts without.
    ///
    /// - Returns: nil if it is no entry.
    func plain(_ bytes: Span<UInt8>) -> (bytes: [UInt8], shape: EntryShape)? {
        begin(bytes.count)
        parse(bytes)
        tags.removeAll(keepingCapacity: true)
        hasTags = true
        var plain = bytes.copied
        func text(_ node: Int?) -> EntryShape.Part? {
            guard let node, tape.nodes[node].kind == .string else { return nil }
            let text = tape.decodedBytes(at: node, in: bytes)
            plain += text
            return EntryShape.Part(plain.count - text.count..<plain.count)
        }
        guard let event, let list = tape.member(Array("tags".utf8), ofObjectAt: 0, in: bytes),
            let agency = text(tape.member(Array("agency".utf8), ofObjectAt: 0, in: bytes)),
            let type = text(tape.member(Array("type".utf8), ofObjectAt: event, in: bytes))
        else { return nil }
        var at = list + 1
        while at < Int(tape.nodes[list].end) {
            guard let tag = text(at) else { return nil }
            tags.append(tag)
            at = Int(tape.nodes[at].end)
        }
        let schema = text(tape.member(Array("dataschema".utf8), ofObjectAt: event, in: bytes))
        return (plain, EntryShape(agency: agency, type: type, dataschema: schema ?? EntryShape.Part()))
    }

    /// The node in the data that a path leads to.
    func node(at path: FieldPath, in bytes: Span<UInt8>) -> Int? {
        if !isParsed { parse(bytes) }
        guard var node = data else { return nil }
        for token in path.tokens {
            switch tape.nodes[node].kind {
            case .object:
                guard let next = tape.member(token, ofObjectAt: node, in: bytes) else { return nil }
                node = next
            case .array:
                guard let next = Self.element(token, of: node, tape) else { return nil }
                node = next
            default: return nil
            }
        }
        return node
    }

    /// The node of an attribute of the event, beside its data.
    func attribute(_ name: String, in bytes: Span<UInt8>) -> Int? {
        if !isParsed { parse(bytes) }
        guard let event else { return nil }
        return tape.member(Array(name.utf8), ofObjectAt: event, in: bytes)
    }

    private func parse(_ bytes: Span<UInt8>) {
        isParsed = true
        (data, event) = (nil, nil)
        let entry = bytes.extracting(0..<length)
        guard (try? parser.parse(entry, into: &tape)) != nil,
            let event = tape.member(Self.eventName, ofObjectAt: 0, in: bytes)
        else { return }
        self.event = event
        data = tape.member(Self.dataName, ofObjectAt: event, in: bytes)
    }

    private static func element(_ token: [UInt8], of array: Int, _ tape: JSONTape) -> Int? {
        guard let wanted = Int(String(decoding: token, as: UTF8.self)), wanted >= 0,
            String(wanted).utf8.elementsEqual(token)
        else { return nil }
        var at = array + 1
        let end = Int(tape.nodes[array].end)
        for _ in 0..<wanted where at < end { at = Int(tape.nodes[at].end) }
        return at < end ? at : nil
    }

    /// Where the text of a node stands; that of a string with its quotes.
    func textRange(of node: Int) -> Range<Int>? {
        guard isParsed, tape.nodes.indices.contains(node) else { return nil }
        return Self.textRange(of: tape.nodes[node])
    }

    private static func textRange(of node: JSONTape.Node) -> Range<Int> {
        let quote = node.kind == .string ? 1 : 0
        return Int(node.offset) - quote..<Int(node.offset) + Int(node.length) + quote
    }

    /// The text of a string; nil if it is none.
    func string(at node: Int, in bytes: Span<UInt8>) -> String? {
        guard isParsed, tape.nodes.indices.contains(node), tape.nodes[node].kind == .string else { return nil }
        return tape.decodedString(at: node, in: bytes)
    }

    // MARK: Fields together

    /// Appends the values of a set of fields as a fact's row has them.
    func append(_ set: FieldSet, _ marks: SchemaTraits, in bytes: Span<UInt8>, to row: inout [UInt8]) {
        if !isParsed { parse(bytes) }
        if sealed.map({ $0.set !== set || $0.marks !== marks }) ?? true {
            sealed = (set, marks, set.sealed(by: marks))
        }
        let (isSealed, tape) = (sealed?.fields ?? [], tape)
        let (ways, names, substitute) = (set.ways, set.names, set.substitute)
        var room = set.longestTogether
        var missing = 0
        for index in ways.indices {
            let way = ways[index]
            if isSealed[index] {
                FactRow.append(missing: &missing, to: &row)
                FactRow.append(.reference, names.span.extracting(way.pointer), to: &row)
            } else if let node = Self.node(way, set.steps, names, tape, way.isAttribute ? event : data, in: bytes) {
                let range = Self.textRange(of: tape.nodes[node])
                FactRow.append(missing: &missing, to: &row)
                if range.count <= min(room, set.longest) {
                    FactRow.append(.json, bytes.extracting(range), to: &row)
                    room -= range.count
                } else {
                    FactRow.append(.text, substitute.span, to: &row)
                }
            } else {
                missing += 1
            }
        }
        FactRow.append(missing: &missing, to: &row)
    }

    @inline(__always)
    private static func node(
        _ way: FieldSet.Way, _ steps: [Range<Int>], _ names: [UInt8], _ tape: JSONTape, _ start: Int?,
        in bytes: Span<UInt8>
    ) -> Int? {
        guard var node = start else { return nil }
        for step in way.steps {
            let name = names.span.extracting(steps[step])
            switch tape.nodes[node].kind {
            case .object:
                guard let next = tape.member(name, ofObjectAt: node, in: bytes) else { return nil }
                node = next
            case .array:
                guard let next = element(name.copied, of: node, tape) else { return nil }
                node = next
            default: return nil
            }
        }
        return node
    }
}
