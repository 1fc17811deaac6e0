internal import EventLog
internal import JSON

/// An event whose id is in the log already, with the keys to seal it again. No key is made for it: it would outlive a retry
/// that says something else. In the place of a key that was destroyed, or never was, there is a stand-in, so that what is
/// sealed with it differs from anything in the log.
struct RetriedEvent {
    private let plan: SealingPlan
    private let place: EventPlace
    private let tags: [SealableEvent.TagSource]
    /// The keys of the event's references, in their order.
    let keys: [SubjectKey]
    private let findings: [KeyStore.Finding?]

    /// - Throws: ``ExchangeError``: `.keyDamaged`, `.log`.
    init(_ event: borrowing SealableEvent, _ store: KeyStore) throws(ExchangeError) {
        plan = event.plan
        place = event.place
        tags = event.tags
        findings = try store.findings(for: event.references)
        var standIns: [KeyReference: SubjectKey] = [:]
        keys = zip(event.references, findings).map { reference, finding in
            if case .live(let key)? = finding { return key }
            if let known = standIns[reference] { return known }
            let key = SubjectKey(number: 0, dataKey: KeyWrap.random(SubjectKey.byteCount), mask: store.mask)
            standIns[reference] = key
            return key
        }
    }

    /// Whether it is about a subject that was erased.
    var isErased: Bool { findings.indices.contains { fence($0) != nil } }

    /// Whether an entry says the same, so far as it can be told: all but the values of erased subjects. In the place of
    /// each of those there must be the row of a key that was destroyed with that subject.
    ///
    /// - Parameters:
    ///   - draft: The event, sealed with ``keys``.
    ///   - rows: The entry's.
    /// - Complexity: O(*n* log *n*) in the bytes of the event and of its rows.
    func says(
        _ draft: EventDraft, as known: Entry, _ rows: [[UInt8]], _ store: KeyStore
    ) throws(ExchangeError) -> Bool {
        let (view, blinded) = (try EntryView(known), try blindedTags())
        return findings.allSatisfy { $0 != nil } && isSameText(draft, view)
            && isSame(blinded, Set(draft.tags), Set(view.tags)) && areSame(rows, draft.disclosures, store)
    }

    /// The fence behind which the subject of a reference was erased, or nil.
    private func fence(_ reference: Int) -> UInt64? {
        if case .erased(let fence)? = findings[reference] { fence } else { nil }
    }

    /// What an agency sealed itself is the same to the byte; else digests follow from the rows.
    private func isSameText(_ draft: EventDraft, _ view: EntryView) -> Bool {
        guard let stored = view.document.root["event"],
            let own = try? JSONDocument(parsing: draft.event, limits: .init(maximumDepth: LogLimits.depth)).root
        else { return false }
        guard draft.signature == nil else {
            return JSONCanonicalForm.bytes(of: own) == JSONCanonicalForm.bytes(of: stored)
        }
        let isSubjectErased = plan.isSealedWhole && fence(0) != nil
        return Self.text(own, isSubjectErased) == Self.text(stored, isSubjectErased)
    }

    private static func text(_ event: JSONValue, _ isSubjectErased: Bool) -> [UInt8] {
        var json = JSONWriter()
        write(event, leavingOut: isSubjectErased ? ["subject"] : [], to: &json)
        return json.bytes
    }

    /// Writes a value with the number of digests in their place, members in one order.
    private static func write(_ value: JSONValue, leavingOut names: Set<String> = [], to json: inout JSONWriter) {
        switch value.kind {
        case .object:
            json.object { json in
                for (key, member) in value.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                    json.key(key)
                    if key == "_sd" || key == "..." || names.contains(key) {
                        json.integer(Int64(member.elements.count))
                    } else {
                        write(member, to: &json)
                    }
                }
            }
        case .array: json.array { json in for element in value.elements { write(element, to: &json) } }
        default: json.raw(JSONCanonicalForm.bytes(of: value))
        }
    }

    /// The event's tags that are blinded under keys of erased subjects, as they are with the stand-ins.
    private func blindedTags() throws(ExchangeError) -> Set<Tag> {
        var tags: Set<Tag> = []
        for source in self.tags {
            switch source {
            case .blinded(let tag, let key) where fence(key) != nil:
                tags.insert(try TagBlinder.blinded(tag, under: keys[key]))
            case .decoy(let kind, let pointer, let key) where fence(key) != nil:
                let context = place.bytes + EventPlace.field(Array(pointer.utf8))
                tags.insert(try TagBlinder.decoy(kind: kind, context: context, under: keys[key]))
            case .plain, .blinded, .decoy: break
            }
        }
        return tags
    }

    /// Whether the tags are the same but for those that cannot be compared, of which there are as many of each kind.
    private func isSame(_ blinded: Set<Tag>, _ own: Set<Tag>, _ stored: Set<Tag>) -> Bool {
        let compared = own.subtracting(blinded)
        func kinds(_ tags: Set<Tag>) -> [String] { tags.subtracting(compared).map { String($0.kind) }.sorted() }
        return compared.isSubset(of: stored) && kinds(own) == kinds(stored)
    }

    private func areSame(_ stored: [[UInt8]], _ own: [[UInt8]], _ store: KeyStore) -> Bool {
        let slots = plan.slots
        guard stored.count == slots.count, own.count == slots.count else { return false }
        // A value in which one of an erased subject stands has that one's digest in it.
        var holdsErased = Set<Int>()
        for index in slots.indices where fence(index) != nil {
            var next = slots[index].parent
            while let parent = next, holdsErased.insert(parent).inserted { next = slots[parent].parent }
        }
        return slots.indices.allSatisfy { index in
            if let fence = fence(index) { return isOf(fence, stored[index], store) }
            if stored[index] == own[index] { return true }
            return holdsErased.contains(index) && isSameValue(stored[index], own[index], ordinal: index)
        }
    }

    /// Whether a row was sealed with a key that was destroyed behind a fence.
    private func isOf(_ fence: UInt64, _ row: [UInt8], _ store: KeyStore) -> Bool {
        guard let number = SealedRow.keyNumber(row.span, store.mask),
            case .erased(let found)? = try? store.key(numbered: number)
        else { return false }
        return found == fence
    }

    /// Whether two rows hold the same value but for digests in it.
    private func isSameValue(_ row: [UInt8], _ other: [UInt8], ordinal: Int) -> Bool {
        var opener = DisclosureOpener()
        func text(_ row: [UInt8]) -> [UInt8]? {
            let content = opener.open(row, ordinal: ordinal, of: plan, at: place, key: keys[ordinal])
            guard case .value(let json, _) = content, let root = try? JSONDocument(parsing: json).root else {
                return nil
            }
            return Self.text(root, false)
        }
        return text(row).map { $0 == text(other) } ?? false
    }
}
