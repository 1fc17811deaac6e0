internal import EventLog
public import Views

extension PortRules {
    /// What happens to a declaration comes after it was lodged, and nothing after it was withdrawn (报文顺序, S02). A message that
    /// comes too early is refused, and can be sent again; one that is late by its own time is taken, as the log's order decides.
    public static let sequence = Rule(
        name: "sequence", version: 1, types: DeclarationLife.types,
        requirement: "A declaration is lodged before anything is decided on it, and nothing is once it was withdrawn.",
        reads: DeclarationLife.fields.map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in
            let objects = DeclarationLife.objects(of: event)
            guard let object = objects.first else {
                throw RuleFault("It names no declaration: tag it by declaration:NUMBER or lrn:REFERENCE.")
            }
            return Rule.Scope(
                object: object,
                query: Query(objects.map { Query.Item(types: DeclarationLife.earlier, tags: [$0]) }))
        },
        initial: DeclarationLife(),
        fold: { life, earlier in life.take(earlier) },
        requires: { life, event in life.finding(on: event) })
}

/// What is known of a declaration when something is decided on it.
struct DeclarationLife: Sendable {
    static let types = Set(
        ["accepted", "rejected", "examined", "amended", "withdrawn", "reopened"].map { "sanhu.declaration." + $0 })

    /// What its status depends on, as far as it is lodged or withdrawn.
    static let earlier =
        [
            CaseEvent.declarationLodged, .declarationAccepted, .declarationRejected, .declarationAmended,
            .declarationWithdrawn, .inspectionOrdered, .inspectionNotified, .documentRequested,
        ].map(\.type)

    static let fields: Set<String> = ["declaration", "localReference", "stage", "decision", "participants", "concerns"]

    private var records: [CaseRecord] = []

    /// By which its declaration is known: its number, and the reference that the declarant gave it.
    static func objects(of event: LedgerEvent) -> [Tag] {
        let named = [("declaration", "declaration"), ("lrn", "localReference")].compactMap { kind, member in
            event.text(member).flatMap { try? Tag(kind: kind, value: $0) }
        }
        // Those that it names in its data, if it names any: other declarations may be mentioned by tags.
        return named.isEmpty ? event.tags.filter { $0.isOf(kind: "declaration") || $0.isOf(kind: "lrn") } : named
    }

    mutating func take(_ event: LedgerEvent) {
        if let record = CaseRecord(event, keeping: Self.fields.contains) { records.append(record) }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        guard let object = Self.objects(of: event).first else { return .broken(against: [], remedy: "Name it.") }
        var file = DeclarationCase(object: object.text)
        for record in records { file.take(record) }
        guard file.lodged != nil else {
            return .broken(
                against: [],
                remedy: "No declaration.lodged of \(object) stands in the log. Append it first, then this again.")
        }
        guard file.status == .withdrawn else { return .satisfied }
        let withdrawals = records.filter { $0.step.event == .declarationWithdrawn }.map(\.step.position)
        return .broken(
            against: withdrawals, remedy: "\(object) was withdrawn. Lodge a new declaration for the goods.")
    }
}
