public import EventLog
internal import JSON

extension ExchangeLedger {
    /// Reads entries as ``read(_:_:for:asOf:)`` does, by a reader that asks for fields by name: an explicit request. What of
    /// them it is denied is in the access log, too, before this returns.
    ///
    /// Of an entry that it sees, each marked field that is named, or in one or above one that is, and withheld is a denial.
    /// A stub is one in any case, whether or not its event has such fields: else the time that an answer takes would tell.
    ///
    /// - Parameter pointers: JSON Pointers into the data, at most 32. Without any it is a plain read.
    /// - Throws: ``ExchangeError``: `.eventInvalid` for what is no pointer, `.limitExceeded`, and as the other.
    public func read(
        _ query: Query, _ range: ReadRange = ReadRange(), for claim: Reader, asOf earlier: Timestamp? = nil,
        naming pointers: [String]
    ) async throws(ExchangeError) -> [SeenEntry] {
        try Self.checkNames(pointers)
        let seen = try await read(query, range, for: claim, asOf: earlier)
        try await recordDenials(of: pointers, in: seen, for: claim)
        return seen
    }

    private static func checkNames(_ pointers: [String]) throws(ExchangeError) {
        guard pointers.count <= AccessRecord.maximumFields else {
            throw ExchangeError(
                .limitExceeded, "At most \(AccessRecord.maximumFields) fields can be asked for by name.")
        }
        for pointer in pointers {
            guard pointer.utf8.count <= EventDataReader.pointerBytes, JSONPointer(pointer) != nil else {
                throw ExchangeError(
                    .eventInvalid, "“\(pointer.prefix(80))” is no JSON Pointer; write for example /price.")
            }
        }
    }

    /// Records what of some fields, which were asked for by name, a reader was denied in what it is to be given, in whatever
    /// way that was read; durable on return. Call it before anything is given out.
    ///
    /// - Throws: As ``read(_:_:for:asOf:naming:)``.
    public func recordDenials(
        of pointers: [String], in seen: [SeenEntry], for claim: Reader
    ) async throws(ExchangeError) {
        try Self.checkNames(pointers)
        guard !pointers.isEmpty, !seen.isEmpty else { return }
        let (reader, now) = try current { state throws(ExchangeError) in
            (try state.charter().confirmed(claim, at: state.now), state.now)
        }
        var denials: [AccessRecord] = []
        for entry in seen {
            switch entry {
            case .entry(let event): denials += try self.denials(pointers, event, reader, now)
            case .stub(let position, _): denials += try self.denials(pointers, stub: position, reader, now)
            }
        }
        try await record(AccessRecord.coalesced(denials))
    }

    /// What is denied of an entry that is seen.
    private func denials(
        _ pointers: [String], _ event: SeenEntry.Event, _ reader: Reader, _ now: Timestamp
    ) throws(ExchangeError) -> [AccessRecord] {
        let query = AccessQuery(pointers: pointers)
        let withheld = event.withheld.filter { query.speaks(of: $0.pointer) }
        guard !withheld.isEmpty, let type = (try? JSONDocument(parsing: event.event))?.root["type"]?.string else {
            return []
        }
        return Self.denials(withheld.map { (type, $0.pointer, $0.reason.owner) }, reader, at: event.position, now)
    }

    /// What is denied of an entry that is not seen: the fields that are named and there, or else what was named.
    private func denials(
        _ pointers: [String], stub position: Position, _ reader: Reader, _ now: Timestamp
    ) throws(ExchangeError) -> [AccessRecord] {
        let view = try EntryView(ExchangeError.wrapping { () throws(LogError) in try log.entry(at: position) })
        let plan = try current { state throws(ExchangeError) in try state.plan(of: view) }
        let query = AccessQuery(pointers: pointers)
        let marked = (plan?.fields ?? []).filter { query.speaks(of: $0.pointer) }
        let fields = marked.map { (view.type, $0.pointer, String?.some($0.mark.owner)) }
        let named = pointers.map { (view.type, $0, String?.none) }
        return Self.denials(fields.isEmpty ? named : fields, reader, at: position, now)
    }

    private static func denials(
        _ fields: [(type: String, pointer: String, owner: String?)], _ reader: Reader, at position: Position,
        _ now: Timestamp
    ) -> [AccessRecord] {
        Dictionary(grouping: fields, by: \.owner).sorted { $0.key ?? "" < $1.key ?? "" }.flatMap { owner, fields in
            AccessRecord.denials(
                fields.map { AccessRecord.AccessedField(type: $0.type, pointer: $0.pointer) }, ownedBy: owner,
                for: reader, at: [position...position], now)
        }
    }
}
