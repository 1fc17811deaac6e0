internal import EventLog
internal import JSON

/// Checks events of an agency by given terms and seals them. Keeps its buffers and what it found out about the charter,
/// so use one for many events; one for each thread.
///
/// The order, for an event that is not in the log yet: is the agency a member, is the source its own, has it the power,
/// is the schema in force and of this type, do the data satisfy it. One that is in the log already is only sealed again, to find out whether it says the same.
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
    }

    /// Checks an event and seals it.
    ///
    /// - Parameter known: Its entry if it is in the log already.
    /// - Throws: ``ExchangeError``, naming agency, power or path.
    mutating func take(_ event: ParsedEvent, known: Entry?) throws(ExchangeError) -> Outcome {
        // What another agency appended is not told to whoever names its id: it is as if it were not there, so that nothing
        // is said of it before source and power have been looked at.
        guard let known, try EntryView(known).agency == agency else {
            let schema = try admit(event)
            guard let handOver = event.handOver else {
                try schema.check(dataOf: event.document)
                let sealable = try SealableEvent(
                    event.document, agency: agency, tags: event.tags, plan: schema.plan,
                    personalKinds: terms.personalKinds)
                return .append(try seal(sealable), try GoverningEvent(event.document, type: event.type))
            }
            try terms.charter.verify(handOver.signature, over: event.document.root, by: agency, at: terms.now)
            let handed = try handedOver(event, handOver, schema)
            try schema.check(dataOf: handed.merged)
            return .append(try seal(handed, handOver), try GoverningEvent(handed.merged, type: event.type))
        }
        guard let schema = try terms.schemas.schema(event.dataschema, of: terms.charter) else {
            throw Self.unknownSchema(event)
        }
        return try again(event, schema, known)
    }

    /// Seals an event that is in the log, as it was sealed then.
    private mutating func again(
        _ event: ParsedEvent, _ schema: EventSchema, _ known: Entry
    ) throws(ExchangeError) -> Outcome {
        if let handOver = event.handOver {
            let handed = try handedOver(event, handOver, schema)
            do throws(ExchangeError) {
                return .append(try seal(handed, handOver), nil)
            } catch {
                return try outcome(error, handed.plain, known)
            }
        }
        let plain = try SealableEvent(
            event.document, agency: agency, tags: event.tags, plan: schema.plan, personalKinds: terms.personalKinds)
        do throws(ExchangeError) {
            return .append(try seal(plain), nil)
        } catch {
            return try outcome(error, plain, known)
        }
    }

    /// What becomes of an event that is in the log and could not be sealed again.
    private func outcome(
        _ error: ExchangeError, _ event: borrowing SealableEvent, _ known: Entry
    ) throws(ExchangeError) -> Outcome {
        guard error.code == .subjectErased, try ledger.isErased(event, at: known) else { throw error }
        return .erased(known.position)
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

    private mutating func seal(_ event: borrowing SealableEvent) throws(ExchangeError) -> EventDraft {
        let sealed = try sealer.seal(event, keys: ledger.keys.keys(for: event.references))
        return EventDraft(agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows)
    }

    private mutating func seal(
        _ event: borrowing HandedOverEvent, _ handOver: AgencyEvent.HandOver
    ) throws(ExchangeError) -> EventDraft {
        let sealed = try sealer.seal(event, keys: ledger.keys.keys(for: event.plain.references))
        return EventDraft(
            agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows,
            signature: handOver.signature.description)
    }

    private func handedOver(
        _ event: ParsedEvent, _ handOver: AgencyEvent.HandOver, _ schema: EventSchema
    ) throws(ExchangeError) -> HandedOverEvent {
        try HandedOverEvent(
            event.document.bytes, disclosures: handOver.disclosures, agency: agency, tags: event.tags,
            plan: schema.plan, personalKinds: terms.personalKinds)
    }

    private static func unknownSchema(_ event: ParsedEvent) -> ExchangeError {
        ExchangeError(
            .unknownSchema, "The schema \(event.dataschema.prefix(200)) is not registered, or not in force.",
            pointer: "/dataschema")
    }
}
