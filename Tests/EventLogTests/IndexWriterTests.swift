import LMDB
import TestSupport
import Testing

@testable import EventLog

/// Flushing and merging change where postings lie, never which there are.
@Suite(.fewAtOnce)
struct IndexWriterTests {
    @Test(
        "Merges and flushes in any order keep every posting, and cover the log without gaps", arguments: UInt64(1)...6)
    func keepsPostings(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let bench = try IndexBench()
        let names = (0..<6).map { _ in dice.next() }
        var merges = 0
        for _ in 0..<120 {
            if dice.oneIn(2) {
                let count = dice.oneIn(3) ? dice.within(1..<5) : dice.within(5..<25)
                try bench.flush(IndexRunTests.events(count, names, &dice))
            } else {
                let before = bench.runs.count
                _ = try bench.mergeStep()
                if bench.runs.count < before { merges += 1 }
            }
            var end: Position = 0
            for run in bench.runs {
                #expect(run.base == end && run.count > 0, "seed \(seed)")
                end = run.end
            }
            #expect(end == bench.end, "seed \(seed)")
        }
        try bench.mergeAll()
        #expect(merges > 3)
        #expect(bench.runs.count < 30)
        #expect(try bench.postings() == bench.model, "seed \(seed)")
        #expect(MergePlan.runsToMerge(bench.runs, bench.tuning) == nil)
        // What is in force is what was written, and nothing else is left.
        #expect(try IndexLoader.manifest(of: bench.store) == bench.writer.manifest)
        let runs = Set(bench.runs.map(\.id))
        #expect(Set(try bench.store.environment.keys(of: bench.store.blocks).map(Self.run)) == runs)
        #expect(Set(try bench.store.environment.keys(of: bench.store.filters).map(Self.run)) == runs)
    }

    private static func run(_ key: [UInt8]) -> UInt32 {
        key.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    @Test("A merged run is the run that one flush of the same events makes, byte for byte")
    func mergeEqualsRebuild() throws {
        var dice = Dice(seed: 11)
        let names = (0..<50).map { _ in dice.next() }
        let events = (0..<6_000).map { _ in [dice.next(), names[0]] + names.filter { _ in dice.oneIn(20) } }
        var tuning = IndexTuning.small
        tuning.largestRun = 100_000
        let merged = try IndexBench(tuning: tuning)
        for start in stride(from: 0, to: events.count, by: 2_000) {
            try merged.flush(Array(events[start..<start + 2_000]))
        }
        #expect(merged.runs.count == 3)
        try merged.mergeAll()
        let whole = try IndexBench(tuning: tuning)
        try whole.flush(events)
        #expect(merged.runs.count == 1)
        #expect(merged.runs.map(\.checksum) == whole.runs.map(\.checksum))
        #expect(merged.runs.map(\.keys) == whole.runs.map(\.keys))
        #expect(merged.runs.map(\.count) == whole.runs.map(\.count))
        #expect(try merged.postings() == whole.postings())
        // Lists are cut where they are full, wherever the runs were that they come from. The checksum before a block's
        // content is of its key too, in which the runs differ.
        #expect(try merged.blocks().map { $0.dropFirst(8) } == whole.blocks().map { $0.dropFirst(8) })
    }

    @Test("A flush takes in the small runs before it")
    func absorbs() throws {
        let bench = try IndexBench()
        try bench.flush([[1], [1], [1], [1], [1], [2]])
        try bench.flush([[1], [3]])
        #expect(bench.runs.map(\.count) == [6, 2])
        try bench.flush([[2], [0]])
        #expect(bench.runs.map(\.count) == [6, 4])
        try bench.flush([[1], [.max]])
        #expect(bench.runs.map(\.count) == [6, 6])
        try bench.flush([[4]])
        #expect(bench.runs.map(\.count) == [6, 6, 1])
        #expect(try bench.postings() == bench.model)
    }

    @Test("Flushes go in between the steps of a merge")
    func flushDuringMerge() throws {
        var tuning = IndexTuning.small
        tuning.largestRun = 100_000
        let bench = try IndexBench(tuning: tuning)
        var dice = Dice(seed: 4)
        for _ in 0..<3 { try bench.flush(IndexRunTests.events(900, [1, 2, 3], &dice)) }
        #expect(try bench.mergeStep())
        // A small one now: it must not be taken into what is being merged, nor take any of it in.
        try bench.flush([[1], [2]])
        try bench.flush([[3]])
        #expect(bench.runs.map(\.count) == [900, 900, 900, 2, 1])
        #expect(try bench.postings() == bench.model)
        try bench.mergeAll()
        #expect(bench.runs.map(\.count) == [2_700, 2, 1])
        #expect(try bench.postings() == bench.model)
    }

    @Test("Runs are merged when enough of like size lie side by side, and not beyond the largest size")
    func runsToMerge() {
        func runs(_ counts: [Int]) -> [IndexManifest.Run] {
            var base: Position = 0
            return counts.enumerated().map { number, count in
                defer { base += Position(count) }
                return IndexManifest.Run(
                    id: UInt32(number + 1), base: base, count: count, keys: 1, checksum: RunChecksum())
            }
        }
        func chosen(_ counts: [Int]) -> [UInt32]? { MergePlan.runsToMerge(runs(counts))?.map(\.id) }
        #expect(chosen([]) == nil)
        #expect(chosen(Array(repeating: 100_000, count: 7)) == nil)
        #expect(chosen(Array(repeating: 100_000, count: 8)) == Array(1...8))
        #expect(chosen([800_000] + Array(repeating: 100_000, count: 8)) == Array(2...9))
        #expect(chosen(Array(repeating: 100_000, count: 5) + [800_000] + Array(repeating: 100_000, count: 5)) == nil)
        #expect(chosen(Array(repeating: 800_000, count: 8)) == Array(1...8))
        #expect(chosen(Array(repeating: 1_100_000, count: 8)) == nil)
        #expect(chosen(Array(repeating: 1, count: 9)) == Array(1...8))
        // Sizes that alternate do not keep runs from being merged for ever.
        let alternating = (0..<40).map { $0 % 2 == 0 ? 20_000 : 2_100 }
        #expect((chosen(alternating)?.count ?? 0) >= 8)
        // One that is as large as all others together is left alone.
        #expect(chosen([900_000] + Array(repeating: 100_000, count: 7)) == nil)
        // However their sizes lie, there are never many.
        let falling = (0..<65).map { 1 << max(0, 22 - $0 / 3) }
        #expect(chosen(falling) != nil)
    }

    @Test(
        "Whatever sizes come, runs stay few, and no posting is written anew more often than the log grows",
        arguments: 1...4)
    func runsStayFew(kind: Int) {
        var dice = Dice(seed: UInt64(kind))
        var runs: [IndexManifest.Run] = []
        var written = 0
        var id: UInt32 = 1
        for step in 0..<4_000 {
            let count =
                switch kind {
                case 1: 1_000
                case 2: step % 2 == 0 ? 20_000 : 2_100
                case 3: 1 << dice.below(17)
                default: dice.oneIn(50) ? 100_000 : dice.within(1_000..<3_000)
                }
            let base = runs.last?.end ?? 0
            runs.append(IndexManifest.Run(id: id, base: base, count: count, keys: count, checksum: RunChecksum()))
            id += 1
            while let group = MergePlan.runsToMerge(runs) {
                guard let first = runs.firstIndex(of: group[0]) else { return }
                let total = group.reduce(0) { $0 + $1.count }
                written += total
                let merged = IndexManifest.Run(
                    id: id, base: group[0].base, count: total, keys: total, checksum: RunChecksum())
                runs.replaceSubrange(first..<first + group.count, with: [merged])
                id += 1
            }
            #expect(runs.count <= IndexTuning.standard.maximumRuns)
        }
        let events = Int(runs.last?.end ?? 0)
        #expect(written < events * 8, "kind \(kind): each written \(Double(written) / Double(events)) times")
    }

    @Test("What a merge that fails has written is deleted, and what it read stays as it was")
    func failedMerge() throws {
        var tuning = IndexTuning.small
        tuning.largestRun = 100_000
        tuning.bytesPerCommit = 1
        let bench = try IndexBench(tuning: tuning)
        var dice = Dice(seed: 9)
        for _ in 0..<3 { try bench.flush(IndexRunTests.events(4_000, [1, 2, 3], &dice)) }
        #expect(try bench.mergeStep())
        // The last block of a run is damaged after the merge has begun.
        let keys = try bench.store.environment.keys(of: bench.store.blocks).filter { Self.run($0) == bench.runs[2].id }
        let last = try #require(keys.last)
        let value = try #require(try bench.store.environment.value(bench.store.blocks, last))
        try bench.store.environment.set(bench.store.blocks, last, Array(value.dropLast()))
        #expect(throws: LMDBError.self) { try bench.mergeAll() }
        try bench.store.environment.set(bench.store.blocks, last, value)
        try bench.mergeAll()
        #expect(bench.runs.map(\.count) == [12_000])
        #expect(try bench.postings() == bench.model)
        #expect(Set(try bench.store.environment.keys(of: bench.store.blocks).map(Self.run)) == [bench.runs[0].id])
    }
}
