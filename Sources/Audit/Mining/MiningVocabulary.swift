/// What is taken of events and objects. What is not named here is in no export: codes and figures by which processes differ are,
/// names, prose and references are not.
package enum MiningVocabulary {
    /// The kinds of objects that processes are about. Kinds that name persons are never among them.
    package static let kinds = ["declaration", "container", "conveyance", "permit", "enterprise"]

    /// Where a type begins that the port's own are called by.
    static let prefix = "sanhu."

    /// What every event has beside its type and time.
    static let common: [(name: String, kind: MinedValue.Kind)] = [
        ("agency", .text), ("position", .integer), ("recorded", .time),
    ]

    /// Members of an event's data that become attributes of it, and their types, sorted by name.
    static let attributes: [(name: String, kind: MinedValue.Kind)] =
        (texts.map { ($0, .text) } + flags.map { ($0, .flag) } + numbers.map { ($0, .decimal) }
        + times.map { ($0, .time) }).sorted { $0.0 < $1.0 }

    private static let texts = [
        "act", "algorithm", "berth", "channel", "conclusion", "decision", "direction", "facility", "flow", "kind",
        "leg",
        "level", "method", "mode", "move", "office", "operation", "outcome", "port", "rating", "reasonClass", "result",
        "scheme", "service", "stage", "status", "transportMode", "treatment", "unit", "verdict", "voyage", "waiver",
        "zone",
    ]
    private static let flags = [
        "automatic", "conforms", "direct", "exercise", "intact", "networked", "perishable", "preLodged", "published",
        "sealIntact", "treasury", "waived", "writeOff",
    ]
    private static let numbers = ["balance", "itemCount", "packageCount", "quantity"]
    private static let times = ["acceptedAt", "arrivedAt", "decidedAt", "effectiveAt", "lodgedAt", "startedAt"]

    /// What becomes of a declaration by an event: its attribute `state`.
    static let states = [
        "declaration.lodged": "lodged", "declaration.accepted": "accepted", "declaration.rejected": "rejected",
        "declaration.examined": "examined", "declaration.withdrawn": "withdrawn", "declaration.reopened": "reopened",
        "release.completed": "released", "clearance.closed": "closed",
    ]

    /// The attributes of objects of a kind, with their types, sorted by name.
    static func attributes(ofKind kind: String) -> [(name: String, kind: MinedValue.Kind)] {
        var names = Set(objectFields.filter { $0.kind == kind }.flatMap(\.fields))
        if kind == "declaration" { names.insert("state") }
        return names.sorted().map { name in
            (name, attributes.first { $0.name == name }?.kind ?? .text)
        }
    }

    /// Of which events which members tell of an object that they name.
    static let objectFields: [(kind: String, types: Set<String>, fields: [String])] = [
        (
            "declaration", ["declaration.lodged", "declaration.amended"],
            ["channel", "flow", "kind", "mode", "office", "perishable", "port", "preLodged", "transportMode", "zone"]
        ),
        ("container", ["equipment.moved"], ["facility", "move", "sealIntact"]),
        ("container", ["seal.recorded"], ["act", "intact"]),
        (
            "conveyance", ["conveyance.declared", "conveyance.arrived", "conveyance.departed"],
            ["berth", "direction", "port", "voyage"]
        ),
        ("permit", ["permit.issued"], ["kind", "networked", "quantity", "unit"]),
        ("permit", ["permit.writtenoff"], ["balance"]),
        ("enterprise", ["credit.rated"], ["kind", "rating", "scheme"]),
    ]

    /// The events by which one object belongs to others: from the one of a kind that they name to all else.
    static let relating = ["declaration.lodged": "declaration", "permit.issued": "permit"]

    /// The events whose `unit` is one of measure, and no organisation's.
    static let measuring: Set<String> = ["permit.issued", "permit.writtenoff"]

    /// A type without the prefix of the port's own.
    static func name(ofType type: String) -> String {
        type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
    }
}
