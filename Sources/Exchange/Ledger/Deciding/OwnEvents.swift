package import EventLog
package import JSON

/// Events that an agency hands in, as rules read them before they are appended.
package struct OwnEvents: Sendable {
    /// One of them.
    package struct Event: Sendable {
        package let type: String
        package let identity: EventIdentity
        /// Those that it was handed in with and those that its schema derives; none is blinded.
        package let tags: [Tag]
        /// With all that will be sealed in it, brought up to the latest version of its schema.
        package let document: JSONDocument
    }

    package let events: [Event]
    /// As they were handed in, with what was found out about them: append these.
    package let handed: [AgencyEvent]
    /// By what they were read.
    package let terms: OwnTerms
    package let mergers: Mergers
    /// When they were read.
    package let time: Timestamp
}

extension ExchangeLedger {
    /// Events that were handed in, as ``opened(_:upcasting:)`` would give them, but with plain tags.
    ///
    /// - Throws: ``ExchangeError`` if one is none, or its schema was never registered.
    /// - Complexity: O(*n*) in their bytes; the state is asked for once.
    package func ownEvents(
        _ events: [AgencyEvent], of agency: String, upcasting upcasters: Upcasters
    ) throws(ExchangeError) -> OwnEvents {
        var parser = ParsedEvent.Parser()
        var forms: [EventForm] = []
        forms.reserveCapacity(events.count)
        for event in events { forms.append(try EventForm.of(event, with: &parser)) }
        let (schemas, kinds, terms, time, charter) = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            let terms = OwnTerms(charter: charter.position, fence: state.erasures.lastFence)
            var schemas = SchemasInUse()
            for form in forms { try schemas.add(form.parsed.dataschema, charter, &state) }
            return (schemas, try state.personalKinds(), terms, state.now, charter)
        }
        var (own, handed) = ([OwnEvents.Event](), [AgencyEvent]())
        own.reserveCapacity(events.count)
        handed.reserveCapacity(events.count)
        for (index, form) in forms.enumerated() {
            let uri = form.parsed.dataschema
            guard let (schema, isLatest) = schemas.find(uri) else {
                throw ExchangeError(
                    .unknownSchema, "The schema \(uri.prefix(200)) is not registered.", pointer: "/dataschema")
            }
            let (event, looked) = try Self.read(form, events[index], agency, schema, kinds, charter.position)
            own.append(isLatest ? event : try raised(event, agency, time, upcasters))
            handed.append(events[index].formed(looked))
        }
        return OwnEvents(events: own, handed: handed, terms: terms, mergers: Mergers(charter), time: time)
    }

    /// An event as it was handed in, and what was found out about it.
    private static func read(
        _ form: EventForm, _ event: AgencyEvent, _ agency: String, _ schema: EventSchema, _ kinds: Set<String>,
        _ charter: Position
    ) throws(ExchangeError) -> (OwnEvents.Event, EventForm) {
        let parsed = form.parsed
        guard let handOver = parsed.handOver else {
            let sealing = try EventForm.Sealing(parsed, agency: agency, schema, kinds, charter: charter)
            let own = OwnEvents.Event(
                type: parsed.type, identity: parsed.identity, tags: sealing.event.plainTags, document: parsed.document)
            return (own, EventForm(parsed, sealing))
        }
        let handed = try HandedOverEvent(
            parsed.document.bytes, disclosures: handOver.disclosures, agency: agency, tags: parsed.tags,
            plan: schema.plan, personalKinds: kinds)
        let own = OwnEvents.Event(
            type: parsed.type, identity: parsed.identity, tags: handed.plain.plainTags, document: handed.merged)
        return (own, form)
    }

    /// An event brought up to the latest version of its schema.
    private func raised(
        _ event: OwnEvents.Event, _ agency: String, _ time: Timestamp, _ upcasters: Upcasters
    ) throws(ExchangeError) -> OwnEvents.Event {
        let seen = SeenEntry.Event(
            position: 0, recorded: time, agency: agency, tags: event.tags, event: event.document.bytes, withheld: [],
            gone: [])
        let limits = JSONParser.Limits(maximumBytes: AgencyEvent.maximumBytes, maximumDepth: LogLimits.depth + 2)
        guard let raised = try upcast([.entry(seen)], by: upcasters).first?.event,
            let document = try? JSONDocument(parsing: raised.event, limits: limits),
            let type = document.root["type"]?.string
        else { throw ExchangeError(.eventInvalid, "The event cannot be read.") }
        return OwnEvents.Event(type: type, identity: event.identity, tags: raised.tags, document: document)
    }
}

/// The few schemas of some events, and whether each is of the latest version.
private struct SchemasInUse {
    private var found: [(uri: String, schema: EventSchema?, isLatest: Bool)] = []

    mutating func add(_ uri: String, _ charter: Charter, _ state: inout ExchangeState) throws(ExchangeError) {
        guard find(uri) == nil else { return }
        let isLatest = charter.successor(ofSchema: uri, begunAt: state.now) == nil
        found.append((uri, try state.schema(uri), isLatest))
    }

    func find(_ uri: String) -> (schema: EventSchema, isLatest: Bool)? {
        for known in found where known.uri == uri { return known.schema.map { ($0, known.isLatest) } }
        return nil
    }
}

extension SealableEvent {
    /// The tags it carries, before any is blinded.
    fileprivate var plainTags: [Tag] {
        var plain: [Tag] = []
        plain.reserveCapacity(tags.count)
        for source in tags {
            switch source {
            case .plain(let tag), .blinded(let tag, _): plain.append(tag)
            case .decoy: break
            }
        }
        return plain
    }
}
