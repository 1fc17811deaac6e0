import TestSupport
import Testing

@testable import EventLog

/// A subscription gives what is there and then what comes, each event once, and says when it has seen everything.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct SubscriptionTests {
    /// Takes signals until so many events have come.
    private static func take(
        _ events: Int, from iterator: inout Subscription.Iterator
    ) async -> (positions: [Position], caughtUp: [Position]) {
        var positions: [Position] = []
        var caughtUp: [Position] = []
        while positions.count < events, let signal = await iterator.next() {
            switch signal {
            case .event(let entry): positions.append(entry.position)
            case .caughtUp(let position): caughtUp.append(position)
            case .dropped: return (positions, caughtUp)
            }
        }
        return (positions, caughtUp)
    }

    @Test("Says that it has caught up each time it reaches the head, and not in between")
    func caughtUp() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<3)
        var iterator = try ledger.log.subscribe().makeAsyncIterator()
        #expect(await Self.take(3, from: &iterator) == ([0, 1, 2], []))
        #expect(await iterator.next() == .caughtUp(3))
        try await ledger.fill(3..<5)
        #expect(await Self.take(2, from: &iterator) == ([3, 4], []))
        #expect(await iterator.next() == .caughtUp(5))
        try await ledger.fill(5..<6)
        #expect(await Self.take(1, from: &iterator) == ([5], []))
        #expect(await iterator.next() == .caughtUp(6))
        ledger.close()
    }

    @Test("Catches up, then follows: no event is lost or repeated, however many subscribe")
    func catchUpAndFollow() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<700)
        let log = ledger.log
        let total = 1_500
        await withTaskGroup(of: [Position].self) { group in
            for number in 0..<6 {
                group.addTask {
                    guard let subscription = try? log.subscribe(.all, from: Position(number)) else { return [] }
                    var iterator = subscription.makeAsyncIterator()
                    let taken = await Self.take(total - number, from: &iterator)
                    #expect(taken.positions == Array(Position(number)..<Position(total)))
                    #expect(taken.caughtUp == taken.caughtUp.sorted())
                    return taken.positions
                }
            }
            group.addTask {
                var next = 700
                var dice = Dice(seed: 3)
                while next < total {
                    let end = min(total, next + dice.within(1..<40))
                    _ = try? await log.append(AppendRequest((next..<end).map { draft("e\($0)") }))
                    next = end
                }
                return []
            }
            await group.waitForAll()
        }
        ledger.close()
    }

    @Test("Gives only what the query finds")
    func filters() async throws {
        let ledger = try TestLedger()
        let tags: (Int) -> [String] = { ["box:\($0 % 3)"] }
        try await ledger.fill(0..<100, tags: tags)
        var iterator = try ledger.log.subscribe(.tagged("box:1"), from: 50).makeAsyncIterator()
        #expect(await Self.take(16, from: &iterator).positions == (50..<100).filter { $0 % 3 == 1 })
        #expect(await iterator.next() == .caughtUp(100))
        try await ledger.fill(100..<103, tags: tags)
        #expect(await iterator.next().map(Self.position) == 100)
        #expect(await iterator.next() == .caughtUp(103))
        ledger.close()
    }

    private static func position(_ signal: Signal) -> Position? {
        if case .event(let entry) = signal { entry.position } else { nil }
    }

    @Test("From the head, gives only what comes")
    func fromHead() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<10)
        var iterator = try ledger.log.subscribe(.all, from: ledger.log.head).makeAsyncIterator()
        #expect(await iterator.next() == .caughtUp(10))
        try await ledger.fill(10..<11)
        #expect(await iterator.next().map(Self.position) == 10)
        ledger.close()
    }

    @Test("Refuses to begin beyond the head")
    func beyondHead() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<2)
        for position: Position in [3, 100, .max] {
            let error = refusal { _ = try ledger.log.subscribe(.all, from: position) }
            #expect(error?.code == .positionBeyondHead)
            #expect(error?.reason.contains("\(position)") == true)
        }
        ledger.close()
    }

    @Test("One that stalls holds up nobody, keeps a page at the most, and loses nothing")
    func stalled() async throws {
        let ledger = try TestLedger(tuning: .standard)
        try await ledger.fill(0..<10)
        var stalled = try ledger.log.subscribe().makeAsyncIterator()
        #expect(await stalled.next().map(Self.position) == 0)
        var lively = try ledger.log.subscribe().makeAsyncIterator()
        for start in stride(from: 10, to: 4_010, by: 500) { try await ledger.fill(start..<start + 500) }
        #expect(await Self.take(4_010, from: &lively).positions == Array(0..<4_010))
        #expect(Self.waiting(in: stalled) == 10)
        // On its way it holds a page, never more.
        var taken: [Position] = [0]
        while taken.count < 4_010, let signal = await stalled.next() {
            if let position = Self.position(signal) { taken.append(position) }
            #expect(Self.waiting(in: stalled) ?? .max <= LogReader.pageEntries)
        }
        #expect(taken == Array(0..<4_010))
        ledger.close()
    }

    /// How many events a subscription holds.
    private static func waiting(in iterator: Subscription.Iterator) -> Int? {
        Mirror(reflecting: iterator).children.first { $0.label == "waiting" }.flatMap { $0.value as? [Entry] }?.count
    }

    @Test("Ends when its task is cancelled, also while it waits")
    func cancellation() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<2)
        let log = ledger.log
        let task = Task {
            var signals: [Signal] = []
            for await signal in try log.subscribe() { signals.append(signal) }
            return signals
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        let signals = try await task.value
        #expect(signals.map(Self.position) == [0, 1, nil])
        #expect(signals.last == .caughtUp(2))
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var iterator = try log.subscribe(.all, from: 2).makeAsyncIterator()
            return await iterator.next()
        }
        #expect(try await early.value == nil)
        // The log goes on.
        try await ledger.fill(2..<3)
        ledger.close()
    }

    @Test("Is dropped, after everything that was appended, when the log closes")
    func closing() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<3)
        let log = ledger.log
        async let waiting: [Signal] = {
            var signals: [Signal] = []
            for await signal in try log.subscribe() { signals.append(signal) }
            return signals
        }()
        try await Task.sleep(for: .milliseconds(50))
        try await ledger.fill(3..<5)
        log.close()
        let signals = try await waiting
        #expect(signals.compactMap(Self.position) == [0, 1, 2, 3, 4])
        #expect(signals.last == .dropped(.closed))
        #expect(signals.count { $0 == .dropped(.closed) } == 1)
        // Who subscribes to a closed log gets what is there.
        var late = try log.subscribe(.all, from: 4).makeAsyncIterator()
        #expect(await late.next().map(Self.position) == 4)
        #expect(await late.next() == .caughtUp(5))
        #expect(await late.next() == .dropped(.closed))
        #expect(await late.next() == nil)
        ledger.close()
    }

    @Test("Is dropped with the reason when an entry cannot be read")
    func failing() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<3)
        try ledger.log.store.change(.entries, LogStore.entryKey(1)) { $0[0] = 9 }
        var iterator = try ledger.log.subscribe().makeAsyncIterator()
        let signal = await iterator.next()
        guard case .dropped(.failed(let error)) = signal else {
            Issue.record("\(String(describing: signal))")
            return
        }
        #expect(error.code == .newerFormat)
        #expect(error.reason.contains("position 1"))
        #expect(await iterator.next() == nil)
        ledger.close()
    }
}
