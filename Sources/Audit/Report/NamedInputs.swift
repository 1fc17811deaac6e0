internal import Clearance
package import EventLog
package import Exchange
internal import JSON
internal import Views

/// Explains decisions by what stands in the log: the charter's power at the time, the rules of the port that bind events of the
/// type, and the earlier events that the decision names, by their ids or their numbers.
package struct NamedInputs: DecisionExplaining {
    /// Without `sanhu.`: by which an agency decides something about somebody.
    package static let decisions: Set<String> = [
        "assistance.answered", "audit.completed", "clearance.closed", "conveyance.decided", "declaration.accepted",
        "declaration.amended", "declaration.examined", "declaration.rejected", "declaration.reopened",
        "declaration.withdrawn", "disclosure.decided", "disposition.decided", "duty.assessed", "guarantee.claimed",
        "hold.lifted", "hold.placed", "image.reviewed", "inspection.completed", "inspection.ordered", "lab.reported",
        "manifest.decided", "permit.issued", "permit.verified", "permit.writtenoff", "quarantine.treated",
        "recognition.revoked", "refund.decided", "release.completed", "release.granted", "result.recognised",
        "risk.assessed", "selection.drawn", "violation.recorded",
    ]

    /// By which number of their own events are named, beside their ids.
    private static let numbers = [
        "inspection.ordered": "order", "inspection.notified": "inspection", "duty.assessed": "bill",
        "guarantee.lodged": "guarantee", "permit.issued": "permit", "permit.verified": "permit",
        "selection.drawn": "draw",
        "lab.reported": "sample", "image.reviewed": "image", "refund.claimed": "refund", "notice.issued": "notice",
    ]

    private static let deepest = 6
    private static let mostInputs = 40

    package init() {}

    package func accounts(
        of events: [AuditedEvent], in ledger: ExchangeLedger, for reader: Reader
    ) async throws(ExchangeError) -> [Position: DecisionAccount] {
        var accounts: [Position: DecisionAccount] = [:]
        var known: [String: [AuditedEvent]] = [:]
        let charter = try ledger.charter()
        for event in events {
            if Self.decisions.contains(event.type) {
                var account = DecisionAccount()
                let port = event.event["port"]?.string
                account.power =
                    charter.power(
                        of: event.agency, type: event.event["type"]?.string ?? "", port: port, at: event.recorded)?.id
                account.item = event.data?["powerItem"]?.string
                let type = event.event["type"]?.string ?? ""
                account.rules = PortRules.all.filter { $0.types.contains(type) }.map {
                    DecisionAccount.RuleNote(name: $0.name, version: $0.version, requirement: $0.requirement)
                }
                account.inputs = Self.inputs(of: event, known)
                accounts[event.position] = account
            }
            known[event.id, default: []].append(event)
            if let member = Self.numbers[event.type], let number = event.data?[member]?.string, number != event.id {
                known[number, default: []].append(event)
            }
        }
        return accounts
    }

    /// The earlier events that an event names, by position.
    private static func inputs(of event: AuditedEvent, _ known: [String: [AuditedEvent]]) -> [DecisionAccount.Input] {
        var found: [Position: String] = [:]
        func look(at value: JSONValue, _ path: String, _ depth: Int) {
            switch value.kind {
            case .string:
                guard let text = value.string, let named = known[text] else { return }
                // An agency's own event first; an id alone may be that of several.
                for earlier in named where named.count == 1 || earlier.agency == event.agency {
                    if found[earlier.position] == nil { found[earlier.position] = path }
                }
            case .array where depth < deepest:
                for element in value.elements.prefix(256) { look(at: element, path, depth + 1) }
            case .object where depth < deepest:
                for (key, member) in value.members {
                    look(at: member, path.isEmpty ? key : "\(path)/\(key)", depth + 1)
                }
            default: break
            }
        }
        if let data = event.data { look(at: data, "", 0) }
        if let cause = event.event["causationid"] { look(at: cause, "causationid", deepest) }
        return found.sorted { $0.key < $1.key }.prefix(mostInputs).map {
            DecisionAccount.Input(position: $0.key, role: $0.value)
        }
    }
}
