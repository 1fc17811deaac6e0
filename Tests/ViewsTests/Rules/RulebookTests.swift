import EventLog
import Exchange
import JSON
import TestSupport
import Testing

@testable import Views

@Suite("Rules", .fewAtOnce)
struct RulebookTests {
    /// What is said of an append that is refused.
    private static func refusal(
        _ book: Rulebook, _ events: [AgencyEvent], as agency: String = RuleLab.customs
    ) async -> ExchangeError? {
        do throws(ExchangeError) {
            _ = try await book.append(events, as: agency)
            return nil
        } catch {
            return error
        }
    }

    @Test("What satisfies the rules is appended; what breaks one is refused by name, object, positions and remedy")
    func refuses() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        let permit = try await book.append([RuleLab.issue("P1", 10, id: "i")], as: "CUS")[0].position
        let first = try await book.append([RuleLab.writeOff("P1", 7, item: "1", id: "w1")], as: "CUS")[0].position
        #expect(first == permit + 1)
        let again = try #require(await Self.refusal(book, [RuleLab.writeOff("P1", 1, item: "1", id: "w2")]))
        #expect(again.code == .ruleBroken)
        #expect(
            again.reason
                == "The rule permit-balance refuses the event about permit:P1. A permit is written off up to its "
                + "quantity, and each item once. Against it stands position \(first). Item 1 is written off.")
        let over = try #require(await Self.refusal(book, [RuleLab.writeOff("P1", 4, item: "2", id: "w3")]))
        #expect(over.reason.hasSuffix("Against it stands position \(first). At most 3 can be written off."))
        let head = try lab.ledger.log.head
        #expect(head == first + 1)
        _ = try await book.append([RuleLab.writeOff("P1", 3, item: "2", id: "w3")], as: "CUS")
        _ = try await book.append([RuleLab.release("D", id: "r")], as: "CUS")
        #expect(await Self.refusal(book, [RuleLab.release("D", id: "r2")])?.code == .ruleBroken)
    }

    @Test("An event that is in the log already is known again before any rule is asked, also by those who race")
    func duplicates() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        _ = try await book.append([RuleLab.issue("P1", 10, id: "i")], as: "CUS")
        let event = RuleLab.writeOff("P1", 10, item: "1", id: "w")
        let receipts = try await withThrowingTaskGroup(of: Receipt.self) { group in
            for _ in 0..<32 { group.addTask { try await book.append([event], as: "CUS")[0] } }
            return try await group.reduce(into: [Receipt]()) { $0.append($1) }
        }
        let position = receipts[0].position
        #expect(receipts.count { $0 == .appended(position) } == 1)
        #expect(receipts.count { $0 == .duplicate(position) } == 31)
        // Twice in one append it is one event.
        let other = RuleLab.release("D", id: "r")
        let both = try await book.append([other, event, other], as: "CUS")
        #expect(both.map(\.position) == [position + 1, position, position + 1])
        // The same id with other content is no duplicate.
        let reused = await Self.refusal(book, [RuleLab.writeOff("P1", 9, item: "1", id: "w")])
        #expect(reused?.code == .log)
    }

    @Test(
        "Events that stand before one in the same append count as well, and nothing of an append that breaks a rule comes in"
    )
    func together() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        let head = try lab.ledger.log.head
        let events = [
            RuleLab.issue("P1", 10, id: "i"), RuleLab.writeOff("P1", 6, item: "1", id: "w1"),
            RuleLab.writeOff("P1", 6, item: "2", id: "w2"),
        ]
        let error = try #require(await Self.refusal(book, events))
        #expect(error.reason.hasPrefix("Event 3 of 3: The rule permit-balance refuses"))
        #expect(error.reason.contains("Against it stands event 2 of the same append. At most 4 can be written off."))
        #expect(try lab.ledger.log.head == head)
        #expect(try await book.append(Array(events.prefix(2)), as: "CUS").map(\.position) == [head, head + 1])
    }

    @Test("Who lacks the power, or whose event fits no schema, is told that and nothing of the rules")
    func intakeFirst() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        _ = try await book.append([RuleLab.issue("P1", 1, id: "i")], as: "CUS")
        let event = RuleLab.event(RuleLab.writtenOff, id: "x", by: "BOR", #"{"permit":"P1","quantity":9,"item":"1"}"#)
        #expect(await Self.refusal(book, [event], as: "BOR")?.code == .foreignSource)
        let odd = RuleLab.event(RuleLab.writtenOff, id: "y", #"{"permit":"P1","quantity":"nine","item":"1"}"#)
        #expect(await Self.refusal(book, [odd])?.code == .eventInvalid)
    }

    @Test("A refusal tells what the sender may see, and of the rest only that it is there")
    func canary() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        _ = try await book.append([RuleLab.issue("P1", 1000, id: "i")], as: "CUS")
        let seen = try await book.append([RuleLab.writeOff("P1", 100, item: "1", id: "w1")], as: "CUS")[0].position
        // How much is taken away is sealed: 777, so that 123 are left.
        let hidden = RuleLab.event(RuleLab.adjusted, id: "a", #"{"permit":"P1","secret":777}"#)
        let position = try await book.append([hidden], as: "CUS")[0].position
        let records = try lab.ledger.accessLog.head
        let told = try #require(
            await Self.refusal(
                book, [RuleLab.writeOff("P1", 200, item: "2", id: "t", by: "TAX")], as: "TAX"))
        #expect(
            told.reason
                == "The rule permit-balance refuses the event about permit:P1. A permit is written off up to its "
                + "quantity, and each item once. Against it stands position \(seen), something you may not see.")
        for canary in ["777", "123", "\(position)"] { #expect(!told.description.contains(canary)) }
        #expect(try lab.ledger.accessLog.head == records, "nothing that is classified was disclosed")
        // The owner sees it all, which is on record.
        let owner = try #require(await Self.refusal(book, [RuleLab.writeOff("P1", 200, item: "2", id: "o")]))
        #expect(
            owner.reason.hasSuffix("stands position \(seen), position \(position). At most 123 can be written off."))
        #expect(try lab.ledger.accessLog.head > records)
        _ = try await book.append([RuleLab.writeOff("P1", 123, item: "2", id: "o")], as: "CUS")
    }

    @Test("An earlier event of which the rule can make nothing refuses, without saying why to those who may not see it")
    func faults() async throws {
        let lab = try await RuleLab()
        let book = try lab.book()
        _ = try await book.append([RuleLab.issue("P1", 5, id: "i")], as: "CUS")
        _ = try await book.append([RuleLab.event(RuleLab.adjusted, id: "a", #"{"permit":"P1"}"#)], as: "CUS")
        let told = try #require(
            await Self.refusal(book, [RuleLab.writeOff("P1", 1, item: "2", id: "t", by: "TAX")], as: "TAX"))
        #expect(told.reason.hasSuffix("each item once. Against it stands something you may not see."))
    }

    @Test("A rule that records breaches lets the event in, and the breach with it, once")
    func breaches() async throws {
        let lab = try await RuleLab()
        let book = try lab.book(.recordBreach)
        let first = try await book.append([RuleLab.issue("P1", 1, id: "i")], as: "CUS")[0].position
        let event = RuleLab.writeOff("P1", 5, item: "1", id: "w")
        let receipts = try await book.append([event], as: "CUS")
        #expect(receipts == [.appended(first + 1)])
        #expect(try await book.append([event], as: "CUS") == [.duplicate(first + 1)])
        #expect(try lab.ledger.log.head == first + 3)
        let breach = try await lab.ledger.read(
            Query(types: ["sanhu.rule.breached"]), for: Reader(.auditor, agency: "AUD"))
        let seen = try #require(breach.first?.event)
        #expect(breach.count == 1 && seen.agency == "SW")
        let text = String(decoding: seen.event, as: UTF8.self)
        #expect(
            text.contains(
                #""rule":"permit-balance","version":1,"object":"permit:P1","cause":{"source":"/CUS/1","id":"w"},"against":[]"#
            ))
        let others = try await lab.ledger.read(
            Query(types: ["sanhu.rule.breached"]), for: Reader(.authority, agency: "TAX"))
        #expect(others.isEmpty)
    }

    @Test("Where the charter does not let breaches be recorded, an event that makes one is not appended")
    func unrecordable() async throws {
        let lab = try await RuleLab(records: false)
        let book = try lab.book(.recordBreach)
        _ = try await book.append([RuleLab.issue("P1", 1, id: "i")], as: "CUS")
        let error = await Self.refusal(book, [RuleLab.writeOff("P1", 5, item: "1", id: "w")])
        #expect(error?.code == .noPower)
        _ = try await book.append([RuleLab.writeOff("P1", 1, item: "1", id: "w")], as: "CUS")
    }

    @Test("Events sealed as a whole are found by their tags, and so are those that name persons")
    func sealedWhole() async throws {
        let lab = try await RuleLab()
        let flagged = "sanhu.risk.flagged"
        let rule = Rule(
            name: "no-flag", version: 1, types: [RuleLab.released], requirement: "Nothing flagged is released.",
            looks: { event in
                event.tags.first { $0.isOf(kind: "container") || $0.isOf(kind: "person") }.map {
                    Rule.Scope($0, types: [flagged])
                }
            }, initial: 0, fold: { count, event in if event.data?["office"]?.string == "1" { count += 1 } },
            requires: { count, _ in count == 0 ? .satisfied : .broken(against: [], remedy: "\(count)") })
        let book = try Rulebook(of: lab.ledger, rules: [rule])
        func release(_ tag: String, id: String) -> AgencyEvent {
            var event = RuleLab.release("D", id: id)
            event.tags = [ViewLab.tag(tag)]
            return event
        }
        _ = try await book.append([release("container:C", id: "a"), release("person:P", id: "b")], as: "CUS")
        let flag = ViewLab.event(
            flagged, ViewLab.flagged, id: "f", tags: ["container:C", "person:P"], #"{"office":"1"}"#)
        _ = try await book.append([flag], as: "CUS")
        for (number, tag) in ["container:C", "person:P"].enumerated() {
            #expect(await Self.refusal(book, [release(tag, id: "c\(number)")])?.code == .ruleBroken)
        }
        _ = try await book.append([release("container:D", id: "d")], as: "CUS")
    }
}
