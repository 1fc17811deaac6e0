import EventLog
import Exchange
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Views

/// Chunks are mapped by several threads ahead of whoever takes them.
@Suite("Mapping ahead", .fewAtOnce)
struct ParallelMappingTests {
    private static let tasks = 3

    /// A view that counts how many entries were mapped, and takes its time.
    private static func mapping(_ lab: ViewLab, _ mapped: CountedEntries) throws -> ParallelMapping {
        let definition = ViewDefinition(name: "counted", version: 1) { entry, facts in
            if mapped.add() % 64 == 0 { usleep(UInt32(entry.position * 7_919 % 3_000)) }
            for index in 0..<entry.tagCount { facts.fact(about: entry.tag(at: index)) }
        }
        return ParallelMapping(
            definition, lab.ledger.log, .standard, SchemaCatalog(try lab.ledger.foldTerms()), tasks: tasks, pacer: nil)
    }

    private final class CountedEntries: Sendable {
        private let entries = Mutex(0)

        var count: Int { entries.withLock { $0 } }

        func add() -> Int {
            entries.withLock {
                $0 += 1
                return $0
            }
        }
    }

    private static func filled() async throws -> (ViewLab, Position) {
        let lab = try await ViewLab()
        var dice = LongForm.dice("views mapping ahead")
        try await lab.appendSome(&dice, 3_000)
        return (lab, try lab.ledger.log.head)
    }

    private static func map(
        _ mapping: ParallelMapping, _ range: Range<Position>, by entries: Position,
        _ take: (MappedRange) throws(ViewError) -> Void
    ) throws(ViewError) {
        try mapping.map(range, by: entries, take)
    }

    /// The entries of which a chunk has rows.
    private static func positions(_ mapped: MappedRange) throws -> Set<Position> {
        var merge = RowMerge(.fact, [mapped])
        var room = Int.max
        var positions: Set<Position> = []
        try merge.giveRows(&room) { key, _, _ in positions.insert(FactRow.place(key).position) }
        return positions
    }

    @Test("They come in the order of positions, each once, with what stands in them")
    func order() async throws {
        let (lab, head) = try await Self.filled()
        let counted = CountedEntries()
        let mapping = try Self.mapping(lab, counted)
        for entries: Position in [1, 37, 500, head] {
            var next: Position = 0
            var positions: Set<Position> = []
            let before = counted.count
            try Self.map(mapping, entries == 1 ? 0..<200 : 0..<head, by: entries) { mapped in
                #expect(mapped.range.lowerBound == next && mapped.range.count <= Int(entries))
                positions.formUnion((try? Self.positions(mapped)) ?? [.max])
                next = mapped.range.upperBound
            }
            #expect(positions.count > 150 && positions.allSatisfy { $0 < next })
            #expect(next == (entries == 1 ? 200 : head) && counted.count - before == Int(next))
        }
    }

    @Test("What fails in a chunk comes in its turn, after those before it")
    func failing() async throws {
        let (lab, head) = try await Self.filled()
        let mapping = try Self.mapping(lab, CountedEntries())
        var taken: Position = 0
        let error = #expect(throws: ViewError.self) {
            try Self.map(mapping, 0..<head + 1_000, by: 100) { taken = $0.range.upperBound }
        }
        #expect(error?.code == .log)
        #expect(taken == head / 100 * 100)
    }

    @Test("Whoever takes no more is asked for no more, and nobody goes on mapping")
    func stopping() async throws {
        let (lab, head) = try await Self.filled()
        let counted = CountedEntries()
        let mapping = try Self.mapping(lab, counted)
        var taken = 0
        let error = #expect(throws: ViewError.self) {
            try Self.map(mapping, 0..<head, by: 100) { _ throws(ViewError) in
                taken += 1
                if taken == 3 { throw ViewError(.closed, "Enough.") }
            }
        }
        #expect(error?.code == .closed && taken == 3)
        let count = counted.count
        // Three were taken, and of each thread at most two are ahead.
        #expect(count <= (3 + 2 * Self.tasks) * 100)
        usleep(50_000)
        #expect(counted.count == count)
    }
}
