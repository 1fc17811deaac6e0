internal import EventLog
internal import JSON
internal import JSONSchema

/// Brings events as a reader sees them up to the latest version of their schemas.
struct EventUpcaster {
    /// The most versions between an event's and the latest.
    static let maximumVersions = 64
    /// The most bytes of the data that come out.
    static let maximumBytes = LogLimits.disclosureBytes

    let upcasters: Upcasters
    let charter: Charter
    /// The time of the read: versions that come into force later do not count yet.
    let time: Timestamp

    /// An event, brought up; unchanged if it is of the latest version. Where it cannot be, it is as it was, with a mark that
    /// says why.
    ///
    /// - Parameter schema: Gives a registered schema, compiled.
    /// - Throws: ``ExchangeError`` of `schema`.
    func upcast(
        _ event: SeenEntry.Event, _ schema: (String) throws(ExchangeError) -> EventSchema?
    ) throws(ExchangeError) -> SeenEntry.Event {
        guard let document = try? JSONDocument(parsing: event.event, limits: .init(maximumDepth: LogLimits.depth + 2)),
            let uri = document.root["dataschema"]?.string, charter.schema(uri) != nil
        else { return event }
        let latest: String
        var raised: SeenEntry.Event
        do throws(UpcastRefusal) {
            let versions = try versions(after: uri)
            guard let last = versions.last else { return event }
            latest = last.uri
            raised = try raise(event, document, versions)
        } catch {
            return Self.refused(event, error)
        }
        raised.upcast = .done(from: uri)
        return try checked(raised, event, latest, schema)
    }

    private static func refused(_ event: SeenEntry.Event, _ refusal: UpcastRefusal) -> SeenEntry.Event {
        var event = event
        event.upcast = .refused(refusal)
        return event
    }

    /// The versions after one, up to the latest that is in force.
    private func versions(after uri: String) throws(UpcastRefusal) -> [RegisteredSchema] {
        var versions: [RegisteredSchema] = []
        var last = uri
        // The charter lets versions make no circle; this asks for no more than it may anyway.
        while let next = charter.successor(ofSchema: last, begunAt: time) {
            guard versions.count < Self.maximumVersions else {
                throw UpcastRefusal(.tooLarge, "There are more than \(Self.maximumVersions) versions after \(uri).")
            }
            versions.append(next)
            last = next.uri
        }
        return versions
    }

    private func raise(
        _ event: SeenEntry.Event, _ document: JSONDocument, _ versions: [RegisteredSchema]
    ) throws(UpcastRefusal) -> SeenEntry.Event {
        let pointers = event.withheld.map(\.pointer) + event.gone.map(\.pointer)
        let hidden = pointers.compactMap { JSONPointer($0) }
        guard let value = document.root["data"], !hidden.contains(where: \.tokens.isEmpty) else {
            throw UpcastRefusal(.withheld, "The data of the event are not there to be brought up.", [""])
        }
        var data = UpcastData(value, hidden: hidden)
        for version in versions {
            guard let name = version.replaces?.upcaster, let upcaster = upcasters[name] else {
                throw UpcastRefusal(
                    .unknownUpcaster,
                    "This program does not know the upcaster “\(version.replaces?.upcaster ?? "")”, which leads to "
                        + "\(version.uri): read with one that does.")
            }
            for step in upcaster.steps { try data.apply(step) }
        }
        return try written(event, document, data, versions.last?.uri ?? "")
    }

    /// The event with other data and the schema that they are of.
    private func written(
        _ event: SeenEntry.Event, _ document: JSONDocument, _ data: UpcastData, _ uri: String
    ) throws(UpcastRefusal) -> SeenEntry.Event {
        var writer = JSONWriter(reservingCapacity: event.event.count)
        writer.object { writer in
            for (key, value) in document.root.members {
                writer.key(key)
                switch key {
                case "dataschema": writer.string(uri)
                case "data": data.tree.write(to: &writer)
                default: writer.raw(value.text)
                }
            }
        }
        let limits = JSONParser.Limits(maximumBytes: Self.maximumBytes, maximumDepth: LogLimits.depth + 2)
        guard (try? JSONDocument(parsing: writer.bytes, limits: limits)) != nil else {
            throw UpcastRefusal(.tooLarge, "The event that came out is larger or deeper than events may be.")
        }
        let paths = data.hidden.map { $0?.description }
        let withheld = zip(event.withheld, paths).compactMap { field, path in
            path.map { SeenEntry.Withheld(pointer: $0, reason: field.reason) }
        }
        let gone = zip(event.gone, paths.dropFirst(event.withheld.count)).compactMap { field, path in
            path.map { SeenEntry.Gone(pointer: $0, cause: field.cause) }
        }
        return SeenEntry.Event(
            position: event.position, recorded: event.recorded, agency: event.agency, tags: event.tags,
            event: writer.bytes, withheld: withheld, gone: gone)
    }

    /// An event that was brought up, or the one that it was if it does not satisfy its new schema as far as it is seen.
    private func checked(
        _ raised: SeenEntry.Event, _ event: SeenEntry.Event, _ uri: String,
        _ schema: (String) throws(ExchangeError) -> EventSchema?
    ) throws(ExchangeError) -> SeenEntry.Event {
        guard let compiled = try schema(uri), let data = try? JSONDocument(parsing: raised.event).root["data"]
        else { return raised }
        let hidden = (raised.withheld.map(\.pointer) + raised.gone.map(\.pointer)).compactMap { JSONPointer($0) }
        let violations = compiled.violations(Array(data.text))
        guard let first = violations.first(where: { !Self.isExplained($0, by: hidden) }) else { return raised }
        return Self.refused(
            event,
            UpcastRefusal(
                .invalid, "What came out does not fit \(uri): \(first.expected) is expected there.",
                [first.instancePath.description]))
    }

    /// Whether a violation may come only of what is not seen: of a member that is missing because it is withheld, or of a
    /// rule about an object in which something is.
    private static func isExplained(_ violation: SchemaViolation, by hidden: [JSONPointer]) -> Bool {
        if violation.keyword == "required" {
            return hidden.contains { pointer in
                JSONPointer(tokens: Array(pointer.tokens.dropLast())) == violation.instancePath
                    && pointer.tokens.last.map { violation.expected.contains("“\($0)”") } ?? false
            }
        }
        return hidden.contains { UpcastData.is(violation.instancePath, properlyAround: $0) }
    }
}

extension Charter {
    /// The schema that replaces another one, if it has begun to be in force at a time.
    func successor(ofSchema uri: String, begunAt time: Timestamp) -> RegisteredSchema? {
        guard let next = successor(ofSchema: uri), let said = schemas.value(CharterPartName(next.uri), at: time),
            said.validity.from.map({ $0 <= time }) ?? true
        else { return nil }
        return said
    }
}
