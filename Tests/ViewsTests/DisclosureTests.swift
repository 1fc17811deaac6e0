import EventLog
import Exchange
import Foundation
import TestSupport
import Testing

@testable import Views

@Suite("What readers see of views", .fewAtOnce)
struct DisclosureTests {
    /// Compares what some readers see of some objects at some positions.
    private static func compare(
        _ runner: ViewRunner, _ lab: ViewLab, _ dice: inout Dice, _ count: Int, _ phase: String, asOf: Timestamp? = nil
    ) async throws {
        try await ViewLab.reach(runner, lab)
        var naive: [Int: NaiveView] = [:]
        let head = Int(try lab.ledger.log.head)
        let all =
            ["container:C0", "container:C1", "container:C2", "container:C3", "container:none"]
            + (0..<6).map { "declaration:\($0)" }
        for _ in 0..<count {
            let number = dice.below(ViewLab.readers.count)
            let reader = ViewLab.readers[number]
            if naive[number] == nil {
                naive[number] = try await NaiveView(ViewLab.mixed(), lab, for: reader, asOf: asOf)
            }
            let expected = try #require(naive[number])
            let object = dice.pick(all + expected.objects)
            let position = Position(dice.below(head + 1))
            let seen = try await runner.facts(of: object, for: reader, asOf: asOf, at: position)
            let wanted = expected.facts(of: object, before: position)
            guard seen == wanted else {
                Issue.record(
                    "\(phase), seed \(dice.seed): \(reader) of \(object) at \(position): \(seen) is not \(wanted)")
                return
            }
        }
    }

    @Test("What any reader sees of any object equals folding the events as disclosed to it; 1,000 by chance")
    func differential() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let runner = try keeper.open(ViewLab.mixed())
        var dice = LongForm.dice("views differential")
        try await lab.appendSome(&dice, 60, poisonOneIn: 12)
        try await Self.compare(runner, lab, &dice, 200, "at first")
        let before = Timestamp.now()

        // The buyers of two declarations and of a container, for the case T-7.
        let scope = DisclosureScope(
            owner: "CUS", fields: FieldSelector(owners: ["CUS"], pointers: ["/buyer"]),
            objects: ["declaration:1", "declaration:2", "container:C1"].map(ViewLab.tag), purpose: "case",
            caseName: "T-7",
            to: Timestamp(microseconds: Timestamp.now().microseconds + 86_400_000_000))
        let asked = try await lab.ledger.append(.requested(DisclosureRequest(scope)), as: "TAX").position
        let grant = try await lab.ledger.append(
            .decided(DisclosureRuling(on: asked, .granted, reasons: ["tax case"])), as: "CUS"
        ).position
        try await lab.appendSome(&dice, 30, poisonOneIn: 12)
        _ = try await lab.ledger.append([ViewLab.declaration(1, buyer: "CANARY-BUYER", id: "sold")], as: "CUS")
        let rebuilds = try runner.dump().count
        let investigator = ViewLab.readers[3]
        try await ViewLab.reach(runner, lab)
        let values = try await runner.facts(of: "declaration:1", for: investigator).flatMap(\.values)
        #expect(values.contains { $0.string?.hasPrefix("CANARY-BUYER") ?? false }, "seed \(dice.seed)")
        try await Self.compare(runner, lab, &dice, 250, "after a grant")
        try await Self.compare(runner, lab, &dice, 100, "as of before", asOf: before)

        _ = try await lab.ledger.append(.revoked(grant: grant, reasons: ["closed"]), as: "CUS")
        try await Self.compare(runner, lab, &dice, 200, "after the revocation")
        let hidden = try await runner.facts(of: "declaration:1", for: investigator).flatMap(\.values)
        #expect(!hidden.contains { $0.string?.hasPrefix("CANARY-BUYER") ?? false })

        let order = ErasureOrder(subject: "CANARY-IMPORTER-0", grounds: ErasureGrounds(basis: "PIPL 47"))
        _ = try await lab.ledger.erase(order, as: "CUS")
        try await Self.compare(runner, lab, &dice, 250, "after an erasure")
        #expect(try runner.dump().count >= rebuilds)
    }

    @Test("Values of classified fields are never in a view's files")
    func canaries() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        let runner = try keeper.open(ViewLab.mixed())
        let timeline = try keeper.open(StandardViews.timeline)
        var dice = LongForm.dice("views canaries")
        try await lab.appendSome(&dice, 100)
        try await ViewLab.reach(runner, lab)
        try await ViewLab.reach(timeline.runner, lab)
        _ = try await runner.facts(of: "declaration:1", for: ViewLab.customs)
        try await runner.rebuildAll()
        keeper.close()
        let needles = ["CANARY", "Q0FOQV", "NBTkFS", "DQU5BU", Hex.encode(Array("CANARY".utf8))].map { Array($0.utf8) }
        let base = lab.path + "/views"
        let files = try FileManager.default.subpathsOfDirectory(atPath: base).filter { $0.hasSuffix("data.mdb") }
        #expect(files.count == 2)
        for file in files {
            let bytes = try #require(FileManager.default.contents(atPath: base + "/" + file))
            #expect(bytes.range(of: Data("declaration:1".utf8)) != nil, "\(file) is the one")
            for needle in needles { #expect(bytes.range(of: Data(needle)) == nil, "\(file)") }
        }
    }

    @Test("What is disclosed by a view is an access record; what is in clear is none")
    func records() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let runner = try keeper.open(ViewLab.mixed())
        _ = try await lab.ledger.append(
            [ViewLab.declaration(1, importer: "CANARY-IMPORTER-1", id: "a"), ViewLab.declaration(2, id: "b")], as: "CUS"
        )
        try await ViewLab.reach(runner, lab)
        let none = try lab.ledger.accessLog.head
        _ = try await runner.facts(of: "declaration:1", for: .public)
        #expect(try lab.ledger.accessLog.head == none)
        _ = try await runner.facts(of: "declaration:1", for: ViewLab.readers[2])
        #expect(try lab.ledger.accessLog.head > none)
        let lines = try lab.ledger.accessLog.read(.all, ReadRange(from: none)).map {
            String(decoding: $0.bytes, as: UTF8.self)
        }
        #expect(lines.allSatisfy { $0.contains(#""purpose":"duty""#) && $0.contains(#""positions":[[1,1]]"#) })
    }

    @Test("Only the fields that a view refers to are disclosed and recorded; who is only seen discloses nothing")
    func narrow() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let prices = try keeper.open(
            ViewDefinition(name: "prices", version: 1) { entry, facts in
                for index in 0..<entry.tagCount { facts.fact(about: entry.tag(at: index)) }
                for index in 0..<entry.tagCount {
                    facts.fact(about: entry.tag(at: index))
                    facts.add(entry, FieldPath("/commercial/price"))
                    facts.lookup(entry.type, finds: entry.tag(at: index))
                }
            })
        let noted = ViewLab.event(
            "sanhu.secret.noted", ViewLab.noted, id: "n", tags: ["container:C9"], #"{"office":"1","buyer":"CANARY"}"#)
        _ = try await lab.ledger.append(
            [
                ViewLab.declaration(1, importer: "CANARY-IMPORTER-1", buyer: "CANARY-BUYER", id: "a"),
                ViewLab.declaration(2, importer: "CANARY-IMPORTER-2", id: "b"), noted,
            ], as: "CUS")
        try await ViewLab.reach(prices, lab)
        let none = try lab.ledger.accessLog.head
        // That customs sees its own event with a withheld field must be read in the entry, but nothing of it is asked for.
        #expect(try await prices.objects(foundBy: "sanhu.secret.noted", for: ViewLab.customs) == ["container:C9"])
        #expect(try lab.ledger.accessLog.head == none)
        for (number, position) in [(1, 1), (2, 2)] {
            let before = try lab.ledger.accessLog.head
            let facts = try await prices.facts(of: "declaration:\(number)", for: ViewLab.readers[2])
            #expect(facts.flatMap(\.values).map(\.string) == ["CANARY-PRICE-CANARY-IMPORTER-\(number)"])
            let records = try lab.ledger.accessLog.read(.all, ReadRange(from: before)).map {
                String(decoding: $0.bytes, as: UTF8.self)
            }
            #expect(records.count == 1)
            #expect(
                records.allSatisfy {
                    $0.contains(##""fields":[{"type":"sanhu.declaration.lodged","pointer":"/commercial"}]"##)
                        && $0.contains(##""positions":[[\##(position),\##(position)]]"##)
                }, "\(records)")
        }
    }

    @Test("A person's story is found by its plain name by those who may look, and lookups show only what is seen")
    func namesAndLookups() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let runner = try keeper.open(ViewLab.mixed())
        _ = try await lab.ledger.append(
            [
                ViewLab.declaration(1, tags: ["person:P1"], id: "a"),
                ViewLab.event(
                    "sanhu.secret.noted", ViewLab.noted, id: "n", tags: ["container:C9"], #"{"office":"1"}"#),
            ], as: "CUS")
        try await ViewLab.reach(runner, lab)
        #expect(try await runner.facts(of: "person:P1", for: ViewLab.customs).count == 1)
        #expect(try await runner.facts(of: "person:P1", for: .public).isEmpty)
        #expect(try await runner.objects(foundBy: "sanhu.secret.noted", for: ViewLab.customs) == ["container:C9"])
        #expect(try await runner.objects(foundBy: "sanhu.secret.noted", for: ViewLab.readers[1]).isEmpty)
    }

    @Test("Sums count only what every authority sees, and are told to authorities and auditors")
    func statistics() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let counts = try keeper.open(StandardViews.counts)
        _ = try await lab.ledger.append(
            [
                ViewLab.declaration(1, id: "a"), ViewLab.declaration(2, id: "b"),
                ViewLab.event("sanhu.secret.noted", ViewLab.noted, id: "n", #"{"office":"1"}"#),
                ViewLab.event("sanhu.risk.flagged", ViewLab.flagged, id: "f", #"{"office":"1"}"#),
            ], as: "CUS")
        try await ViewLab.reach(counts, lab)
        for reader in [ViewLab.customs, ViewLab.readers[4], ViewLab.readers[5]] {
            let sums = try counts.tallies(for: reader)
            #expect(sums.map(\.sum) == [1, 2])
            #expect(
                sums.map { String($0.key.prefix { $0 != " " }) } == [
                    "sanhu.charter.founded", "sanhu.declaration.lodged",
                ])
        }
        #expect(try counts.tallies(prefixedBy: "sanhu.decl", for: ViewLab.customs).count == 1)
        #expect(throws: ViewError.self) { _ = try counts.tallies(for: .public) }
    }

    @Test(
        "Fields added together are what they are one by one, of events of any schema; what is too long has its substitute"
    )
    func fieldSets() async throws {
        let lab = try await ViewLab()
        let keeper = try lab.keeper()
        defer { keeper.close() }
        let pointers = [
            "/office", "/route/vessel", "/route/berth", "/route", "/commercial/price", "/buyer", "/number", "/none",
            "/list/1", "/list/2", "/list/01",
        ]
        let set = FieldSet(attributes: ["id", "time"], fields: pointers)
        let short = FieldSet(attributes: ["id"], fields: pointers, longest: 6, together: 30, substitute: "…")
        let paths = pointers.map { FieldPath($0) }
        let runner = try keeper.open(
            ViewDefinition(name: "sets", version: 1) { entry, facts in
                for index in 0..<entry.tagCount {
                    facts.fact(about: entry.tag(at: index), kind: 0)
                    for path in paths { facts.add(entry, path) }
                    facts.fact(about: entry.tag(at: index), kind: 1)
                    facts.add(entry, set)
                    facts.fact(about: entry.tag(at: index), kind: 2)
                    facts.add(entry, short)
                    // The first set once more, after another.
                    facts.fact(about: entry.tag(at: index), kind: 1)
                    facts.add(entry, set)
                }
            })
        var dice = LongForm.dice("field sets")
        try await lab.appendSome(&dice, 60)
        _ = try await lab.ledger.append(
            [
                ViewLab.event(
                    "sanhu.secret.noted", ViewLab.noted, id: "escaped", tags: ["container:C0"],
                    #"{"off\u0069ce":"a\"b","list":[1,"two",{"a":[3]}]}"#)
            ], as: "CUS")
        try await ViewLab.reach(runner, lab)
        var given = 0
        for reader in ViewLab.readers {
            for object in ["container:C0", "container:C1", "declaration:1"] {
                let facts = try await runner.facts(of: object, for: reader)
                for start in stride(from: 0, to: facts.count, by: 4) {
                    let (single, together) = (facts[start].values, facts[start + 1].values)
                    #expect(Array(together.dropFirst(2)) == single, "seed \(dice.seed)")
                    #expect(together[0].string != nil && together[1] == .missing)
                    #expect(facts[start + 3].values == together)
                    var room = 30 - (together[0].json?.count ?? 0)
                    for (value, long) in zip(facts[start + 2].values.dropFirst(), single) {
                        guard case .json(let json) = long, reader == ViewLab.readers[6] else { continue }
                        let isShort = json.count <= min(6, room)
                        if isShort { room -= json.count }
                        #expect(value == (isShort ? long : .json(Array("\"…\"".utf8))), "seed \(dice.seed)")
                    }
                    given += 1
                }
            }
        }
        #expect(given > 50, "seed \(dice.seed)")
    }
}

extension FactValue {
    fileprivate var json: [UInt8]? {
        guard case .json(let json) = self else { return nil }
        return json
    }
}
