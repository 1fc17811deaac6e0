internal import EventLog
internal import JSON
internal import Views

/// Orders of inspection that were not carried out yet, in their order.
struct OpenOrders: Sendable {
    static let types = [CaseEvent.inspectionOrdered, .inspectionCompleted, .recordCorrected].map(\.type)
    /// The fields that it depends on.
    static let fields = [
        "declaration", "conveyance", "order", "orders", "kind", "from", "to", "exclusions", "status", "participants",
        "event", "source", "result",
    ]

    private(set) var orders: [InspectionOrder] = []
    /// Results that found something, and were not corrected.
    private(set) var findings: [Cause] = []

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case CaseEvent.inspectionOrdered.type:
            guard let order = InspectionOrder(event) else { return }
            orders.removeAll { $0.isReplaced(by: order) }
            if !order.isCancelled { orders.append(order) }
        case CaseEvent.inspectionCompleted.type:
            // A form that does not say that nothing was found may have found something.
            if event.text("result") != "no-finding" { findings.append(Cause(event)) }
            let meant = orders.meant(by: event)
            orders.removeAll { meant.contains($0.cause.position) }
        case CaseEvent.recordCorrected.type:
            orders.removeAll { event.corrects($0.cause.identity, of: $0.agency) }
            findings.removeAll { event.corrects($0.identity, of: $0.agency) }
        default: break
        }
    }
}
