internal import EventLog
internal import JSON

/// Checks events of an agency by given terms and seals them. Keeps its buffers and what it found out about the charter,
/// so use one for many events; one for each thread.
///
/// The order, for an event that is not in the log yet: is the agency a member, is the source its own, has it the power,
/// is the schema in force and of this type, do the data satisfy it. One whose id is in the log already is only sealed again,
/// to find out whether it says the same; a signature must hold then as well.
struct EventIntake: ~Copyable {
    /// What is to be done with an event.
    enum Outcome: Sendable {
        /// With what it says if it is new and of disclosure or erasure: it is yet to be judged by those before it.
        case append(EventDraft, GoverningEvent?)
        /// It is in the log, and its subject was erased.
        case erased(Position)
    }

    private let agency: String
    private let terms: IntakeTerms
    private let ledger: ExchangeLedger
    private var sealer = EventSealer()
    /// Of the sources, types, ports and schemas that the agency was found to have the power for, those met last.
    private var admissions: [Admission] = []
    private static let maximumAdmissions = 16
    /// The schemas of the events that are not in the log yet: the append relies on them.
    private(set) var schemas: Set<String> = []
    private var formerKinds: FormerKinds

    /// What an agency may append.
    private final class Admission {
        let source: String
        let type: String
        let dataschema: String
        let port: String?
        let schema: EventSchema

        init(_ event: ParsedEvent, _ schema: EventSchema) {
            source = event.identity.source
            type = event.type
            dataschema = event.dataschema
            port = event.port
            self.schema = schema
        }

        func covers(_ event: ParsedEvent) -> Bool {
            event.type == type && event.dataschema == dataschema && event.identity.source == source
                && event.port == port
        }
    }

    init(_ ledger: ExchangeLedger, agency: String, terms: IntakeTerms) {
        self.ledger = ledger
        self.agency = agency
        self.terms = terms
        formerKinds = FormerKinds(ledger)
    }

    /// Checks an event and seals it.
    ///
    /// - Parameter known: Its entry if it is in the log already.
    /// - Throws: ``ExchangeError``, naming agency, power or path.
    mutating func take(_ form: EventForm, known: Entry?) throws(ExchangeError) -> Outcome {
        let event = form.parsed
        // What another agency appended is not told to whoever names its id: it is as if it were not there, so that nothing
        // is said of it before source and power have been looked at.
        guard let known, try EntryView(known).agency == agency else {
            let schema = try admit(event)
            guard let handOver = event.handOver else {
                try schema.check(dataOf: event.document)
                let sealing = try sealing(form, schema)
                let draft = try seal(sealing.event, try keys(for: sealing.event.references))
                return .append(draft, try GoverningEvent(event.document, type: event.type))
            }
            try terms.charter.verify(handOver.signature, over: event.document.root, by: agency, at: terms.now)
            let handed = try handedOver(event, handOver, schema, terms.personalKinds)
            try schema.check(dataOf: handed.merged)
            let keys = try keys(for: handed.plain.references)
            return .append(try seal(handed, handOver, keys), try GoverningEvent(handed.merged, type: event.type))
        }
        guard let schema = try terms.schemas.schema(event.dataschema, of: terms.charter) else {
            throw Self.unknownSchema(event)
        }
        return try again(event, schema, known)
    }

    /// Seals an event whose id is in the log, as it was sealed then, by the kinds of tags that were personal then: the log
    /// tells whether it says the same, unless its subject was erased since. No key is made.
    private mutating func again(
        _ event: ParsedEvent, _ schema: EventSchema, _ known: Entry
    ) throws(ExchangeError) -> Outcome {
        let draft: EventDraft
        let retried: RetriedEvent
        let kinds = try formerKinds.kinds(at: known.position)
        if let handOver = event.handOver {
            try verifyAgain(handOver.signature, over: event.document.root, since: known.recorded)
            let handed = try handedOver(event, handOver, schema, kinds)
            retried = try RetriedEvent(handed.plain, ledger.keys)
            draft = try seal(handed, handOver, retried.keys)
        } else {
            let plain = try sealable(event, schema, kinds)
            retried = try RetriedEvent(plain, ledger.keys)
            draft = try seal(plain, retried.keys)
        }
        guard retried.isErased else { return .append(draft, nil) }
        let rows = try ExchangeError.wrapping { () throws(LogError) in try ledger.log.disclosures(at: known.position) }
        // Where it says something else, the log refuses it as any id that is used again.
        return try retried.says(draft, as: known, rows, ledger.keys) ? .erased(known.position) : .append(draft, nil)
    }

    /// Verifies the signature of an event whose id is in the log: by a key that may sign now, or might when it was recorded.
    private func verifyAgain(
        _ signature: AgencySignature, over event: JSONValue, since recorded: Timestamp
    ) throws(ExchangeError) {
        do throws(ExchangeError) {
            try terms.charter.verify(signature, over: event, by: agency, at: terms.now)
        } catch {
            guard (try? terms.charter.verify(signature, over: event, by: agency, at: recorded)) != nil else {
                throw error
            }
        }
    }

    private func keys(for references: [KeyReference]) throws(ExchangeError) -> [SubjectKey] {
        references.isEmpty ? [] : try ledger.keys.keys(for: references)
    }

    /// What is to be sealed of an event that is new.
    private func sealing(_ form: EventForm, _ schema: EventSchema) throws(ExchangeError) -> EventForm.Sealing {
        if let known = form.sealing, known.holds(schema, charter: terms.charter.position) { return known }
        return try EventForm.Sealing(
            form.parsed, agency: agency, schema, terms.personalKinds, charter: terms.charter.position)
    }

    private func sealable(
        _ event: ParsedEvent, _ schema: EventSchema, _ kinds: Set<String>
    ) throws(ExchangeError) -> SealableEvent {
        try SealableEvent(
            event.document, agency: agency, tags: event.tags, plan: schema.plan, personalKinds: kinds)
    }

    /// Whether the agency may append an event, by the charter.
    ///
    /// - Returns: The event's schema.
    private mutating func admit(_ event: ParsedEvent) throws(ExchangeError) -> EventSchema {
        for known in admissions where known.covers(event) { return known.schema }
        let (charter, now) = (terms.charter, terms.now)
        guard charter.agency(agency, at: now) != nil else {
            throw ExchangeError(.unknownAgency, "\(agency.prefix(64)) is no member of the exchange.")
        }
        guard charter.owner(ofSource: event.identity.source, at: now) == agency else {
            throw ExchangeError(
                .foreignSource, "The source \(event.identity.source.prefix(200)) does not belong to \(agency).",
                pointer: "/source")
        }
        guard charter.power(of: agency, type: event.type, port: event.port, at: now) != nil else {
            throw ExchangeError(
                .noPower,
                "\(agency) has no power to append \(event.type.prefix(200))\(event.port.map { " at \($0.prefix(200))" } ?? "").",
                pointer: "/type")
        }
        guard let registered = charter.schema(event.dataschema, at: now),
            let schema = try terms.schemas.schema(event.dataschema, of: charter)
        else { throw Self.unknownSchema(event) }
        guard registered.type == event.type else {
            throw ExchangeError(
                .unknownSchema,
                "\(event.dataschema) is a schema of \(registered.type), not of \(event.type.prefix(200)).",
                pointer: "/dataschema")
        }
        if admissions.count == Self.maximumAdmissions { admissions.removeFirst() }
        admissions.append(Admission(event, schema))
        schemas.insert(event.dataschema)
        return schema
    }

    private mutating func seal(_ event: borrowing SealableEvent, _ keys: [SubjectKey]) throws(ExchangeError)
        -> EventDraft
    {
        let sealed = try sealer.seal(event, keys: keys)
        if let document = sealed.document {
            return EventDraft(agency: agency, tags: sealed.tags, parsed: document)
        }
        return EventDraft(agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows)
    }

    private mutating func seal(
        _ event: borrowing HandedOverEvent, _ handOver: AgencyEvent.HandOver, _ keys: [SubjectKey]
    ) throws(ExchangeError) -> EventDraft {
        let sealed = try sealer.seal(event, keys: keys)
        return EventDraft(
            agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows,
            signature: handOver.signature.description)
    }

    private func handedOver(
        _ event: ParsedEvent, _ handOver: AgencyEvent.HandOver, _ schema: EventSchema, _ kinds: Set<String>
    ) throws(ExchangeError) -> HandedOverEvent {
        try HandedOverEvent(
            event.document.bytes, disclosures: handOver.disclosures, agency: agency, tags: event.tags,
            plan: schema.plan, personalKinds: kinds)
    }

    private static func unknownSchema(_ event: ParsedEvent) -> ExchangeError {
        ExchangeError(
            .unknownSchema, "The schema \(event.dataschema.prefix(200)) is not registered, or not in force.",
            pointer: "/dataschema")
    }
}
