internal import Clearance
internal import EventLog
internal import Exchange
internal import JSON
internal import Views

/// Finds out why an event stood, and tells of it what who asks may see.
struct WhyTeller {
    /// The most entries about the same objects that are looked at, before the event and after it.
    static let looked = 5_000
    /// The most positions that are named of what a rule read.
    static let named = 256
    /// The most events on which it rested that are told, and how deep.
    static let grounds = 128
    static let depth = 4
    /// Types of events that are sealed as a whole: their tags are blinded, and they are found only if they are asked for.
    static let sealed = ["sanhu.risk.flagged", "sanhu.risk.cleared", "sanhu.intelligence.shared"]

    let ledger: ExchangeLedger
    let event: SeenEntry.Event
    let root: JSONValue
    let known: KnownMoment
    let reader: Reader
    /// Whether who asks is told of what it may not see that it is there.
    let seesStubs: Bool
    let book: Rulebook

    static let limits = JSONParser.Limits(maximumBytes: 64 << 20, maximumDepth: LogLimits.depth + 4)

    init(
        _ replay: Replay, _ event: SeenEntry.Event, _ known: KnownMoment, _ reader: Reader
    ) async throws(ReplayError) {
        ledger = replay.ledger
        guard let root = (try? JSONDocument(parsing: event.event, limits: Self.limits))?.root else {
            throw ReplayError(.malformed, "The event at \(event.position) cannot be read.")
        }
        (self.event, self.root, self.known, self.reader) = (event, root, known, reader)
        let ledger = replay.ledger
        seesStubs = try ReplayError.exchange { () throws(ExchangeError) in try ledger.isAuditor(reader) }
        do throws(ViewError) {
            book = try Rulebook(of: ledger, rules: PortRules.all)
        } catch {
            throw ReplayError(error)
        }
    }

    var position: Position { event.position }
    var type: String { root["type"]?.string ?? "" }

    func why(_ entry: SeenEntry) async throws(ReplayError) -> Why {
        var why = Why(position: position, known: known, event: entry)
        (why.power, why.schema) = try charterEntries()
        let reruns = try reruns()
        let earlier = try about(from: 0, to: position)
        why.act = try act(among: earlier)
        try await tell(reruns, to: &why)
        try await rest(reruns, among: earlier, in: &why)
        try await see(to: &why)
        why.later = try await later(reruns)
        return why
    }

    // MARK: Charter

    /// The power and the schema by which it was appended, and since when the charter said so.
    private func charterEntries() throws(ReplayError) -> (Why.Power?, Why.Schema?) {
        let ledger = ledger
        let history = try ReplayError.exchange { () throws(ExchangeError) in try ledger.charterHistory() }
        let charters = history.charters
        guard let last = charters.lastIndex(where: { $0.position < position }) else { return (nil, nil) }
        let port = root["port"]?.string ?? root["data"]?["port"]?.string
        func power(_ charter: Charter, at time: Timestamp) -> Power? {
            charter.power(of: event.agency, type: type, port: port, at: time)
                ?? charter.power(of: event.agency, type: type, port: nil, at: time)
        }
        var found: Why.Power?
        if let given = power(charters[last], at: event.recorded) {
            var first = last
            while first > 0, power(charters[first - 1], at: event.recorded) == given { first -= 1 }
            let ended = charters[(last + 1)...].first { charter in
                charter.position < known.position && power(charter, at: max(charter.recorded, event.recorded)) != given
            }
            found = Why.Power(
                id: given.id, agency: given.agency, types: given.types, ports: given.ports,
                since: charters[first].position, ended: ended?.position)
        }
        var schema: Why.Schema?
        if let uri = root["dataschema"]?.string, charters[last].schema(uri) != nil {
            var first = last
            while first > 0, charters[first - 1].schema(uri) != nil { first -= 1 }
            schema = Why.Schema(uri: uri, since: charters[first].position)
        }
        return (found, schema)
    }

    // MARK: What is about the same objects

    /// An entry as everyone who sees it sees it.
    struct Known {
        let event: SeenEntry.Event
        let root: JSONValue
    }

    /// Entries that carry one of its tags, in the order of positions: the nearest of them, if there are too many.
    func about(from start: Position, to end: Position) throws(ReplayError) -> [Known] {
        let ledger = ledger
        guard !event.tags.isEmpty, start < end else { return [] }
        let query = try ReplayError.exchange { () throws(ExchangeError) in
            var items = event.tags.map { Query.Item(types: [], tags: [$0]) }
            let plain = event.tags.filter { ["declaration", "container", "conveyance"].contains(String($0.kind)) }
            items += try ledger.stored(Query(plain.map { Query.Item(types: Self.sealed, tags: [$0]) })).items
            return Query(items)
        }
        let isAfter = start > 0
        let entries = try ReplayError.log { () throws(LogError) in
            var range = ReadRange(from: start, to: end, limit: Self.looked)
            range.isBackwards = !isAfter
            return try ledger.log.read(query, range)
        }.sorted { $0.position < $1.position }
        let events = try ReplayError.exchange { () throws(ExchangeError) in
            try ledger.unsealed(entries, upcasting: .standard)
        }
        return events.compactMap { event in
            (try? JSONDocument(parsing: event.event, limits: Self.limits)).map { Known(event: event, root: $0.root) }
        }
    }

    /// The automation whose act it is, and from which event that followed: its id says so.
    private func act(among earlier: [Known]) throws(ReplayError) -> Why.Act? {
        let id = root["id"]?.string ?? ""
        let automations = PortAutomations.all.filter { $0.agency == event.agency }
        guard PortAutomations.appendedTypes.contains(type), id.utf8.count == 22 else { return nil }
        var causes = earlier.suffix(Self.causes).map(\.event.position)
        causes += try positions(namedBy: EventNames(in: root), among: earlier)
        for position in Set(causes).sorted(by: >) {
            guard let cause = try self.root(at: position), let source = cause["source"]?.string,
                let name = cause["id"]?.string
            else { continue }
            for automation in automations {
                for number in 0..<Self.reactions
                where ExchangeLedger.derivedID([automation.name, source, name, String(number)]) == id {
                    return Why.Act(automation: automation.name, cause: position, reaction: number)
                }
            }
        }
        return nil
    }

    private static let causes = 256
    private static let reactions = 16

    /// What stands at a position, as it is stored.
    func root(at position: Position) throws(ReplayError) -> JSONValue? {
        let ledger = ledger
        let entry = try ReplayError.log { () throws(LogError) in try ledger.log.entry(at: position) }
        return (try? JSONDocument(parsing: entry.bytes, limits: Self.limits))?.root["event"]
    }

    /// The positions below its own of events that are named.
    func positions(namedBy names: EventNames, among earlier: [Known]) throws(ReplayError) -> [Position] {
        guard !names.isEmpty else { return [] }
        let ledger = ledger
        var found = Set(names.positions)
        if !names.identities.isEmpty {
            let entries = try ReplayError.log { () throws(LogError) in try ledger.log.entries(of: names.identities) }
            found.formUnion(entries.values.map(\.position))
        }
        for known in earlier where names.name(known.root, at: known.event.position) {
            found.insert(known.event.position)
        }
        return found.filter { $0 < position }.sorted()
    }
}
