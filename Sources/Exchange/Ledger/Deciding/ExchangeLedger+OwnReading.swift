package import EventLog
internal import JSON

/// By what the ledger reads its own log, for decisions of its own: equal as long as the same entries read the same.
package struct OwnTerms: Sendable, Hashable {
    /// The position of the charter's last event, and the number of the last fence.
    package let charter: Position
    package let fence: UInt64
}

extension OwnTerms {
    /// That after a head no charter event came: by another charter the same entries may read otherwise. That nobody was erased
    /// is on what every append is made.
    package static func condition(head: Position) -> AppendCondition {
        AppendCondition(noneMatching: Query(types: CharterTags.types), after: head > 0 ? head - 1 : nil)
    }
}

extension ExchangeLedger {
    /// By what the ledger reads now, and how many entries there are.
    package func ownTerms() throws(ExchangeError) -> (terms: OwnTerms, head: Position) {
        try current { state throws(ExchangeError) in
            (OwnTerms(charter: try state.charter().position, fence: state.erasures.lastFence), state.folded)
        }
    }

    /// By what the ledger reads now, how many entries there are, and its time.
    package func ownMoment() throws(ExchangeError) -> (terms: OwnTerms, head: Position, time: Timestamp) {
        try current { state throws(ExchangeError) in
            let terms = OwnTerms(charter: try state.charter().position, fence: state.erasures.lastFence)
            return (terms, state.folded, state.now)
        }
    }

    /// A source from which an agency appends, its first one; nil if the charter gives it none.
    package func source(of agency: String) throws(ExchangeError) -> String? {
        try current { state throws(ExchangeError) in try state.charter().source(of: agency, at: state.now) }
    }

    /// The ledger's time: that of the clock, and never before that of the last event that governs it.
    package func ownTime() throws(ExchangeError) -> Timestamp { try current { $0.now } }

    /// Entries as the ledger itself sees them: with all that is sealed in them, and brought up to the latest versions of
    /// their schemas. For what the ledger decides; nothing of it may leave it, so nothing of it is recorded.
    ///
    /// - Returns: The events; those without a registered schema, charter events and anchors apart, are left out.
    /// - Complexity: O(*n*) in the bytes of entries and disclosures.
    package func opened(
        _ entries: [Entry], upcasting upcasters: Upcasters
    ) throws(ExchangeError) -> [SeenEntry.Event] {
        let terms = try readingTerms(.public, asOf: nil)
        var discloser = EntryDiscloser(keys: keys, terms: terms, opensAll: true)
        let seen = try discloser.disclose(entries[...], in: log).map(\.seen)
        return try upcast(seen, by: upcasters).compactMap(\.event)
    }

    /// Entries as everyone who sees them sees them: without what any schema marks, brought up to the latest versions so far as
    /// that needs nothing that is sealed. This is no disclosure.
    package func unsealed(
        _ entries: [Entry], upcasting upcasters: Upcasters
    ) throws(ExchangeError) -> [SeenEntry.Event] {
        let terms = try foldTerms()
        var reader = EntryViewReader()
        var events: [SeenEntry.Event] = []
        for entry in entries {
            if let raised = try terms.raised(entry, by: upcasters) {
                events.append(raised)
                continue
            }
            let view = try reader.view(of: entry)
            events.append(
                SeenEntry.Event(
                    position: view.position, recorded: view.recorded, agency: view.agency, tags: view.tags,
                    event: Array(view.document.bytes[view.eventRange]), withheld: [], gone: []))
        }
        return events
    }

    /// A query as it finds entries for the ledger itself: tags of persons blinded, and beside each item those by which events
    /// of its types are found whose schema seals them as a whole under the key of its owner. An event that is sealed under
    /// the key of a subject in its data is not found by its tags. What was recorded before a kind of tags became personal is
    /// found as it stands, with plain tags.
    ///
    /// The keys that blind are made if there are none: what is appended under them a moment later must be found.
    package func stored(_ query: Query) throws(ExchangeError) -> Query {
        let (personal, plans) = try current { state throws(ExchangeError) in
            let kinds = try state.personalKinds()
            return (state.personalKinds(ofTagsIn: query, now: kinds), try state.plansOfSealed())
        }
        var items: [Query.Item] = []
        var known: Set<Query.Item> = []
        for item in query.items {
            for kinds in personal {
                for form in try forms(of: item, kinds, plans) where known.insert(form).inserted { items.append(form) }
            }
        }
        return Query(items)
    }

    /// By what an item finds entries that were recorded while some kinds of tags were personal.
    private func forms(
        of item: Query.Item, _ kinds: Set<String>, _ plans: [String: [SealingPlan]]
    ) throws(ExchangeError) -> [Query.Item] {
        func form(_ types: [String], _ owner: KeyReference?) throws(ExchangeError) -> Query.Item {
            let tags = try item.tags.map { tag throws(ExchangeError) in try stored(tag, kinds, owner) }
            return Query.Item(types: types, tags: tags)
        }
        var forms = [try form(item.types, nil)]
        guard !item.tags.isEmpty else { return forms }
        // Types of one owner are blinded alike: together they take one item.
        var owners: [(key: KeyReference, types: [String])] = []
        for type in item.types {
            for owner in Set((plans[type] ?? []).compactMap { $0.slots.first?.ownerKey }) {
                if let index = owners.firstIndex(where: { $0.key == owner }) {
                    owners[index].types.append(type)
                } else {
                    owners.append((owner, [type]))
                }
            }
        }
        for owner in owners { forms.append(try form(owner.types, owner.key)) }
        return forms
    }

    /// A tag as entries carry it.
    package func stored(_ tag: Tag) throws(ExchangeError) -> Tag {
        try stored(tag, try current { state throws(ExchangeError) in try state.personalKinds() }, nil)
    }

    private func stored(_ tag: Tag, _ kinds: Set<String>, _ owner: KeyReference?) throws(ExchangeError) -> Tag {
        guard let reference = TagBlinder.reference(for: tag, kinds: kinds) ?? owner else { return tag }
        do throws(ExchangeError) {
            guard let key = try keys.keys(for: [reference]).first else { return tag }
            return try TagBlinder.blinded(tag, under: key)
        } catch {
            // Of an erased subject nothing is found, and nothing comes any more.
            guard error.code == .subjectErased else { throw error }
            return tag
        }
    }
}

extension ExchangeState {
    /// The kinds that are personal now, and those that were at earlier times, where that makes a difference to a query's tags:
    /// kinds become personal and stay so.
    fileprivate func personalKinds(ofTagsIn query: Query, now kinds: Set<String>) -> [Set<String>] {
        let asked = Set(query.items.flatMap { $0.tags.map { String($0.kind) } })
        let named = asked.intersection(kinds).subtracting(TagBlinder.personalKinds)
        guard !named.isEmpty else { return [kinds] }
        var different = [kinds]
        for charter in history.charters {
            let former = charter.personalTagKinds
            let isKnown = different.contains { $0.intersection(named) == former.intersection(named) }
            if !isKnown { different.append(former) }
        }
        return different
    }
}

extension SeenEntry {
    /// The event; nil for a stub.
    package var event: Event? {
        guard case .entry(let event) = self else { return nil }
        return event
    }
}
