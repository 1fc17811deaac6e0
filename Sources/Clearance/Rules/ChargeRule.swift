internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// What is charged is on the list in force, not above it, and not what is waived (S80, S81). A breach is recorded: a charge
    /// that was refused would be made all the same.
    public static let charges = Rule(
        name: "charges", version: 2, types: ["sanhu.fee.charged"],
        requirement:
            "A charge is on the fee list in force, by one who may charge it and not above its maximum; an inspection that "
            + "an agency ordered is not charged for to whom it befalls.",
        effect: .recordBreach,
        looks: { event throws(RuleFault) in
            let payer = try tag("payer", as: "enterprise", of: event)
            let object = event.tag(ofKind: "container") ?? event.tag(ofKind: "declaration") ?? payer
            var items = [try PolicyShelf.item("fee-list")]
            let types = ["sanhu.inspection.ordered", "sanhu.inspection.completed"]
            for kind in ["container", "declaration"] {
                guard let tag = event.tag(ofKind: kind) else { continue }
                let moves = kind == "container" ? [ChargeHistory.moved] : []
                items.append(Query.Item(types: types + moves, tags: [tag]))
            }
            return Rule.Scope(object: object, query: Query(items))
        },
        initial: ChargeHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { history, event in history.finding(on: event) })
}

/// What is known when a charge is made: the lists, and inspections of what it is for.
struct ChargeHistory: Sendable {
    /// What an inspection brings with it, by the service of a list's item.
    static let handling: Set<String> = ["lifting", "moving", "storage"]
    static let inspecting: Set<String> = ["weighing", "crane", "unpacking", "unstuffing"]

    static let moved = "sanhu.equipment.moved"
    private static let completed = "sanhu.inspection.completed"
    /// With which a container comes into the port.
    private static let entries: Set<String> = ["gate-in", "discharge"]

    private var shelf = PolicyShelf()
    private var inspections: [LedgerEvent] = []
    /// Of ``inspections``, how many were done before the container came into the port again.
    private var former = 0

    mutating func take(_ event: LedgerEvent) {
        guard !shelf.take(event) else { return }
        guard event.type == Self.moved else { return inspections.append(event) }
        guard Self.entries.contains(event.text("move") ?? "") else { return }
        // What was ordered and not done yet is of the call that begins.
        former = inspections.lastIndex { $0.type == Self.completed }.map { $0 + 1 } ?? former
    }

    /// Those of what is charged: of the declaration that the charge names, and of the container's present stay. A container
    /// comes back with other people's goods.
    private func inspections(of event: LedgerEvent) -> [LedgerEvent] {
        inspections.enumerated().filter { index, inspection in
            guard let declaration = event.text("declaration"), let its = inspection.text("declaration") else {
                return index >= former
            }
            return its.isSame(as: declaration)
        }.map(\.element)
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        guard let code = event.text("code") else { return .broken(against: [], remedy: "Give its code.") }
        if event.data?["waived"]?.bool == true { return .satisfied }
        // Lists of the port and of the price authority come first; beside them one's own, for what they do not name.
        let lists = [PolicyPublishers.of("fee-list"), [event.agency]].flatMap {
            shelf.inForce(on: event.day, at: event.text("port"), by: $0)
        }
        let fees = lists.flatMap { list in (list.event.data?["fees"]?.elements ?? []).map { (list, $0) } }
        guard let (list, fee) = fees.first(where: { $0.1["code"]?.string == code }) else {
            return .broken(
                by: lists.map(\.event), "No fee list in force has the code \(code): it may be refused to be paid.")
        }
        let chargers = fee["chargers"]?.elements.compactMap(\.string) ?? []
        guard chargers.isEmpty || chargers.contains(where: event.isOf) else {
            return .broken(by: [list.event], "By the list \(code) is charged by \(chargers.joined(separator: ", ")).")
        }
        if let finding = limit(event, fee, list.event, code) { return finding }
        return waiver(event, fee["service"]?.string ?? "", inspections(of: event))
    }

    /// Whether it is above the list's maximum: for each unit, if it says how many.
    private func limit(
        _ event: LedgerEvent, _ fee: JSONValue, _ list: LedgerEvent, _ code: String
    ) -> Rule.Finding? {
        guard let maximum = fee["maximum"].flatMap({ Money.tenThousandths($0.text) }) else { return nil }
        let currency = fee["currency"]?.string ?? "CNY"
        guard let amount = Money(event.data?["amount"]) else {
            return .broken(by: [list], "Give its amount and currency.")
        }
        guard amount.currency == currency else { return .broken(by: [list], "By the list \(code) is in \(currency).") }
        let (most, isBeyond) = Self.quantity(event).multipliedReportingOverflow(by: maximum)
        let limit = most / 10_000
        guard !isBeyond, amount.amount > limit else { return nil }
        return .broken(by: [list], "By the list \(code) is at most \(Money(limit, currency).text).")
    }

    /// How many units are charged for, in ten-thousandths: a number or a text, at least one.
    private static func quantity(_ event: LedgerEvent) -> Int128 {
        let said = event.data?["quantity"].flatMap { value in
            value.string.map { Money.tenThousandths($0.utf8) } ?? Money.tenThousandths(value.text)
        }
        return max(10_000, said ?? 10_000)
    }

    /// Two rules: what an inspection requires is never charged to whom it befalls, and handling for one that found nothing is
    /// paid by the treasury.
    private func waiver(_ event: LedgerEvent, _ service: String, _ inspections: [LedgerEvent]) -> Rule.Finding {
        guard event.data?["treasury"]?.bool != true, !inspections.isEmpty else { return .satisfied }
        if Self.inspecting.contains(service) {
            return .broken(
                by: inspections, "Who commissions pays: \(service) for an inspection is the agency's to pay.")
        }
        guard Self.handling.contains(service) else { return .satisfied }
        let results = inspections.filter { $0.type == Self.completed }
        guard !results.isEmpty, results.allSatisfy({ $0.text("result") == "no-finding" }) else { return .satisfied }
        return .broken(by: results, "The inspection found nothing: \(service) is waived, the treasury pays.")
    }
}
