internal import EventLog
internal import JSON

/// How an event names others in its data: by their ids, by a number that both carry, or by their positions.
struct EventNames: Sendable {
    /// Ids, with the source if it is said.
    private(set) var ids: [(id: String, source: String?)] = []
    /// Sources with ids.
    private(set) var identities: [EventIdentity] = []
    private(set) var positions: [Position] = []
    /// Members that both carry, of events of some types.
    private(set) var numbers: [(member: String, value: String, types: [String])] = []

    private static let idMembers = ["event", "hold", "flag", "recognition", "by", "cause", "correctives", "rule-event"]
    private static let positionMembers = ["request", "assistance", "decision", "grant", "against"]
    private static let numberMembers: [(member: String, earlier: String, types: [String])] = [
        ("orders", "order", ["inspection.ordered"]), ("order", "order", ["inspection.ordered"]),
        ("inspection", "inspection", ["inspection.notified", "inspection.started", "inspection.completed"]),
        ("guarantee", "guarantee", ["guarantee.lodged"]), ("refund", "refund", ["refund.claimed"]),
        ("audit", "audit", ["audit.ordered"]), ("bill", "bill", ["duty.assessed"]),
        ("permit", "permit", ["permit.issued"]), ("incident", "incident", ["incident.declared"]),
        ("draw", "draw", ["selection.drawn"]), ("image", "image", ["image.reviewed"]),
    ]

    /// - Parameter root: The event, as its reader sees it.
    init(in root: JSONValue) {
        guard let data = root["data"] else { return }
        let source = data["source"]?.string
        for member in Self.idMembers {
            guard let value = data[member] else { continue }
            if let source = value["source"]?.string, let id = value["id"]?.string {
                identities.append(EventIdentity(source: source, id: id))
                continue
            }
            for id in Self.texts(value) { ids.append((id, source)) }
        }
        for member in Self.positionMembers {
            guard let value = data[member] else { continue }
            let all = value.kind == .array ? value.elements : [value]
            positions += all.compactMap { $0.integer.flatMap { Position(exactly: $0) } }
        }
        let type = root["type"]?.string ?? ""
        for (member, earlier, types) in Self.numberMembers {
            let types = types.map { "sanhu." + $0 }.filter { $0 != type }
            guard let value = data[member], !types.isEmpty else { continue }
            for text in Self.texts(value) { numbers.append((earlier, text, types)) }
        }
    }

    private static func texts(_ value: JSONValue) -> [String] {
        value.string.map { [$0] } ?? value.elements.compactMap(\.string)
    }

    var isEmpty: Bool { ids.isEmpty && identities.isEmpty && positions.isEmpty && numbers.isEmpty }

    /// Whether an event is named.
    func name(_ root: JSONValue, at position: Position) -> Bool {
        let (id, source) = (root["id"]?.string ?? "", root["source"]?.string ?? "")
        if positions.contains(position) || identities.contains(EventIdentity(source: source, id: id)) { return true }
        if ids.contains(where: { $0.id == id && ($0.source ?? source) == source }) { return true }
        let type = root["type"]?.string ?? ""
        return numbers.contains { name in
            // An order without a number is known by the id of its event.
            let number = root["data"]?[name.member]?.string ?? (name.member == "order" ? id : nil)
            return name.types.contains(type) && number == name.value
        }
    }
}
