internal import EventLog
internal import JSON
public import Views

extension PortAutomations {
    /// Merges what several agencies order for the same object into one inspection, and tells of it (联合查验, S20–S22, S24–S26).
    public static let jointInspection = Automation(
        name: "joint-inspection", version: 2, query: Query(types: JointInspection.types),
        kinds: ["declaration", "conveyance"], agency: window,
        fold: { (joint: inout JointInspection, event) in joint.take(event) },
        react: { joint, object, _ in joint.reactions(object) })
}

/// What is known of the orders about an object: those that wait to be merged.
struct JointInspection: AutomationState {
    static let types: [String] =
        [
            CaseEvent.inspectionOrdered, .inspectionNotified, .inspectionCompleted, .recordCorrected,
            .declarationLodged, .declarationWithdrawn, .conveyanceDeclared, .releaseGranted, .clearanceClosed,
            .resultRecognised,
        ].map(\.type) + ["sanhu.inspection.started"]

    /// Whose notice is not given yet.
    private(set) var groups: [InspectionGroup] = []
    private var declarant: Declarant?
    /// Who declared the conveyance.
    private var carrier: String?

    // What came of the last event. It is not kept.
    private var alone: InspectionOrder?
    private var changed: Set<Position> = []
    private var ended: Set<Position> = []

    init() {}

    mutating func take(_ event: LedgerEvent) {
        (alone, changed, ended) = (nil, [], [])
        // The notice of these is given: what comes now belongs to another.
        groups.removeAll { $0.due <= event.recorded }
        switch event.type {
        case CaseEvent.declarationLodged.type: declarant = declarant ?? Declarant(event)
        case CaseEvent.conveyanceDeclared.type: carrier = carrier ?? event.agency
        case CaseEvent.recordCorrected.type:
            leave { event.corrects($0.cause.identity, of: $0.agency) }
        case CaseEvent.inspectionOrdered.type:
            if let order = InspectionOrder(event) { take(order) }
        case CaseEvent.declarationWithdrawn.type:
            // Who only declares takes nothing out of an inspection.
            let isOwn = event.isOf(declarant?.agency ?? Declarant.usual) || event.agency == PortAutomations.window
            if event.isWithdrawal, !isOwn { leave { _ in true } }
        case CaseEvent.inspectionNotified.type where event.agency == PortAutomations.window:
            groups.removeAll { event.text("inspection")?.isSame(as: $0.inspection) ?? false }
        default:
            // Somebody has given notice of them, begun or ended them by hand, or does without.
            let meant = groups.flatMap(\.orders).meant(by: event)
            leave { meant.contains($0.cause.position) }
        }
        changed.subtract(ended)
    }

    private mutating func take(_ order: InspectionOrder) {
        leave { $0.isReplaced(by: order) }
        guard !order.isCancelled, !order.isOfDocuments, order.object != nil else { return }
        guard !order.isExcluded else { return alone = order }
        if let index = groups.firstIndex(where: { $0.admits(order) }) {
            groups[index].join(order)
            changed.insert(groups[index].name)
        } else {
            groups.append(InspectionGroup(order))
            changed.insert(order.cause.position)
        }
    }

    private mutating func leave(_ isGone: (InspectionOrder) -> Bool) {
        for index in groups.indices where groups[index].leave(isGone) { changed.insert(groups[index].name) }
        for group in groups where group.orders.isEmpty { ended.insert(group.name) }
        groups.removeAll(where: \.orders.isEmpty)
    }

    func reactions(_ object: Tag) -> [Automation.Reaction] {
        var reactions: [Automation.Reaction] = []
        if let alone, alone.object == object.text {
            reactions.append(.append(InspectionGroup(alone).notice(about: object, to: recipients(object))))
        }
        for group in groups where changed.contains(group.name) && group.orders[0].object == object.text {
            let notice = group.notice(about: object, to: recipients(object))
            reactions.append(.schedule(name: Self.timer(group.name), at: group.due, notice))
        }
        return reactions + ended.sorted().map { .cancel(name: Self.timer($0)) }
    }

    private static func timer(_ group: Position) -> String { "group \(group)" }

    private func recipients(_ object: Tag) -> [String] {
        let first = object.isOf(kind: "conveyance") ? carrier ?? "CAR" : declarant?.agency ?? Declarant.usual
        return [first, PortAutomations.terminal]
    }

    init?(_ stored: JSONValue) {
        declarant = Declarant(stored["declarant"])
        carrier = stored.text("carrier")
        for group in stored["groups"]?.elements ?? [] {
            guard let group = InspectionGroup(group) else { return nil }
            groups.append(group)
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let declarant {
                writer.key("declarant")
                declarant.write(to: &writer)
            }
            writer.member("carrier", ifAny: carrier)
            writer.list("groups", groups) { $0.write(to: &$1) }
        }
    }
}
