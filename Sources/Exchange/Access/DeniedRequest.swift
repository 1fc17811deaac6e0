internal import EventLog

/// A request for disclosure or for assistance that its owner denied: an explicit request, of which access records tell.
struct DeniedRequest {
    private let decision: DecisionRecord
    private let scope: DisclosureScope
    /// The event that asked.
    private let type: String
    private let isSecret: Bool

    /// What it was about so far: lists of fields in the order of the first entry with each, and where these stand.
    private var order: [[AccessRecord.AccessedField]] = []
    private var positions: [[AccessRecord.AccessedField]: [ClosedRange<Position>]] = [:]

    /// - Returns: Nil if the decision does not deny.
    init?(_ decision: DecisionRecord, _ book: GrantBook, _ charter: Charter) {
        guard decision.ruling.outcome == .denied else { return nil }
        if let record = book.requests[decision.ruling.request] {
            (scope, type) = (record.request.scope, "sanhu.disclosure.requested")
        } else if let record = book.assistances[decision.ruling.request] {
            (scope, type) = (record.request.scope, "sanhu.assistance.requested")
        } else {
            return nil
        }
        self.decision = decision
        isSecret = charter.purpose(scope.purpose, at: decision.at.time)?.isSecret ?? false
    }

    /// By which a record of it is known: the same decision makes the same records.
    func identity(_ number: Int) -> EventIdentity {
        EventIdentity(source: LedgerVoice.accessSource, id: "denied-\(decision.at.position)-\(number)")
    }

    /// The entries it was about when it was made: they carry one of its objects.
    var objects: Query { Query(scope.objects.map { Query.Item(tags: [$0]) }) }

    /// Where these can stand: before the request.
    var end: Position { decision.ruling.request }

    /// Takes note of an entry it was about; those of one query in their order.
    ///
    /// - Complexity: O(*n*) in the entry's fields. Memory grows with the gaps between the positions, not with their number.
    mutating func note(_ entry: ReadableEntry, at position: Position) {
        let fields = entry.fields.filter {
            $0.mark.owner == scope.owner && $0.mark.sharingClass >= .conditional
                && scope.fields.matches($0, ofType: entry.type)
        }.map { AccessRecord.AccessedField(type: entry.type, pointer: $0.pointer) }
        guard !fields.isEmpty else { return }
        if positions[fields] == nil { order.append(fields) }
        var range = position...position
        if let last = positions[fields]?.last, last.upperBound + 1 == position {
            positions[fields]?.removeLast()
            range = last.lowerBound...position
        }
        positions[fields, default: []].append(range)
    }

    /// Its records: one of the request itself, and what it was about of the fields it named, all of it.
    var records: [AccessRecord] {
        let asked = AccessRecord.AccessedField(type: type, pointer: "")
        return denials([asked], at: [end...end]) + order.flatMap { denials($0, at: positions[$0] ?? []) }
    }

    private func denials(
        _ fields: [AccessRecord.AccessedField], at positions: [ClosedRange<Position>]
    ) -> [AccessRecord] {
        let reader = Reader(.authority, agency: decision.agency, purpose: scope.purpose, caseName: scope.caseName)
        return AccessRecord.denials(
            fields, ownedBy: scope.owner, for: reader, at: positions, decision.at.time
        ).map { $0.with(isSecret: isSecret) }
    }
}
