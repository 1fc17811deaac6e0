internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// What was declared before it arrived is released on arrival if nothing is in the way (提前申报、到港即放, S60): whoever says
    /// that it is released so, by `basis`.
    ///
    /// The event names conveyance, containers and enterprises of the declaration by tags: by them flags and holds are found.
    public static let arrivalRelease = Rule(
        name: "arrival-release", version: 2, types: [CaseEvent.releaseGranted.type],
        requirement:
            "On arrival is released what was declared and accepted, has arrived, and has neither risk flag, hold, open "
            + "inspection or finding, nor duty to be paid.",
        reads: ArrivalHistory.fields.map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in
            guard event.text("basis") == "arrival" else { return nil }
            let declaration = try tag("declaration", of: event)
            let conveyance = try tag("conveyance", of: event)
            var items = [
                Query.Item(types: ArrivalHistory.types, tags: [declaration]),
                Query.Item(types: [CaseEvent.conveyanceArrived.type] + ArrivalHistory.flags, tags: [conveyance]),
            ]
            for tag in Set(event.tags).sorted() where tag.isOf(kind: "container") || tag.isOf(kind: "enterprise") {
                let more = tag.isOf(kind: "container") ? ArrivalHistory.ofContainers : []
                items.append(Query.Item(types: ArrivalHistory.flags + more, tags: [tag]))
            }
            return Rule.Scope(object: declaration, query: Query(items))
        },
        initial: ArrivalHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { (history, event) throws(RuleFault) in history.finding(on: event, try tag("declaration", of: event))
        }
    )
}

/// What is known of a declaration when it is to be released on arrival.
struct ArrivalHistory: Sendable {
    static let flags = ["sanhu.risk.flagged", "sanhu.risk.cleared"]
    static let ofContainers = [CaseEvent.holdPlaced.type, CaseEvent.holdLifted.type] + OpenOrders.types
    static let types = ReleaseProgress.events.map(\.type) + flags
    static let fields = ReleaseHistory.fields.union(OpenOrders.fields).union([
        "conveyance", "voyage", "direction", "flag", "port",
    ])

    private var release = ReleaseHistory()
    private var open = OpenOrders()
    private var risk = RecognitionHistory()
    private var lodged: LedgerEvent?
    private var arrivals: [LedgerEvent] = []
    private var payments: [LedgerEvent] = []

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case CaseEvent.conveyanceArrived.type: arrivals.append(event)
        case CaseEvent.declarationLodged.type: lodged = lodged ?? event
        case CaseEvent.dutyPaid.type: payments.append(event)
        default: break
        }
        if Self.flags.contains(event.type) { risk.take(event) }
        open.take(event)
        release.take(event)
    }

    func finding(on event: LedgerEvent, _ declaration: Tag) -> Rule.Finding {
        guard let lodged else {
            return .broken(against: [], remedy: "Lodge the declaration \(declaration.value) first.")
        }
        let containers = event.tags.filter { $0.isOf(kind: "container") }
        let file = release.file(of: declaration, Set(containers).sorted())
        // By the conveyance that the event names its arrival is found: another's is not that of these goods.
        guard let conveyance = lodged.text("conveyance"), event.text("conveyance").map(conveyance.isSame) ?? false
        else {
            let own = lodged.text("conveyance").map { "comes by \($0): name that" } ?? "names no conveyance"
            return .broken(by: [lodged], "The declaration \(own), or release it by decision.")
        }
        // Containers may have come with an amendment.
        let amended = file.containers.compactMap { try? Tag(kind: "container", value: $0) }
        let unnamed = (lodged.tags + amended).unique.filter { tag in
            ["container", "enterprise", "conveyance"].contains { tag.isOf(kind: $0) } && !event.tags.contains(tag)
        }
        guard unnamed.isEmpty else {
            let names = unnamed.prefix(8).map(\.text).joined(separator: ", ")
            return .broken(by: [lodged], "Name by tags what the declaration names: \(names).")
        }
        guard [.accepted, .cleared].contains(file.status) else {
            return .broken(by: [lodged], "It is \(file.status.rawValue): let it be accepted.")
        }
        guard arrivals.contains(where: { isOf(lodged, $0) }) else {
            let voyage = lodged.text("voyage").map { " on voyage \($0)" } ?? ""
            return .broken(by: [lodged], "Its conveyance has not arrived\(voyage).")
        }
        let own = file.requirements.filter { event.isOf($0.agency) }
        if let met = own.first(where: { $0.state == .granted }) {
            return .broken(against: [met.since], remedy: "\(met.agency) has released it already.")
        }
        if let refused = file.requirements.first(where: { $0.state == .refused }) {
            return .broken(against: [refused.since], remedy: "\(refused.agency) has refused it: decide by hand.")
        }
        return obstacles(file)
    }

    /// Whether an arrival is the one on which the declared goods came. Without a voyage it is one after the lodgement, or last
    /// year's would count.
    private func isOf(_ lodged: LedgerEvent, _ arrival: LedgerEvent) -> Bool {
        guard arrival.text("direction") != "departure" else { return false }
        // One voyage calls at several ports: the goods come at the one that they are declared for.
        if let port = lodged.text("port"), let other = arrival.text("port"), !port.isSame(as: other) { return false }
        guard let voyage = lodged.text("voyage") else { return arrival.position > lodged.position }
        return arrival.text("voyage").map(voyage.isSame) ?? (arrival.position > lodged.position)
    }

    private func obstacles(_ file: DeclarationCase) -> Rule.Finding {
        guard risk.flags.isEmpty else { return .broken(by: risk.flags, "Let its risk flag be cleared first.") }
        let orders = open.orders.filter { !$0.isOfDocuments }
        guard orders.isEmpty else {
            let agencies = orders.map(\.agency).unique.joined(separator: ", ")
            return .broken(
                against: orders.map(\.cause.position), remedy: "\(agencies) must complete the inspection first.")
        }
        guard open.findings.isEmpty else {
            return .broken(
                against: open.findings.map(\.position), remedy: "An inspection has found something: decide by hand.")
        }
        if let hold = (file.holds.active + file.containerHolds.map(\.hold)).first {
            return .broken(against: [hold.placed], remedy: "\(hold.agency) must lift its hold first.")
        }
        if let duty = file.obligations.first(where: { $0.kind == .duty && $0.state != .paid && !isPaid($0) }) {
            return .broken(
                against: [duty.since],
                remedy: "Pay the bill \(duty.reference) first; under a guarantee release by condition, not on arrival.")
        }
        return .satisfied
    }

    /// Whether what is guaranteed was paid since: a case file says of it for good that it is guaranteed.
    private func isPaid(_ duty: Obligation) -> Bool {
        payments.contains { $0.position > duty.since && $0.text("bill").map(duty.reference.isSame) ?? true }
    }
}
