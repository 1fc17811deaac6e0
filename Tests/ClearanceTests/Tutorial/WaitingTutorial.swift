import EventLog
import Exchange
import Views

// The code of docs/writing-a-view.md, as it stands there: TutorialTests compares them.

struct Waiting: Sendable, Hashable {
    let container: String
    var place: String?
    var since: Timestamp?
    /// Why it is held: for those who may know.
    var reasons: [FactValue] = []

    var isWaiting: Bool { since != nil }
}

enum WaitingView {
    static let move = FieldPath("/move")
    static let place = FieldPath("/facility")
    static let reason = FieldPath("/reason")

    static func map(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        for index in 0..<entry.tagCount where entry.tag(at: index).isContainer {
            let container = entry.tag(at: index)
            if entry.hasType("sanhu.equipment.moved") {
                facts.fact(about: container, kind: 1)
                facts.add(entry, move)
                facts.add(entry, place)
                // Found by the place, by whoever sees the entry.
                if let place = entry.string(place) { facts.lookup(place.utf8Span.span, finds: container) }
                // Counted for each month: only what every authority sees.
                facts.tally(1, entry.recordedMonth)
            } else {
                facts.fact(about: container, kind: 2)
                facts.add(entry, reason)
            }
        }
    }

    static func fold(_ state: inout Waiting, _ fact: Fact) {
        switch fact.kind {
        case 1:
            let hasLeft = fact.values[0].string == "gate-out" || fact.values[0].string == "load"
            state.place = hasLeft ? nil : fact.values[1].string
            state.since = hasLeft ? nil : state.since ?? fact.recorded
        default: state.reasons.append(fact.values[0])
        }
    }

    static let view = View(
        name: "waiting", version: 1, query: Query(types: ["sanhu.equipment.moved", "sanhu.hold.placed"]),
        initial: { Waiting(container: $0) }, map: { entry, facts in map(entry, &facts) },
        fold: { state, fact in fold(&state, fact) })
}

func ask(_ keeper: ViewKeeper, _ ledger: ExchangeLedger) async throws -> (Waiting, [String]) {
    let waiting = try keeper.open(WaitingView.view)
    // Whoever has just appended waits for its own event.
    guard await waiting.runner.reached(try ledger.log.head, timeout: .seconds(30)) else {
        throw ViewError(.notReached, "The view is still catching up: \(waiting.runner.state).")
    }
    let customs = Reader(.authority, agency: "CUS")
    let state = try await waiting.state(of: "container:MSKU1234565", for: customs)
    let there = try await waiting.runner.objects(foundBy: "CNSHA 3", for: customs)
    return (state, there)
}

extension Span<UInt8> {
    /// Whether a tag names a container.
    var isContainer: Bool {
        let prefix = "container:".utf8
        return count > prefix.count && zip(indices, prefix).allSatisfy { self[$0] == $1 }
    }
}
