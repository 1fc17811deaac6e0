internal import EventLog
public import Views

extension PortRules {
    /// The port releases a declaration once, and not before nothing is missing any more. The decision is that of its case file,
    /// ``DeclarationCase/releaseDecision()``, over the events as the ledger sees them.
    ///
    /// The event names the declaration's containers by tags: by them the holds are found that were placed on these alone.
    public static let oneRelease = Rule(
        name: "one-release", version: 1, types: [CaseEvent.releaseCompleted.type],
        requirement: "A declaration is released once: when all agencies that must have released, neither it nor its "
            + "containers are held, its permits are written off, and duty is paid or guaranteed.",
        reads: ReleaseHistory.fields.map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in
            let declaration = try tag("declaration", of: event)
            guard event.tags.contains(declaration) else {
                throw RuleFault("It is not tagged by its declaration: nobody would find that it is released.")
            }
            var items = [Query.Item(types: ReleaseProgress.events.map(\.type), tags: [declaration])]
            let holds = [CaseEvent.holdPlaced, .holdLifted].map(\.type)
            for container in containers(of: event) { items.append(Query.Item(types: holds, tags: [container])) }
            return Rule.Scope(object: declaration, query: Query(items))
        },
        initial: ReleaseHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { (history, event) throws(RuleFault) in
            history.finding(on: try tag("declaration", of: event), containers(of: event))
        })

    /// The containers that an event names by tags, each once.
    private static func containers(of event: LedgerEvent) -> [Tag] {
        Set(event.tags.filter { $0.isOf(kind: "container") }).sorted()
    }
}

/// What the rule on releases knows: what happened to a declaration and to containers, which are told apart once it is known
/// which declaration it is.
struct ReleaseHistory: Sendable {
    /// How many things that are missing a refusal names.
    private static let named = 8

    /// The fields by which it is decided, with those that name what is missing.
    static let fields = ReleaseProgress.fields.union(["container", "legalBasis"])

    private var records: [CaseRecord] = []

    mutating func take(_ event: LedgerEvent) {
        if let record = CaseRecord(event, keeping: Self.fields.contains) { records.append(record) }
    }

    /// The case file of the declaration with the holds on its containers.
    func file(of declaration: Tag, _ containers: [Tag]) -> DeclarationCase {
        let all = [declaration] + containers
        var file = DeclarationCase(object: declaration.text)
        for record in records where record.isAbout(declaration, among: all) { file.take(record) }
        file.consider(
            containers.map { container in
                var its = ContainerCase(object: container.text)
                for record in records where record.isAbout(container, among: all) { its.take(record) }
                return its
            })
        return file
    }

    func finding(on declaration: Tag, _ containers: [Tag]) -> Rule.Finding {
        let file = file(of: declaration, containers)
        if let released = file.released {
            return .broken(against: [released.position], remedy: "It is released already: there is one release.")
        }
        let unnamed = file.containers.filter { container in
            !containers.contains { $0.value.utf8.elementsEqual(container.utf8) }
        }
        guard unnamed.isEmpty else {
            return .broken(
                against: [],
                remedy: "Name its containers by tags: \(unnamed.prefix(Self.named).joined(separator: ", ")).")
        }
        let missing = file.releaseDecision().missing
        guard !missing.isEmpty else { return .satisfied }
        let more = missing.count > Self.named ? " And \(missing.count - Self.named) more." : ""
        return .broken(
            against: missing.compactMap(\.position),
            remedy: missing.prefix(Self.named).map(\.text).joined(separator: " ") + more)
    }
}
