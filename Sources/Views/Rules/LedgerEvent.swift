public import EventLog
internal import Exchange
public import JSON

/// An event as rules and automations get it.
public struct LedgerEvent: Sendable {
    /// Where it stands; for one that is not in the log yet, where it would stand if nothing came before it.
    public let position: Position
    /// When it was recorded; for one that is not in the log yet, the time at which it is decided.
    public let recorded: Timestamp
    /// Who appended it.
    public let agency: String
    /// The agencies that had become that one, by mergers, when it was recorded.
    public let predecessors: [String]
    public let type: String
    /// What it is known by.
    public let identity: EventIdentity
    /// What it is about. Of an event in the log, tags that name persons, and all tags of one that is sealed as a whole, are
    /// blinded.
    public let tags: [Tag]
    /// The whole CloudEvent.
    public let root: JSONValue

    /// Its data.
    public var data: JSONValue? { root["data"] }

    /// - Returns: nil if it cannot be read.
    init?(_ event: SeenEntry.Event, _ mergers: Mergers) {
        let limits = JSONParser.Limits(maximumBytes: AgencyEvent.maximumBytes, maximumDepth: LogLimits.depth + 2)
        guard let root = try? JSONDocument(parsing: event.event, limits: limits).root, let type = root["type"]?.string,
            let source = root["source"]?.string, let id = root["id"]?.string
        else { return nil }
        self.init(
            position: event.position, recorded: event.recorded, agency: event.agency,
            predecessors: mergers.predecessors(of: event.agency, at: event.recorded), type: type,
            identity: EventIdentity(source: source, id: id), tags: event.tags, root: root)
    }

    /// One that is not in the log yet: it stands at position 0, until it is said where it would stand.
    init(_ event: OwnEvents.Event, _ agency: String, _ recorded: Timestamp, _ predecessors: [String]) {
        self.init(
            position: 0, recorded: recorded, agency: agency, predecessors: predecessors, type: event.type,
            identity: event.identity, tags: event.tags, root: event.document.root)
    }

    init(
        position: Position, recorded: Timestamp, agency: String, predecessors: [String] = [], type: String,
        identity: EventIdentity, tags: [Tag], root: JSONValue
    ) {
        self.position = position
        self.recorded = recorded
        self.agency = agency
        self.predecessors = predecessors
        self.type = type
        self.identity = identity
        self.tags = tags
        self.root = root
    }

    /// The first tag of a kind.
    public func tag(ofKind kind: String) -> Tag? { tags.first { $0.isOf(kind: kind) } }

    /// The same, where and when it would stand.
    func standing(at position: Position, _ recorded: Timestamp, _ predecessors: [String]) -> LedgerEvent {
        LedgerEvent(
            position: position, recorded: recorded, agency: agency, predecessors: predecessors, type: type,
            identity: identity, tags: tags, root: root)
    }

    func with(tags: [Tag]) -> LedgerEvent {
        LedgerEvent(
            position: position, recorded: recorded, agency: agency, predecessors: predecessors, type: type,
            identity: identity, tags: tags, root: root)
    }
}
