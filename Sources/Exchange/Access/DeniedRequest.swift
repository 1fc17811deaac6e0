internal import EventLog

/// A request for disclosure or for assistance that its owner denied: an explicit request, of which access records tell.
struct DeniedRequest {
    private let decision: DecisionRecord
    private let scope: DisclosureScope
    /// The event that asked.
    private let type: String
    private let isSecret: Bool

    /// The most entries about its objects that are looked at.
    private static let maximumEntries = 10_000
    /// The most records of one request.
    private static let maximumRecords = 64

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

    /// Where these can stand.
    var range: ReadRange { ReadRange(to: decision.ruling.request, limit: Self.maximumEntries) }

    /// Its records: one of the request itself, and what it was about of the fields it named.
    ///
    /// - Parameter entries: The entries it was about, with their positions.
    func records(_ entries: [(position: Position, entry: ReadableEntry)]) -> [AccessRecord] {
        let asked = AccessRecord.AccessedField(type: type, pointer: "")
        var records = denials([asked], at: decision.ruling.request)
        for (position, entry) in entries {
            let fields = entry.fields.filter {
                $0.mark.owner == scope.owner && $0.mark.sharingClass >= .conditional
                    && scope.fields.matches($0, ofType: entry.type)
            }
            records += denials(fields.map { .init(type: entry.type, pointer: $0.pointer) }, at: position)
        }
        return Array(AccessRecord.coalesced(records).prefix(Self.maximumRecords))
    }

    private func denials(_ fields: [AccessRecord.AccessedField], at position: Position) -> [AccessRecord] {
        let reader = Reader(.authority, agency: decision.agency, purpose: scope.purpose, caseName: scope.caseName)
        return AccessRecord.denials(
            fields, ownedBy: scope.owner, for: reader, at: [position...position], decision.at.time
        ).map { $0.with(isSecret: isSecret) }
    }
}
