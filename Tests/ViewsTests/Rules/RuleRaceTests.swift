import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Views

/// Many try to break two rules at once: `SANHU_TORTURE=full` for 100,000 attempts and more.
@Suite("Rules under those who try to break them", .fewAtOnce)
struct RuleRaceTests {
    private static let appenders = 64
    private static let permits = 24
    private static let declarations = 400

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
        let race = RuleRace<RaceEvent>(attempts)
        let ledger = lab.ledger
        try await race.run(appenders: Self.appenders, head: { try ledger.log.head }) { number in
            var dice = Dice(seed: UInt64(number))
            return RaceEvent(Self.event(&dice, number, attempts).event)
        } append: { event, appender in
            try await Self.append(event, books[appender % 2])
        }
        #expect(race.conflicts == 0)
        let log = try ledger.log.read(.all, ReadRange(from: first)).map { entry in
            RaceEvent(try #require(try JSONDocument(parsing: entry.bytes).root["event"]))
        }
        var port = Port()
        let (faults, justified) = race.check(log, from: first, &port)
        #expect(faults == [])
        let outcomes = Dictionary(grouping: race.done, by: \.outcome).mapValues(\.count)
        #expect(outcomes[.appended] == log.count && log.count > 200)
        #expect(justified == outcomes[.refused] && justified > attempts / 20 && outcomes[.duplicate] != nil)
        #expect(port.left.values.allSatisfy { $0 >= 0 })
        LongForm.report("race", "rules", "held", count: attempts)
    }

    /// An event, and what is in it.
    private struct RaceEvent: Sendable, CustomStringConvertible {
        let bytes: [UInt8]
        let root: JSONValue?

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            root = (try? JSONDocument(parsing: bytes))?.root
        }

        init(_ root: JSONValue) {
            bytes = Array(root.text)
            self.root = root
        }

        var description: String { root?["id"]?.string ?? "" }
    }

    /// Nil for one that gave up.
    private static func append(_ event: RaceEvent, _ book: Rulebook) async throws -> RuleRace<RaceEvent>.Outcome? {
        do throws(ExchangeError) {
            switch try await book.append([AgencyEvent(event.bytes)], as: "CUS")[0] {
            case .appended: return .appended
            case .duplicate, .erased: return .duplicate
            }
        } catch {
            guard error.code != .ruleBroken else { return .refused }
            guard error.code == .conflict else { throw error }
            return nil
        }
    }

    /// A port in a few lines, apart from rules and ledger.
    private struct Port: RaceModel {
        var left: [String: Int64] = [:]
        var items: Set<String> = []
        var released: Set<String> = []
        var ids: Set<String> = []

        func knows(_ event: RaceEvent) -> Bool { ids.contains(event.description) }

        func allows(_ event: RaceEvent) -> Bool {
            let data = event.root?["data"]
            let permit = data?["permit"]?.string ?? ""
            switch event.root?["type"]?.string {
            case RuleLab.released: return !released.contains(data?["declaration"]?.string ?? "")
            case RuleLab.writtenOff:
                return !items.contains("\(permit) \(data?["item"]?.string ?? "")")
                    && left[permit, default: 0] >= data?["quantity"]?.integer ?? 0
            default: return true
            }
        }

        mutating func take(_ event: RaceEvent) {
            let data = event.root?["data"]
            let permit = data?["permit"]?.string ?? ""
            ids.insert(event.description)
            switch event.root?["type"]?.string {
            case RuleLab.released: released.insert(data?["declaration"]?.string ?? "")
            case RuleLab.writtenOff:
                items.insert("\(permit) \(data?["item"]?.string ?? "")")
                left[permit, default: 0] -= data?["quantity"]?.integer ?? 0
            default: left[permit, default: 0] += data?["quantity"]?.integer ?? 0
            }
        }
    }
}
