import EventLog
import Exchange
import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Views

/// What comes between deciding and appending, and what hides what was appended before.
@Suite("Rules, where they might be got round", .serialized)
struct RuleEdgeTests {
    /// Does something asynchronous where nothing can be awaited.
    private static func blocking(_ body: @escaping @Sendable () async throws -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do { try await body() } catch { Issue.record("\(error)") }
            done.signal()
        }
        done.wait()
    }

    private static func isBroken(_ book: Rulebook, _ event: AgencyEvent) async throws -> Bool {
        do throws(ExchangeError) {
            _ = try await book.append([event], as: "CUS")
            return false
        } catch {
            guard error.code == .ruleBroken else { throw error }
            return true
        }
    }

    /// The next version of a schema without marks.
    private static func successor(of type: String, by upcaster: String) -> String {
        #"""
        {"op":"put","kind":"schema","value":{"uri":"urn:test:\#(type):2","type":"\#(type)",
         "replaces":{"uri":"\#(RuleLab.uri(type))","upcaster":"\#(upcaster)"},
         "document":{"type":"object","properties":{"permit":{"type":"string","x-tag":{"kind":"permit"}},
          "declaration":{"type":"string","x-tag":{"kind":"declaration"}}}}}}
        """#
    }

    @Test("What is remembered of what was folded stays within its bytes, and what is forgotten is folded again")
    func memory() async throws {
        let lab = try await RuleLab()
        let permits = (0..<40).map { "P\($0)" }
        for permit in permits {
            _ = try await lab.ledger.append([RuleLab.issue(permit, 5, id: permit)], as: "CUS")
        }
        let history = RuleHistory(lab.ledger, .standard, maximumBytes: 2_000)
        let rule = RuleLab.balance()
        let (terms, head) = try lab.ledger.ownTerms()
        for permit in permits + permits {
            let query = Query(types: [RuleLab.issued], tags: [ViewLab.tag("permit:\(permit)")])
            let memory = try history.memory(RuleHistory.Key(rule: 0, query: query), of: rule, at: head, terms)
            #expect(memory.count == 1 && memory.bytes > 100)
            #expect((1...20).contains(history.size.queries) && history.size.bytes <= 2_000)
        }
        // One that is larger by itself is remembered alone.
        let all = RuleHistory.Key(rule: 0, query: Query(types: [RuleLab.issued]))
        #expect(try history.memory(all, of: rule, at: head, terms).bytes > 2_000)
        #expect(history.size.queries == 1)
    }

    @Test("What was recorded before a kind of tags became personal counts as well")
    func becamePersonal() async throws {
        let lab = try await RuleLab()
        let rule = Rule(
            name: "one-release", version: 1, types: [RuleLab.released], requirement: "A container is released once.",
            looks: { event in event.tag(ofKind: "container").map { Rule.Scope($0, types: [RuleLab.released]) } },
            initial: 0, fold: { count, _ in count += 1 },
            requires: { count, _ in count == 0 ? .satisfied : .broken(against: [], remedy: "") })
        let book = try Rulebook(of: lab.ledger, rules: [rule])
        func release(_ container: String, id: String) -> AgencyEvent {
            var event = RuleLab.release("D\(id)", id: id)
            event.tags = [ViewLab.tag("container:\(container)")]
            return event
        }
        _ = try await book.append([release("A", id: "1")], as: "CUS")
        try await lab.lab.amend(#"{"op":"put","kind":"personalTag","value":{"kind":"container"}}"#, id: "personal")
        #expect(try await Self.isBroken(book, release("A", id: "2")))
        #expect(try await !Self.isBroken(book, release("B", id: "3")))
        #expect(try await Self.isBroken(book, release("B", id: "4")))
    }

    @Test("A decision on events that read otherwise since, because the charter was amended, is made again")
    func amendedMeanwhile() async throws {
        let lab = try await RuleLab()
        let pointer = try #require(JSONPointer("/quantity"))
        let upcasters = Upcasters([Upcaster("none", [.compute(pointer, from: [], { _ in Array("0".utf8) })])])
        let asked = Mutex(0)
        let rule = Rule(
            name: "permit-balance", version: 1, types: [RuleLab.writtenOff], requirement: "Up to its quantity.",
            looks: { event in event.tag(ofKind: "permit").map { Rule.Scope($0, types: [RuleLab.issued]) } },
            initial: RuleLab.Balance(),
            fold: { (balance, event) throws(RuleFault) in try balance.take(event) },
            requires: { balance, event in
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                if count == 1 {
                    Self.blocking { try await lab.lab.amend(Self.successor(of: RuleLab.issued, by: "none"), id: "2") }
                }
                return balance.finding(on: event)
            })
        let book = try Rulebook(of: lab.ledger, rules: [rule], upcasters: upcasters)
        _ = try await book.append([RuleLab.issue("P", 10, id: "i")], as: "CUS")
        #expect(try await Self.isBroken(book, RuleLab.writeOff("P", 5, item: "1", id: "w")))
        #expect(asked.withLock { $0 } == 2)
    }

    @Test("An event that comes in while another is decided that follows from it is counted, not lost")
    func cameMeanwhile() async throws {
        let lab = try await RuleLab()
        let issue = RuleLab.issue("P", 10, id: "i")
        let isFirst = Mutex(true)
        let book = try Rulebook(of: lab.ledger, rules: [RuleLab.balance()]) {
            let first = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            if first { Self.blocking { _ = try await lab.ledger.append([issue], as: "CUS") } }
        }
        let head = try lab.ledger.log.head
        let both = [issue, RuleLab.writeOff("P", 5, item: "1", id: "w")]
        #expect(try await book.append(both, as: "CUS") == [.duplicate(head), .appended(head + 1)])
    }

    @Test("An earlier event that cannot be read refuses, as one of which the rule can make nothing")
    func unreadable() throws {
        var memory = RuleMemory(RuleLab.oneRelease)
        memory.fold(nil, at: 5)
        let event = LedgerEvent(
            position: 9, recorded: Timestamp(microseconds: 1), agency: "CUS", type: RuleLab.released,
            identity: EventIdentity(source: "/CUS", id: "1"), tags: [],
            root: try JSONDocument(parsing: Array("{}".utf8)).root)
        let remedy = "An earlier event cannot be evaluated: It cannot be read."
        #expect(memory.finding(on: event) == .broken(against: [5], remedy: remedy))
        #expect(memory.positions == [5] && memory.isTellable)
    }

    @Test("Those who want the turns of objects whose names only look alike take them in one order")
    func alike() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        let events = ["P\u{E9}", "Pe\u{301}"].map { RuleLab.writeOff($0, 1, item: "1", id: "w") }
        let turns = book.turnsNeeded(events, "CUS")
        #expect(turns.count == 2)
        #expect(book.turnsNeeded(Array(events.reversed()), "CUS") == turns)
    }
}
