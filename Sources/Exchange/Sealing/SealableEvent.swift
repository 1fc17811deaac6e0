package import EventLog
package import JSON
internal import SelectiveDisclosure

/// An event about to be sealed: where its marked values stand, and which keys it takes.
///
/// An event that is sealed as a whole is rewritten first: CloudEvents has no place for digests beside `data`, so the
/// data are wrapped once, `"data":{"data":…}`, and the outer object has the one digest; `subject` is left out, for the
/// sealer to put it back blinded.
package struct SealableEvent: ~Copyable, Sendable {
    /// How a tag is made.
    enum TagSource: Sendable {
        case plain(Tag)
        /// Blinded under the key of the reference with this index.
        case blinded(Tag, Int)
        /// Made to look like one of a kind.
        case decoy(kind: String, pointer: String, Int)
    }

    private static let idName = Array("id".utf8)
    private static let sourceName = Array("source".utf8)
    private static let dataName = Array("data".utf8)
    private static let subjectName = Array("subject".utf8)

    package let plan: SealingPlan
    /// Whose keys the sealer needs: one for each field of the plan, in its order, then those for tags.
    package let references: [KeyReference]
    let document: JSONDocument
    /// Nowhere if it has no fields that are sealed: then nothing is derived from it.
    let place: EventPlace
    /// Where the fields' values and the hosts stand; nil for those that are absent.
    let values: [Int?]
    let hosts: [Int?]
    let tags: [TagSource]
    /// The attribute `subject` that was left out, or nil.
    let subject: [UInt8]?

    /// Finds out what is to be sealed.
    ///
    /// - Parameters:
    ///   - event: A CloudEvent whose data satisfy the plan's schema.
    ///   - agency: Who appends it.
    ///   - tags: Tags that it is to carry beside those that its schema derives.
    ///   - personalKinds: The kinds of tags that are blinded.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` if an attribute, a required object or a subject's name is
    ///   missing or not of its kind.
    /// - Complexity: O(*n* + *f* · *m*) in the bytes, if they are not compact, the fields and the members of their
    ///   objects.
    package init(
        _ event: JSONDocument, agency: String, tags: [Tag] = [], plan: SealingPlan,
        personalKinds: Set<String> = TagBlinder.personalKinds
    ) throws(ExchangeError) {
        let compact = try Self.compact(event)
        let (id, source) = (try Self.attribute(Self.idName, compact), try Self.attribute(Self.sourceName, compact))
        // Most events have nothing that is sealed, and then nothing is derived from their place.
        let place =
            plan.slots.isEmpty
            ? .nowhere
            : EventPlace(agency: Array(agency.utf8), source: compact.text(at: source), id: compact.text(at: id))
        var subject: [UInt8]?
        var document = compact
        if plan.isSealedWhole {
            let node = compact.tape.member(Self.subjectName, ofObjectAt: 0, in: compact.bytes.span)
            subject = node.flatMap { compact.tape.name(at: $0, in: compact.bytes.span) }
            document = try Self.wrapped(compact)
        }
        var parts = SealableParts(document, plan, personalKinds: personalKinds)
        let data = try Self.findData(document, plan)
        if let data { try parts.findValues(data) }
        for tag in tags { parts.add(tag, slot: plan.isSealedWhole ? 0 : nil) }
        if let data { for rule in plan.tags { try parts.derive(rule, data) } }
        self.plan = plan
        self.document = document
        self.place = place
        self.subject = subject
        references = parts.references
        values = parts.values
        hosts = parts.hosts
        self.tags = parts.tags
    }

    private static func compact(_ event: JSONDocument) throws(ExchangeError) -> JSONDocument {
        guard event.root.kind == .object else { throw invalid("An event is a JSON object.", "") }
        guard event.tape.whitespaceBytes > 0 else { return event }
        var bytes: [UInt8] = []
        JSONCompaction.append(event.bytes, event.tape, to: &bytes)
        return try parsed(bytes)
    }

    private static func parsed(_ bytes: [UInt8]) throws(ExchangeError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes)
        } catch {
            throw invalid("The event is not JSON that is accepted: \(error).", "")
        }
    }

    private static func attribute(_ name: [UInt8], _ event: JSONDocument) throws(ExchangeError) -> Int {
        let node = event.tape.member(name, ofObjectAt: 0, in: event.bytes.span)
        guard let node, event.tape.nodes[node].kind == .string else {
            let name = String(decoding: name, as: UTF8.self)
            throw invalid("An event needs “\(name)”, a string.", "/" + name)
        }
        return node
    }

    /// The event without `subject` and with its data wrapped.
    private static func wrapped(_ event: JSONDocument) throws(ExchangeError) -> JSONDocument {
        let (tape, text) = (event.tape, event.bytes.span)
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        var key = 1
        while key < tape.nodes.count {
            let value = key + 1
            if !tape.matches(subjectName, key, in: text) {
                if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: event.bytes[tape.range(of: key)])
                bytes.append(UInt8(ascii: ":"))
                let isData = tape.matches(dataName, key, in: text)
                if isData { bytes.append(contentsOf: "{\"data\":".utf8) }
                bytes.append(contentsOf: event.bytes[tape.range(of: value)])
                if isData { bytes.append(UInt8(ascii: "}")) }
            }
            key = Int(tape.nodes[value].end)
        }
        bytes.append(UInt8(ascii: "}"))
        return try parsed(bytes)
    }

    /// Where the data stand, or nil if there are none and none are needed.
    private static func findData(_ document: JSONDocument, _ plan: SealingPlan) throws(ExchangeError) -> Int? {
        let outer = document.tape.member(Self.dataName, ofObjectAt: 0, in: document.bytes.span)
        let data =
            plan.isSealedWhole
            ? outer.flatMap { document.tape.member(Self.dataName, ofObjectAt: $0, in: document.bytes.span) } : outer
        if plan.slots.isEmpty { return data }
        guard let data else { throw invalid("The event has no data, of which its schema marks parts.", "/data") }
        return data
    }

    static func invalid(_ reason: String, _ pointer: String) -> ExchangeError {
        ExchangeError(.eventInvalid, reason, pointer: pointer)
    }
}

extension JSONDocument {
    /// The text of a string node, its escapes resolved.
    fileprivate func text(at node: Int) -> [UInt8] { tape.decodedBytes(at: node, in: bytes.span) }
}
