import EventLog
import Exchange
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Views

/// Many try to break two rules at once: `SANHU_TORTURE=full` for 100,000 attempts and more.
@Suite("Rules under those who try to break them", .fewAtOnce)
struct RuleRaceTests {
    private static let appenders = 64
    private static let permits = 24
    private static let declarations = 400

    /// What became of an attempt.
    private enum Outcome: Hashable, Sendable {
        case appended(Position), duplicate(Position), refused
    }

    private struct Attempt: Sendable {
        let event: AgencyEvent
        /// Between them the log was at these heads.
        let before: Position
        let after: Position
        let outcome: Outcome
    }

    private static func event(_ dice: inout Dice, _ number: Int, _ count: Int) -> AgencyEvent {
        guard !dice.oneIn(8) else { return RuleLab.release("D\(dice.below(declarations))", id: "r\(number)") }
        let permit = "P\(dice.below(permits))"
        guard !dice.oneIn(60) else { return RuleLab.issue(permit, 1 + dice.below(40), id: "i\(number)") }
        // Now and then somebody says again what was said.
        if dice.oneIn(10), number > 0 {
            let other = dice.below(number)
            var its = Dice(seed: UInt64(other))
            return event(&its, other, count)
        }
        return RuleLab.writeOff(permit, 1 + dice.below(9), item: "\(dice.below(count / 40 + 10))", id: "w\(number)")
    }

    @Test("64 appenders at once never break a rule, and nobody is refused wrongly", .timeLimit(.minutes(20)))
    func race() async throws {
        let attempts = LongForm.scaled(4_000, full: 110_000)
        let lab = try await RuleLab()
        // Two: those who do not wait for each other's turn meet at the log.
        let books = [try lab.book(), try lab.book()]
        let first = try lab.ledger.log.head
        let race = Race(attempts)
        let ledger = lab.ledger
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.appenders { group.addTask { try await Self.run(race, books[number % 2]) } }
            try await group.waitForAll()
        }
        #expect(race.conflicts == 0)
        try Self.check(race.done, ledger, from: first)
        LongForm.report("race", "rules", "held", count: attempts)
    }

    /// What the appenders share.
    private final class Race: Sendable {
        let attempts: Int
        private let state = Mutex((next: 0, conflicts: 0, done: [Attempt]()))

        init(_ attempts: Int) { self.attempts = attempts }

        var next: Int? {
            state.withLock { state in
                state.next += 1
                return state.next <= attempts ? state.next - 1 : nil
            }
        }
        var conflicts: Int { state.withLock { $0.conflicts } }
        var done: [Attempt] { state.withLock { $0.done } }

        func note(_ attempt: Attempt?) {
            state.withLock { state in
                if let attempt { state.done.append(attempt) } else { state.conflicts += 1 }
            }
        }
    }

    private static func run(_ race: Race, _ book: Rulebook) async throws {
        while let number = race.next {
            var dice = Dice(seed: UInt64(number))
            let event = event(&dice, number, race.attempts)
            let before = try book.ledger.log.head
            guard let outcome = try await attempt(event, book) else {
                race.note(nil)
                continue
            }
            let after = try book.ledger.log.head
            race.note(Attempt(event: event, before: before, after: after, outcome: outcome))
        }
    }

    /// Nil for one that gave up.
    private static func attempt(_ event: AgencyEvent, _ book: Rulebook) async throws -> Outcome? {
        do throws(ExchangeError) {
            switch try await book.append([event], as: "CUS")[0] {
            case .appended(let position): return .appended(position)
            case .duplicate(let position), .erased(let position): return .duplicate(position)
            }
        } catch {
            guard error.code != .ruleBroken else { return .refused }
            guard error.code == .conflict else { throw error }
            return nil
        }
    }

    /// A port in a few lines, apart from rules and ledger.
    private struct Port: Equatable {
        var left: [String: Int64] = [:]
        var items: Set<String> = []
        var released: Set<String> = []
        var ids: Set<String> = []

        /// Whether an event may follow.
        func allows(_ root: JSONValue) -> Bool {
            let data = root["data"]
            let permit = data?["permit"]?.string ?? ""
            switch root["type"]?.string {
            case RuleLab.released: return !released.contains(data?["declaration"]?.string ?? "")
            case RuleLab.writtenOff:
                return !items.contains("\(permit) \(data?["item"]?.string ?? "")")
                    && left[permit, default: 0] >= data?["quantity"]?.integer ?? 0
            default: return true
            }
        }

        mutating func take(_ root: JSONValue) {
            let data = root["data"]
            let permit = data?["permit"]?.string ?? ""
            ids.insert(root["id"]?.string ?? "")
            switch root["type"]?.string {
            case RuleLab.released: released.insert(data?["declaration"]?.string ?? "")
            case RuleLab.writtenOff:
                items.insert("\(permit) \(data?["item"]?.string ?? "")")
                left[permit, default: 0] -= data?["quantity"]?.integer ?? 0
            default: left[permit, default: 0] += data?["quantity"]?.integer ?? 0
            }
        }
    }

    /// Runs what is in the log again, one after another. All in it was allowed where it stands. Who was refused must have had
    /// a reason at some head between asking and answer.
    private static func check(_ attempts: [Attempt], _ ledger: ExchangeLedger, from first: Position) throws {
        let entries = try ledger.log.read(.all, ReadRange(from: first))
        let refused = Dictionary(grouping: attempts.filter { $0.outcome == .refused }, by: \.before)
        var pending: [(root: JSONValue, after: Position, id: String)] = []
        var port = Port()
        var justified = 0
        for position in first...first + Position(entries.count) {
            for attempt in refused[position] ?? [] {
                let root = try JSONDocument(parsing: attempt.event.event).root
                pending.append((root, attempt.after, root["id"]?.string ?? ""))
            }
            pending.removeAll { attempt in
                // Once it is in the log it would have been a duplicate.
                if !port.allows(attempt.root), !port.ids.contains(attempt.id) {
                    justified += 1
                    return true
                }
                if attempt.after <= position { Issue.record("\(attempt.id) was refused wrongly") }
                return attempt.after <= position
            }
            guard position - first < Position(entries.count) else { break }
            let root = try #require(try JSONDocument(parsing: entries[Int(position - first)].bytes).root["event"])
            #expect(port.allows(root), "position \(position) breaks a rule")
            port.take(root)
        }
        #expect(pending.isEmpty)
        let appended = attempts.filter { if case .appended = $0.outcome { true } else { false } }.count
        #expect(appended == entries.count)
        #expect(justified == attempts.count { $0.outcome == .refused } && justified > attempts.count / 20)
        #expect(attempts.contains { if case .duplicate = $0.outcome { true } else { false } })
        #expect(port.left.values.allSatisfy { $0 >= 0 } && appended > 200)
    }
}
