import EventLog
import TestSupport
import Testing

@testable import Exchange

@Suite("When access records are written, and which go together")
struct AccessBatchingTests {
    private static let start = AccessBatching.Instant.now

    private static func at(_ microseconds: Int) -> AccessBatching.Instant { start + .microseconds(microseconds) }

    private static func record(_ position: Int, agency: String = "TAX") -> AccessRecord {
        AccessRecord(
            reader: .init(.authority, agency: agency), purpose: "duty", caseName: nil, basis: .disclosed(.rule("r")),
            owner: "CUS",
            extent: .fields([.init(type: "t", pointer: "/p")], at: [Position(position)...Position(position)]),
            from: Timestamp(microseconds: Int64(position)))
    }

    @Test("One reading alone is written at once; what comes while it is written goes together, right after it")
    func groups() {
        var batching = AccessBatching()
        let first = batching.add([Self.record(0)], .now, at: Self.at(0))
        #expect(batching.next(at: Self.at(0))?.parts.map(\.ticket) == [first])
        let others = (1...5).map { batching.add([Self.record($0)], .now, at: Self.at($0)) }
        #expect(batching.next(at: Self.at(9)) == nil, "one batch at a time")
        batching.finish()
        let batch = batching.next(at: Self.at(10))
        #expect(batch?.parts.map(\.ticket) == others)
        #expect(batch?.records.map(\.extent) == [.fields([.init(type: "t", pointer: "/p")], at: [1...5])])
        batching.finish()
        #expect(batching.next(at: Self.at(99)) == nil && batching.due == nil)
    }

    @Test("A live delivery waits for others for 50 ms and no longer, and goes along with what is written sooner")
    func live() {
        var batching = AccessBatching()
        _ = batching.add([Self.record(0)], .live, at: Self.at(0))
        _ = batching.add([Self.record(1)], .live, at: Self.at(30_000))
        #expect(batching.next(at: Self.at(49_999)) == nil && batching.due == Self.at(50_000))
        #expect(batching.next(at: Self.at(50_000))?.parts.count == 2)
        batching.finish()
        _ = batching.add([Self.record(2)], .live, at: Self.at(60_000))
        _ = batching.add([Self.record(3)], .now, at: Self.at(61_000))
        #expect(batching.next(at: Self.at(61_000))?.parts.count == 2)
    }

    /// Lives through a random day: readings come, batches are written and take their time.
    @Test("Nothing is lost, written twice or late, whatever comes when", arguments: 0..<60)
    func property(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        var batching = AccessBatching()
        var arrivals: [Int: (at: Int, urgent: Bool)] = [:]
        var began: [Int: Int] = [:]
        /// When the last batch ended that was being written at a time.
        var ends: [(from: Int, to: Int)] = []
        var (now, end, coming) = (0, Int?.none, 400)
        func begin() {
            guard let batch = batching.next(at: Self.at(now)) else { return }
            #expect(end == nil, "seed \(seed): two batches at a time")
            #expect(
                batch.parts.count == 1
                    || batch.parts.reduce(0) { $0 + $1.records.count } <= AccessBatching.maximumRecords)
            for part in batch.parts {
                #expect(began.updateValue(now, forKey: part.ticket) == nil, "seed \(seed): written twice")
            }
            let duration = dice.oneIn(10) ? 200_000 : dice.within(200..<4_000)
            ends.append((now, now + duration))
            end = now + duration
        }
        while coming > 0 || end != nil || batching.due != nil {
            let arrival = coming > 0 ? now + dice.below(dice.oneIn(20) ? 120_000 : 3_000) : Int.max
            let timer =
                batching.isWriting ? Int.max : batching.due.map { Int(($0 - Self.start) / .microseconds(1)) } ?? .max
            now = max(now, min(arrival, end ?? .max, timer))
            if now == end {
                batching.finish()
                end = nil
            } else if now == arrival, coming > 0 {
                coming -= 1
                let urgent = dice.oneIn(3)
                let count = dice.oneIn(40) ? 3_000 : 1
                let ticket = batching.add(
                    (0..<count).map { Self.record($0) }, urgent ? .now : .live, at: Self.at(now))
                arrivals[ticket] = (now, urgent)
            }
            begin()
        }
        #expect(began.count == 400 && arrivals.count == 400, "seed \(seed)")
        for (ticket, arrival) in arrivals {
            let due = arrival.urgent ? arrival.at : arrival.at + 50_000
            // Between its deadline and its beginning there was always another batch being written.
            var free = due
            for span in ends where span.from <= free && free < span.to { free = span.to }
            #expect((began[ticket] ?? .max) <= free, "seed \(seed): ticket \(ticket) was late")
            #expect((began[ticket] ?? 0) >= arrival.at)
        }
        // Who came first is not written later.
        let order = began.sorted { $0.key < $1.key }.map(\.value)
        #expect(order == order.sorted(), "seed \(seed)")
    }
}
