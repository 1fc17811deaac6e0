import LMDB
import TestSupport
import Testing
import Transparency

@testable import EventLog

/// The index of a process that only reads: runs come from disk as the writer makes them, the rest is filed in memory.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct IndexFollowerTests {
    /// A ledger that is written without a maintainer, so that runs come to be when a test says so, and a follower of it.
    private final class Bench {
        let applier: ApplierBench
        let index: LogIndex
        let follower: IndexFollower
        private var writer: IndexWriter
        private var appended = 0

        init(flushEvents: Int = 5) throws {
            applier = try ApplierBench()
            let manifest = try #require(try IndexLoader.manifest(of: applier.index.store))
            var tuning = IndexTuning.standard
            tuning.flushEvents = flushEvents
            index = LogIndex(store: applier.index.store, manifest: manifest, tuning: tuning)
            follower = IndexFollower(log: applier.store, index: index)
            writer = IndexWriter(store: applier.index.store, manifest: manifest, tuning: .small)
        }

        var head: Position { applier.head }

        /// Appends events, number n with the tag `number:n`.
        func append(_ count: Int) throws {
            var sequencer = Sequencer(last: Timestamp(microseconds: 0))
            let drafts = (appended..<appended + count).map { draft("e\($0)", tags: ["number:\($0)"]) }
            appended += count
            let request = try applier.ordered(AppendRequest(drafts), &sequencer, at: Int64(appended))
            for result in applier.apply([request]) { _ = try result.get() }
        }

        /// Makes a run of the events from the last run's end up to a position, as the writer's process does.
        func flush(upTo end: Position) throws {
            let store = applier.store
            var segment = IndexSegment(base: writer.manifest.size)
            var form = EntryForm()
            try LogReader(store: store, index: nil).scan(from: writer.manifest.size, to: end) {
                (position, _, entry) throws(LogError) in
                _ = try form.parse(entry, at: position)
                var keys: [UInt64] = []
                form.appendKeys(of: entry, index.hasher, to: &keys)
                segment.append(CollectionOfOne(0..<keys.count), of: keys)
                return true
            }
            try writer.flush(segment, root: StoredTree(store).root(atSize: end))
        }

        /// Whether every event is found by its tag.
        func findsAll() throws -> Bool {
            try follower.refresh(to: head)
            let reader = LogReader(store: applier.store, index: index, follower: follower)
            return try (0..<head).allSatisfy { number in
                try reader.page(.tagged("number:\(number)"), ReadRange()).entries.map(\.position) == [number]
            }
        }
    }

    @Test("Files in memory what is no run yet, and nothing twice")
    func memory() throws {
        let bench = try Bench()
        try bench.append(12)
        try bench.follower.refresh(to: 12)
        #expect(bench.index.memory.base == 0 && bench.index.memory.end == 12)
        // Up to a head that it covers there is nothing to do, whatever stands on disk.
        try bench.flush(upTo: 12)
        try bench.follower.refresh(to: 12)
        #expect(bench.index.memory.base == 0 && bench.index.memory.end == 12)
        #expect(try bench.findsAll())
    }

    @Test("Begins anew after the runs where they have overtaken it")
    func restart() throws {
        let bench = try Bench()
        try bench.append(4)
        try bench.follower.refresh(to: 4)
        try bench.append(20)
        try bench.flush(upTo: 20)
        try bench.follower.refresh(to: 24)
        #expect(bench.index.memory.base == 20 && bench.index.memory.end == 24)
        #expect(try bench.findsAll())
    }

    @Test("Drops from memory what has become a run, and keeps what is newer")
    func drop() throws {
        let bench = try Bench(flushEvents: 5)
        for _ in 0..<4 {
            try bench.append(5)
            try bench.follower.refresh(to: bench.head)
        }
        #expect(bench.index.memory.frozenCount == 4)
        try bench.flush(upTo: 12)
        try bench.append(1)
        try bench.follower.refresh(to: 21)
        // The third segment, of 10 to 14, is not all on disk.
        #expect(bench.index.memory.base == 10 && bench.index.memory.end == 21)
        #expect(try bench.findsAll())
        try bench.flush(upTo: 21)
        try bench.append(2)
        #expect(try bench.findsAll())
    }

    @Test("Says that the ledger must be opened again where the index was made anew by another key")
    func madeAnew() throws {
        let bench = try Bench()
        try bench.append(3)
        try bench.follower.refresh(to: 3)
        let store = bench.applier.index.store
        var transaction = try store.environment.beginWrite()
        try store.write(IndexManifest(hasher: .random()), in: &transaction)
        try transaction.commit()
        try bench.append(1)
        let error = refusal { try bench.follower.refresh(to: 4) }
        #expect(error?.code == .closed)
        #expect(error?.reason.contains("Open the ledger again") == true)
    }
}
