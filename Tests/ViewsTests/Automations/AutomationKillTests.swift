import EventLog
import Exchange
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Views

/// A process is killed while an automation takes in, appends and lets timers go off.
@Suite("kill -9 of automations", .serialized)
struct AutomationKillTests {
    /// So short that timers go off while it runs.
    private static let automation = Automation(
        name: "soon", version: 1, query: Query(types: [DeadlineSample.lodged]), kinds: ["declaration"], agency: "SW",
        fold: { (count: inout DeadlineSample.Count, _) in count.lodged += 1 },
        react: { count, object, event in
            let due = Timestamp(microseconds: event.recorded.microseconds + 30_000)
            return [
                .append(DeadlineSample.appending(object, count.lodged)),
                .schedule(name: "soon \(count.lodged)", at: due, DeadlineSample.appending(object, -count.lodged)),
            ]
        })

    @Test(
        "Killed at any moment, it has acted exactly once on every event when it has come to rest",
        .timeLimit(.minutes(15)))
    func kills() async throws {
        let kills = LongForm.scaled(6, full: 110)
        LongForm.report("kill", "plan", "", count: kills)
        let folder = try TemporaryFolder()
        let path = folder.path("ledger")
        var dice = LongForm.dice("automation kills")
        do {
            let made = try await RuleLab()
            made.ledger.close()
            for suffix in ["", ".wrapping"] {
                try FileManager.default.copyItem(atPath: made.lab.path + suffix, toPath: path + suffix)
            }
        }
        var unfinished = 0
        for kill in 0..<kills {
            let delay = dice.below(300_000)
            let seed = dice.next()
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, delay = delay as Int, seed = seed as UInt64] in
                try await Self.work(path, delay, seed)
            }
            if dice.oneIn(6) { try? FileManager.default.removeItem(atPath: path + "/views") }
            unfinished += try await Self.check(path, "kill \(kill) after \(delay) µs, seed \(dice.seed)")
            LongForm.report("kill", "automations", "once")
        }
        #expect(unfinished > 0, "no kill fell between an event and what follows from it; seed \(dice.seed)")
    }

    /// What the process does that is killed.
    private static func work(_ path: String, _ delay: Int, _ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let lab = try ViewLab(opening: path)
        let run = try AutomationLab(lab.ledger)
        let runner = try run.keeper.open(automation, from: 0)
        let killer = Thread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
        }
        killer.start()
        runner.start()
        while true {
            let events = (0..<1 + dice.below(8)).map { _ in
                ViewLab.declaration(dice.below(6), id: "e\(dice.next())")
            }
            _ = try await lab.ledger.append(events, as: "CUS")
        }
    }

    /// Brings it to rest and counts.
    ///
    /// - Returns: How much was left to be appended.
    private static func check(_ path: String, _ note: String) async throws -> Int {
        let lab = try ViewLab(opening: path)
        defer { lab.ledger.close() }
        let before = try AutomationLab.said(lab.ledger)
        #expect(Set(before).count == before.count, "\(note)")
        let clock = HandClock()
        let run = try AutomationLab(lab.ledger, clock: clock)
        let runner = try run.keeper.open(automation, from: 0)
        clock.advance(1_000_000)
        try await runner.settle()
        let said = try AutomationLab.said(lab.ledger)
        var counts: [String: Int] = [:]
        var expected: [String] = []
        for entry in try lab.ledger.log.read(Query(types: [DeadlineSample.lodged]), ReadRange()) {
            let event = try #require(
                try lab.ledger.unsealed([entry], upcasting: .standard).first.flatMap {
                    LedgerEvent($0, try lab.ledger.mergers())
                })
            let number = String(try #require(event.tag(ofKind: "declaration")).value)
            counts[number, default: 0] += 1
            expected += ["\(number) \(counts[number] ?? 0)", "\(number) \(-(counts[number] ?? 0))"]
        }
        #expect(said.sorted() == expected.sorted(), "\(note)")
        #expect(try runner.nextDue() == nil && runner.parkedEntries().isEmpty, "\(note)")
        await run.close()
        return said.count - before.count
    }
}
