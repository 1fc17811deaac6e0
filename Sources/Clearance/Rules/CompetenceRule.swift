internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// Only the agency disposes to which the power list gives that (权力清单, S26 and S90).
    public static let competence = Rule(
        name: "competence", version: 1, types: ["sanhu.disposition.decided"],
        requirement:
            "Who disposes cites the item of the power list in force by which that agency may decide on this matter.",
        looks: { event throws(RuleFault) in
            let object =
                event.tag(ofKind: "declaration") ?? event.tag(ofKind: "container") ?? event.tag(ofKind: "conveyance")
            guard let object else { throw RuleFault("It names no object: a declaration, container or conveyance.") }
            return Rule.Scope(object: object, query: Query([try PolicyShelf.item("power-list")]))
        },
        initial: PolicyShelf(),
        fold: { shelf, earlier in _ = shelf.take(earlier) },
        requires: { shelf, event in
            let lists = shelf.inForce(
                on: event.day, at: event.text("port") ?? event.root["port"]?.string,
                by: PolicyPublishers.of("power-list"))
            guard !lists.isEmpty else {
                return .broken(
                    against: [], remedy: "No power list is in force on \(event.day): the port office must publish it.")
            }
            guard let code = event.text("powerItem"), let matter = event.text("matter") else {
                return .broken(against: [], remedy: "Give powerItem, the code of the item, and matter.")
            }
            let items = lists.flatMap { list in (list.event.data?["powers"]?.elements ?? []).map { (list, $0) } }
            // Several lists may have an item of that code: one that gives it is enough, and the newest says what is missing.
            let findings = items.filter { $0.1["code"]?.string == code }.map { list, item in
                competenceFinding(on: event, matter, item, code, list.event)
            }
            guard let newest = findings.first else {
                return .broken(by: lists.map(\.event), "The power lists in force have no item \(code).")
            }
            return findings.contains(.satisfied) ? .satisfied : newest
        })

    /// Whether an item of a power list gives an agency what it decides.
    private static func competenceFinding(
        on event: LedgerEvent, _ matter: String, _ item: JSONValue, _ code: String, _ list: LedgerEvent
    ) -> Rule.Finding {
        let agency = item["agency"]?.string ?? ""
        guard event.isOf(agency) else {
            return .broken(by: [list], "The item \(code) is of \(agency): leave it to that agency.")
        }
        guard ["disposition.decided", event.type].contains(item["act"]?.string) else {
            return .broken(by: [list], "The item \(code) is about \(item["act"]?.string ?? "something else").")
        }
        guard item["matter"]?.string.map({ $0.isSame(as: matter) }) ?? true else {
            return .broken(by: [list], "The item \(code) is about the matter “\(item["matter"]?.string ?? "")”.")
        }
        return .satisfied
    }
}
