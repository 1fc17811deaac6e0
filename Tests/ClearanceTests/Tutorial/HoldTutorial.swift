import EventLog
import Exchange
import JSON
import Views

// The code of docs/writing-a-rule.md, as it stands there: TutorialTests compares them.

struct Holding: Sendable {
    struct Held: Sendable {
        let agency: String
        let position: Position
    }
    /// By the id of the event that placed them.
    var holds: [String: Held] = [:]

    mutating func take(_ event: LedgerEvent) throws(RuleFault) {
        guard event.type == "sanhu.hold.lifted" else {
            holds[event.identity.id] = Held(agency: event.agency, position: event.position)
            return
        }
        guard let id = event.data?["hold"]?.string else { throw RuleFault("It lifts no hold.") }
        // Only who placed it lifts it.
        if holds[id]?.agency == event.agency { holds[id] = nil }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        guard !holds.isEmpty else { return .satisfied }
        let agencies = Set(holds.values.map(\.agency)).sorted().joined(separator: ", ")
        return .broken(against: holds.values.map(\.position), remedy: "First \(agencies) must lift it.")
    }
}

let heldStaysOpen = Rule(
    name: "held-stays-open", version: 1, types: ["sanhu.clearance.closed"],
    requirement: "The formalities of a declaration are not closed while it is held.",
    reads: [FieldPath("/hold")],
    looks: { event in
        event.tag(ofKind: "declaration").map { Rule.Scope($0, types: ["sanhu.hold.placed", "sanhu.hold.lifted"]) }
    },
    initial: Holding(),
    fold: { (holding, earlier) throws(RuleFault) in try holding.take(earlier) },
    requires: { holding, event in holding.finding(on: event) })

func close(_ ledger: ExchangeLedger, _ closing: AgencyEvent) async throws -> String? {
    let book = try Rulebook(of: ledger, rules: [heldStaysOpen])
    do throws(ExchangeError) {
        _ = try await book.append([closing], as: "CUS")
        return nil
    } catch {
        guard error.code == .ruleBroken else { throw error }
        return error.reason
    }
}
