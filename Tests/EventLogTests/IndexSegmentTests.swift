import TestSupport
import Testing

@testable import EventLog

/// The index in memory, against a dictionary.
struct IndexSegmentTests {
    @Test("Positions under a hash are those filed, in any range, also after a truncation", arguments: UInt64(1)...6)
    func agreesWithDictionary(seed: UInt64) {
        var dice = Dice(seed: seed)
        let base = Position(dice.below(1_000_000))
        // Hashes that fall into the same slots of the table, and some that do not.
        let hashes = (0..<UInt64(40)).map { $0 % 2 == 0 ? $0 << 40 | 7 : dice.next() }
        var segment = IndexSegment(base: base)
        var events: [[UInt64]] = []
        for step in 0..<400 {
            if dice.oneIn(40) {
                let kept = dice.below(events.count + 1)
                segment.truncate(to: base + Position(kept))
                events.removeLast(events.count - kept)
            }
            var event: [UInt64] = []
            // Also many that come once, so that the table grows.
            for _ in 0..<dice.below(5) { event.append(dice.oneIn(3) ? dice.next() : dice.pick(hashes)) }
            event = Array(Set(event))
            segment.append([0..<event.count], of: event)
            events.append(event)
            guard step % 20 == 0 else { continue }
            let low = dice.below(events.count + 2)
            let range = base + Position(low)..<base + Position(low + dice.below(events.count + 2))
            for hash in hashes {
                let all = events.indices.filter { events[$0].contains(hash) }.map { base + Position($0) }
                #expect(segment.positions(of: hash, in: range) == all.filter(range.contains), "seed \(seed)")
                #expect(segment.isEmpty(of: hash) == all.isEmpty, "seed \(seed)")
            }
            #expect(segment.end == base + Position(events.count))
            #expect(segment.eventCount == events.count)
            #expect(segment.keyCount == Set(events.joined()).count, "seed \(seed)")
        }
        let expected = events.enumerated().flatMap { offset, event in
            event.map { RunPosting(hash: $0, offset: UInt32(offset)) }
        }.sorted { ($0.hash, $0.offset) < ($1.hash, $1.offset) }
        #expect(segment.sortedPostings() == expected, "seed \(seed)")
    }

    @Test("A truncation to before the segment leaves it empty, one to after it changes nothing")
    func truncation() {
        var segment = IndexSegment(base: 10)
        segment.append([0..<1, 1..<2], of: [5, 6])
        segment.truncate(to: 12)
        #expect(segment.eventCount == 2)
        #expect(segment.positions(of: 6, in: 0..<100) == [11])
        segment.truncate(to: 3)
        #expect(segment.eventCount == 0)
        #expect(segment.end == 10)
        #expect(segment.isEmpty(of: 5) && segment.isEmpty(of: 6))
        segment.append([0..<1], of: [7])
        #expect(segment.positions(of: 7, in: 0..<100) == [10])
    }
}

/// Segments as the writer, the readers and the maintainer share them.
struct IndexMemoryTests {
    @Test("A segment waits to be flushed only once all of it is committed")
    func freezing() {
        let memory = IndexMemory(base: 0)
        memory.begin()
        memory.append([0..<1, 0..<1], of: [1])
        memory.freeze(from: 1)
        #expect(memory.frozenCount == 0)
        #expect(memory.commit(freezingFrom: 3) == 0)
        memory.freeze(from: 3)
        #expect(memory.frozenCount == 0)
        memory.freeze(from: 2)
        #expect(memory.frozenCount == 1)
        #expect(memory.oldestFrozen?.end == 2)
        #expect(memory.base == 0)
        memory.dropOldestFrozen()
        #expect(memory.base == 2)
        #expect(memory.end == 2)
        memory.freeze(from: 0)
        #expect(memory.frozenCount == 0)
    }

    @Test("What was filed for a commit that failed is forgotten, what was there before is not")
    func rollBack() {
        let memory = IndexMemory(base: 0)
        memory.append([0..<1], of: [1])
        #expect(memory.commit(freezingFrom: 1) == 1)
        memory.append([0..<1], of: [1])
        memory.begin()
        memory.append([0..<1], of: [1])
        memory.rollBack(to: 2)
        #expect(memory.end == 2)
        #expect(memory.positions(of: 1, in: 0..<10) == [0, 1])
        memory.freeze(from: 1)
        #expect(memory.frozenCount == 2)
    }

    @Test("Who took the segments keeps them, also when they are flushed and dropped")
    func keeping() {
        let memory = IndexMemory(base: 0)
        memory.append([0..<1], of: [1])
        let kept = memory.shared
        #expect(memory.commit(freezingFrom: 1) == 1)
        memory.dropOldestFrozen()
        memory.append([0..<1], of: [1])
        #expect(memory.positions(of: 1, in: 0..<10) == [1])
        #expect(memory.positions(of: 1, in: 0..<10, kept: kept) == [0])
    }
}
