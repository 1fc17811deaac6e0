internal import EventLog
internal import JSON

/// What is found out about an event that is to be sealed: where its values stand, whose keys seal them, what its tags are.
struct SealableParts: ~Copyable {
    private static let maximumNameBytes = 1_024

    private let document: JSONDocument
    private let plan: SealingPlan
    private let personalKinds: Set<String>
    private(set) var references: [KeyReference] = []
    private(set) var values: [Int?] = []
    private(set) var hosts: [Int?] = []
    private(set) var tags: [SealableEvent.TagSource] = []
    private var text: [UInt8] = []

    init(_ document: JSONDocument, _ plan: SealingPlan, personalKinds: Set<String>) {
        self.document = document
        self.plan = plan
        self.personalKinds = personalKinds
    }

    /// Finds the fields' values, and whose keys seal them.
    mutating func findValues(_ data: Int) throws(ExchangeError) {
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
                throw SealableEvent.invalid(
                    "“\(host.pointer)” is missing; its schema requires it.", "/data" + host.pointer)
            }
            guard tape.nodes[node].kind == (host.isArray ? .array : .object) else {
                throw SealableEvent.invalid(
                    "“\(host.pointer)” must be an \(host.isArray ? "array" : "object").", "/data" + host.pointer)
            }
            if host.isArray, tape.elements(of: node).count > host.slots.count {
                throw SealableEvent.invalid(
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
            throw SealableEvent.invalid(
                "“\(slot.field.mark.subject ?? "")”, the subject of “\(slot.field.pointer)”, is missing.",
                "/data" + (slot.field.mark.subject ?? ""))
        }
        guard let name = tape.name(at: node, in: bytes), !name.isEmpty, name.count <= Self.maximumNameBytes else {
            throw SealableEvent.invalid(
                "“\(slot.field.mark.subject ?? "")”, the subject of “\(slot.field.pointer)”, must be a string of 1 to "
                    + "\(Self.maximumNameBytes) bytes.", "/data" + (slot.field.mark.subject ?? ""))
        }
        return KeyReference(
            .named(String(decoding: name, as: UTF8.self)), compartment: slot.field.mark.compartment)
    }

    /// Adds the tags that a rule derives from the data.
    mutating func derive(_ rule: TagRule, _ data: Int) throws(ExchangeError) {
        let document = document
        let (tape, bytes) = (document.tape, document.bytes.span)
        // A field of a class above public must not tell by its tag whether it is there.
        let slot = rule.slot ?? (plan.isSealedWhole ? 0 : nil)
        guard rule.isMany else {
            if let node = tape.node(at: rule.path, from: data, in: bytes) {
                add(try tag(rule, node, tape, bytes), slot: slot)
            } else if let slot {
                tags.append(.decoy(kind: rule.kind, pointer: rule.pointer, slot))
            }
            return
        }
        let nodes = tape.nodes(at: rule.path[...], from: data, in: bytes)
        if nodes.isEmpty, let slot { tags.append(.decoy(kind: rule.kind, pointer: rule.pointer, slot)) }
        for node in nodes { add(try tag(rule, node, tape, bytes), slot: slot) }
    }

    /// The tag that a value becomes.
    private mutating func tag(
        _ rule: TagRule, _ node: Int, _ tape: JSONTape, _ bytes: Span<UInt8>
    ) throws(ExchangeError) -> Tag {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: rule.opening)
        guard tape.append(nameAt: node, in: bytes, to: &text) else {
            throw SealableEvent.invalid(
                "“\(rule.pointer)” becomes a tag and must be a string.", "/data" + rule.pointer)
        }
        do throws(LogError) {
            return try Tag(String(decoding: text, as: UTF8.self))
        } catch {
            throw SealableEvent.invalid(
                "“\(rule.pointer)” cannot become a tag of kind \(rule.kind).", "/data" + rule.pointer)
        }
    }

    /// Adds a tag, blinded if it names a person or stands in a field that is sealed.
    mutating func add(_ tag: Tag, slot: Int?) {
        if let reference = TagBlinder.reference(for: tag, kinds: personalKinds) {
            references.append(reference)
            tags.append(.blinded(tag, references.count - 1))
        } else if let slot {
            tags.append(.blinded(tag, slot))
        } else {
            tags.append(.plain(tag))
        }
    }
}
