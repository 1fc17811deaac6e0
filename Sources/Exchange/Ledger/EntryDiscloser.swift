internal import EventLog
internal import JSON
internal import LMDB

/// Decides what a reader gets of entries, opens it, and notes what is to be recorded of it. Keeps its buffers and what was
/// decided for each schema, so use one for many entries; one for each thread.
struct EntryDiscloser: ~Copyable {
    private let keys: KeyStore
    private let terms: ReadingTerms
    private var policy: DisclosurePolicy
    private var past: DisclosurePolicy?
    /// Whether it opens all, for the ledger itself.
    private let opensAll: Bool
    /// What of each entry is asked for; nil if all is.
    private var asked: FieldsAsked?
    // What is disclosed as of earlier is disclosed now as well, so that the tags of now are enough.
    private var recognition: TagRecognition
    private var reader = EntryViewReader()
    private var opener = DisclosureOpener()
    private var tally = AccessTally()
    /// The schema of the last entry that had one, and how it seals.
    private var schema: (uri: String, plan: SealingPlan?) = ("", nil)

    /// What is to be recorded before anything of what was disclosed is given.
    var records: [AccessRecord] { tally.records(for: terms.reader, at: terms.now) }

    /// - Parameter opensAll: Whether everything is opened, whoever the terms are for: for what the ledger itself decides, of
    ///   which nothing leaves it.
    /// - Parameter asked: If given, only these fields are disclosed and recorded; of the others that could be, nothing is told.
    init(keys: KeyStore, terms: ReadingTerms, asked: FieldsAsked? = nil, opensAll: Bool = false) {
        self.keys = keys
        self.asked = asked
        self.opensAll = opensAll
        self.terms = terms
        policy = terms.policy
        past = terms.past
        recognition = TagRecognition(
            for: terms.reader, terms.grants, personalKinds: terms.personalKinds, keys: keys)
    }

    /// What the reader gets of entries, in their order. Only of those of which it is given something classified are the
    /// disclosures read.
    ///
    /// - Throws: ``ExchangeError`` if keys, schema or disclosures cannot be read.
    mutating func disclose(_ entries: ArraySlice<Entry>, in log: Log) throws(ExchangeError) -> [DisclosedEntry] {
        var given: [DisclosedEntry] = []
        given.reserveCapacity(entries.count)
        for start in stride(from: entries.startIndex, to: entries.endIndex, by: Self.entriesAtOnce) {
            var seen: [Seen] = []
            seen.reserveCapacity(Self.entriesAtOnce)
            for entry in entries[start..<min(start + Self.entriesAtOnce, entries.endIndex)] {
                seen.append(try look(at: entry))
            }
            let opened = seen.compactMap(\.openedPosition)
            let rows = try ExchangeError.wrapping { () throws(LogError) in try log.disclosures(at: opened) }
            var next = 0
            for seen in seen {
                let isOpened = seen.openedPosition != nil
                given.append(try give(seen, isOpened ? rows[next] : []))
                if isOpened { next += 1 }
            }
        }
        return given
    }

    /// Whether an entry is a stub to the reader, and what it is about if it is none. Nothing is opened or noted.
    mutating func outline(of entry: Entry) throws(ExchangeError) -> EntryOutline {
        let view = try reader.view(of: entry)
        let decided = try decide(view, plan(view.dataschema))
        let isStub = decided?.1.disclosure == nil
        return EntryOutline(position: entry.position, tags: isStub ? [] : view.tags, isStub: isStub)
    }

    /// How many entries are decided on before their disclosures are read together.
    private static let entriesAtOnce = 64

    /// An entry that was decided on.
    private struct Seen {
        let entry: Entry
        let view: EntryView
        let plan: SealingPlan?
        /// Nil if it is a stub.
        let disclosure: EntryDisclosure?
        /// Of each field, whether it is asked for; nil if all are.
        var asked: [Bool]?

        /// Its position if disclosures are given of it.
        var openedPosition: Position? {
            disclosure.flatMap { $0.fields.contains { $0.basis != nil } ? entry.position : nil }
        }
    }

    private mutating func look(at entry: Entry) throws(ExchangeError) -> Seen {
        let view = try reader.view(of: entry)
        let plan = try plan(view.dataschema)
        guard let (readable, decision) = try decide(view, plan), let disclosure = decision.disclosure else {
            return Seen(entry: entry, view: view, plan: plan, disclosure: nil)
        }
        guard let plan, let asked = try asked(of: plan, view) else {
            tally.add(readable, plan, decision, at: entry.position)
            return Seen(entry: entry, view: view, plan: plan, disclosure: disclosure)
        }
        let narrowed = disclosure.narrowed(to: asked, plan.fields)
        tally.add(readable, plan, .entry(narrowed), at: entry.position)
        return Seen(entry: entry, view: view, plan: plan, disclosure: narrowed, asked: asked)
    }

    /// Which fields of an entry are asked for; nil if all are. Of an event that is sealed as a whole or was replaced by a later
    /// version of its schema all are: what is asked for stands elsewhere then.
    private mutating func asked(of plan: SealingPlan, _ view: EntryView) throws(ExchangeError) -> [Bool]? {
        guard asked != nil, !plan.isSealedWhole, let uri = view.dataschema,
            terms.charter.successor(ofSchema: uri, begunAt: terms.now) == nil
        else { return nil }
        return asked?.fields(of: plan, at: view.position)
    }

    private mutating func give(_ seen: Seen, _ rows: ArraySlice<[UInt8]>) throws(ExchangeError) -> DisclosedEntry {
        let (entry, view) = (seen.entry, seen.view)
        guard let disclosure = seen.disclosure else {
            return DisclosedEntry(entry: entry, seen: .stub(entry.position, leaf: entry.leafHash))
        }
        guard let plan = seen.plan, !plan.fields.isEmpty else {
            let event = view.document.bytes.span.copied(
                from: view.eventRange.lowerBound, to: view.eventRange.upperBound)
            return DisclosedEntry(entry: entry, seen: .entry(Self.seen(view, event)), plan: seen.plan)
        }
        return try open(seen, rows, disclosure, plan)
    }

    private mutating func plan(_ uri: String?) throws(ExchangeError) -> SealingPlan? {
        guard let uri else { return nil }
        if uri != schema.uri { schema = (uri, try terms.schemas.schema(uri, of: terms.charter)?.plan) }
        return schema.plan
    }

    /// Decides by the terms of now and, if asked for, of an earlier time as well; nil if it cannot be decided.
    private mutating func decide(
        _ view: EntryView, _ plan: SealingPlan?
    ) throws(ExchangeError) -> (ReadableEntry, EntryDecision)? {
        // An entry whose schema is not known has no marks that could be kept: nobody sees it.
        guard plan != nil || CharterTags.types.contains(view.type) || ExchangeLedger.isAnchor(view) else { return nil }
        guard !opensAll else {
            let readable = ExchangeLedger.readable(view, plan, tags: view.tags)
            let fields = [FieldDecision](repeating: .disclose(.owner), count: readable.fields.count)
            return (readable, .entry(EntryDisclosure(fields: fields)))
        }
        let tags = try plan.map { plan throws(ExchangeError) in try recognition.tags(of: view, plan) }
        let readable = ExchangeLedger.readable(view, plan, tags: tags ?? view.tags)
        let decision = policy.decide(readable)
        guard let then = past?.decide(readable) else { return (readable, decision) }
        return (readable, decision.narrowed(by: then))
    }

    /// Puts what is disclosed into an event.
    private mutating func open(
        _ seen: Seen, _ rows: ArraySlice<[UInt8]>, _ disclosure: EntryDisclosure, _ plan: SealingPlan
    ) throws(ExchangeError) -> DisclosedEntry {
        let (entry, view) = (seen.entry, seen.view)
        var withheld: [SeenEntry.Withheld] = []
        var gone: [SeenEntry.Gone] = []
        let place = EventPlace(of: view)
        var contents: [FieldContent?] = []
        contents.reserveCapacity(plan.fields.count)
        for ordinal in plan.fields.indices {
            switch disclosure.fields[ordinal] {
            case .withhold(let reason):
                contents.append(nil)
                guard seen.asked?[ordinal] ?? true else { continue }
                withheld.append(SeenEntry.Withheld(pointer: plan.fields[ordinal].pointer, reason: reason))
            case .disclose:
                let row = rows.startIndex + ordinal
                contents.append(
                    row < rows.endIndex
                        ? try opener.open(rows[row], ordinal: ordinal, of: plan, at: place, keys: keys) : .lost)
            }
        }
        let opened = try opener.merge(view.document.bytes, view.eventRange, with: contents, of: plan)
        for (ordinal, content) in opened.fields.enumerated() {
            switch content {
            case .erased: gone.append(SeenEntry.Gone(pointer: plan.fields[ordinal].pointer, cause: .erased))
            case .lost: gone.append(SeenEntry.Gone(pointer: plan.fields[ordinal].pointer, cause: .lost))
            case .value, .decoy, nil: break
            }
        }
        return DisclosedEntry(
            entry: entry, seen: .entry(Self.seen(view, opened.event, withheld, gone)), plan: plan,
            fields: opened.fields)
    }

    private static func seen(
        _ view: EntryView, _ event: [UInt8], _ withheld: [SeenEntry.Withheld] = [], _ gone: [SeenEntry.Gone] = []
    ) -> SeenEntry.Event {
        SeenEntry.Event(
            position: view.position, recorded: view.recorded, agency: view.agency, tags: view.tags, event: event,
            withheld: withheld, gone: gone)
    }
}
