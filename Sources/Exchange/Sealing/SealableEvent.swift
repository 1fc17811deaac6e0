package import EventLog
package import JSON
internal import SelectiveDisclosure

/// An event about to be sealed: where its marked values stand, and which keys it takes.
///
/// An event that is sealed as a whole is rewritten first: CloudEvents has no place for digests beside `data`, so the
/// data are wrapped once, `"data":{"data":…}`, and the outer object has the one digest; `subject` is left out, for the
/// sealer to put it back blinded.
package struct SealableEvent: Sendable {
    /// How a tag is made.
    enum TagSource: Sendable {
        case plain(Tag)
        /// Blinded under the key of the reference with this index.
        case blinded(Tag, Int)
        /// Made to look like one of a kind.
        case decoy(kind: String, pointer: String, Int)
    }

    private static let dataName = Array("data".utf8)
    private static let subjectName = Array("subject".utf8)
    private static let maximumNameBytes = 1_024

    package let plan: SealingPlan
    private let personalKinds: Set<String>
    /// Whose keys the sealer needs: one for each field of the plan, in its order, then those for tags.
    package private(set) var references: [KeyReference] = []
    let document: JSONDocument
    let place: EventPlace
    /// Where the fields' values and the hosts stand; nil for those that are absent.
    private(set) var values: [Int?] = []
    private(set) var hosts: [Int?] = []
    private(set) var tags: [TagSource] = []
    /// The attribute `subject` that was left out, or nil.
    let subject: [UInt8]?

    /// Finds out what is to be sealed.
    ///
    /// - Parameters:
    ///   - event: A CloudEvent whose data satisfy the plan's schema.
    ///   - agency: Who appends it.
    ///   - tags: Tags that it is to carry beside those that its schema derives.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` if an attribute, a required object or a subject's name is
    ///   missing or not of its kind.
    /// - Complexity: O(*n* + *f* · *m*) in the bytes, if they are not compact, the fields and the members of their
    ///   objects.
    ///   - personalKinds: The kinds of tags that are blinded.
    package init(
        _ event: JSONDocument, agency: String, tags: [Tag] = [], plan: SealingPlan,
        personalKinds: Set<String> = TagBlinder.personalKinds
    ) throws(ExchangeError) {
        self.plan = plan
        self.personalKinds = personalKinds
        let compact = try Self.compact(event)
        let (id, source) = (try Self.attribute("id", compact), try Self.attribute("source", compact))
        place = EventPlace(agency: Array(agency.utf8), source: source, id: id)
        if plan.isSealedWhole {
            let node = compact.tape.member(Self.subjectName, ofObjectAt: 0, in: compact.bytes.span)
            subject = node.flatMap { compact.tape.name(at: $0, in: compact.bytes.span) }
            document = try Self.wrapped(compact)
        } else {
            subject = nil
            document = compact
        }
        let data = try findData()
        if let data { try findValues(data) }
        for tag in tags { add(tag, slot: plan.isSealedWhole ? 0 : nil) }
        if let data { for rule in plan.tags { try derive(rule, data) } }
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

    private static func attribute(_ name: String, _ event: JSONDocument) throws(ExchangeError) -> [UInt8] {
        let node = event.tape.member(Array(name.utf8), ofObjectAt: 0, in: event.bytes.span)
        guard let node, event.tape.nodes[node].kind == .string else {
            throw invalid("An event needs “\(name)”, a string.", "/" + name)
        }
        return event.tape.decodedBytes(at: node, in: event.bytes.span)
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
    private func findData() throws(ExchangeError) -> Int? {
        let outer = document.tape.member(Self.dataName, ofObjectAt: 0, in: document.bytes.span)
        let data =
            plan.isSealedWhole
            ? outer.flatMap { document.tape.member(Self.dataName, ofObjectAt: $0, in: document.bytes.span) } : outer
        if plan.slots.isEmpty { return data }
        guard let data else { throw Self.invalid("The event has no data, of which its schema marks parts.", "/data") }
        return data
    }

    private mutating func findValues(_ data: Int) throws(ExchangeError) {
        let document = document
        let (tape, bytes) = (document.tape, document.bytes.span)
        references.reserveCapacity(plan.slots.count)
        values = Array(repeating: nil, count: plan.slots.count)
        for host in plan.hosts {
            let node = tape.node(at: host.path, from: 0, in: bytes)
            hosts.append(node)
            guard let node else {
                // An array may be absent; its persons are then as well. An object with digests may not.
                if host.isArray { continue }
                throw Self.invalid("“\(host.pointer)” is missing; its schema requires it.", "/data" + host.pointer)
            }
            guard tape.nodes[node].kind == (host.isArray ? .array : .object) else {
                throw Self.invalid(
                    "“\(host.pointer)” must be an \(host.isArray ? "array" : "object").", "/data" + host.pointer)
            }
            if host.isArray, tape.elements(of: node).count > host.slots.count {
                throw Self.invalid(
                    "“\(host.pointer)” has more than \(host.slots.count) elements.", "/data" + host.pointer)
            }
            for slot in host.slots {
                values[slot] = tape.node(at: [plan.slots[slot].step], from: node, in: bytes)
            }
        }
        for (index, slot) in plan.slots.enumerated() { references.append(try reference(slot, values[index], data)) }
    }

    /// Whose key seals a field.
    private func reference(_ slot: SealingSlot, _ value: Int?, _ data: Int) throws(ExchangeError) -> KeyReference {
        guard let path = slot.subjectPath else { return slot.ownerKey }
        let (tape, bytes) = (document.tape, document.bytes.span)
        guard let node = tape.node(at: path, from: data, in: bytes) else {
            // Nothing to hide is about nobody.
            guard value != nil else { return slot.ownerKey }
            throw Self.invalid(
                "“\(slot.field.mark.subject ?? "")”, the subject of “\(slot.field.pointer)”, is missing.",
                "/data" + (slot.field.mark.subject ?? ""))
        }
        guard let name = tape.name(at: node, in: bytes), !name.isEmpty, name.count <= Self.maximumNameBytes else {
            throw Self.invalid(
                "“\(slot.field.mark.subject ?? "")”, the subject of “\(slot.field.pointer)”, must be a string of 1 to "
                    + "\(Self.maximumNameBytes) bytes.", "/data" + (slot.field.mark.subject ?? ""))
        }
        return KeyReference(
            .named(String(decoding: name, as: UTF8.self)), compartment: slot.field.mark.compartment)
    }

    /// Adds the tags that a rule derives from the data.
    private mutating func derive(_ rule: TagRule, _ data: Int) throws(ExchangeError) {
        let document = document
        let (tape, bytes) = (document.tape, document.bytes.span)
        // A field of a class above public must not tell by its tag whether it is there.
        let slot = rule.slot ?? (plan.isSealedWhole ? 0 : nil)
        let nodes = tape.nodes(at: rule.path[...], from: data, in: bytes)
        if nodes.isEmpty, let slot { tags.append(.decoy(kind: rule.kind, pointer: rule.pointer, slot)) }
        for node in nodes {
            guard let name = tape.name(at: node, in: bytes) else {
                throw Self.invalid("“\(rule.pointer)” becomes a tag and must be a string.", "/data" + rule.pointer)
            }
            let tag: Tag
            do throws(LogError) {
                tag = try Tag(kind: rule.kind, value: String(decoding: name, as: UTF8.self))
            } catch {
                throw Self.invalid(
                    "“\(rule.pointer)” cannot become a tag of kind \(rule.kind).", "/data" + rule.pointer)
            }
            add(tag, slot: slot)
        }
    }

    private mutating func add(_ tag: Tag, slot: Int?) {
        if let reference = TagBlinder.reference(for: tag, kinds: personalKinds) {
            references.append(reference)
            tags.append(.blinded(tag, references.count - 1))
        } else if let slot {
            tags.append(.blinded(tag, slot))
        } else {
            tags.append(.plain(tag))
        }
    }

    static func invalid(_ reason: String, _ pointer: String) -> ExchangeError {
        ExchangeError(.eventInvalid, reason, pointer: pointer)
    }
}
