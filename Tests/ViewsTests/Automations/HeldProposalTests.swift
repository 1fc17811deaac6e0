import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Views

/// Proposals that were refused otherwise than by a rule.
@Suite("Proposals that were laid aside", .fewAtOnce)
struct HeldProposalTests {
    /// Proposes a release, for which its agency has no power, at the first declaration of a number, and takes it back at the
    /// third.
    private static let automation = Automation(
        name: "proposer", version: 1, query: Query(types: [DeadlineSample.lodged]), kinds: ["declaration"],
        agency: "SW",
        fold: { (count: inout DeadlineSample.Count, _) in count.lodged += 1 },
        react: { count, object, _ in
            switch count.lodged {
            case 1:
                let data = Array(#"{"declaration":"\#(object.value)"}"#.utf8)
                return [.propose(name: "release", Automation.Appending(type: RuleLab.released, data: data))]
            case 3: return [.cancel(name: "release")]
            default: return []
            }
        })

    private static func mend(_ lab: RuleLab) async throws {
        try await lab.lab.amend(
            #"{"op":"put","kind":"power","value":{"id":"sw","agency":"SW","types":["sanhu.release.*"]}}"#, id: "mend")
    }

    private static func released(_ lab: RuleLab) throws -> Int {
        try lab.ledger.log.read(Query(types: [RuleLab.released]), ReadRange()).count
    }

    @Test("One that is still wanted is appended when it is tried again", arguments: [1, 2])
    func wanted(_ count: Int) async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger)
        let runner = try run.keeper.open(Self.automation)
        for number in 0..<count {
            _ = try await lab.ledger.append([ViewLab.declaration(7, id: "\(number)")], as: "CUS")
        }
        try await runner.settle()
        let parked = try #require(try runner.parkedEntries().first)
        #expect(try runner.waiting().isEmpty)
        #expect(try await runner.retry(parked.position) == false, "nothing was mended")
        try await Self.mend(lab)
        try await runner.settle()
        #expect(try Self.released(lab) == 0, "it waits for hands")
        #expect(try await runner.retry(parked.position))
        #expect(try Self.released(lab) == 1)
        #expect(try runner.parkedEntries().isEmpty && runner.tables().proposals().isEmpty)
        await run.close()
    }

    @Test("One that was taken back since is not appended, also after opening anew")
    func takenBack() async throws {
        let lab = try await RuleLab()
        var run = try AutomationLab(lab.ledger)
        var runner = try run.keeper.open(Self.automation)
        for number in 0..<3 {
            _ = try await lab.ledger.append([ViewLab.declaration(7, id: "\(number)")], as: "CUS")
            try await runner.settle()
        }
        let parked = try #require(try runner.parkedEntries().first)
        await run.close()
        try await Self.mend(lab)
        run = try AutomationLab(lab.ledger)
        runner = try run.keeper.open(Self.automation)
        try await runner.settle()
        #expect(try await runner.retry(parked.position))
        #expect(try Self.released(lab) == 0)
        #expect(try runner.parkedEntries().isEmpty)
        await run.close()
    }
}
