internal import EventLog
internal import JSON
internal import LMDB
internal import SelectiveDisclosure
internal import Transparency

/// Seals events: replaces what their schema marks by digests, and makes the rows that keep it. Keeps its buffers, so
/// use one for many; one for each thread.
///
/// Everything is derived from the subjects' keys: an event that is sealed again, byte for byte the same, gives the same
/// bytes: see ``FieldSecret``.
package struct EventSealer: ~Copyable, Sendable {
    private var sealer = PayloadSealer()
    private var rowSealer = SealedRow.Sealer()
    private var context: [UInt8] = []
    private var marks: [PayloadSealer.Mark] = []
    /// For each field the index of its mark, or nil.
    private var marked: [Int?] = []
    /// The nodes of the values, and their fields.
    private var order: [(node: Int, slot: Int)] = []
    private var secrets: [FieldSecret] = []
    /// For each field its decoy, or nil if the event has the field.
    private var decoys: [DisclosureDigest?] = []

    package init() {}

    /// Seals an event.
    ///
    /// - Parameter keys: The keys of the event's ``SealableEvent/references``, in their order.
    /// - Throws: ``ExchangeError``: `.valueTooLarge` naming the path of a value that is larger than its mark says,
    ///   `.reservedName` if a name of the data belongs to the format of digests, `.keyMissing` if there are not as many
    ///   keys as references.
    /// - Complexity: O(*n* + *b*) in the bytes of the event and of its rows.
    package mutating func seal(_ event: borrowing SealableEvent, keys: [SubjectKey]) throws(ExchangeError)
        -> SealedEvent
    {
        try Self.check(keys, event)
        let plan = event.plan
        if plan.slots.isEmpty { return try unsealed(event, keys) }
        try mark(event, keys)
        do throws(DisclosureError) {
            try sealer.seal(event.document.bytes, event.document.tape, marks: marks, paddings: paddings(event))
        } catch {
            throw ExchangeError(
                error.code == .reservedName ? .reservedName : .eventInvalid, error.reason,
                pointer: error.pointer.description)
        }
        var rows: [[UInt8]] = []
        rows.reserveCapacity(plan.slots.count)
        for index in plan.slots.indices {
            let slot = plan.slots[index]
            begin(slot, event.place)
            context.append(contentsOf: plan.uriField)
            var (kind, json, digest) = (SealedRow.Kind.decoy, ArraySlice<UInt8>(), decoys[index])
            if let mark = marked[index] {
                (kind, json, digest) = (.value, sealer.disclosures.json(mark), sealer.disclosures.digests[mark])
                try Self.checkSize(json.count - slot.overhead, slot)
            }
            rows.append(
                try rowSealer.seal(
                    kind, json, digest: digest ?? secrets[index].decoy, slot, uriField: plan.uriField, secrets[index],
                    context: context, key: keys[index]))
        }
        return SealedEvent(
            event: withSubject(event, keys, sealer.payload), rows: rows, tags: try tags(event, keys))
    }

    /// An event of which its schema marks nothing: as it stands.
    private func unsealed(_ event: borrowing SealableEvent, _ keys: [SubjectKey]) throws(ExchangeError) -> SealedEvent {
        do throws(DisclosureError) {
            try PayloadSealer.checkNames(event.document)
        } catch {
            throw ExchangeError(.reservedName, error.reason, pointer: error.pointer.description)
        }
        return SealedEvent(
            event: event.document.bytes, rows: [], tags: try tags(event, keys), document: event.document)
    }

    /// The rows and tags of an event that its agency sealed itself.
    ///
    /// - Throws: As ``seal(_:keys:)``.
    package mutating func seal(_ event: borrowing HandedOverEvent, keys: [SubjectKey]) throws(ExchangeError)
        -> SealedEvent
    {
        try Self.check(keys, event.plain)
        var rows: [[UInt8]] = []
        for (index, slot) in event.plain.plan.slots.enumerated() {
            begin(slot, event.plain.place)
            let secret = FieldSecret(context, keys[index])
            context.append(contentsOf: event.plain.plan.uriField)
            let json = event.disclosures[index]?.json ?? []
            try Self.checkSize(max(json.count - slot.capacity, 0) + slot.field.mark.bytes, slot)
            rows.append(
                try rowSealer.seal(
                    json.isEmpty ? .decoy : .value, json[...], digest: event.disclosures[index]?.digest ?? secret.decoy,
                    slot, uriField: event.plain.plan.uriField, secret, context: context, key: keys[index]))
        }
        return SealedEvent(event: event.bytes, rows: rows, tags: try tags(event.plain, keys))
    }

    private static func check(_ keys: [SubjectKey], _ event: borrowing SealableEvent) throws(ExchangeError) {
        guard keys.count == event.references.count else {
            throw ExchangeError(
                .keyMissing,
                "\(event.references.count) keys are needed to seal the event, but \(keys.count) were given.")
        }
    }

    private static func checkSize(_ bytes: Int, _ slot: SealingSlot) throws(ExchangeError) {
        guard bytes <= slot.field.mark.bytes else {
            throw ExchangeError(
                .valueTooLarge,
                "“\(slot.field.pointer)” has more than \(slot.field.mark.bytes) bytes, the most its schema allows. "
                    + "Shorten it, or refer to a file by its hash.", pointer: "/data" + slot.field.pointer)
        }
    }

    /// Writes what salts and decoys of a field are derived from.
    private mutating func begin(_ slot: SealingSlot, _ place: EventPlace) {
        context.removeAll(keepingCapacity: true)
        context.append(contentsOf: place.bytes)
        context.append(contentsOf: slot.pointerField)
    }

    /// Derives salts and decoys, and sorts the marks as they stand in the text.
    private mutating func mark(_ event: borrowing SealableEvent, _ keys: [SubjectKey]) throws(ExchangeError) {
        let slots = event.plan.slots
        secrets.removeAll(keepingCapacity: true)
        decoys.removeAll(keepingCapacity: true)
        marked.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        for index in slots.indices {
            begin(slots[index], event.place)
            let secret = FieldSecret(context, keys[index])
            secrets.append(secret)
            marked.append(nil)
            decoys.append(event.values[index] == nil ? secret.decoy : nil)
            if let node = event.values[index] { order.append((node, index)) }
        }
        if order.count > 1 { order.sort { $0.node < $1.node } }
        for (node, index) in order {
            marked[index] = marks.count
            marks.append(PayloadSealer.Mark(node: node, salt: secrets[index].salt))
        }
    }

    private func paddings(_ event: borrowing SealableEvent) -> [PayloadSealer.Padding] {
        var order: [(node: Int, host: Int)] = []
        for (index, node) in event.hosts.enumerated() {
            if let node { order.append((node, index)) }
        }
        if order.count > 1 { order.sort { $0.node < $1.node } }
        return order.map { node, index in
            let slots = event.plan.hosts[index].slots
            return PayloadSealer.Padding(
                node: node, count: slots.count, decoys: slots.compactMap { decoys[$0] })
        }
    }

    /// Puts the subject of an event that is sealed as a whole back, blinded.
    private func withSubject(_ event: borrowing SealableEvent, _ keys: [SubjectKey], _ payload: [UInt8]) -> [UInt8] {
        guard let subject = event.subject else { return payload }
        return Array("{\"subject\":\"\(TagBlinder.attribute(subject, under: keys[0]))\",".utf8) + payload.dropFirst()
    }

    private func tags(_ event: borrowing SealableEvent, _ keys: [SubjectKey]) throws(ExchangeError) -> [Tag] {
        var tags: [Tag] = []
        tags.reserveCapacity(event.tags.count)
        for source in event.tags {
            switch source {
            case .plain(let tag): tags.append(tag)
            case .blinded(let tag, let key): tags.append(try TagBlinder.blinded(tag, under: keys[key]))
            case .decoy(let kind, let pointer, let key):
                let context = event.place.bytes + EventPlace.field(Array(pointer.utf8))
                tags.append(try TagBlinder.decoy(kind: kind, context: context, under: keys[key]))
            }
        }
        return Self.sorted(tags)
    }

    /// Tags in their order, each once. There are few, so none is hashed.
    private static func sorted(_ tags: [Tag]) -> [Tag] {
        guard let first = (1..<max(tags.count, 1)).first(where: { !(tags[$0 - 1] < tags[$0]) }) else { return tags }
        guard tags.count <= 32 else { return Set(tags).sorted() }
        var sorted = Array(tags[..<first])
        sorted.reserveCapacity(tags.count)
        for tag in tags[first...] {
            var place = sorted.count
            while place > 0, tag < sorted[place - 1] { place -= 1 }
            if place == 0 || sorted[place - 1] != tag { sorted.insert(tag, at: place) }
        }
        return sorted
    }
}
