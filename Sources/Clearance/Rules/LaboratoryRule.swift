internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// Results of laboratories count if the laboratory was accredited for method and scope on the day of sampling (S29).
    public static let laboratory = Rule(
        name: "laboratory", version: 2, types: ["sanhu.lab.reported"],
        requirement:
            "A laboratory that reports is on the list in force on the day of sampling, with that accreditation, method "
            + "and scope.",
        looks: { event throws(RuleFault) in
            // The agencies' own laboratories need no list.
            guard event.agency == laboratories else { return nil }
            return Rule.Scope(
                object: try tag("sample", of: event), query: Query([try PolicyShelf.item("laboratory-list")]))
        },
        initial: PolicyShelf(),
        fold: { shelf, earlier in _ = shelf.take(earlier) },
        requires: { shelf, event in finding(on: event, shelf) })

    /// Who reports for laboratories that are no agency's.
    private static let laboratories = "LAB"
    /// Whose lists count: of those who recognise results.
    private static let accreditors: Set<String> = ["CUS", "CIQ", "MKT", "POO"]

    private static func finding(on event: LedgerEvent, _ shelf: PolicyShelf) -> Rule.Finding {
        guard let day = event.text("sampledOn"), let institution = event.text("laboratory"),
            let accreditation = event.text("accreditation")
        else { return .broken(against: [], remedy: "Give sampledOn, laboratory and accreditation.") }
        guard day <= event.day else {
            return .broken(against: [], remedy: "It is of \(event.day): a sample of \(day) is not taken yet.")
        }
        let lists = shelf.inForce(on: day, by: accreditors)
        guard !lists.isEmpty else {
            return .broken(against: [], remedy: "No list of laboratories was in force on \(day).")
        }
        func names(_ entry: JSONValue, _ list: String, _ name: String) -> Bool {
            guard let listed = entry[list]?.elements, !listed.isEmpty else { return true }
            return listed.contains { $0.string == event.text(name) }
        }
        let entries = lists.flatMap { $0.event.data?["laboratories"]?.elements ?? [] }
        let own = entries.filter {
            $0["institution"]?.string == institution && $0["accreditation"]?.string == accreditation
        }
        guard !own.isEmpty else {
            return .broken(
                by: lists.map(\.event), "\(institution) with \(accreditation) is not on the list in force on \(day).")
        }
        let valid = own.filter { day >= $0["from"]?.string ?? "" && day <= $0["to"]?.string ?? "9" }
        guard !valid.isEmpty else {
            return .broken(by: lists.map(\.event), "The accreditation of \(institution) was not valid on \(day).")
        }
        guard valid.contains(where: { names($0, "methods", "method") && names($0, "scopes", "scope") }) else {
            return .broken(by: lists.map(\.event), "\(institution) is not accredited for this method and scope.")
        }
        return .satisfied
    }
}
