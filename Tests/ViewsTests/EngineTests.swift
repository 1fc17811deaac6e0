import EventLog
import Exchange
import Foundation
import LMDB
import Synchronization
import TestSupport
import Testing
import Transparency

@testable import Views

@Suite("Keeping views", .fewAtOnce)
struct EngineTests {
    /// Options by which even small logs take several batches and tasks.
    private static func small(_ entries: Int, _ bytes: Int = 1 << 16) -> ViewOptions {
        var options = ViewOptions()
        options.batchEntries = entries
        options.batchBytes = bytes
        return options
    }

    @Test("Followed event by event, caught up at once, rebuilt twice, in large and small batches: the same records")
    func sameRows() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        let followed = try keeper.open(ViewLab.mixed())
        var dice = LongForm.dice("views same rows")
        for _ in 0..<40 {
            try await lab.appendSome(&dice, 1 + dice.below(5), poisonOneIn: 15)
            if dice.oneIn(3) { try await ViewLab.reach(followed, lab) }
        }
        // Enough for several threads.
        try await lab.appendSome(&dice, 9_000, poisonOneIn: 900)
        try await lab.appendSome(&dice, 9_000, poisonOneIn: 900)
        try await ViewLab.reach(followed, lab)
        let rows = try followed.dump()
        #expect(rows.count > 20_000)
        let parked = try followed.parkedEntries()
        #expect(!parked.isEmpty)
        try await followed.rebuildAll()
        #expect(try followed.dump() == rows, "seed \(dice.seed)")
        try await followed.rebuildAll()
        #expect(try followed.dump() == rows)
        #expect(try followed.parkedEntries() == parked)
        let whole = try keeper.open(ViewLab.mixed(version: 2))
        try await ViewLab.reach(whole, lab)
        #expect(try whole.dump() == rows)
        keeper.close()

        let other = try lab.keeper(Self.small(1_500))
        defer { other.close() }
        let pieces = try other.open(ViewLab.mixed(version: 3))
        try await ViewLab.reach(pieces, lab)
        #expect(try pieces.dump() == rows)
        // What was there is taken up where it was.
        let again = try other.open(ViewLab.mixed())
        let head = try lab.ledger.log.head
        #expect(try again.status().position == head)
        #expect(try again.dump() == rows)
    }

    @Test("Who has appended sees its event: reached() waits, and gives up in time")
    func reached() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let timeline = try keeper.open(StandardViews.timeline)
        for number in 0..<20 {
            let receipt = try await lab.ledger.append([ViewLab.declaration(number, id: "\(number)")], as: "CUS")[0]
            #expect(await timeline.runner.reached(receipt.position + 1))
            let story = try await timeline.state(of: "declaration:\(number)", for: ViewLab.customs)
            #expect(story.steps.map(\.position) == [receipt.position])
        }
        let head = try lab.ledger.log.head
        #expect(await timeline.runner.reached(head + 1, timeout: .milliseconds(50)) == false)
        let began = ContinuousClock.now
        #expect(await timeline.runner.reached(head, timeout: .seconds(60)))
        #expect(ContinuousClock.now - began < .seconds(30))
        let status = try timeline.runner.status()
        #expect(status.lag == 0 && status.lagSeconds == 0 && status.parked == 0)
        let far = await #expect(throws: ViewError.self) {
            _ = try await timeline.state(of: "declaration:1", for: ViewLab.customs, at: head + 1)
        }
        #expect(far?.code == .notReached)
    }

    @Test("An entry that cannot be mapped is parked with its reason, and comes in when it is tried again")
    func parking() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let isMended = Mutex(false)
        let runner = try keeper.open(
            ViewLab.mixed { _, isPoison in isPoison && !isMended.withLock { $0 } })
        _ = try await lab.ledger.append(
            [
                ViewLab.declaration(1, id: "a"), ViewLab.declaration(2, office: ViewLab.poison, id: "b"),
                ViewLab.declaration(3, id: "c"),
            ], as: "CUS")
        try await ViewLab.reach(runner, lab)
        #expect(try runner.parkedEntries().map(\.position) == [2])
        #expect(try runner.parkedEntries().first?.reason == "This cannot be mapped.")
        while runner.state == .catchingUp { try await Task.sleep(for: .milliseconds(5)) }
        #expect(runner.state == .parked(1))
        #expect(try await runner.facts(of: "declaration:2", for: ViewLab.customs).isEmpty)
        #expect(try await runner.facts(of: "declaration:3", for: ViewLab.customs).count == 1)
        #expect(try await runner.retry(2) == false)
        #expect(try runner.parkedEntries().first?.tries == 2)
        isMended.withLock { $0 = true }
        #expect(try await runner.retry(2))
        #expect(try runner.parkedEntries().isEmpty)
        #expect(try keeper.allParked().isEmpty)
        #expect(try await runner.facts(of: "declaration:2", for: ViewLab.customs).count == 1)
        let again = await #expect(throws: ViewError.self) { _ = try await runner.retry(2) }
        #expect(again?.code == .notParked)
        let rows = try runner.dump()
        try await runner.rebuildAll()
        #expect(try runner.dump() == rows)
    }

    @Test("A view that cannot map more entries than its limit stops, and says why")
    func tooMany() async throws {
        let lab = try await ViewLab()
        var options = ViewOptions()
        options.maximumParked = 3
        let keeper = try lab.keeper(options)
        defer { keeper.close() }
        let runner = try keeper.open(ViewLab.mixed { position, _ in position > 1 })
        for number in 0..<8 {
            let receipts = try await lab.ledger.append([ViewLab.declaration(number, id: "\(number)")], as: "CUS")
            guard await runner.reached(receipts[0].position + 1, timeout: .seconds(5)) else { break }
        }
        guard case .stopped(let error) = runner.state else {
            Issue.record("\(runner.state)")
            return
        }
        #expect(error.code == .tooManyParked)
        #expect(try runner.status().position == 5)
    }

    @Test("Limits: what is too much makes the entry parked, whatever the map step does then")
    func limits() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let long = String(repeating: "x", count: 300)
        let maps: [ViewDefinition.Map] = [
            { _, facts in for number in 0...ViewLimits.rowsPerEntry { facts.fact(about: "a:\(number)") } },
            { _, facts in facts.fact(about: long) },
            { _, facts in facts.fact(about: "a:\u{1}") },
            { _, facts in
                facts.fact(about: "a:b")
                for _ in 0...ViewLimits.valuesPerFact { facts.add(1) }
            },
            { _, facts in
                facts.fact(about: "a:b")
                facts.add(text: String(repeating: "x", count: ViewLimits.factBytes + 1))
            },
            { entry, facts in facts.lookup(long.utf8Span.span, finds: entry.type) },
            { _, facts in facts.tally(1, long.utf8Span.span) },
            { _, facts in facts.add(1) },
        ]
        for (number, map) in maps.enumerated() {
            let runner = try keeper.open(ViewDefinition(name: "limits", version: number + 1, map: map))
            try await ViewLab.reach(runner, lab)
            #expect(try runner.parkedEntries().map(\.position) == [0], "\(number)")
            #expect(try runner.dump().filter { $0.hasPrefix("rows") || $0.hasPrefix("tallies") }.isEmpty, "\(number)")
        }
        for (name, version) in [("", 1), ("A", 1), ("a/b", 1), ("a.b", 1), ("1a", 1), ("a", 0)] {
            let error = #expect(throws: ViewError.self) {
                _ = try keeper.open(ViewDefinition(name: name, version: version) { _, _ in })
            }
            #expect(error?.code == .invalidName)
        }
    }

    @Test(
        "A view of another log, or one whose root is not the log's, is made anew; a later schema version makes it rebuilt"
    )
    func identity() async throws {
        let lab = try await ViewLab()
        var dice = LongForm.dice("views identity")
        try await lab.appendSome(&dice, 50)
        let first = try lab.keeper()
        let one = try first.open(ViewLab.mixed())
        try await ViewLab.reach(one, lab)
        let rows = try one.dump()
        try Self.forgeRoot(one)
        first.close()
        let second = try lab.keeper()
        defer { second.close() }
        let two = try second.open(ViewLab.mixed())
        try await ViewLab.reach(two, lab)
        #expect(try two.dump() == rows)

        let head = try lab.ledger.log.head
        let next = #"""
            {"op": "put", "kind": "schema", "value": {"uri": "urn:sanhu:schema:secret.noted:2", "type": "sanhu.secret.noted",
             "replaces": {"uri": "\#(ViewLab.noted)", "upcaster": "same"},
             "document": {"type": "object", "properties": {"office": {"type": "string"}, "buyer": {"type": "string",
                "x-sharing": {"class": "withheld", "compartment": "security", "owner": "CUS", "bytes": 64}}}}}}
            """#
        try await lab.amend(next, id: "later")
        #expect(await two.reached(head + 1, timeout: .seconds(30)), "\(two.state)")
        let three = try second.open(ViewLab.mixed(version: 2))
        try await ViewLab.reach(three, lab)
        #expect(try two.dump() == three.dump())
        #expect(two.rebuild.count == 1)
    }

    /// Writes another root into a view's files.
    private static func forgeRoot(_ runner: ViewRunner) throws {
        let store = try #require(runner.snapshot).store
        var meta = try #require(try store.readMeta())
        meta.root = .emptyTree
        var transaction = try store.environment.beginWrite()
        try store.write(meta, in: &transaction)
        try transaction.commit()
    }

    @Test("Readers and appenders go on while a view is rebuilt again and again")
    func readersMeanwhile() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let runner = try keeper.open(ViewLab.mixed())
        var dice = LongForm.dice("views meanwhile")
        try await lab.appendSome(&dice, 400)
        try await ViewLab.reach(runner, lab)
        let before = try await runner.facts(of: "declaration:1", for: ViewLab.customs, at: 100)
        let reading = Task { () async throws -> Int in
            var count = 0
            while !Task.isCancelled {
                #expect(try await runner.facts(of: "declaration:1", for: ViewLab.customs, at: 100) == before)
                count += 1
            }
            return count
        }
        for _ in 0..<4 {
            try await lab.appendSome(&dice, 50)
            try await runner.rebuildAll()
            try await ViewLab.reach(runner, lab)
        }
        reading.cancel()
        let count = try await reading.value
        #expect(count > 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: lab.path + "/views")
        #expect(names == ["mixed.1"])
    }
}
