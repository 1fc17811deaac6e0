internal import EventLog
public import Views

extension PortRules {
    /// The port releases a declaration once, and not before nothing is missing any more. The decision is that of its case file,
    /// ``DeclarationCase/releaseDecision()``, over the events as the ledger sees them.
    ///
    /// The event names the declaration's containers by tags: by them the holds are found that were placed on these alone.
    public static let oneRelease = Rule(
        name: "one-release", version: 3, types: [CaseEvent.releaseCompleted.type],
        requirement: "A declaration is released once: when all agencies that must have released, neither it nor its "
            + "containers are held, its permits are written off, and duty is paid or guaranteed.",
        reads: ReleaseHistory.fields.map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in
            let declaration = try tag("declaration", of: event)
            guard event.tags.contains(declaration) else {
                throw RuleFault("It is not tagged by its declaration: nobody would find that it is released.")
            }
            let flagged = ReleaseHistory.flagged
            var items = [Query.Item(types: ReleaseProgress.events.map(\.type) + [flagged], tags: [declaration])]
            let holds = [CaseEvent.holdPlaced.type, CaseEvent.holdLifted.type, flagged]
            for container in containers(of: event) { items.append(Query.Item(types: holds, tags: [container])) }
            return Rule.Scope(object: declaration, query: Query(items))
        },
        initial: ReleaseHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { (history, event) throws(RuleFault) in
            history.finding(on: try tag("declaration", of: event), containers(of: event), at: event.happened)
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
    static let fields = ReleaseProgress.fields.union(["container", "legalBasis", "validUntil"])

    /// Risk flags are sealed as a whole and stand in no case file; the ledger sees them.
    static let flagged = "sanhu.risk.flagged"

    private var records: [CaseRecord] = []
    private var flags: [Position] = []

    mutating func take(_ event: LedgerEvent) {
        if event.type == Self.flagged { flags.append(event.position) }
        if let record = CaseRecord(event, keeping: Self.fields.contains) { records.append(record) }
    }

    /// The case file of the declaration with the holds on its containers.
    func file(of declaration: Tag, _ containers: [Tag]) -> DeclarationCase {
        let all = Set(containers).union([declaration])
        var file = DeclarationCase(object: declaration.text)
        var files: [Tag: ContainerCase] = [:]
        for container in containers { files[container] = ContainerCase(object: container.text) }
        for record in records {
            for object in record.objects(among: all) {
                if object == declaration { file.take(record) } else { files[object]?.take(record) }
            }
        }
        file.consider(containers.compactMap { files[$0] })
        // Found by the declaration or by its containers: a new flag ends the recognition of what was found before it.
        for flag in flags { file.requirements.reopenRecognised(before: flag) }
        return file
    }

    /// - Parameter time: Of the release.
    func finding(on declaration: Tag, _ containers: [Tag], at time: Timestamp) -> Rule.Finding {
        var file = file(of: declaration, containers)
        file.expire(at: time)
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
