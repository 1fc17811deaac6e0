import EventLog
import Exchange
import Foundation
import TestSupport
import Testing

@testable import Views

@Suite("Automations", .fewAtOnce)
struct AutomationTests {
    private static func lodge(_ lab: RuleLab, _ number: Int, id: String, office: String? = nil) async throws {
        _ = try await lab.ledger.append([ViewLab.declaration(number, office: office, id: id)], as: "CUS")
    }

    @Test("It acts on what comes after it was opened first, or from where it was told, and that is kept")
    func registration() async throws {
        let lab = try await RuleLab()
        try await Self.lodge(lab, 1, id: "a")
        let run = try AutomationLab(lab.ledger)
        let runner = try run.keeper.open(DeadlineSample.automation())
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger).isEmpty)
        try await Self.lodge(lab, 1, id: "b")
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger) == ["1 2"])
        let all = try run.keeper.open(DeadlineSample.automation(version: 2), from: 0)
        try await all.settle()
        // What version 1 did is not done again: it is known by the name of the automation.
        #expect(try AutomationLab.said(lab.ledger) == ["1 2", "1 1"])
        await run.close()

        // What was said first counts, also when its files are gone.
        try FileManager.default.removeItem(atPath: lab.lab.path + "/views")
        let again = try AutomationLab(lab.ledger)
        let other = try again.keeper.open(DeadlineSample.automation(), from: 0)
        try await other.settle()
        try await Self.lodge(lab, 2, id: "c")
        try await other.settle()
        try await other.settle()
        #expect(try AutomationLab.said(lab.ledger) == ["1 2", "1 1", "2 1"])
        await again.close()
    }

    @Test(
        "A timer goes off once after a week without anybody there, in the order of due times; a rebuild appends nothing more"
    )
    func week() async throws {
        let lab = try await RuleLab()
        let clock = HandClock()
        let run = try AutomationLab(lab.ledger, clock: clock)
        let runner = try run.keeper.open(DeadlineSample.automation())
        for number in [4, 2, 3, 1] { try await Self.lodge(lab, number, id: "d\(number)") }
        _ = try await lab.ledger.append([RuleLab.release("3", id: "r")], as: "CUS")
        try await runner.settle()
        let first = ["4 1", "2 1", "3 1", "1 1"]
        #expect(try AutomationLab.said(lab.ledger) == first)
        let due = try #require(try runner.nextDue())
        #expect(due.microseconds > clock.now.microseconds + DeadlineSample.week - 60_000_000)
        clock.advance(DeadlineSample.week - 60_000_000)
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger) == first)
        await run.close()

        // Nobody is there for a week.
        clock.advance(DeadlineSample.week)
        let later = try AutomationLab(lab.ledger, clock: clock)
        let reopened = try later.keeper.open(DeadlineSample.automation())
        try await reopened.settle()
        try await reopened.settle()
        let second = first + ["4 -1", "2 -1", "1 -1"]
        #expect(try AutomationLab.said(lab.ledger) == second)
        #expect(try reopened.nextDue() == nil)
        // A release that comes too late changes nothing.
        _ = try await lab.ledger.append([RuleLab.release("2", id: "r2")], as: "CUS")
        try await reopened.settle()
        let rows = try reopened.tables().store.dump()
        await later.close()

        try FileManager.default.removeItem(atPath: lab.lab.path + "/views")
        let rebuilt = try AutomationLab(lab.ledger, clock: clock)
        let anew = try rebuilt.keeper.open(DeadlineSample.automation())
        try await anew.settle()
        #expect(try AutomationLab.said(lab.ledger) == second)
        #expect(try anew.tables().store.dump() == rows)
        await rebuilt.close()
    }

    @Test("Following, it appends what is due without being asked")
    func follows() async throws {
        let lab = try await RuleLab()
        let clock = HandClock()
        let run = try AutomationLab(lab.ledger, clock: clock)
        let runner = try run.keeper.open(DeadlineSample.automation())
        runner.start()
        try await Self.lodge(lab, 1, id: "a")
        func wait(for said: [String]) async throws {
            for _ in 0..<200 where try AutomationLab.said(lab.ledger) != said {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try AutomationLab.said(lab.ledger) == said)
        }
        try await wait(for: ["1 1"])
        clock.advance(DeadlineSample.week + 1)
        try await wait(for: ["1 1", "1 -1"])
        await run.close()
    }

    @Test("Poison is parked with its reason and passed; when it can be taken in, what follows is appended")
    func poison() async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger)
        let isMended = HandClock()
        let start = isMended.now.microseconds
        let automation = DeadlineSample.automation { isMended.now.microseconds < start + DeadlineSample.week }
        let runner = try run.keeper.open(automation)
        try await Self.lodge(lab, 1, id: "p", office: DeadlineSample.poison)
        try await Self.lodge(lab, 2, id: "q")
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger) == ["2 1"])
        let parked = try runner.parkedEntries()
        #expect(parked.map(\.reason) == ["Poison."] && parked.map(\.tries) == [1])
        let position = try #require(parked.first?.position)
        #expect(try await !runner.retry(position))
        #expect(try runner.parkedEntries().map(\.tries) == [2])
        isMended.advance(2 * DeadlineSample.week)
        #expect(try await runner.retry(position))
        #expect(try runner.parkedEntries().isEmpty)
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger) == ["2 1", "1 1"])
        await #expect(throws: ViewError.self) { try await runner.retry(position) }
        await run.close()
    }

    @Test(
        "What the charter or a rule refuses is parked with its cause, and appended when it is tried again and allowed")
    func refused() async throws {
        let lab = try await RuleLab()
        // Only what has been issued may be said.
        let rule = Rule(
            name: "silence", version: 1, types: [DeadlineSample.passed], requirement: "A permit comes first.",
            looks: { _ in Rule.Scope(ViewLab.tag("permit:S"), types: [RuleLab.issued]) }, initial: 0,
            fold: { count, _ in count += 1 },
            requires: { count, _ in count > 0 ? .satisfied : .broken(against: [], remedy: "Issue permit S.") })
        let run = try AutomationLab(lab.ledger, rules: [rule])
        let runner = try run.keeper.open(DeadlineSample.automation())
        try await Self.lodge(lab, 1, id: "a")
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger).isEmpty)
        let parked = try #require(try runner.parkedEntries().first)
        #expect(parked.reason.hasPrefix("The rule silence refuses the event"))
        #expect(try await !runner.retry(parked.position))
        _ = try await lab.ledger.append([RuleLab.issue("S", 1, id: "s")], as: "CUS")
        #expect(try await runner.retry(parked.position))
        #expect(try AutomationLab.said(lab.ledger) == ["1 1"])
        #expect(try runner.parkedEntries().isEmpty)
        await run.close()
    }
}
