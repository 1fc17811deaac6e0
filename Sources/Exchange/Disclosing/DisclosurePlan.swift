internal import EventLog

/// The answers for all entries of one schema version.
struct DisclosurePlan: Sendable {
    private let type: String
    private let wholeEvent: SharingMark?
    private let fields: [Field]
    /// The objects of the grants that speak of one of the fields or of the whole event.
    private let objects: Set<Tag>
    private let toSender: EntryDecision
    private let toNamed: EntryDecision
    private let toAddressed: EntryDecision
    private let toOthers: EntryDecision
    /// Whether it matters if an entry addresses the reader: most schemas are spoken of by no rule that asks for it.
    private let asksForAddress: Bool

    init(_ entry: ReadableEntry, _ terms: ReaderTerms) {
        type = entry.type
        wholeEvent = entry.wholeEvent
        fields = entry.fields
        let marked = entry.fields + (entry.wholeEvent.map { [Field(pointer: "", mark: $0)] } ?? [])
        let grants = terms.grants.filter { grant in marked.contains { grant.speaks(of: $0, ofType: entry.type) } }
        objects = Set(grants.flatMap(\.objects))
        // An entry without tags: no grant is about it.
        let bare = ReadableEntry(
            agency: entry.agency, type: entry.type, tags: [], wholeEvent: entry.wholeEvent, fields: entry.fields)
        toSender = terms.decide(bare, EntryStanding(isSender: true))
        toNamed = terms.decide(bare, EntryStanding(isNamed: true, isAddressed: true))
        toAddressed = terms.decide(bare, EntryStanding(isAddressed: true))
        toOthers = terms.decide(bare, EntryStanding())
        asksForAddress = toAddressed != toOthers
    }

    /// Whether an entry is of this schema version, as far as decisions go.
    func applies(to entry: ReadableEntry) -> Bool {
        fields == entry.fields && type == entry.type && wholeEvent == entry.wholeEvent
    }

    func decide(_ entry: ReadableEntry, _ terms: ReaderTerms) -> EntryDecision {
        guard !terms.isSender(entry.agency) else { return toSender }
        guard objects.isEmpty || !entry.tags.contains(where: objects.contains) else {
            return terms.decide(entry, terms.standing(toward: entry))
        }
        if terms.isNamed(by: entry.tags) { return toNamed }
        return asksForAddress && terms.isAddressed(by: entry.tags) ? toAddressed : toOthers
    }
}
