/// What a reader gets of an entry: the entry, with a decision for each marked field, or a stub.
public enum EntryDecision: Sendable, Hashable {
    case entry(EntryDisclosure)
    /// Position and leaf hash, and nothing else.
    case stub(StubReason)

    /// What of the entry is disclosed, or nil if it is a stub.
    public var disclosure: EntryDisclosure? {
        guard case .entry(let disclosure) = self else { return nil }
        return disclosure
    }

    /// What both this decision, made under the terms of now, and one under the terms of an earlier time disclose: the
    /// answer to a read “as of” that time. The reasons for disclosing are those of now.
    ///
    /// - Parameter earlier: The decision on the same entry, for the reader as it was then.
    /// - Complexity: O(*n*) in the number of fields.
    public func narrowed(by earlier: EntryDecision) -> EntryDecision {
        guard case .entry(let now) = self, case .entry(let then) = earlier else {
            if case .stub = self { return self }
            return earlier
        }
        guard now.fields.count == then.fields.count else { return .stub(.undecided) }
        return .entry(
            EntryDisclosure(
                wholeEvent: now.wholeEvent,
                fields: zip(now.fields, then.fields).map { $1.basis == nil ? $1 : $0 }))
    }
}

/// What of an entry is disclosed to a reader who sees it.
public struct EntryDisclosure: Sendable, Hashable {
    /// Why the event is disclosed, if it is marked as a whole; nil if it is not marked.
    public let wholeEvent: DisclosureBasis?
    /// The decisions on the fields its schema version marks, in their order.
    public let fields: [FieldDecision]

    public init(wholeEvent: DisclosureBasis? = nil, fields: [FieldDecision]) {
        self.wholeEvent = wholeEvent
        self.fields = fields
    }
}

/// Why a reader gets a stub. For the ledger itself and for tests; a reader is never told, or the stub would say whether the
/// event is sealed.
public enum StubReason: String, Sendable, Hashable, CaseIterable {
    /// The entry does not name the participant or the party.
    case notNamed
    /// The event is not meant for the public.
    case notPublic
    /// The event is sealed as a whole, and nothing opens it.
    case sealed
    /// The event has a `withheld` field of another agency.
    case withheldField
    /// It could not be decided.
    case undecided
}
