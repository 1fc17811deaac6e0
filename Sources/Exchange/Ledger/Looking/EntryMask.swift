package import EventLog

/// What a reader may see of an entry, field by field, without any value.
package struct EntryMask: Sendable, Hashable {
    /// A field that its schema marks.
    package struct Part: Sendable, Hashable {
        /// Where it stands in the data; empty for the whole event.
        package let pointer: String
        package let mark: SharingMark
        package let decision: FieldDecision
        /// The rule that closes it, by its id, if one does; nil where nothing opens it.
        package let prohibition: String?
    }

    package let position: Position
    package let recorded: Timestamp
    package let agency: String
    package let type: String
    /// Whether the reader sees the entry; else it is a stub to it.
    package let isSeen: Bool
    /// The whole event if it is marked, then the fields in the schema's order.
    package let parts: [Part]
}

extension ExchangeLedger {
    /// What a reader could see of entries by what was known at a position and in force at a time. It tells of marks and of
    /// decisions on them, and opens nothing: what may be told of it to whom is for those who ask to see to.
    ///
    /// - Parameters:
    ///   - time: The time at which rules and grants must be in force.
    ///   - end: Of charter and grants what stands below it is known.
    /// - Complexity: O(*n*) in the entries.
    package func masks(
        at positions: [Position], for claim: Reader, asOf time: Timestamp, before end: Position
    ) throws(ExchangeError) -> [EntryMask] {
        let entries = try ExchangeError.wrapping { () throws(LogError) in try log.entries(at: positions) }
        let (policy, recognition, schemas, charter) = try current { state throws(ExchangeError) in
            let last = end > 0 ? end - 1 : 0
            guard let then = state.history.charter(asOf: time, upTo: last) else {
                throw ExchangeError(.notFounded, "There was no charter at \(time).")
            }
            let reader = then.confirmed(claim, at: time)
            let history = state.book.history(asOf: last)
            let grants = reader.agency.map { history.grants(inForceAt: time, for: $0) } ?? []
            return (
                DisclosurePolicy(reader, under: Self.terms(then, history, reader, time), at: time),
                TagRecognition(for: reader, grants, personalKinds: try state.personalKinds(), keys: keys),
                state.schemas, try state.charter()
            )
        }
        var looker = MaskReader(policy: policy, recognition: recognition)
        return try entries.map { entry throws(ExchangeError) in
            try looker.mask(of: entry) { uri throws(ExchangeError) in try schemas.schema(uri, of: charter)?.plan }
        }
    }

    /// The grants in force for an agency at a time, as far as was known at a position, the oldest first.
    package func grants(
        inForceAt time: Timestamp, for agency: String, before end: Position
    ) throws(ExchangeError) -> [Grant] {
        try current { state in
            end > 0 ? state.book.history(asOf: end - 1).grants(inForceAt: time, for: agency) : []
        }
    }

    /// All charters there were, each from the position of its event on.
    package func charterHistory() throws(ExchangeError) -> CharterHistory { try current { $0.history } }
}

/// Decides on entries for one reader. Keeps its buffers.
private struct MaskReader {
    var policy: DisclosurePolicy
    var recognition: TagRecognition
    private var reader = EntryViewReader()

    init(policy: DisclosurePolicy, recognition: TagRecognition) {
        (self.policy, self.recognition) = (policy, recognition)
    }

    mutating func mask(
        of entry: Entry, _ planOf: (_ uri: String) throws(ExchangeError) -> SealingPlan?
    ) throws(ExchangeError) -> EntryMask {
        let view = try reader.view(of: entry)
        let plan: SealingPlan? = if let uri = view.dataschema { try planOf(uri) } else { nil }
        func mask(_ isSeen: Bool, _ parts: [EntryMask.Part]) -> EntryMask {
            EntryMask(
                position: view.position, recorded: view.recorded, agency: view.agency, type: view.type, isSeen: isSeen,
                parts: parts)
        }
        // An entry whose schema is not known has no marks that could be kept: nobody sees it.
        guard plan != nil || CharterTags.types.contains(view.type) || ExchangeLedger.isAnchor(view) else {
            return mask(false, [])
        }
        let tags = if let plan { try recognition.tags(of: view, plan) } else { view.tags }
        let readable = ExchangeLedger.readable(view, plan, tags: tags)
        let decision = policy.decide(readable)
        let whole = readable.wholeEvent.map { Field(pointer: "", mark: $0) }
        guard let disclosure = decision.disclosure else {
            // What closes a stub is told of each field as if there were no stub: withheld.
            let all = (whole.map { [$0] } ?? []) + readable.fields
            return mask(false, all.map { part($0, .withhold(WithholdingReason($0.mark)), readable) })
        }
        var parts = zip(readable.fields, disclosure.fields).map { part($0, $1, readable) }
        if let whole, let basis = disclosure.wholeEvent { parts.insert(part(whole, .disclose(basis), readable), at: 0) }
        return mask(true, parts)
    }

    private func part(_ field: Field, _ decision: FieldDecision, _ entry: ReadableEntry) -> EntryMask.Part {
        EntryMask.Part(
            pointer: field.pointer, mark: field.mark, decision: decision,
            prohibition: decision.basis == nil ? policy.prohibition(of: field, in: entry) : nil)
    }
}
