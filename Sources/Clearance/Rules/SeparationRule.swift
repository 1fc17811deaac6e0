internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// Who selects, who inspects and who disposes are three (选、查、处分离, S52). A breach is recorded: a ledger that refused it
    /// would hide it.
    public static let separation = Rule(
        name: "separation", version: 2, types: Set(SeparationHistory.acts.keys),
        requirement:
            "Of one case, those who select, those who inspect and those who dispose are of different units, and are "
            + "different persons.",
        effect: .recordBreach,
        looks: { event throws(RuleFault) in
            guard SeparationHistory.acts[event.type] != nil, let tag = event.tag(ofKind: "declaration") else {
                return nil
            }
            return Rule.Scope(tag, types: SeparationHistory.acts.keys.sorted())
        },
        initial: SeparationHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { history, event in history.finding(on: event) })
}

/// Who has acted on a case, in which of the three roles.
struct SeparationHistory: Sendable {
    enum Act: String, Sendable {
        case selects, inspects, disposes
    }

    static let acts: [String: Act] = [
        "sanhu.risk.flagged": .selects, "sanhu.inspection.ordered": .selects, "sanhu.inspection.started": .inspects,
        "sanhu.inspection.completed": .inspects, "sanhu.disposition.decided": .disposes,
    ]

    private struct Deed: Sendable {
        let act: Act
        let event: LedgerEvent
        let unit: String?
        let officers: [Officer]
    }

    /// Of a joint inspection the event of one agency names the officers of all.
    private struct Officer: Sendable {
        let agency: String
        let id: String
    }

    private var deeds: [Deed] = []

    private static func deed(_ event: LedgerEvent) -> Deed? {
        guard let act = acts[event.type] else { return nil }
        let one = event.data?["officer"].map { [$0] } ?? []
        let officers = (one + (event.data?["officers"]?.elements ?? [])).compactMap { officer in
            officer["id"]?.string.map { Officer(agency: officer["agency"]?.string ?? event.agency, id: $0) }
        }
        return Deed(act: act, event: event, unit: event.text("unit"), officers: officers)
    }

    /// Numbers of officers are their agencies' own; one that merged has become that of the event.
    private static func isSame(_ officer: Officer, _ former: Officer, _ event: LedgerEvent) -> Bool {
        guard officer.id == former.id else { return false }
        return officer.agency == former.agency || officer.agency == event.agency && event.isOf(former.agency)
    }

    mutating func take(_ event: LedgerEvent) {
        if let deed = Self.deed(event) { deeds.append(deed) }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        guard let new = Self.deed(event) else { return .satisfied }
        let others = deeds.filter { $0.act != new.act }
        let units = others.filter { $0.unit != nil && $0.unit == new.unit && new.event.isOf($0.event.agency) }
        let persons = others.filter { other in
            other.officers.contains { former in new.officers.contains { Self.isSame($0, former, event) } }
        }
        guard let first = (persons + units).first else { return .satisfied }
        // Officers are persons: who it is stands in the events, for those who may know.
        let who = persons.isEmpty ? "The unit \(new.unit ?? "")" : "An officer of \(event.agency)"
        return .broken(
            by: (persons + units).map(\.event),
            "\(who) \(new.act.rawValue) here, and \(first.act.rawValue) at \(first.event.position): let another unit do it."
        )
    }
}
