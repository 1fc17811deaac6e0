internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// Nobody boards alone while others have ordered an inspection of the same conveyance (联合登临检查, S21), unless by a named
    /// exclusion or by a right that an incident opens (S44).
    public static let boarding = Rule(
        name: "boarding", version: 3, types: ["sanhu.inspection.started"],
        requirement:
            "A conveyance is boarded by all who have ordered its inspection for that time together; alone only by an order "
            + "that is excluded from merging, or by a right that an incident opens. Quarantine of an infected area is first.",
        reads: (OpenOrders.fields + ["incident", "stage", "level", "ports", "scope", "exercise", "opens", "until"]).map
        {
            FieldPath("/" + $0)
        },
        looks: { event throws(RuleFault) in
            guard event.data?["conveyance"] != nil else { return nil }
            let conveyance = try tag("conveyance", of: event)
            return Rule.Scope(
                object: conveyance,
                query: Query([
                    Query.Item(types: OpenOrders.types, tags: [conveyance]), Query.Item(types: [IncidentCourse.type]),
                ]))
        },
        initial: BoardingHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { (history, event) throws(RuleFault) in history.finding(on: event, try tag("conveyance", of: event)) }
    )
}

/// Who is to board a conveyance, and what incidents there are.
struct BoardingHistory: Sendable {
    private var open = OpenOrders()
    private var incidents: [IncidentCourse] = []

    mutating func take(_ event: LedgerEvent) {
        guard event.type == IncidentCourse.type else { return open.take(event) }
        if let index = incidents.firstIndex(where: { event.text("incident").map($0.name.isSame) ?? false }) {
            _ = incidents[index].take(event)
        } else if let new = IncidentCourse(event) {
            incidents.append(new)
        }
    }

    func finding(on event: LedgerEvent, _ conveyance: Tag) -> Rule.Finding {
        let orders = open.orders.filter { $0.object == conveyance.text && !$0.isOfDocuments }
        // Those that are carried out: named, else all of its own.
        let names = event.texts("orders")
        // Of goods on board it is no boarding: it carries out orders, and none of them is for the conveyance.
        if event.data?["declaration"] != nil, !names.isEmpty,
            !orders.contains(where: { names.contains(where: $0.name.isSame) })
        {
            return .satisfied
        }
        let own = orders.filter { order in
            names.isEmpty ? event.isOf(order.agency) : names.contains(where: order.name.isSame)
        }
        let boarding = event.texts("participants") + [event.agency] + event.predecessors
        let others = orders.filter { !boarding.contains($0.agency) }
        // Who declares an exclusion carries out an order of its own by it.
        let isExcluded = own.contains { $0.isExcluded && event.isOf($0.agency) }
        let isAllowed = incidents.contains {
            $0.isOpening(IncidentCourse.boarding, at: event.text("port"), about: conveyance, event.recorded)
        }
        guard !isExcluded, !isAllowed else { return .satisfied }
        let infected = others.filter { $0.exclusions.contains(InspectionOrder.infected) }
        guard infected.isEmpty else {
            return .broken(
                against: infected.map(\.cause.position),
                remedy:
                    "It comes from an infected area: \(Self.names(infected)) is first, wait until that is completed.")
        }
        let together = others.filter { other in
            guard !other.isExcluded else { return false }
            // In others' time nobody boards alone, whatever time its own order is for.
            return own.isEmpty || other.isFor(event.happened)
                || own.contains { InspectionOrder.overlap(($0.from, $0.to), (other.from, other.to)) }
        }
        guard together.isEmpty else {
            return .broken(
                against: together.map(\.cause.position),
                remedy: "Board together with \(Self.names(together)), and name them as participants.")
        }
        return .satisfied
    }

    private static func names(_ orders: [InspectionOrder]) -> String {
        orders.map(\.agency).unique.joined(separator: ", ")
    }
}
