internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// An agency takes for its own a result that there is, that was good, and that no flag has overtaken (互认, S28).
    public static let recognition = Rule(
        name: "recognition", version: 1, types: ["sanhu.result.recognised"],
        requirement:
            "What is recognised is another agency's result about the same declaration: good, not corrected, and with no "
            + "risk flag since that stands.",
        looks: { event throws(RuleFault) in
            Rule.Scope(try tag("declaration", of: event), types: RecognitionHistory.types)
        },
        initial: RecognitionHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { history, event in history.finding(on: event) })
}

/// Results about a declaration, and what has come since.
struct RecognitionHistory: Sendable {
    private static let results: Set<String> = [
        "sanhu.inspection.completed", "sanhu.lab.reported", "sanhu.release.granted",
    ]
    static let types = results.sorted() + ["sanhu.risk.flagged", "sanhu.risk.cleared", "sanhu.record.corrected"]

    private struct Result: Sendable, NamedByOthers {
        let event: LedgerEvent
        var id: String { event.identity.id }
        var source: String { event.identity.source }
        var agency: String { event.agency }
    }

    private var results: [Result] = []
    /// Flags that stand.
    private(set) var flags: [LedgerEvent] = []

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case "sanhu.risk.flagged": flags.append(event)
        case "sanhu.risk.cleared":
            flags.removeAll { $0.identity.id == event.text("flag") && event.isOf($0.agency) }
        case "sanhu.record.corrected":
            guard let step = CaseRecord(event)?.step else { return }
            for index in results.indices(namedIn: "event", of: step).reversed() { results.remove(at: index) }
        default: results.append(Result(event: event))
        }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        let named = event.data?["recognised"]
        guard let id = named?["id"]?.string ?? event.text("event") else {
            return .broken(against: [], remedy: "Name the event that holds the result.")
        }
        let source = named?["source"]?.string
        let found = results.filter { $0.id.isSame(as: id) && source.map($0.source.isSame) ?? true }.map(\.event)
        guard let result = found.first, found.count == 1 else {
            let what =
                found.isEmpty ? "No result \(id) about this declaration stands" : "There are several results \(id)"
            return .broken(by: found, "\(what): name event and source of one.")
        }
        guard !event.isOf(result.agency) else {
            return .broken(by: [result], "It is the agency's own result: release by it.")
        }
        guard !["finding", "fail"].contains(result.text("result")) else {
            return .broken(
                by: [result], "The result is “\(result.text("result") ?? "")”: there is nothing to recognise.")
        }
        let since = flags.filter { $0.position > result.position }
        guard since.isEmpty else {
            return .broken(
                by: since, "It was flagged since: recognise a result that comes after, or let the flag be cleared.")
        }
        return .satisfied
    }
}
