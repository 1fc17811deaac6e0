internal import Crypto
package import EventLog
internal import JSON

/// What of a schema's marks whoever folds entries goes by.
package struct SchemaMarks: Sendable {
    /// The mark of the whole event, or nil.
    package let wholeEvent: SharingMark?
    package let fields: [Field]
}

/// What is known of schemas while entries are folded: a value.
package struct FoldTerms: Sendable {
    /// The position of the charter's last event.
    package let charterPosition: Position
    private let charter: Charter
    private let schemas: SchemaShelf
    private let time: Timestamp

    init(_ charter: Charter, _ schemas: SchemaShelf, _ time: Timestamp) {
        charterPosition = charter.position
        self.charter = charter
        self.schemas = schemas
        self.time = time
    }

    /// What a schema marks; nil for one that was never registered.
    ///
    /// - Throws: ``ExchangeError`` if it does not compile.
    package func marks(of uri: String) throws(ExchangeError) -> SchemaMarks? {
        try schemas.schema(uri, of: charter).map { SchemaMarks(wholeEvent: $0.plan.wholeEvent, fields: $0.plan.fields) }
    }

    /// The first time after which something may be otherwise, though the charter says nothing new.
    ///
    /// - Complexity: O(*n*) in all that was said.
    package var turningPoint: Timestamp? { charter.turningPoint(after: time) }

    /// Whether a later version of a schema is in force.
    package func isOutdated(_ uri: String) -> Bool { charter.successor(ofSchema: uri, begunAt: time) != nil }

    /// Whether events of a type are seen by authorities though they need no schema.
    package static func needsNoSchema(_ type: String, by agency: String) -> Bool {
        CharterTags.types.contains(type) || (type == AccessAnchor.eventType && agency == LedgerVoice.agency)
    }

    /// An entry as those see it to whom nothing is disclosed that its schema marks, brought up to the latest version.
    ///
    /// - Returns: nil if it cannot be brought up without what is sealed: then it counts as it was appended.
    package func raised(_ entry: Entry, by upcasters: Upcasters) throws(ExchangeError) -> SeenEntry.Event? {
        let view = try EntryView(entry)
        guard let uri = view.dataschema, let plan = try schemas.schema(uri, of: charter)?.plan else { return nil }
        let event = SeenEntry.Event(
            position: view.position, recorded: view.recorded, agency: view.agency, tags: view.tags,
            event: Array(view.document.bytes[view.eventRange]),
            withheld: plan.fields.map { SeenEntry.Withheld(pointer: $0.pointer, reason: WithholdingReason($0.mark)) },
            gone: [])
        let raised = try EventUpcaster(upcasters: upcasters, charter: charter, time: time).upcast(event) {
            (uri) throws(ExchangeError) in try schemas.schema(uri, of: charter)
        }
        guard case .done = raised.upcast else { return nil }
        return raised
    }

    /// Which schema follows which, and by what: 32 bytes, equal as long as events are brought up in the same way.
    ///
    /// - Complexity: O(*n*) in all schemas.
    package var lines: [UInt8] {
        var hash = SHA256()
        for schema in charter.allSchemas() {
            guard let next = charter.successor(ofSchema: schema.uri, begunAt: time) else { continue }
            hash.update(data: Array("\(schema.uri)\n\(next.uri)\n\(next.replaces?.upcaster ?? "")\n".utf8))
        }
        return Array(hash.finalize())
    }
}

/// Which agencies had merged into which, and when: what a fold must know to tell who may go on with what another began.
package struct Mergers: Sendable {
    private let charter: Charter
    /// Whether any agency ever merged.
    private let isEmpty: Bool

    init(_ charter: Charter) {
        self.charter = charter
        isEmpty = charter.merged.isEmpty
    }

    /// The agencies that had become one by a time. Amendments never act backwards: the answer stays.
    package func predecessors(of agency: String, at time: Timestamp) -> [String] {
        isEmpty ? [] : charter.predecessors(of: agency, at: time)
    }
}

/// Says of entries that a reader sees them without their being read, where that is certain: by the decision function, for an
/// entry without tags. Tags open and never close, so a yes holds for all; a no says nothing.
package struct EntrySight {
    private var policy: DisclosurePolicy
    private var past: DisclosurePolicy?
    private let charter: Charter
    private let schemas: SchemaShelf

    init(_ terms: ReadingTerms) {
        (policy, past) = (terms.policy, terms.past)
        (charter, schemas) = (terms.charter, terms.schemas)
    }

    /// Whether the reader sees all events of an agency, a type and a schema, and that is no disclosure to be recorded.
    package mutating func isCertain(agency: String, type: String, schema: String) throws(ExchangeError) -> Bool {
        guard let plan = try schemas.schema(schema, of: charter)?.plan, !plan.isSealedWhole else { return false }
        let entry = ReadableEntry(
            agency: agency, type: type, tags: [], wholeEvent: plan.wholeEvent, fields: plan.fields)
        guard policy.decide(entry).disclosure != nil else { return false }
        return past?.decide(entry).disclosure != nil || past == nil
    }
}

extension ExchangeLedger {
    /// What is known of schemas now, after folding all that has come.
    package func foldTerms() throws(ExchangeError) -> FoldTerms {
        try current { state throws(ExchangeError) in FoldTerms(try state.charter(), state.schemas, state.now) }
    }

    /// Which agencies have merged so far.
    package func mergers() throws(ExchangeError) -> Mergers {
        try current { state throws(ExchangeError) in Mergers(try state.charter()) }
    }

    /// What a reader certainly sees, by the terms of now and, if asked for, of an earlier time as well.
    ///
    /// - Parameter end: With an earlier time: of what governs only what stands below this position is known then.
    package func sight(
        for claim: Reader, asOf earlier: Timestamp?, before end: Position? = nil
    ) throws(ExchangeError) -> EntrySight {
        EntrySight(try readingTerms(claim, asOf: earlier, before: end))
    }

    /// What a reader sees of the entries at some positions, as every read gives it: what is disclosed of them is in the access
    /// log before this returns.
    ///
    /// - Complexity: O(*n*) in the entries.
    package func seen(
        at positions: [Position], by claim: Reader, asOf earlier: Timestamp?, before end: Position? = nil,
        upcasting upcasters: Upcasters
    ) async throws(ExchangeError) -> [SeenEntry] {
        let entries = try ExchangeError.wrapping { () throws(LogError) in try log.entries(at: positions) }
        let seen = try await disclosed(.entries(entries), to: claim, asOf: earlier, before: end).map(\.seen)
        return try upcast(seen, by: upcasters)
    }

    /// What a reader sees of some fields of entries, in the order of positions, as every read gives it: what is disclosed of
    /// them is in the access log before this returns. What else could be disclosed is not there, and not among what is
    /// withheld either.
    ///
    /// - Parameter end: With an earlier time: of what governs only what stands below this position is known then.
    /// - Complexity: O(*n*) in the entries.
    package func seen(
        _ asked: FieldsAsked, by claim: Reader, asOf earlier: Timestamp?, before end: Position? = nil,
        upcasting upcasters: Upcasters
    ) async throws(ExchangeError) -> [SeenEntry] {
        let entries = try ExchangeError.wrapping { () throws(LogError) in try log.entries(at: asked.positions) }
        let seen = try await disclosed(.entries(entries), to: claim, asOf: earlier, before: end, asked: asked).map(
            \.seen)
        return try upcast(seen, by: upcasters)
    }

    /// Whether somebody may be told what every authority sees: authorities and auditors may.
    package func mayKnowStatistics(_ claim: Reader) throws(ExchangeError) -> Bool {
        let reader = try current { state throws(ExchangeError) in
            try state.charter().confirmed(claim, at: state.now)
        }
        return reader.kind == .authority || reader.kind == .auditor
    }

    /// Whether somebody is an auditor: who checks is told that something is there, also where it may not see what.
    package func isAuditor(_ claim: Reader) throws(ExchangeError) -> Bool {
        try current { state throws(ExchangeError) in
            try state.charter().confirmed(claim, at: state.now).kind == .auditor
        }
    }

    /// The forms under which entries of some types may carry a tag: as ``stored(_:askedFor:)`` gives it, and blinded as in events
    /// that are sealed as a whole, under the key of each owner that a schema of these types names.
    ///
    /// - Complexity: O(*n*) in the schemas of the charter.
    package func stored(_ tag: Tag, in types: Set<String>, askedFor claim: Reader) throws(ExchangeError) -> [Tag] {
        let plain = try stored(tag, askedFor: claim)
        // Persons are found by who may look for them, and under one key alone.
        guard plain == tag else { return [plain] }
        let owners: [KeyReference] = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            guard TagBlinder.reference(for: tag, kinds: charter.personalTagKinds) == nil else { return [] }
            var owners: [KeyReference] = []
            for schema in charter.allSchemas() where types.contains(schema.type) {
                guard let plan = try state.schemas.schema(schema.uri, of: charter)?.plan,
                    let owner = TagRecognition.owner(in: plan), !owners.contains(owner)
                else { continue }
                owners.append(owner)
            }
            return owners
        }
        var forms = [tag]
        for owner in owners {
            guard let key = try keys.queryKey(for: owner) else { continue }
            forms.append(try TagBlinder.blinded(tag, under: key))
        }
        return forms
    }

    /// A tag as entries carry it: blinded, if it names a person and the reader may look for it.
    package func stored(_ tag: Tag, askedFor claim: Reader) throws(ExchangeError) -> Tag {
        try blind(Query(tags: [tag]), for: claim).items.first?.tags.first ?? tag
    }
}
