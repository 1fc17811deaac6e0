import LMDB
import TestSupport
import Testing

@testable import EventLog

/// The index on disk, against a dictionary.
@Suite(.fewAtOnce)
struct IndexRunTests {
    @Test("A filter passes every hash that is in it, and fewer than 2 in 100 of those that are not")
    func filter() {
        var dice = Dice(seed: 1)
        for count in [0, 1, 2, 20, 21, 22, 1_000, 20_000] {
            var filter = RunFilter(keys: count)
            let keys = (0..<count).map { _ in dice.next() }
            for key in keys { filter.insert(key) }
            let key = IndexStore.filterKey(7)
            let bytes = filter.bytes(key: key.span)
            #expect(bytes.count % 32 == 8 && bytes.count > 8)
            func isSound(_ bytes: [UInt8], _ key: [UInt8]) -> Bool { RunFilter.isSound(bytes.span, key: key.span) }
            #expect(isSound(bytes, key))
            #expect(!isSound(bytes, IndexStore.filterKey(8)))
            for _ in 0..<20 {
                var damaged = bytes
                damaged[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
                #expect(!isSound(damaged, key))
            }
            #expect(keys.allSatisfy { RunFilter.mayContain($0, in: bytes.span) })
            let passed = (0..<10_000).count { _ in RunFilter.mayContain(dice.next(), in: bytes.span) }
            #expect(passed < 200, "\(count) keys")
        }
        let none: [UInt8] = []
        let passesAll = RunFilter.mayContain(1, in: none.span)
        #expect(passesAll)
    }

    @Test(
        "XXH64 gives the published hashes",
        arguments: [
            ("", 0, 0xEF46_DB37_51D8_E999), ("a", 0, 0xD24E_C4F1_A98C_6E5B), ("abc", 0, 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0, 0xFBCE_A83C_8A37_8BF1),
            ("xxhash", 0, 0x32DD_38952C4BC720), ("xxhash", 20_141_025, 0xB559_B98D_844E_0635),
        ] as [(String, UInt64, UInt64)])
    func xxHash64(text: String, seed: UInt64, expected: UInt64) {
        let bytes = Array(text.utf8)
        let hash = XXHash64.hash(bytes.span, seed: seed)
        #expect(hash == expected)
    }

    @Test("A sum of postings does not depend on their order, and changes with each of them")
    func checksum() {
        var dice = Dice(seed: 2)
        let postings = (0..<200).map { _ in (hash: dice.next(), position: Position(dice.below(1000))) }
        func sum(_ postings: [(hash: UInt64, position: Position)]) -> RunChecksum {
            var checksum = RunChecksum()
            for posting in postings { checksum.add(posting.hash, posting.position) }
            return checksum
        }
        let whole = sum(postings)
        #expect(sum(postings.shuffled(using: &dice)) == whole)
        var halves = sum(Array(postings.prefix(90)))
        halves.add(sum(Array(postings.dropFirst(90))))
        #expect(halves == whole)
        for index in 0..<postings.count {
            var changed = postings
            changed[index].position += 1
            #expect(sum(changed) != whole)
            changed = postings
            changed[index].hash ^= 1 << UInt64(index % 64)
            #expect(sum(changed) != whole)
        }
        // Swapping the positions of two hashes is a change too.
        var swapped = postings
        swapped[0].position = postings[1].position &+ 1
        swapped[1].position = postings[0].position
        #expect(sum(swapped) != whole)
    }

    @Test("Lists that span many blocks are found from any position, forwards and backwards")
    func longLists() throws {
        let bench = try IndexBench(tuning: .standard)
        var dice = Dice(seed: 3)
        // One hash under every event, one under every third, some rare ones, and one of every event's own.
        let rare = (0..<5).map { _ in dice.next() }
        try bench.flush(
            (0..<30_000).map { number in
                var event: [UInt64] = [1 << 40, dice.next()]
                if number % 3 == 0 { event.append(.max) }
                if dice.oneIn(500) { event.append(dice.pick(rare)) }
                return event
            })
        #expect(try bench.blocks().count > 10)
        try bench.withSnapshot { snapshot in
            let run = try #require(snapshot.runs.first)
            for hash in [1 << 40, .max, 12345] + rare {
                let expected = bench.model[hash] ?? []
                for _ in 0..<60 {
                    let wanted = Position(dice.below(30_000))
                    let list = try snapshot.list(of: hash, in: run, reaching: wanted) ?? []
                    #expect(list.first { $0 >= wanted } == expected.first { $0 >= wanted })
                    #expect(list.allSatisfy(Set(expected).contains))
                    let back = try snapshot.list(of: hash, in: run, beginningBy: wanted) ?? []
                    #expect(back.last { $0 <= wanted } == expected.last { $0 <= wanted })
                }
            }
        }
        #expect(try bench.postings() == bench.model)
    }

    @Test("Streams over runs and memory go through every position, from anywhere", arguments: UInt64(1)...4)
    func streams(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let bench = try IndexBench()
        let names = (0..<8).map { _ in dice.next() }
        for _ in 0..<dice.within(10..<30) { try bench.flush(Self.events(dice.within(1..<20), names, &dice)) }
        let index = LogIndex(store: bench.store, manifest: bench.writer.manifest, tuning: bench.tuning)
        var expected = bench.model
        let tail = Self.events(25, names, &dice)
        for (number, event) in tail.enumerated() {
            index.memory.append([0..<event.count], of: event)
            for hash in event { expected[hash, default: []].append(bench.end + Position(number)) }
        }
        let head = bench.end + 20
        let snapshot = try index.snapshot()
        for name in names + [99] {
            // What is beyond the head that a reader sees is not there for it.
            let positions = (expected[name] ?? []).filter { $0 < head }
            for step in 0..<30 {
                var stream = PostingStream(hash: name, head: head)
                var at = Position(dice.below(Int(head) + 1))
                if step == 0 { at = 0 }
                var found: [Position] = []
                let start = at
                while let next = try stream.next(atOrAfter: at, in: snapshot) {
                    found.append(next)
                    at = next + 1
                }
                #expect(found == positions.filter { $0 >= start }, "seed \(seed)")
                stream = PostingStream(hash: name, head: head)
                found = []
                var back: Position? = start
                while let from = back, let previous = try stream.previous(atOrBefore: from, in: snapshot) {
                    found.append(previous)
                    back = previous > 0 ? previous - 1 : nil
                }
                #expect(found == positions.filter { $0 <= start }.reversed(), "seed \(seed)")
            }
        }
    }

    static func events(_ count: Int, _ names: [UInt64], _ dice: inout Dice) -> [[UInt64]] {
        (0..<count).map { _ in [dice.next()] + names.filter { _ in dice.oneIn(3) } }
    }

    @Test("Blocks keep lists of any positions, and damaged ones give none")
    func blocks() throws {
        var dice = Dice(seed: 5)
        var builder = RunBuilder(run: 1, base: 0, keys: 3)
        let offsets: [UInt32] = [0, 1, 127, 128, 255, 300, 16_383, 16_384, 1 << 21, 1 << 28, .max - 1, .max]
        for offset in offsets { builder.add(7, offset) }
        builder.add(8, 5)
        builder.add(.max, .max)
        builder.finish()
        let block = try #require(builder.ready.first)
        #expect(builder.ready.count == 1)
        #expect(RunBlock.count(block.value.span) == 3)
        #expect(RunBlock.offsets(block.value.span, 0) == offsets)
        #expect(RunBlock.offsets(block.value.span, 1) == [5])
        #expect(RunBlock.offsets(block.value.span, 2) == [.max])
        #expect(RunBlock.lowerBound(block.value.span, 8) == 1)
        #expect(RunBlock.lowerBound(block.value.span, 9) == 2)
        func isSound(_ value: [UInt8]) -> Bool { RunBlock.isSound(value.span, key: block.key.span) }
        #expect(isSound(block.value))
        let isFirst = RunBlock.isFirst(block.value.span)
        let next = RunBlock.next(block.value.span)
        #expect(isFirst && next == .end)
        for bit in 0..<block.value.count * 8 {
            var damaged = block.value
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!isSound(damaged))
        }
        // Nothing that stands in a block may bring the process down.
        for _ in 0..<3_000 {
            var damaged = block.value
            for _ in 0..<dice.within(1..<4) { damaged[dice.below(damaged.count)] = UInt8(dice.below(256)) }
            if dice.oneIn(4) { damaged.removeLast(dice.below(damaged.count + 1)) }
            let count = RunBlock.count(damaged.span)
            for list in 0..<count { _ = RunBlock.offsets(damaged.span, list) }
            _ = RunBlock.lowerBound(damaged.span, 8)
        }
    }
}
