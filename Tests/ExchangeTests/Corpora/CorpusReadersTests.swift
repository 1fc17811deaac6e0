import EventLog
import Exchange
import Foundation
import JSON
import TestSupport
import Testing

/// The imported corpora, sealed by the port's charter and schemas.
@Suite(
    "The corpora in a ledger of the port",
    .enabled(if: CorpusWorld.isPresent, "skipped: no corpus (hmrc, kcs) under SANHU_SHARED or ../shared"), .serialized)
struct CorpusReadersTests {
    /// How many readers, 200 or `SANHU_CORPORA_READERS`; in the short form each reads some of the entries only.
    private static let readers =
        ProcessInfo.processInfo.environment["SANHU_CORPORA_READERS"].flatMap(Int.init) ?? 200
    private static let entriesPerReader = CorpusWorld.isFull ? Int.max : 30
    private static let queriesPerReader = 2

    @Test(
        "Every event is accepted and sealed: no classified value stands in an entry, and a second import appends nothing"
    )
    func sealed() async throws {
        let clock = ContinuousClock()
        let world = try await CorpusWorld()
        let began = clock.now
        try await world.fill()
        let duration = clock.now - began
        let count = world.naive.entries.count
        #expect(try world.lab.ledger.log.head == Position(count + world.lab.charterEvents.count))
        if CorpusWorld.isFull { #expect(count == 83_301) }
        print("corpora: \(count) events sealed in \(duration)")
        for entry in world.naive.entries {
            let stored = try world.lab.ledger.log.entry(at: entry.position)
            let data = try NaivePort.object(stored.bytes)["event"].flatMap { ($0 as? NaivePort.Object)?["data"] }
            let kept = try #require(data as? NaivePort.Object)
            for mark in entry.marks where mark.pointer.split(separator: "/").count == 1 {
                #expect(kept[String(mark.pointer.dropFirst())] == nil, "\(entry.type) \(mark.pointer)")
            }
            let top = entry.marks.count { $0.parent == nil }
            #expect((kept["_sd"] as? [Any])?.count ?? 0 == top, "\(entry.type)")
            #expect(try world.lab.ledger.log.disclosures(at: entry.position).count == entry.marks.count)
        }
        for run in CorpusWorld.runs(CorpusWorld.batches()).prefix(CorpusWorld.isFull ? 400 : 20) {
            let again = try await world.lab.append(run)
            #expect(again.allSatisfy { if case .duplicate = $0 { true } else { false } })
        }
        #expect(try world.lab.ledger.log.head == Position(count + world.lab.charterEvents.count))
        world.lab.close()
    }

    @Test("What each of 200 random readers gets of each event is what the rules give it, evaluated naively")
    func readers() async throws {
        let seed = ProcessInfo.processInfo.environment["SANHU_CORPORA_SEED"].flatMap(UInt64.init) ?? 20_260_302
        var dice = Dice(seed: seed)
        let clock = ContinuousClock()
        let world = try await CorpusWorld()
        let began = clock.now
        try await world.fill()
        try await world.append(Self.sealedWhole())
        try await world.append(world.naming())
        for _ in 0..<3 {
            try await world.addGrants(8, &dice)
            try await world.addRules(8, &dice)
        }
        try world.settle()
        let filled = clock.now
        var tally = Tally()
        for number in 0..<Self.readers {
            let (claim, asOf) = world.reader(&dice)
            let words = "seed \(seed), reader \(number): \(claim), as of \(asOf.map { "\($0)" } ?? "now")"
            try await compare(world, claim, asOf, words, &dice, &tally)
            try await compareQueries(world, claim, asOf, words, &dice, &tally)
        }
        // The dice would have had to be very odd for one of these to be missing.
        #expect(tally.stubs > 0 && tally.disclosed > 0 && tally.withheld > 0 && tally.partly > 0)
        #expect(tally.found > 0 && tally.hidden > 0 && tally.ofPersons > 0 && tally.notOfPersons > 0)
        print(
            "corpora: seed \(seed), \(world.naive.entries.count) entries, \(Self.readers) readers, \(tally.reads) reads: "
                + "\(tally.stubs) stubs, \(tally.disclosed) fields disclosed, \(tally.withheld) withheld, "
                + "\(tally.partly) entries in part; by queries \(tally.found) entries, \(tally.hidden) hidden; filled in \(filled - began), read in \(clock.now - filled)"
        )
        world.lab.close()
    }

    private struct Tally {
        var reads = 0
        var stubs = 0
        var disclosed = 0
        var withheld = 0
        var partly = 0
        /// What queries gave, and what matched them and was not given; of the latter by tags of persons.
        var found = 0
        var hidden = 0
        var ofPersons = 0
        var notOfPersons = 0
        /// What was compared already: of an entry, with a mask, the same bytes.
        var known: Set<[Int]> = []
    }

    private func compare(
        _ world: CorpusWorld, _ claim: Reader, _ asOf: Timestamp?, _ words: String, _ dice: inout Dice,
        _ tally: inout Tally
    ) async throws {
        let naive = world.naive
        let reading = naive.reading(claim, now: .now(), asOf: asOf)
        let count = min(Self.entriesPerReader, naive.entries.count)
        var start = count == naive.entries.count ? 0 : dice.below(naive.entries.count - count)
        let end = start + count
        while start < end {
            let part = naive.entries[start..<min(start + 1_000, end)]
            start = part.endIndex
            guard let first = part.first?.position, let last = part.last?.position else { return }
            let seen = try await world.lab.ledger.read(
                .all, ReadRange(from: first, to: last + 1), for: claim, asOf: asOf)
            // Charter events lie between.
            let byPosition = Dictionary(uniqueKeysWithValues: seen.map { ($0.position, $0) })
            for entry in part {
                let got = try #require(byPosition[entry.position], "\(words): position \(entry.position) is missing")
                try check(got, entry, naive.mask(entry, reading), world, words, &tally)
            }
        }
    }

    /// What queries give is what matches them, less what would be a stub.
    private func compareQueries(
        _ world: CorpusWorld, _ claim: Reader, _ asOf: Timestamp?, _ words: String, _ dice: inout Dice,
        _ tally: inout Tally
    ) async throws {
        let (naive, now) = (world.naive, Timestamp.now())
        let reading = naive.reading(claim, now: now, asOf: asOf)
        for _ in 0..<Self.queriesPerReader {
            let query = NaiveQuery(of: naive.entries, persons: world.persons, &dice)
            let part = query.part(of: naive.entries, &dice)
            guard let first = part.first?.position, let last = part.last?.position else { continue }
            let range = ReadRange(
                from: first, to: last + 1, isBackwards: dice.oneIn(3), limit: dice.oneIn(3) ? 1 + dice.below(20) : .max)
            let isSought = query.tags.allSatisfy { naive.mayLook(claim, for: $0, at: now) }
            let matching = part.filter { query.matches($0) { naive.mayLook(claim, for: $0, at: now) } }
            let masks = matching.map { ($0, naive.mask($0, reading)) }
            let visible = masks.filter { $0.1 != nil }
            let given = (range.isBackwards ? visible.reversed() : visible).prefix(range.limit)
            let seen = try await world.lab.ledger.read(query.query, range, for: claim, asOf: asOf)
            #expect(seen.map(\.position) == given.map(\.0.position), "\(words): \(query) in \(range)")
            for (got, (entry, mask)) in zip(seen, given) { try check(got, entry, mask, world, words, &tally) }
            tally.found += given.count
            tally.hidden += masks.count - visible.count
            guard query.tags.contains(where: world.persons.contains) else { continue }
            tally.ofPersons += given.count
            if !isSought { tally.notOfPersons += part.count { query.matches($0) { _ in true } } - matching.count }
        }
    }

    private func check(
        _ seen: SeenEntry, _ entry: NaivePort.Entry, _ mask: UInt64?, _ world: CorpusWorld, _ words: String,
        _ tally: inout Tally
    ) throws {
        tally.reads += 1
        guard let mask else {
            tally.stubs += 1
            let leaf = try world.lab.ledger.log.entry(at: entry.position).leafHash
            #expect(seen == .stub(entry.position, leaf: leaf), "\(words), \(entry.type) at \(entry.position)")
            return
        }
        guard case .entry(let event) = seen else {
            Issue.record("\(words): a stub of \(entry.type) at \(entry.position)")
            return
        }
        let hidden = entry.marks.indices.filter { mask & 1 << UInt64($0) == 0 }
        tally.withheld += hidden.count
        tally.disclosed += entry.marks.count - hidden.count
        if !hidden.isEmpty, hidden.count < entry.marks.count { tally.partly += 1 }
        let key = [Int(entry.position), Int(truncatingIfNeeded: mask), event.event.hashValue, event.withheld.hashValue]
        guard tally.known.insert(key).inserted else { return }
        let withheld = event.withheld.map {
            [$0.pointer, $0.reason.sharingClass.rawValue, $0.reason.compartment, $0.reason.owner]
        }
        let expected = hidden.map { index in
            let mark = entry.marks[index]
            return [mark.pointer, mark.sharingClass, mark.compartment, mark.owner]
        }
        #expect(withheld == expected, "\(words), \(entry.type) at \(entry.position)")
        #expect(event.gone == [], "\(words), \(entry.type) at \(entry.position)")
        #expect(event.agency == entry.agency)
        var plain = try world.naive.event(of: entry, mask)
        var got = try NaivePort.object(event.event)
        if entry.readable.wholeEvent != nil {
            // Blinded.
            plain["subject"] = nil
            got["subject"] = nil
        } else {
            // Tags of persons are blinded.
            let open = entry.readable.tags.filter { !world.persons.contains($0) }
            let tags = event.tags.filter { tag in open.contains(tag) || !["person", "passport"].contains(tag.kind) }
            #expect(tags == open, "\(words), \(entry.type) at \(entry.position)")
            #expect(event.tags.count == entry.readable.tags.count)
        }
        #expect(
            NSDictionary(dictionary: got).isEqual(to: plain), "\(words), \(entry.type) at \(entry.position): \(got)")
    }

    /// Events of the kinds that are sealed as a whole, which the corpora have none of.
    private static func sealedWhole() -> [PlainEvent] {
        (0..<10).flatMap { number in
            [
                PlainEvent(
                    "risk.flagged", agency: "CUS", id: "flag-\(number)", subject: "declaration:\(number)",
                    data:
                        #"{"declaration":"\#(number)","reasonClass":"origin","action":"inspect","rule":"R-\#(number)","officer":{"id":"o\#(number)"}}"#
                ),
                PlainEvent(
                    "intelligence.sourced", agency: "CUS", id: "source-\(number)",
                    data: #"{"intelligence":"I-\#(number)","source":"a driver"}"#),
                PlainEvent(
                    "intelligence.shared", agency: "CUS", id: "intelligence-\(number)",
                    data:
                        #"{"intelligence":"I-\#(number)","kind":"smuggling","grading":"B2","content":"two boxes","enterprise":"E\#(number)"}"#
                ),
            ]
        }
    }
}
