import EventLog
import Exchange
import TestSupport
import Testing

/// Events in a list, and what follows from them by going through the list again for every question.
private struct NaiveGrants {
    struct Entry {
        let event: DisclosureEvent
        let agency: String
        let position: Position
    }

    var entries: [Entry] = []

    /// The positions of the grants an agency may use at an hour, by the entries up to a position.
    func grants(at time: Timestamp, for agency: String, asOf last: Position) -> [Position] {
        entries.filter { $0.position <= last && hour(Int($0.position)) <= time }.compactMap { entry in
            guard case .decided(let ruling) = entry.event, ruling.outcome != .denied,
                let (scope, asking, assistance) = request(ruling.request), asking == agency
            else { return nil }
            let to = ruling.part.to ?? scope.to
            let from = max(ruling.part.from ?? scope.from ?? hour(0), hour(Int(entry.position)))
            guard from <= time, time < to, !isEnded(entry.position, under: assistance, by: last, time) else {
                return nil
            }
            return entry.position
        }
    }

    private func request(_ position: Position) -> (DisclosureScope, String, Position?)? {
        for entry in entries where entry.position == position {
            switch entry.event {
            case .requested(let request): return (request.scope, entry.agency, request.assistance)
            case .assistanceRequested(let request): return (request.scope, entry.agency, position)
            default: return nil
            }
        }
        return nil
    }

    private func isEnded(_ grant: Position, under assistance: Position?, by last: Position, _ time: Timestamp) -> Bool {
        entries.contains { entry in
            guard entry.position <= last, hour(Int(entry.position)) <= time else { return false }
            return switch entry.event {
            case .expired(grant), .revoked(grant, _): true
            case .assistanceClosed(let closed, _): closed == assistance
            default: false
            }
        }
    }
}

@Suite("What was granted when, as was known when")
struct GrantHistoryTests {
    private static let agencies = ["CUS", "TAX", "BOR"]

    private static func scope(_ dice: inout Dice) -> DisclosureScope {
        asked(
            owner: dice.pick(agencies), fields: FieldSelector(compartments: ["personal"]),
            objects: dice.oneIn(2) ? ["declaration:1"] : ["declaration:1", "declaration:2"],
            from: dice.oneIn(3) ? hour(dice.below(60)) : nil, to: hour(20 + dice.below(100)))
    }

    private static func event(_ dice: inout Dice, before position: Int) -> DisclosureEvent {
        let past = Position(max(0, position - 1 - dice.below(12)))
        switch dice.below(12) {
        case 0, 1: return .requested(DisclosureRequest(scope(&dice), under: dice.oneIn(2) ? past : nil))
        case 2: return .checked(request: past, conforms: !dice.oneIn(3), reasons: ["x"])
        case 3, 4, 5: return .decided(DisclosureRuling(on: past, .granted, reasons: ["x"]))
        case 6:
            let part = DisclosureRuling.Part(
                objects: [tag("declaration:1")], from: dice.oneIn(2) ? hour(dice.below(80)) : nil,
                to: hour(dice.below(120)))
            return .decided(DisclosureRuling(on: past, dice.oneIn(4) ? .denied : .partly, reasons: ["x"], part: part))
        case 7: return .revoked(grant: past, reasons: ["x"])
        case 8: return .expired(grant: past)
        case 9: return .disputed(decision: past, reasons: ["x"])
        case 10: return .assistanceRequested(AssistanceRequest(.smuggling, scope(&dice), deadline: hour(20)))
        default: return .assistanceClosed(assistance: past, reasons: [])
        }
    }

    /// A book after some hundred attempts, and the events that were taken.
    private static func grown(_ dice: inout Dice) -> (GrantBook, NaiveGrants) {
        var (book, naive) = (GrantBook(), NaiveGrants())
        var position = 1
        for _ in 0..<2000 where position < 100 {
            let event = event(&dice, before: position)
            let agency = dice.pick(agencies)
            guard (try? book.take(event, by: agency, at: position)) != nil else { continue }
            naive.entries.append(.init(event: event, agency: agency, position: Position(position)))
            position += 1
        }
        return (book, naive)
    }

    @Test("Grants as of a position at a time are what going through the events again gives", arguments: 0..<50)
    func differential(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        let (book, naive) = Self.grown(&dice)
        for _ in 0..<200 {
            let (time, last) = (hour(dice.below(130)), Position(dice.below(110)))
            let all = Self.agencies.flatMap { agency in
                let grants = book.history(asOf: last).grants(inForceAt: time, for: agency).map(\.position)
                #expect(grants == naive.grants(at: time, for: agency, asOf: last), "seed \(seed)")
                return grants
            }
            #expect(book.history(asOf: last).grants(inForceAt: time).map(\.position) == all.sorted(), "seed \(seed)")
        }
    }

    @Test("A book of the first events answers like the history as of their position", arguments: 0..<20)
    func prefixes(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let (book, naive) = Self.grown(&dice)
        var grants = 0
        var prefix = GrantBook()
        for entry in naive.entries {
            try prefix.take(entry.event, by: entry.agency, at: Int(entry.position))
            let history = book.history(asOf: entry.position)
            for time in [hour(Int(entry.position)), hour(dice.below(130))] {
                #expect(history.grants(inForceAt: time) == prefix.history().grants(inForceAt: time), "seed \(seed)")
                let open = (history.requests(openAt: time), prefix.requests(openAt: time))
                #expect(open.0.map(\.at) == open.1.map(\.at), "seed \(seed)")
                grants += prefix.history().grants(inForceAt: time).count
            }
        }
        #expect(grants > 0, "seed \(seed)")
    }

    @Test("No grant goes beyond what was asked for, whatever is tried", arguments: 0..<20)
    func within(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let (book, _) = Self.grown(&dice)
        for record in book.grants.values {
            let asked = try #require(
                book.requests[record.request]?.request.scope ?? book.assistances[record.request]?.request.scope)
            let grant = record.grant
            let given = DisclosureScope(
                owner: grant.owner, fields: grant.fields, roles: grant.roles, objects: grant.objects,
                purpose: grant.purpose, caseName: grant.caseName, from: grant.validity.from,
                to: try #require(grant.validity.to))
            #expect(asked.contains(given), "seed \(seed)")
            #expect(grant.fields.owners == [grant.owner] && grant.agency != grant.owner, "seed \(seed)")
        }
    }
}
