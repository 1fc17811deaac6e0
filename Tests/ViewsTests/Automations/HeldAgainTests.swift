import EventLog
import Exchange
import TestSupport
import Testing

@testable import Views

/// Proposals that were laid aside, and against which a rule stands once that is mended.
@Suite("Proposals that were laid aside wait again", .fewAtOnce)
struct HeldAgainTests {
    /// Proposes a release at each declaration, for which its agency has no power.
    private static let automation = Automation(
        name: "proposer", version: 1, query: Query(types: [DeadlineSample.lodged]), kinds: ["declaration"],
        agency: "SW",
        fold: { (count: inout DeadlineSample.Count, _) in count.lodged += 1 },
        react: { _, object, _ in
            let data = Array(#"{"declaration":"\#(object.value)"}"#.utf8)
            return [.propose(name: "release", Automation.Appending(type: RuleLab.released, data: data))]
        })

    /// Goods are released once there are two permits.
    private static let twoPermits = Rule(
        name: "two-permits", version: 1, types: [RuleLab.released], requirement: "There are two permits.",
        looks: { event in
            event.tag(ofKind: "declaration").map { Rule.Scope(object: $0, query: Query(types: [RuleLab.issued])) }
        },
        initial: 0, fold: { count, _ in count += 1 },
        requires: { count, _ in count > 1 ? .satisfied : .broken(against: [], remedy: "Issue another.") })

    private static func mend(_ lab: RuleLab) async throws {
        try await lab.lab.amend(
            #"{"op":"put","kind":"power","value":{"id":"sw","agency":"SW","types":["sanhu.release.*"]}}"#, id: "mend")
    }

    private static func released(_ lab: RuleLab) throws -> Int {
        try lab.ledger.log.read(Query(types: [RuleLab.released]), ReadRange()).count
    }

    @Test(
        "What a rule refuses when it is tried again waits for the rule, and is no fault any more",
        arguments: [false, true])
    func waits(_ opensAnew: Bool) async throws {
        let lab = try await RuleLab()
        var run = try AutomationLab(lab.ledger, rules: [Self.twoPermits])
        var runner = try run.keeper.open(Self.automation)
        _ = try await lab.ledger.append([RuleLab.issue("P", 1, id: "first")], as: "CUS")
        _ = try await lab.ledger.append([ViewLab.declaration(7, id: "a")], as: "CUS")
        try await runner.settle()
        let parked = try #require(try runner.parkedEntries().first, "it has no power, whatever the rule says")
        await run.close()
        try await Self.mend(lab)
        run = try AutomationLab(lab.ledger, rules: [Self.twoPermits])
        runner = try run.keeper.open(Self.automation)
        #expect(try await runner.retry(parked.position))
        #expect(try runner.parkedEntries().isEmpty && runner.waiting().map(\.text) == ["declaration:7"])
        if opensAnew {
            await run.close()
            run = try AutomationLab(lab.ledger, rules: [Self.twoPermits])
            runner = try run.keeper.open(Self.automation)
        }
        try await runner.settle()
        #expect(try Self.released(lab) == 0 && runner.waiting().count == 1)
        _ = try await lab.ledger.append([RuleLab.issue("P", 1, id: "last")], as: "CUS")
        try await runner.settle()
        #expect(try Self.released(lab) == 1 && runner.waiting().isEmpty && runner.parkedEntries().isEmpty)
        await run.close()
    }

    @Test("Of two that follow from one event, the one that can be appended is, though the other never can")
    func two() async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger)
        // Of the first declaration it says a number where the schema wants a text.
        let automation = Automation(
            name: "proposer", version: 1, query: Query(types: [DeadlineSample.lodged]), kinds: ["declaration"],
            agency: "SW", fold: { (count: inout DeadlineSample.Count, _) in count.lodged += 1 },
            react: { _, object, event in
                let isFirst = object == event.tag(ofKind: "declaration")
                let data = isFirst ? #"{"declaration":7}"# : #"{"declaration":"\#(object.value)"}"#
                return [.propose(name: "release", Automation.Appending(type: RuleLab.released, data: Array(data.utf8)))]
            })
        let runner = try run.keeper.open(automation)
        _ = try await lab.ledger.append([ViewLab.declaration(7, tags: ["declaration:8"], id: "a")], as: "CUS")
        try await runner.settle()
        let parked = try #require(try runner.parkedEntries().first)
        #expect(try runner.parkedEntries().count == 1)
        try await Self.mend(lab)
        for _ in 0..<2 {
            #expect(try await runner.retry(parked.position) == false, "the other is refused still")
            #expect(try Self.released(lab) == 1)
        }
        await run.close()
    }
}
