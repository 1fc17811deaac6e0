public import EventLog
public import Exchange
internal import JSON
internal import Views

extension Replay {
    /// The most entries that are told of at once.
    public static let maximumSightings = 1_000

    /// What a reader could see, at a moment, of the entries that a query finds.
    ///
    /// An auditor may ask of anybody, an agency of itself, and each agency of the fields that it owns. Of the entries those are
    /// told that who asks sees now; values of fields that could be seen are given where who asks is entitled to them now, and
    /// recorded as by any read.
    ///
    /// - Parameters:
    ///   - other: Whose sight is asked for, as what and what for.
    ///   - query: Which entries. Entries at `positions` beside them; of a stub an auditor is told whether the other saw it.
    ///   - moment: As known; a time occurred means nothing here.
    ///   - asker: Who asks.
    /// - Throws: ``ReplayError``: `.denied`; `.limitExceeded` for more than ``maximumSightings`` entries; `.malformed` for a
    ///   time occurred.
    /// - Complexity: O(*n*) in the entries.
    public func sightings(
        of other: Reader, in query: Query, at positions: [Position] = [], _ moment: Moment = .present,
        askedBy asker: Reader
    ) async throws(ReplayError) -> (known: KnownMoment, sightings: [Sighting]) {
        guard moment.occurred == nil else {
            throw ReplayError(.malformed, "What could be seen follows from what was known then: ask for that alone.")
        }
        let known = try moment.known(in: ledger)
        let standing = try standing(of: asker, toward: other)
        let ledger = ledger
        var found = Set(positions.filter { $0 < known.position })
        if !query.matchesAll {
            let blinded = try ReplayError.exchange { () throws(ExchangeError) in try ledger.blind(query, for: asker) }
            let entries = try ReplayError.log { () throws(LogError) in
                try ledger.log.read(blinded, ReadRange(to: known.position, limit: Self.maximumSightings + 1))
            }
            found.formUnion(entries.map(\.position))
        }
        guard found.count <= Self.maximumSightings else {
            throw ReplayError(.limitExceeded, "There are more than \(Self.maximumSightings) entries: ask for fewer.")
        }
        let all = found.sorted()
        let masks = try ReplayError.exchange { () throws(ExchangeError) in
            try ledger.masks(at: all, for: other, asOf: known.time, before: known.position)
        }
        let seen = try await seen(masks, by: asker, standing)
        let sightings = masks.compactMap { mask in
            sighting(mask, seen[mask.position], standing, isNamed: positions.contains(mask.position))
        }
        return (known, sightings)
    }

    /// As what somebody asks what another could see.
    private enum Standing: Equatable {
        case auditor, itself
        case owner(String)

        func mayKnow(of mark: SharingMark) -> Bool {
            if case .owner(let agency) = self { mark.owner == agency } else { true }
        }
    }

    private func standing(of asker: Reader, toward other: Reader) throws(ReplayError) -> Standing {
        let ledger = ledger
        let isAuditor = try ReplayError.exchange { () throws(ExchangeError) in try ledger.isAuditor(asker) }
        if isAuditor { return .auditor }
        let charter = try ReplayError.exchange { () throws(ExchangeError) in try ledger.charter() }
        let now = try ReplayError.exchange { () throws(ExchangeError) in try ledger.ownTime() }
        guard let agency = asker.agency, charter.agency(agency, at: now) != nil else {
            throw ReplayError(
                .denied, "What somebody could see is told to auditors, to that agency itself, and to owners of fields.")
        }
        return agency == other.agency ? .itself : .owner(agency)
    }

    /// What who asks sees of entries now, of their fields only those that the other could see and it may know of.
    private func seen(
        _ masks: [EntryMask], by asker: Reader, _ standing: Standing
    ) async throws(ReplayError) -> [Position: SeenEntry.Event] {
        var asked: [Position: [String]] = [:]
        for mask in masks {
            asked[mask.position] = mask.parts.filter { $0.decision.basis != nil && standing.mayKnow(of: $0.mark) }
                .map(\.pointer)
        }
        let ledger = ledger
        let fields = FieldsAsked(asked)
        let seen = try await ReplayError.reading { () async throws(ExchangeError) in
            // As they were appended: the mask is of the schema of then.
            try await ledger.seen(fields, by: asker, asOf: nil, upcasting: Upcasters([]))
        }
        return Dictionary(
            seen.compactMap { entry in entry.event.map { ($0.position, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    private func sighting(
        _ mask: EntryMask, _ event: SeenEntry.Event?, _ standing: Standing, isNamed: Bool
    ) -> Sighting? {
        guard let event else {
            // That an entry which who asks does not see is about something is told to nobody; an agency knows what it saw itself.
            switch standing {
            case .auditor where isNamed:
                return Sighting(
                    position: mask.position, recorded: mask.recorded, agency: nil, type: nil, isSeen: mask.isSeen,
                    fields: [])
            case .itself where mask.isSeen: return sighting(mask, as: nil, standing)
            default: return nil
            }
        }
        let root = (try? JSONDocument(parsing: event.event, limits: Self.eventLimits))?.root
        return sighting(mask, as: (event, root), standing)
    }

    private static let eventLimits = JSONParser.Limits(maximumBytes: 64 << 20, maximumDepth: LogLimits.depth + 4)

    private func sighting(
        _ mask: EntryMask, as event: (SeenEntry.Event, JSONValue?)?, _ standing: Standing
    ) -> Sighting? {
        let fields = mask.parts.filter { standing.mayKnow(of: $0.mark) }.map { part in
            Sighting.Field(
                pointer: part.pointer, sharingClass: part.mark.sharingClass, compartment: part.mark.compartment,
                owner: part.mark.owner, basis: part.basis,
                value: part.decision.basis == nil ? nil : Self.value(of: part, in: event))
        }
        // An owner is told of its own fields alone.
        if case .owner = standing, fields.isEmpty { return nil }
        let isTold = if case .owner = standing { false } else { true }
        return Sighting(
            position: mask.position, recorded: mask.recorded, agency: mask.agency, type: mask.type,
            isSeen: isTold ? mask.isSeen : nil, fields: fields)
    }

    private static func value(
        of part: EntryMask.Part, in event: (SeenEntry.Event, JSONValue?)?
    ) -> Sighting.Value {
        guard let (event, root) = event, let root else { return .withheld }
        if event.withheld.contains(where: { $0.pointer == part.pointer }) { return .withheld }
        switch event.gone.first(where: { $0.pointer == part.pointer })?.cause {
        case .erased: return .erased
        case .lost: return .lost
        case nil: break
        }
        guard let data = root["data"] else { return .missing }
        guard !part.pointer.isEmpty else { return .json(Array(data.text)) }
        guard let pointer = JSONPointer(part.pointer), let value = data.value(at: pointer) else { return .missing }
        return .json(Array(value.text))
    }
}

extension EntryMask.Part {
    fileprivate var basis: Sighting.Basis {
        if let opened = decision.basis { return .opened(opened) }
        return prohibition.map { .prohibited($0) } ?? .nothing
    }
}
