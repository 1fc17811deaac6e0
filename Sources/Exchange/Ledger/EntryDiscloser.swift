internal import EventLog
internal import JSON

/// Decides what a reader gets of entries, opens it, and notes what is to be recorded of it. Keeps its buffers and what was
/// decided for each schema, so use one for many entries; one for each thread.
struct EntryDiscloser: ~Copyable {
    private let log: Log
    private let keys: KeyStore
    private let terms: ReadingTerms
    private var policy: DisclosurePolicy
    private var past: DisclosurePolicy?
    // What is disclosed as of earlier is disclosed now as well, so that the tags of now are enough.
    private var recognition: TagRecognition
    private var opener = DisclosureOpener()
    /// What is to be recorded before anything of it is given.
    private(set) var records: [AccessRecord] = []

    init(log: Log, keys: KeyStore, terms: ReadingTerms) {
        self.log = log
        self.keys = keys
        self.terms = terms
        policy = terms.policy
        past = terms.past
        recognition = TagRecognition(
            for: terms.reader, terms.grants, personalKinds: terms.charter.personalTagKinds, keys: keys)
    }

    /// What the reader gets of an entry.
    ///
    /// - Throws: ``ExchangeError`` if log, keys or schema cannot be read.
    mutating func disclose(_ entry: Entry) throws(ExchangeError) -> DisclosedEntry {
        let view = try EntryView(entry)
        let plan = try view.dataschema.flatMap { uri throws(ExchangeError) in
            try terms.schemas.schema(uri, of: terms.charter)?.plan
        }
        let decision = try decide(view, plan)
        guard let disclosure = decision.disclosure else {
            return DisclosedEntry(entry: entry, seen: .stub(entry.position, leaf: entry.leafHash))
        }
        let readable = ExchangeLedger.readable(view, plan, tags: view.tags)
        records += AccessRecord.records(of: decision, readable, for: terms.reader, at: entry.position, terms.now)
        return try open(entry, view, disclosure, plan)
    }

    /// Decides by the terms of now and, if asked for, of an earlier time as well.
    private mutating func decide(_ view: EntryView, _ plan: SealingPlan?) throws(ExchangeError) -> EntryDecision {
        // An entry whose schema is not known has no marks that could be kept: nobody sees it.
        guard plan != nil || CharterTags.types.contains(view.type) || ExchangeLedger.isAnchor(view) else {
            return .stub(.undecided)
        }
        let tags = try plan.map { plan throws(ExchangeError) in try recognition.tags(of: view, plan) }
        let readable = ExchangeLedger.readable(view, plan, tags: tags ?? view.tags)
        let decision = policy.decide(readable)
        guard let then = past?.decide(readable) else { return decision }
        return decision.narrowed(by: then)
    }

    /// Puts what is disclosed into an event.
    private mutating func open(
        _ entry: Entry, _ view: EntryView, _ disclosure: EntryDisclosure, _ plan: SealingPlan?
    ) throws(ExchangeError) -> DisclosedEntry {
        var withheld: [SeenEntry.Withheld] = []
        var gone: [SeenEntry.Gone] = []
        var event = Array(view.document.bytes[view.eventRange])
        var fields: [FieldContent?] = []
        if let plan, !plan.fields.isEmpty {
            let rows = try ExchangeError.wrapping { () throws(LogError) in try log.disclosures(at: view.position) }
            let place = EventPlace(agency: view.agency, source: view.identity.source, id: view.identity.id)
            var contents: [FieldContent?] = []
            for (ordinal, field) in plan.fields.enumerated() {
                switch disclosure.fields[ordinal] {
                case .withhold(let reason):
                    contents.append(nil)
                    withheld.append(SeenEntry.Withheld(pointer: field.pointer, reason: reason))
                case .disclose:
                    contents.append(
                        ordinal < rows.count
                            ? try opener.open(rows[ordinal], ordinal: ordinal, of: plan, at: place, keys: keys) : .lost)
                }
            }
            let opened = try opener.merge(view.document.bytes, view.eventRange, with: contents, of: plan)
            event = opened.event
            fields = opened.fields
            for (field, content) in zip(plan.fields, opened.fields) {
                if content == .erased { gone.append(SeenEntry.Gone(pointer: field.pointer, cause: .erased)) }
                if content == .lost { gone.append(SeenEntry.Gone(pointer: field.pointer, cause: .lost)) }
            }
        }
        let seen = SeenEntry.Event(
            position: view.position, recorded: view.recorded, agency: view.agency, tags: view.tags, event: event,
            withheld: withheld, gone: gone)
        return DisclosedEntry(entry: entry, seen: .entry(seen), plan: plan, fields: fields)
    }
}
