import TestSupport
import Testing
import Transparency

@testable import EventLog

/// Ordering is one step and applying another: what was ordered once leads to the same log wherever and however it is
/// applied.
@Suite(.fewAtOnce)
struct DeterminismTests {
    /// A recorded sequence: requests with the times of the clock, which jumps about.
    private static func sequence(seed: UInt64) -> [(request: AppendRequest, time: Int64)] {
        var random = RandomOperations(dice: Dice(seed: seed))
        var head: Position = 0
        var time: Int64 = 1_700_000_000_000_000
        return (0..<220).map { number in
            var request = random.request(head: head)
            head += Position(request.events.count) / 2
            if random.dice.oneIn(4) { request.events[0].disclosures = [random.dice.bytes(20), random.dice.bytes(3)] }
            time += Int64(random.dice.within(-500..<1000))
            return (request, time)
        }
    }

    /// What comes of a sequence that is applied in groups of some sizes.
    private static func apply(
        _ sequence: [(request: AppendRequest, time: Int64)], groups: () -> Int
    ) throws -> (results: [Result<[Receipt], LogError>], records: [String: [[UInt8]]]) {
        let bench = try ApplierBench()
        var sequencer = Sequencer(last: Timestamp(microseconds: 0))
        let ordered = try sequence.map { try bench.ordered($0.request, &sequencer, at: $0.time) }
        var results: [Result<[Receipt], LogError>] = []
        var rest = ordered[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(groups()))
            results += bench.apply(group)
            rest = rest.dropFirst(group.count)
        }
        return (results, try bench.everything())
    }

    @Test("The same ordered requests give the same log, however they are grouped into commits", arguments: [1, 2, 3])
    func applyingIsDeterministic(seed: UInt64) throws {
        let sequence = Self.sequence(seed: seed)
        let whole = try Self.apply(sequence) { .max }
        let again = try Self.apply(sequence) { .max }
        let single = try Self.apply(sequence) { 1 }
        var dice = Dice(seed: seed)
        let random = try Self.apply(sequence) { dice.within(1..<40) }
        for other in [again, single, random] {
            #expect(other.results == whole.results, "seed \(seed)")
            #expect(other.records == whole.records, "seed \(seed)")
        }
        // The sequence holds all that can come: appended, duplicate, refused.
        let receipts = whole.results.flatMap { (try? $0.get()) ?? [] }
        #expect(receipts.contains { if case .duplicate = $0 { true } else { false } })
        #expect(receipts.count { if case .appended = $0 { true } else { false } } > 256)
        let errors = whole.results.compactMap { if case .failure(let error) = $0 { error.code } else { nil } }
        #expect(Set(errors) == [.idReused, .conditionFailed, .positionBeyondHead])
    }

    @Test("The order of requests is what decides: another order gives another log")
    func orderMatters() throws {
        let sequence = Self.sequence(seed: 4)
        let whole = try Self.apply(sequence) { .max }
        let turned = try Self.apply(sequence.reversed()) { .max }
        #expect(turned.records["entries"] != whole.records["entries"])
    }

    @Test("Recorded times never go back, whatever the clock does")
    func recordedNeverGoesBack() throws {
        let bench = try ApplierBench()
        var sequencer = Sequencer(last: Timestamp(microseconds: 500))
        let times: [Int64] = [100, 600, 400, 600, 601, -5]
        let recorded = try times.enumerated().map { number, time in
            try bench.ordered(AppendRequest([draft("\(number)")]), &sequencer, at: time).recorded.microseconds
        }
        #expect(recorded == [500, 600, 600, 600, 601, 601])
    }

    @Test("An id that is being flushed to disk while it comes again is known all the same")
    func idInFlight() throws {
        let bench = try ApplierBench()
        var sequencer = Sequencer(last: Timestamp(microseconds: 0))
        _ = bench.apply([try bench.ordered(AppendRequest([draft("a")]), &sequencer, at: 1)])
        let again = try bench.ordered(AppendRequest([draft("a")]), &sequencer, at: 2)
        // The judge looks at the index as it is; then the maintainer flushes the segment with the id, and drops it.
        let snapshot = try bench.index.snapshot()
        var judge = AppendJudge([again.request], store: bench.store, index: bench.index, snapshot: snapshot)
        bench.index.memory.freeze(from: 1)
        let manifest = try #require(try IndexLoader.manifest(of: bench.index.store))
        var writer = IndexWriter(store: bench.index.store, manifest: manifest)
        try writer.flush(
            try #require(bench.index.memory.oldestFrozen), root: StoredTree(bench.store).root(atSize: 1))
        bench.index.memory.dropOldestFrozen()
        let transaction = try bench.store.beginWrite()
        let verdict = try judge.judge(0, again, head: 1, in: transaction, snapshot)
        guard case .append(let fresh, let receipts) = verdict else {
            Issue.record("refused")
            return
        }
        #expect(fresh.isEmpty)
        #expect(receipts == [.duplicate(0)])
    }

    @Test("A commit that fails leaves everything as it was, and the log takes no more until it is opened again")
    func failedCommit() throws {
        let bench = try ApplierBench()
        var sequencer = Sequencer(last: Timestamp(microseconds: 0))
        let first = AppendRequest((0..<3).map { draft("\($0)") })
        _ = bench.apply([try bench.ordered(first, &sequencer, at: 1)])
        let before = try bench.everything()
        // An entry beyond the head: the next but one cannot be appended.
        try bench.store.environment.set(bench.store.entries, LogStore.entryKey(4), [1])
        let failing = [draft("a"), draft("b")].map { AppendRequest([$0]) }
        let results = bench.apply(try failing.map { try bench.ordered($0, &sequencer, at: 2) })
        #expect(results.map { result in refusal { _ = try result.get() }?.code } == [.corrupted, .corrupted])
        #expect(bench.head == 3)
        #expect(bench.index.memory.end == 3)
        try bench.store.environment.set(bench.store.entries, LogStore.entryKey(4), nil)
        #expect(try bench.everything() == before)
        let again = bench.apply([try bench.ordered(failing[0], &sequencer, at: 3)])
        #expect(again.map { result in refusal { _ = try result.get() }?.code } == [.corrupted])
    }
}
