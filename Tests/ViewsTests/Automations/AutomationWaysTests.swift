import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

@testable import Views

/// Sets, replaces and cancels timers that go off while it runs.
enum BusySample {
    static let automation = Automation(
        name: "busy", version: 1, query: Query(types: [DeadlineSample.lodged]), kinds: ["declaration"], agency: "SW",
        fold: { (count: inout DeadlineSample.Count, _) in count.lodged += 1 },
        react: { count, object, event in
            func at(_ milliseconds: Int64) -> Timestamp {
                Timestamp(microseconds: event.recorded.microseconds + milliseconds * 1_000)
            }
            let said = DeadlineSample.appending(object, count.lodged)
            let timer = DeadlineSample.appending(object, -count.lodged)
            switch count.lodged % 5 {
            case 0: return [.cancel(name: "a"), .append(said)]
            case 1: return [.schedule(name: "a", at: at(30), timer), .schedule(name: "b", at: at(5), timer)]
            case 2: return [.schedule(name: "a", at: at(2), timer)]
            case 3: return [.append(said), .schedule(name: "a", at: at(0), timer), .append(said)]
            default: return [.cancel(name: "b"), .schedule(name: "a \(count.lodged)", at: at(60), timer)]
            }
        })

    /// The ids of all that is to have been appended once all timers have gone off: by a desk that holds everything.
    static func expected(_ ledger: ExchangeLedger) throws -> [String] {
        var desk = AutomationDesk()
        let entries = try ledger.log.read(automation.query, ReadRange())
        let mergers = try ledger.mergers()
        for event in try ledger.unsealed(entries, upcasting: .standard).compactMap({ LedgerEvent($0, mergers) }) {
            try desk.take(event, by: automation, isReacting: true)
        }
        desk.elapse(to: Timestamp(microseconds: .max), at: try ledger.log.head)
        return desk.outbox.map { $0.pending.identity(automation.name, source: "/SW").id }.sorted()
    }

    /// The ids of what was appended.
    static func appended(_ ledger: ExchangeLedger) throws -> [String] {
        try ledger.log.read(Query(types: [DeadlineSample.passed]), ReadRange()).compactMap { entry in
            try JSONDocument(parsing: entry.bytes).root["event"]?["id"]?.string
        }.sorted()
    }
}

@Suite("Automations in whatever way they are brought on", .fewAtOnce)
struct AutomationWaysTests {
    /// So small that every limit of a batch is met.
    private static let tiny = AutomationBatch(events: 7, timers: 3, bytes: 300)

    private static func append(_ lab: ViewLab, _ dice: inout Dice, _ count: Int) async throws {
        for _ in 0..<count {
            let events = (0..<1 + dice.below(6)).map { _ in ViewLab.declaration(dice.below(4), id: "e\(dice.next())") }
            _ = try await lab.ledger.append(events, as: "CUS")
            if dice.oneIn(4) { try await Task.sleep(for: .milliseconds(dice.below(9))) }
        }
    }

    /// Brings it to rest with all timers gone off, and compares ids; returns the records.
    private static func settle(
        _ ledger: ExchangeLedger, _ batch: AutomationBatch, _ note: String
    ) async throws -> [String] {
        let clock = HandClock()
        clock.advance(1_000_000)
        let views = try ViewKeeper(of: ledger)
        let keeper = AutomationKeeper(
            beside: views, book: try Rulebook(of: ledger, rules: []), batch: batch, clock: { clock.now })
        let runner = try keeper.open(BusySample.automation, from: 0)
        try await runner.settle()
        #expect(try runner.nextDue() == nil && runner.parkedEntries().isEmpty, "\(note)")
        let wanted = try BusySample.expected(ledger)
        #expect(try BusySample.appended(ledger) == wanted, "\(note)")
        #expect(Set(wanted).count == wanted.count && wanted.count > 40, "\(note)")
        let rows = try runner.tables().store.dump()
        await keeper.close()
        views.close()
        return rows
    }

    @Test("Followed, caught up at once or in tiny batches, and made anew: the same is appended, once")
    func ways() async throws {
        var dice = LongForm.dice("automation ways")
        let made = try await RuleLab()
        try await Self.append(made.lab, &dice, 40)
        made.ledger.close()
        let folder = try TemporaryFolder()
        let paths = ["whole", "tiny", "followed"].map { folder.path($0) }
        for path in paths {
            for suffix in ["", ".wrapping"] {
                try FileManager.default.copyItem(atPath: made.lab.path + suffix, toPath: path + suffix)
            }
        }
        let note = "seed \(dice.seed)"
        var ids: [[String]] = []
        for (path, batch) in zip(paths, [AutomationBatch(), Self.tiny]) {
            let lab = try ViewLab(opening: path)
            let rows = try await Self.settle(lab.ledger, batch, "\(path), \(note)")
            ids.append(try BusySample.appended(lab.ledger))
            try FileManager.default.removeItem(atPath: path + "/views")
            let other = batch.events == 7 ? AutomationBatch() : Self.tiny
            #expect(try await Self.settle(lab.ledger, other, "\(path) anew, \(note)") == rows)
            lab.ledger.close()
        }
        #expect(ids[0] == ids[1], "\(note)")

        let lab = try ViewLab(opening: paths[2])
        let run = try AutomationLab(lab.ledger)
        let runner = try run.keeper.open(BusySample.automation, from: 0)
        runner.start()
        try await Self.append(lab, &dice, 40)
        await run.close()
        let rows = try await Self.settle(lab.ledger, AutomationBatch(), "followed, \(note)")
        try FileManager.default.removeItem(atPath: lab.path + "/views")
        #expect(try await Self.settle(lab.ledger, Self.tiny, "followed, anew, \(note)") == rows)
        lab.ledger.close()
    }
}
