import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

@testable import Views

/// Where an automation might act twice, never, or keep what it may not.
@Suite("Automations, where they might go wrong", .fewAtOnce)
struct AutomationEdgeTests {
    private static func lodge(_ lab: RuleLab, _ number: Int, id: String) async throws {
        _ = try await lab.ledger.append([ViewLab.declaration(number, id: id)], as: "CUS")
    }

    @Test("To open one a second time is refused, and its files stay")
    func openTwice() async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger)
        let runner = try run.keeper.open(DeadlineSample.automation())
        try await Self.lodge(lab, 1, id: "a")
        try await runner.settle()
        let due = try #require(try runner.nextDue())
        let error = #expect(throws: ViewError.self) { _ = try run.keeper.open(DeadlineSample.automation()) }
        #expect(error?.code == .alreadyOpen)
        #expect(FileManager.default.fileExists(atPath: lab.lab.path + "/views/deadline.1/data.mdb"))
        await run.close()
        let again = try AutomationLab(lab.ledger)
        #expect(try again.keeper.open(DeadlineSample.automation()).nextDue() == due)
        await again.close()
    }

    @Test("Another version does not do again what the last one did, also if its agency has got another source first")
    func anotherSource() async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger)
        let first = try run.keeper.open(DeadlineSample.automation())
        try await Self.lodge(lab, 1, id: "a")
        try await first.settle()
        try await lab.lab.amend(
            #"{"op":"put","kind":"source","value":{"prefix":"/A","agency":"SW"}}"#, id: "source")
        #expect(try lab.ledger.source(of: "SW") == "/A")
        let second = try run.keeper.open(DeadlineSample.automation(version: 2), from: 0)
        try await second.settle()
        #expect(try AutomationLab.said(lab.ledger) == ["1 1"])
        await run.close()
    }

    @Test("When older events are to be brought up further it is made anew, and goes on")
    func newLines() async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger)
        let runner = try run.keeper.open(DeadlineSample.automation())
        try await Self.lodge(lab, 1, id: "a")
        try await runner.settle()
        try await lab.lab.amend(
            #"""
            {"op":"put","kind":"schema","value":{"uri":"urn:test:released:2","type":"\#(RuleLab.released)",
             "replaces":{"uri":"\#(RuleLab.uri(RuleLab.released))","upcaster":"same"},"document":{"type":"object",
             "properties":{"declaration":{"type":"string","x-tag":{"kind":"declaration"}}}}}}
            """#, id: "released")
        try await Self.lodge(lab, 1, id: "b")
        try await runner.settle()
        #expect(try AutomationLab.said(lab.ledger) == ["1 1", "1 2"])
        let rows = try runner.tables().store.dump()
        await run.close()
        try FileManager.default.removeItem(atPath: lab.lab.path + "/views")
        let again = try AutomationLab(lab.ledger)
        let anew = try again.keeper.open(DeadlineSample.automation())
        try await anew.settle()
        #expect(try anew.tables().store.dump() == rows)
        await again.close()
    }

    @Test("Why a rule refuses what it appends is kept as anybody may be told it")
    func refusal() async throws {
        let lab = try await RuleLab()
        let run = try AutomationLab(lab.ledger, rules: [RuleLab.balance()])
        let automation = Automation(
            name: "writer", version: 1, query: Query(types: [DeadlineSample.lodged]), kinds: ["declaration"],
            agency: "CUS", fold: { (_: inout DeadlineSample.Count, _) in },
            react: { _, _, _ in
                let data = Array(#"{"permit":"P1","quantity":200,"item":"2"}"#.utf8)
                return [.append(Automation.Appending(type: RuleLab.writtenOff, data: data))]
            })
        let runner = try run.keeper.open(automation)
        _ = try await lab.ledger.append([RuleLab.issue("P1", 1000, id: "i")], as: "CUS")
        let hidden = RuleLab.event(RuleLab.adjusted, id: "a", #"{"permit":"P1","secret":877}"#)
        _ = try await lab.ledger.append([hidden], as: "CUS")
        try await Self.lodge(lab, 1, id: "l")
        try await runner.settle()
        let reason = try #require(try runner.parkedEntries().first?.reason)
        #expect(reason.hasPrefix("The rule permit-balance refuses the event about permit:P1."))
        #expect(!reason.contains("123"), "\(reason)")
        await run.close()
        let kept = try #require(FileManager.default.contents(atPath: lab.lab.path + "/state/data.mdb"))
        #expect(kept.range(of: Data("permit-balance refuses".utf8)) != nil)
        #expect(kept.range(of: Data("At most 123".utf8)) == nil)
    }

    /// Keeps all it is told.
    private struct Everything: AutomationState {
        var text = ""

        init() {}
        init?(_ stored: JSONValue) { text = stored.string ?? "" }
        func write(to writer: inout JSONWriter) { writer.string(text) }
    }

    @Test("Values of classified fields are in no file of views, automations and parked events, also after an erasure")
    func canaries() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        let view = try keeper.open(ViewLab.mixed())
        let automations = AutomationKeeper(beside: keeper, book: try Rulebook(of: lab.ledger, rules: []))
        let automation = Automation(
            name: "everything", version: 1, query: .all, kinds: ["declaration", "container", "person"], agency: "CUS",
            fold: { (all: inout Everything, event) throws(AutomationFault) in
                all.text = String((all.text + String(decoding: event.root.text, as: UTF8.self)).suffix(8_000))
                if event.data?["office"]?.string == ViewLab.poison { throw AutomationFault("Poison.") }
            },
            react: { state, object, event in
                let due = Timestamp(microseconds: event.recorded.microseconds + DeadlineSample.week)
                var data: [UInt8] = []
                JSONText.appendQuoted(String(state.text.suffix(900)).utf8Span.span, to: &data)
                return [.schedule(name: "n", at: due, Automation.Appending(type: "t", data: data))]
            })
        let runner = try automations.open(automation, from: 0)
        var dice = LongForm.dice("automation canaries")
        try await lab.appendSome(&dice, 80, poisonOneIn: 12)
        let sure = ViewLab.declaration(1, importer: "CANARY-IMPORTER-0", buyer: "CANARY-BUYER 1", id: "sure")
        _ = try await lab.ledger.append([sure], as: "CUS")
        try await runner.settle()
        let order = ErasureOrder(subject: "CANARY-IMPORTER-0", grounds: ErasureGrounds(basis: "PIPL 47"))
        _ = try await lab.ledger.erase(order, as: "CUS")
        _ = try await lab.ledger.append([ViewLab.declaration(1, buyer: "CANARY-BUYER 2", id: "later")], as: "CUS")
        try await runner.settle()
        try await ViewLab.reach(view, lab)
        #expect(try !runner.parkedEntries().isEmpty)
        await automations.close()
        keeper.close()
        let needles = ["CANARY", "Q0FOQV", "NBTkFS", "DQU5BU"].map { Data($0.utf8) }
        for file in ["views/everything.1", "views/mixed.1", "state"] {
            let bytes = try #require(FileManager.default.contents(atPath: lab.path + "/\(file)/data.mdb"))
            #expect(bytes.range(of: Data((file == "state" ? "everything" : "declaration:1").utf8)) != nil, "\(file)")
            for needle in needles { #expect(bytes.range(of: needle) == nil, "\(file), seed \(dice.seed)") }
        }
    }

    @Test("What could not be read again as it is kept is a fault, not lost")
    func unkeepable() throws {
        let deep = Array((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8)
        let fine = Automation.Appending(type: "t", data: Array("{}".utf8))
        let late = Timestamp(microseconds: 253_402_300_799_000_000)
        let bad: [Automation.Reaction] = [
            .append(Automation.Appending(type: "t", data: deep)), .schedule(name: "never", at: late, fine),
        ]
        for reaction in bad {
            let automation = Automation(
                name: "a", version: 1, query: .all, kinds: ["declaration"], agency: "SW",
                fold: { (_: inout DeadlineSample.Count, _) in }, react: { _, _, _ in [reaction] })
            let event = LedgerEvent(
                position: 1, recorded: Timestamp(microseconds: 1), agency: "CUS", type: "t",
                identity: EventIdentity(source: "/CUS", id: "1"), tags: [ViewLab.tag("declaration:1")],
                root: try JSONDocument(parsing: Array("{}".utf8)).root)
            var desk = AutomationDesk()
            #expect(throws: AutomationFault.self) { try desk.take(event, by: automation, isReacting: true) }
        }
    }
}
