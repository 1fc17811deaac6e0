internal import EventLog
internal import JSON

/// Checks events of an agency by given terms and seals them. Keeps its buffers and what it found out about the charter,
/// so use one for many events; one for each thread.
///
/// The order, for an event that is not in the log yet: is the agency a member, is the source its own, has it the power,
/// is the schema in force and of this type, do the data satisfy it. One that is in the log already is only sealed again, to find out whether it says the same.
struct EventIntake {
    /// What is to be done with an event.
    enum Outcome: Sendable {
        /// With what it says if it is an event of disclosure that is new: it is yet to be judged by those before it.
        case append(EventDraft, DisclosureEvent?)
        /// It is in the log, and its subject was erased.
        case erased(Position)
    }

    private let agency: String
    private let terms: IntakeTerms
    private let keys: KeyStore
    private var sealer = EventSealer()
    /// Of the sources, types, ports and schemas that the agency was found to have the power for, those met last.
    private var admissions: [Admission] = []
    private static let maximumAdmissions = 16
    /// The schemas of the events that are not in the log yet: the append relies on them.
    private(set) var schemas: Set<String> = []

    /// What an agency may append.
    private struct Admission {
        let source: String
        let type: String
        let dataschema: String
        let port: String?
        let schema: EventSchema

        func covers(_ event: ParsedEvent) -> Bool {
            event.type == type && event.dataschema == dataschema && event.identity.source == source
                && event.port == port
        }
    }

    init(agency: String, terms: IntakeTerms, keys: KeyStore) {
        self.agency = agency
        self.terms = terms
        self.keys = keys
    }

    /// Checks an event and seals it.
    ///
    /// - Parameter position: Where it is in the log already; nil if it is not.
    /// - Throws: ``ExchangeError``, naming agency, power or path.
    mutating func take(_ event: ParsedEvent, knownAt position: Position?) throws(ExchangeError) -> Outcome {
        let schema: EventSchema
        if position == nil {
            schema = try admit(event)
        } else {
            guard let known = try terms.schemas.schema(event.dataschema, of: terms.charter) else {
                throw Self.unknownSchema(event)
            }
            schema = known
        }
        do throws(ExchangeError) {
            return try seal(event, schema, isNew: position == nil)
        } catch {
            guard error.code == .subjectErased, let position else { throw error }
            return .erased(position)
        }
    }

    /// Whether the agency may append an event, by the charter.
    ///
    /// - Returns: The event's schema.
    private mutating func admit(_ event: ParsedEvent) throws(ExchangeError) -> EventSchema {
        if let known = admissions.first(where: { $0.covers(event) }) { return known.schema }
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
        admissions.append(
            Admission(
                source: event.identity.source, type: event.type, dataschema: event.dataschema, port: event.port,
                schema: schema))
        schemas.insert(event.dataschema)
        return schema
    }

    private mutating func seal(
        _ event: ParsedEvent, _ schema: EventSchema, isNew: Bool
    ) throws(ExchangeError) -> Outcome {
        guard let handOver = event.handOver else {
            if isNew { try schema.check(dataOf: event.document) }
            let sealable = try SealableEvent(event.document, agency: agency, tags: event.tags, plan: schema.plan)
            let sealed = try sealer.seal(sealable, keys: keys.keys(for: sealable.references))
            return .append(
                EventDraft(agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows),
                isNew ? try Self.disclosure(event.document, event.type) : nil)
        }
        if isNew {
            try terms.charter.verify(handOver.signature, over: event.document.root, by: agency, at: terms.now)
        }
        let handed = try HandedOverEvent(
            event.document.bytes, disclosures: handOver.disclosures, agency: agency, tags: event.tags,
            plan: schema.plan)
        if isNew { try schema.check(dataOf: handed.merged) }
        let sealed = try sealer.seal(handed, keys: keys.keys(for: handed.plain.references))
        return .append(
            EventDraft(
                agency: agency, tags: sealed.tags, event: sealed.event, disclosures: sealed.rows,
                signature: handOver.signature.description),
            isNew ? try Self.disclosure(handed.merged, event.type) : nil)
    }

    /// What an event says if it is one of disclosure.
    private static func disclosure(
        _ event: JSONDocument, _ type: String
    ) throws(ExchangeError) -> DisclosureEvent? {
        guard DisclosureEvent.types.contains(type), let data = event.root["data"] else { return nil }
        return try DisclosureEvent(type: type, data: data)
    }

    private static func unknownSchema(_ event: ParsedEvent) -> ExchangeError {
        ExchangeError(
            .unknownSchema, "The schema \(event.dataschema.prefix(200)) is not registered, or not in force.",
            pointer: "/dataschema")
    }
}
