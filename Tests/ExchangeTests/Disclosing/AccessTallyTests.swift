import EventLog
import TestSupport
import Testing

@testable import Exchange

@Suite("Records that are put together while entries are decided on")
struct AccessTallyTests {
    /// A schema, and decisions on its entries.
    private struct Kind {
        let type: String
        let plan: SealingPlan?
        var decisions: [EntryDecision] = []

        func entry(_ dice: inout Dice) -> ReadableEntry {
            ReadableEntry(
                agency: dice.pick(DisclosureWorld.agencies), type: type,
                tags: DisclosureWorld.tags.filter { _ in dice.oneIn(3) }, wholeEvent: plan?.wholeEvent,
                fields: plan?.fields ?? [])
        }
    }

    /// An entry as it was decided on.
    private struct Decided {
        let entry: ReadableEntry
        let plan: SealingPlan?
        let decision: EntryDecision
        let position: Position
    }

    private static let reader = Reader(.authority, agency: "TAX", purpose: "assessment", caseName: "case-1")
    private static let time = Timestamp(microseconds: 77)

    private static func decision(on plan: SealingPlan?, _ dice: inout Dice) -> EntryDecision {
        if dice.oneIn(12) { return .stub(dice.pick(StubReason.allCases)) }
        let bases: [DisclosureBasis] = [
            .owner, .sender, .sharingClass, .rule("r\(dice.below(3))"), .grant(Position(dice.below(3))),
        ]
        let fields = plan?.fields ?? []
        return .entry(
            EntryDisclosure(
                wholeEvent: plan?.wholeEvent == nil ? nil : dice.pick(bases),
                fields: fields.map { field in
                    dice.oneIn(3) ? .withhold(WithholdingReason(field.mark)) : .disclose(dice.pick(bases))
                }))
    }

    private static func kinds(_ dice: inout Dice) throws -> [Kind] {
        let types = ["sanhu.declaration.lodged", "sanhu.risk.flagged", "t", AccessRecord.eventType]
        let most = dice.pick([1, 3, 40])
        var kinds: [Kind] = []
        for number in 0..<1 + dice.below(5) {
            // Charter events and anchors have no plan.
            let isPlain = dice.oneIn(4)
            var kind = Kind(
                type: isPlain
                    ? dice.pick(["sanhu.charter.founded", "sanhu.charter.amended", AccessAnchor.eventType])
                    : types[dice.below(number == 0 ? 1 : types.count)],
                plan: isPlain ? nil : try SealingFixture.plan(SealingPropertyTests.make(&dice).schema))
            for _ in 0..<1 + dice.below(most) { kind.decisions.append(decision(on: kind.plan, &dice)) }
            kinds.append(kind)
        }
        return kinds
    }

    /// Positions as a reading goes through them: up or down, with gaps, now and then one again.
    private static func positions(_ dice: inout Dice) -> [Position] {
        let (gaps, repeats) = (dice.pick([1, 2, 5]), dice.pick([4, 1_000]))
        var position: Position = Position(dice.below(3))
        var positions: [Position] = []
        for _ in 0..<dice.pick([1, 20, 300, 1_200]) {
            positions.append(position)
            if !dice.oneIn(repeats) { position += Position(1 + dice.below(gaps)) }
        }
        switch dice.below(4) {
        case 0: return positions.reversed()
        case 1: return positions.shuffled(using: &dice)
        default: return positions
        }
    }

    private static func reading(_ dice: inout Dice) throws -> [Decided] {
        let kinds = try kinds(&dice)
        // The same for a while, or another each time.
        let stays = dice.pick([1, 4, 50])
        var (kind, decision) = (kinds[0], kinds[0].decisions[0])
        return positions(&dice).map { position in
            if dice.oneIn(stays) {
                kind = dice.pick(kinds)
                decision = dice.pick(kind.decisions)
            }
            return Decided(entry: kind.entry(&dice), plan: kind.plan, decision: decision, position: position)
        }
    }

    private static func tallied(_ reading: [Decided]) -> [AccessRecord] {
        var tally = AccessTally()
        for decided in reading { tally.add(decided.entry, decided.plan, decided.decision, at: decided.position) }
        return tally.records(for: reader, at: time)
    }

    /// Entry by entry.
    private static func naive(_ reading: [Decided]) -> [AccessRecord] {
        reading.flatMap { decided in
            AccessRecord.records(
                of: decided.decision, decided.entry, for: reader, at: [decided.position...decided.position], time)
        }
    }

    @Test("Put together, they tell what records made entry by entry tell, and are not more", arguments: 0..<120)
    func agrees(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let reading = try Self.reading(&dice)
        let (tallied, naive) = (Self.tallied(reading), Self.naive(reading))
        #expect(AccessRecord.coalesced(tallied) == AccessRecord.coalesced(naive), "seed \(seed)")
        #expect(tallied.count <= naive.count, "seed \(seed)")
    }

    @Test("The readings that are drawn are of one group and of many, with few ranges and with over a record's")
    func coverage() throws {
        var seen: [String: Int] = [:]
        for seed in 0..<120 as Range<UInt64> {
            var dice = Dice(seed: seed)
            let reading = try Self.reading(&dice)
            let planned = reading.filter { $0.plan != nil }
            let groups = Set(planned.map { decided in decided.decision }).count
            let records = AccessRecord.coalesced(Self.naive(reading))
            if records.isEmpty { seen["nothing", default: 0] += 1 }
            if groups == 1 { seen["one", default: 0] += 1 }
            if groups > 16 { seen["many", default: 0] += 1 }
            if reading.contains(where: { $0.plan == nil }) { seen["plain", default: 0] += 1 }
            if planned.contains(where: { $0.decision.disclosure == nil }) { seen["stub", default: 0] += 1 }
            for case .fields(_, let ranges) in records.map(\.extent) where ranges.count == AccessRecord.maximumRanges {
                seen["full", default: 0] += 1
            }
        }
        for name in ["nothing", "one", "many", "plain", "stub", "full"] {
            #expect(seen[name, default: 0] >= 3, "\(name): \(seen)")
        }
    }

    @Test(
        "Of a page of one schema on which the decision is the same there is one record, in whatever order it was read")
    func page() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let fields = plan.fields.indices.map { _ in FieldDecision.disclose(.rule("r")) }
        let decision = EntryDecision.entry(EntryDisclosure(fields: fields))
        let entry = ReadableEntry(agency: "CUS", type: "t", tags: [], fields: plan.fields)
        func tallied(_ positions: [Position]) -> [AccessRecord] {
            Self.tallied(positions.map { Decided(entry: entry, plan: plan, decision: decision, position: $0) })
        }
        let up = tallied((100..<1_100).map { Position($0) })
        // A record for each owner.
        #expect(up.count == 2 && Set(up.map(\.owner)) == ["CUS", "BOR"])
        for record in up {
            guard case .fields(_, let ranges) = record.extent else { continue }
            #expect(ranges == [100...1_099])
        }
        #expect(tallied((100..<1_100).reversed().map { Position($0) }) == up)
        #expect(tallied([]).isEmpty)
    }

    @Test("A reading of charter events and anchors, which have no plan, leaves nothing in the access log")
    func plain() async throws {
        let lab = try await LedgerLab(options: ExchangeOptions(anchorInterval: .milliseconds(1)))
        let tax = Reader(.authority, agency: "TAX", purpose: "duty")
        _ = try await lab.ledger.append([LedgerLab.declaration("1")], as: "CUS")
        /// What is to be recorded of a reading, and how many entries it gives.
        func reading(_ query: Query) async throws -> (records: [AccessRecord], entries: Int) {
            var records: [AccessRecord] = []
            let seen = try await lab.ledger.read(query, ReadRange(), for: tax, asOf: nil) { records += $0 }
            #expect(seen.allSatisfy { $0.event != nil })
            return (records, seen.count)
        }
        let declaration = try await reading(Query(types: ["sanhu.declaration.lodged"]))
        #expect(declaration.records.count == 1 && declaration.entries == 1)
        // The anchor of that record.
        var anchors = try await reading(Query(types: [AccessAnchor.eventType]))
        for _ in 0..<500 where anchors.entries == 0 {
            try await Task.sleep(for: .milliseconds(10))
            anchors = try await reading(Query(types: [AccessAnchor.eventType]))
        }
        #expect(anchors.entries == 1 && anchors.records.isEmpty)
        let charter = try await reading(Query(types: ["sanhu.charter.founded"]))
        #expect(charter.entries == 1 && charter.records.isEmpty)
        let all = try await reading(.all)
        #expect(all.records == declaration.records.map { $0.with(from: all.records[0].from, to: all.records[0].to) })
        #expect(all.entries == 3)
    }
}
