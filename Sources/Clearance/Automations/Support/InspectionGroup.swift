internal import EventLog
internal import JSON
internal import Views

/// Orders that become one joint inspection.
struct InspectionGroup: Sendable, Hashable {
    /// How long after the first order others may join.
    static let mergeMinutes: Int64 = 30
    /// How long before the inspection the notice is given, if the orders come in time.
    static let noticeMinutes: Int64 = 15
    /// More than these would not fit the tags of one notice.
    private static let mostContainers = 200

    /// What it is called: where the order stands that opened it.
    let name: Position
    private(set) var orders: [InspectionOrder]
    /// When the notice is given.
    private(set) var due: Timestamp

    init(_ order: InspectionOrder) {
        name = order.cause.position
        orders = [order]
        due = Self.due([order])
    }

    /// The time that all windows have in common.
    var window: (from: Timestamp?, to: Timestamp?) {
        (orders.compactMap(\.from).max(), orders.compactMap(\.to).min())
    }

    var containers: [String] { orders.flatMap(\.containers).unique }

    /// By which what comes of it is known.
    var inspection: String { "J\(name)" }

    /// Whether an order may join.
    func admits(_ order: InspectionOrder) -> Bool {
        orders[0].object == order.object && InspectionOrder.overlap(window, (order.from, order.to))
            && (containers + order.containers).unique.count <= Self.mostContainers
    }

    mutating func join(_ order: InspectionOrder) {
        orders.append(order)
        due = Self.due(orders)
    }

    /// - Returns: Whether any went away.
    mutating func leave(_ isGone: (InspectionOrder) -> Bool) -> Bool {
        let count = orders.count
        orders.removeAll(where: isGone)
        guard orders.count < count else { return false }
        if !orders.isEmpty { due = Self.due(orders) }
        return true
    }

    private static func due(_ orders: [InspectionOrder]) -> Timestamp {
        let recorded = orders.map(\.cause.recorded)
        guard let first = recorded.min(), let last = recorded.max() else { return Timestamp(microseconds: 0) }
        let merged = first.adding(minutes: mergeMinutes)
        // A window that had begun when it was ordered hurries nobody.
        guard let start = orders.compactMap(\.from).max(), start > last else { return merged }
        return min(merged, max(last, start.adding(minutes: -noticeMinutes)))
    }

    /// Who takes part, in the order of their orders. An agency that has become another stands for it.
    var participants: [String] {
        let former = Set(orders.flatMap(\.predecessors))
        return orders.map(\.agency).filter { !former.contains($0) }.unique
    }

    /// The notice (联合查验通知).
    func notice(about object: Tag, to recipients: [String]) -> Automation.Appending {
        let participants = participants
        let usual = object.isOf(kind: "conveyance") ? "MSA" : "CUS"
        let convenor = participants.contains(usual) ? usual : participants.first ?? usual
        // Where the convenor wants it, else where somebody does.
        let sorted = orders.filter { $0.agency == convenor } + orders.filter { $0.agency != convenor }
        let port = sorted.compactMap(\.port).first
        let usualPlace = object.isOf(kind: "conveyance") ? "on board" : "where the goods are"
        return Automation.Appending("inspection.notified") { writer in
            writer.member(String(object.kind), String(object.value))
            writer.member("inspection", inspection)
            writer.member("place", sorted.compactMap(\.place).first ?? port ?? usualPlace)
            writer.member("at", ifAny: window.from?.description)
            writer.list("kinds", ifAny: orders.compactMap(\.kind).unique)
            writer.list("participants", participants)
            writer.list("containers", ifAny: containers)
            writer.list("orders", orders.map(\.name).unique)
            writer.member("convenor", convenor)
            writer.list("recipients", recipients.unique)
            writer.member("port", ifAny: port)
        }
    }

    init?(_ stored: JSONValue) {
        guard let name = stored["name"]?.integer.flatMap({ Position(exactly: $0) }), let due = stored.time("due") else {
            return nil
        }
        (self.name, self.due, orders) = (name, due, [])
        for order in stored["orders"]?.elements ?? [] {
            guard let order = InspectionOrder(order) else { return nil }
            orders.append(order)
        }
        guard !orders.isEmpty else { return nil }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", Int64(name))
            writer.member("due", ifAny: due)
            writer.list("orders", orders) { $0.write(to: &$1) }
        }
    }
}
