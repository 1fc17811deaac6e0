internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// An agency takes for its own a result that there is, that was good, and that no flag has overtaken (互认, S28).
    public static let recognition = Rule(
        name: "recognition", version: 2, types: ["sanhu.result.recognised"],
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

    /// What a result says that is good, by its type; a release says nothing.
    private static let good = ["sanhu.inspection.completed": "no-finding", "sanhu.lab.reported": "pass"]

    /// What is named by its id later.
    private struct Named: Sendable, NamedByOthers {
        let event: LedgerEvent
        var id: String { event.identity.id }
        var source: String { event.identity.source }
        var agency: String { event.agency }
    }

    private var results: [Named] = []
    private var standing: [Named] = []
    /// Flags that stand.
    var flags: [LedgerEvent] { standing.map(\.event) }

    mutating func take(_ event: LedgerEvent) {
        switch event.type {
        case "sanhu.risk.flagged": standing.append(Named(event: event))
        case "sanhu.risk.cleared":
            // Of flags that an agency has given one id in several sources, that of the clearing's own is meant.
            guard let id = event.text("flag") else { return }
            let cleared = standing.indices(named: id, in: nil, by: event.identity.source) { event.isOf($0) }
            for index in cleared.reversed() { standing.remove(at: index) }
        case "sanhu.record.corrected":
            guard let step = CaseRecord(event)?.step else { return }
            for index in results.indices(namedIn: "event", of: step).reversed() { results.remove(at: index) }
        default: results.append(Named(event: event))
        }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        let named = event.data?["recognised"]
        guard let id = named?["id"]?.string ?? event.text("event") else {
            return .broken(against: [], remedy: "Name the event that holds the result.")
        }
        // Who reads it goes by the one, who reads that goes by the other.
        guard event.text("event").map(id.isSame) ?? true else {
            return .broken(
                against: [], remedy: "It names two events, \(event.text("event") ?? "") and \(id): name one.")
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
        guard Self.good[result.type] == nil || result.text("result") == Self.good[result.type] else {
            return .broken(
                by: [result], "The result is “\(result.text("result") ?? "not said")”: there is nothing to recognise.")
        }
        let since = flags.filter { $0.position > result.position }
        guard since.isEmpty else {
            return .broken(
                by: since, "It was flagged since: recognise a result that comes after, or let the flag be cleared.")
        }
        return .satisfied
    }
}
