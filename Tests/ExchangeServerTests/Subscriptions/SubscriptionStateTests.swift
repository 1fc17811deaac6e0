import EventLog
import TestSupport
import Testing

@testable import ExchangeServer

struct SubscriptionStateTests {
    private func keyed(_ positions: [Position], _ key: String? = nil) throws -> [(Position, DurableSubscription.Key)] {
        let tag = try key.map { try Tag("k:\($0)") }
        return positions.map { ($0, tag.map { .tag($0) } ?? .position($0)) }
    }

    private func settle(
        _ book: inout DurableSubscription, _ acknowledged: [Position], _ rejected: [Rejection] = []
    ) throws -> Settlement {
        let answer = try begin(&book, acknowledged, rejected)
        book.finish(answer.settlement)
        return answer.settlement
    }

    private func begin(
        _ book: inout DurableSubscription, _ acknowledged: [Position], _ rejected: [Rejection] = [],
        at now: Duration = .zero
    ) throws -> (settlement: Settlement, answered: Answered) {
        let answer = book.answer(acknowledged, rejected, at: now)
        return try #require(answer)
    }

    @Test func `of a key one is out at a time, and the next comes once it is acknowledged durably`() throws {
        var book = DurableSubscription(DeliveryTerms(), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 2, 5], "a") + keyed([6, 7]), from: 0, to: 8)
        let first = book.take(10, for: 1, at: .zero).map(\.position)
        #expect(first == [0, 6, 7])
        let (settlement, answered) = try begin(&book, [0])
        #expect(answered.acknowledged == 1)
        let early = book.take(10, for: 2, at: .zero)
        #expect(early.isEmpty, "not durable yet")
        book.finish(settlement)
        let next = book.take(10, for: 2, at: .zero)
        #expect(next == [Delivery(position: 2, attempt: 1)])
        #expect(book.cursor == 2)
    }

    @Test func `nothing beyond the window is looked at until the cursor moves`() throws {
        var book = DurableSubscription(DeliveryTerms(window: 4), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1, 2, 3]), from: 0, to: 4)
        #expect(book.room == 0 && !book.wantsMore)
        _ = book.take(10, for: 1, at: .zero)
        _ = try settle(&book, [1, 2, 3])
        #expect(book.room == 0 && book.cursor == 0)
        _ = try settle(&book, [0])
        #expect(book.room == 4 && book.cursor == 4)
    }

    @Test func `who goes away counts against the first it held alone`() throws {
        var book = DurableSubscription(DeliveryTerms(maximumDeliveries: 2), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1, 2]), from: 0, to: 3)
        for round in 1...2 {
            let taken = book.take(10, for: round, at: .zero)
            #expect(taken.map(\.attempt) == [round, 1, 1])
            let settlement = book.release(round, at: .zero)
            book.finish(try #require(settlement))
        }
        #expect(book.parked == [0])
        let rest = book.take(10, for: 3, at: .zero)
        #expect(rest.map(\.position) == [1, 2])
    }

    @Test func `who gives back what another has meanwhile takes nothing from it`() throws {
        var book = DurableSubscription(DeliveryTerms(), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1], "a"), from: 0, to: 2)
        _ = book.take(10, for: 1, at: .zero)
        let settlement = book.release(1, at: .zero)
        book.finish(try #require(settlement))
        let taken = book.take(10, for: 2, at: .zero)
        #expect(taken == [Delivery(position: 0, attempt: 2)])
        book.giveBack([0], from: 1)
        let none = book.take(10, for: 3, at: .zero)
        #expect(none.isEmpty && book.inFlight == 1)
        book.giveBack([0], from: 2)
        let again = book.take(10, for: 3, at: .zero)
        #expect(again == [Delivery(position: 0, attempt: 2)])
    }

    @Test func `what is never acknowledged is parked, with the reason it was rejected for last`() throws {
        var book = DurableSubscription(
            DeliveryTerms(redeliverAfter: .seconds(1), maximumDeliveries: 3), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1], "a"), from: 0, to: 2)
        var now: Duration = .zero
        for attempt in 1...3 {
            let taken = book.take(10, for: 1, at: now)
            #expect(taken == [Delivery(position: 0, attempt: attempt)])
            if attempt == 2 {
                let answer = try begin(
                    &book, [], [Rejection(position: 0, reason: "bad", isRetried: true)], at: now)
                book.finish(answer.settlement)
                let none = book.take(10, for: 1, at: now)
                #expect(none.isEmpty, "it waits, and what comes after it too")
            }
            now += .seconds(1)
            guard let settlement = book.expire(at: now) else { continue }
            if attempt == 3 {
                #expect(
                    settlement.marks[0] == .parked(deliveries: 3, reason: "It was delivered 3 times, and rejected: bad")
                )
            }
            book.finish(settlement)
        }
        #expect(book.parked == [0] && book.cursor == 1)
        let next = book.take(10, for: 1, at: now)
        #expect(next == [Delivery(position: 1, attempt: 1)])
    }

    @Test func `when no more can be parked a rejection is refused, and what is used up keeps coming`() throws {
        let terms = DeliveryTerms(redeliverAfter: .seconds(1), maximumDeliveries: 1, maximumParked: 1)
        var book = DurableSubscription(terms, cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1]), from: 0, to: 2)
        _ = book.take(10, for: 1, at: .zero)
        _ = try settle(&book, [], [Rejection(position: 0, reason: "x", isRetried: false)])
        let refused = book.answer([], [Rejection(position: 1, reason: "x", isRetried: false)], at: .zero)
        #expect(refused == nil)
        let lapsed = book.expire(at: .seconds(1))
        book.finish(try #require(lapsed))
        let early = book.take(10, for: 1, at: .seconds(1))
        #expect(early.isEmpty)
        _ = book.expire(at: .seconds(2))
        let again = book.take(10, for: 1, at: .seconds(2))
        #expect(again == [Delivery(position: 1, attempt: 2)])
    }

    @Test func `a write that fails is as if nothing had been said`() throws {
        var book = DurableSubscription(DeliveryTerms(), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1], "a"), from: 0, to: 2)
        _ = book.take(10, for: 1, at: .zero)
        let (settlement, _) = try begin(&book, [0])
        book.abandon(settlement)
        let again = book.take(10, for: 1, at: .zero)
        #expect(again == [Delivery(position: 0, attempt: 2)])
        #expect(book.cursor == 0)
    }

    @Test func `a replayed event is delivered before later ones of its key, wherever the cursor is`() throws {
        var book = DurableSubscription(DeliveryTerms(), cursor: 0, end: 0, marks: [:])
        book.add(try keyed([0, 1, 2], "a"), from: 0, to: 3)
        _ = book.take(1, for: 1, at: .zero)
        _ = try settle(&book, [], [Rejection(position: 0, reason: "x", isRetried: false)])
        #expect(book.cursor == 1)
        let replay = book.move([0], .replayed)
        book.finish(try #require(replay))
        book.place(try keyed([0], "a"))
        let taken = book.take(10, for: 1, at: .zero)
        #expect(taken == [Delivery(position: 0, attempt: 1)])
        let done = try settle(&book, [0])
        #expect(done.cleared == [0])
        let next = book.take(10, for: 1, at: .zero)
        #expect(next.map(\.position) == [1])
    }

    @Test func `marks are read as they were written`() throws {
        let marks: [PositionMark] = [
            .acknowledged, .open(deliveries: 3, reason: nil), .open(deliveries: 1, reason: "三互"),
            .parked(deliveries: 10, reason: "no such importer"),
        ]
        for mark in marks {
            let time = Timestamp(microseconds: 1_772_000_000_123_456)
            let read = try #require(PositionMark.read(mark.bytes(since: time)))
            #expect(read.mark == mark && read.since == time)
        }
        #expect(PositionMark.read([1, 2, 3]) == nil)
        #expect(PositionMark.read([UInt8](repeating: 9, count: 13)) == nil)
    }

    @Test func `whatever happens, it does what the naive one does, and after a kill too`() {
        var (redeliveries, kills, delivered) = (0, 0, 0)
        for round in 0..<LongForm.scaled(8, full: 800) {
            var play = SubscriptionPlay(seed: LongForm.seed &+ UInt64(round))
            for _ in 0..<200 { play.step() }
            play.drain()
            redeliveries += play.redeliveries
            kills += play.kills
            delivered += play.delivered.count
        }
        #expect(redeliveries > 10 && kills > 2 && delivered > 100, "seed \(LongForm.seed)")
    }
}
