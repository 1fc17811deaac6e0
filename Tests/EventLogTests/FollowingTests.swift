import Foundation
import TestSupport
import Testing

@testable import EventLog

/// A process that only reads looks at the log by itself, and says so when it cannot see it any more.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct FollowingTests {
    /// A head that a test moves, or that cannot be read.
    private final class Head: @unchecked Sendable {
        private let lock = NSLock()
        private var value: Result<Position, LogError>
        private var count = 0

        init(_ value: Position) {
            self.value = .success(value)
        }

        func set(_ value: Result<Position, LogError>) {
            lock.withLock { self.value = value }
        }

        func read() throws(LogError) -> Position {
            try lock.withLock {
                count += 1
                return value
            }.get()
        }

        /// How often it was looked at.
        var looks: Int { lock.withLock { count } }
    }

    private static let damage = LogError(.corrupted, "The log's state record is cut short.")

    @Test("Looks only once it is started, and wakes who waits when the log has grown")
    func wakes() async throws {
        let head = Head(3)
        let signal = HeadSignal(head: 3)
        let poller = HeadPoller(signal: signal) { () throws(LogError) in try head.read() }
        try await Task.sleep(for: .milliseconds(120))
        #expect(head.looks == 0)
        poller.start()
        poller.start()
        async let isMore = signal.wait(above: 3)
        try await Task.sleep(for: .milliseconds(120))
        head.set(.success(5))
        #expect(try await isMore)
        #expect(try await signal.wait(above: 4))
        poller.stop()
        try await Task.sleep(for: .milliseconds(120))
        let looks = head.looks
        try await Task.sleep(for: .milliseconds(200))
        #expect(head.looks == looks)
    }

    @Test("Tells who waits that the log cannot be read, and goes on once it can")
    func fails() async throws {
        let head = Head(3)
        let signal = HeadSignal(head: 3)
        let poller = HeadPoller(signal: signal) { () throws(LogError) in try head.read() }
        poller.start()
        head.set(.failure(Self.damage))
        for _ in 0..<2 {
            let error = await refusal { _ = try await signal.wait(above: 3) }
            #expect(error == Self.damage)
        }
        head.set(.success(4))
        // Told of the failure until it is over, never left waiting.
        var isMore = false
        while !isMore { isMore = (try? await signal.wait(above: 3)) ?? false }
        #expect(isMore)
        poller.stop()
    }

    @Test("A subscription that waits is dropped with the reason, and can be resumed where it was")
    func drops() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<2)
        let log = ledger.log
        let head = Head(2)
        let signal = HeadSignal(head: 2)
        let poller = HeadPoller(signal: signal) { () throws(LogError) in try head.read() }
        let subscription = Subscription(reader: log.reader, signal: signal, query: .all, from: 1, log: log)
        var iterator = subscription.makeAsyncIterator()
        guard case .event(let entry) = await iterator.next() else {
            Issue.record("no event")
            return
        }
        #expect(entry.position == 1)
        #expect(await iterator.next() == .caughtUp(2))
        poller.start()
        head.set(.failure(Self.damage))
        #expect(await iterator.next() == .dropped(.failed(Self.damage)))
        #expect(await iterator.next() == nil)
        try await ledger.fill(2..<3)
        head.set(.success(3))
        var resumed = Subscription(reader: log.reader, signal: signal, query: .all, from: 2, log: log)
            .makeAsyncIterator()
        guard case .event(let next) = await resumed.next() else {
            Issue.record("no event")
            return
        }
        #expect(next.position == 2)
        poller.stop()
        ledger.close()
    }

    @Test("Who waits is woken by closing and by cancelling, and is told nothing of failures before")
    func signals() async throws {
        let signal = HeadSignal(head: 1)
        signal.fail(Self.damage)
        let task = Task { try await signal.wait(above: 1) }
        try await Task.sleep(for: .milliseconds(30))
        task.cancel()
        #expect(try await task.value)
        async let waiting = signal.wait(above: 1)
        try await Task.sleep(for: .milliseconds(30))
        signal.publish(0)
        signal.close()
        #expect(try await waiting == false)
        #expect(try await signal.wait(above: 0))
        #expect(try await signal.wait(above: 1) == false)
    }
}
