import EventLog
import ExchangeProtocol
import Foundation
import JSON
import NIOConcurrencyHelpers
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

/// Consumers that are killed and come again at random, and a server that is restarted or killed under them, while events are
/// appended. `SANHU_TORTURE=full` runs each for a minute.
@Suite(.fewAtOnce) struct SubscriptionStormTests {
    /// What consumers saw. Nobody else knows what was answered to them, and in which order.
    private struct Seen: Sendable {
        var delivered: [Position: Int] = [:]
        var acknowledged: Set<Position> = []
        /// Of each key, the last position that was delivered.
        var last: [String: Position] = [:]
        var faults: [String] = []
        var redelivered = 0
        var kills = 0
        var isOver = false

        mutating func take(_ event: Consumer.Delivered) {
            if acknowledged.contains(event.position) {
                faults.append("\(event.position) came after it was acknowledged")
            }
            // All before it of its key are acknowledged, and none of them comes again.
            if last[event.tag, default: 0] > event.position {
                faults.append("\(event.position) of \(event.tag) came after \(last[event.tag, default: 0])")
            }
            last[event.tag] = event.position
            delivered[event.position, default: 0] += 1
            if delivered[event.position, default: 0] > 1 { redelivered += 1 }
        }
    }

    private static let keys = 30

    /// What is done to the server.
    enum Trouble: String, CaseIterable { case restart, kill }

    @Test(
        "every event comes until it is acknowledged, then never again, and those of a key in order",
        .timeLimit(.minutes(10)), arguments: Trouble.allCases)
    func storm(_ trouble: Trouble) async throws {
        let time = Duration.seconds(LongForm.scaled(6, full: 60))
        try await ServerLab.serving { lab in
            if trouble == .kill {
                await lab.halt()
                try await lab.startProcess()
            }
            try await lab.subscribe(
                "storm",
                #"{"query":"type=sanhu.declaration.lodged","key":"declaration","redeliverAfter":3600,"maximumDeliveries":1000,"window":300}"#
            )
            let seen = NIOLockedValueBox(Seen())
            let until = ContinuousClock.now + time
            let appended = try await withThrowingTaskGroup(of: Void.self) { group in
                for name in 0..<4 {
                    group.addTask { await Self.consume(lab, "c\(name)", LongForm.dice("consumer \(name)"), seen) }
                }
                group.addTask { try await Self.trouble(lab, trouble, until) }
                let appended = try await Self.append(lab, until)
                // What is left is delivered without further trouble, but to consumers that are killed all the same.
                let end = Int64(clamping: appended.last ?? 0)
                let last = ContinuousClock.now + .seconds(60)
                while try await lab.standing("storm")["cursor"]?.integer ?? 0 <= end, .now < last {
                    try await Task.sleep(for: .milliseconds(50))
                }
                seen.withLockedValue { $0.isOver = true }
                // Who waits for more than there is, is not waited for.
                group.cancelAll()
                return appended
            }
            let found = seen.withLockedValue(\.self)
            #expect(found.faults == [], "seed \(LongForm.seed)")
            #expect(found.delivered.keys.sorted() == appended, "seed \(LongForm.seed)")
            #expect(found.kills > 5 && found.redelivered > 0, "\(found.kills) kills, \(found.redelivered) redelivered")
            #expect(try await lab.standing("storm")["parked"]?.integer == 0)
            LongForm.report("storm", "subscription, \(trouble)", "held", count: found.kills)
        }
    }

    /// - Returns: Where events were appended, ascending.
    private static func append(_ lab: ServerLab, _ until: ContinuousClock.Instant) async throws -> [Position] {
        var (dice, count, positions) = (LongForm.dice("appender"), 0, [Position]())
        while ContinuousClock.now < until {
            let batch = 1 + dice.below(40)
            let events = (0..<batch).map { ServerLab.event("storm-\(count + $0)", dice.below(keys)) }
            while true {
                // The server may be away; the same ids again are safe.
                let reply = try? await lab.ask(
                    .POST, "/events", type: "application/cloudevents-batch+json", "[\(events.joined(separator: ","))]")
                if let reply, reply.status < 300 {
                    positions += (reply.json?.elements ?? []).compactMap { ReceiptText.receipt($0)?.position }
                    break
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            count += batch
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(positions.count == count)
        return positions
    }

    private static func trouble(_ lab: ServerLab, _ trouble: Trouble, _ until: ContinuousClock.Instant) async throws {
        var dice = LongForm.dice("trouble")
        while ContinuousClock.now + .seconds(2) < until {
            try await Task.sleep(for: .milliseconds(500 + dice.below(2_000)))
            switch trouble {
            case .restart: try await lab.restart()
            case .kill:
                await lab.halt()
                try await lab.startProcess()
            }
        }
    }

    private static func consume(
        _ lab: ServerLab, _ name: String, _ dice: Dice, _ seen: NIOLockedValueBox<Seen>
    ) async {
        var dice = dice
        while !seen.withLockedValue(\.isOver) {
            guard var consumer = try? await Consumer(lab, "storm", name) else {
                try? await Task.sleep(for: .milliseconds(20))
                continue
            }
            var (lives, waiting) = (1 + dice.below(60), [Position]())
            while lives > 0, consumer.dropped == nil {
                let next: Consumer.Delivered?
                do {
                    next = try await consumer.next()
                } catch {
                    break
                }
                guard let event = next else { continue }
                lives -= 1
                seen.withLockedValue { $0.take(event) }
                waiting.append(event.position)
                guard !consumer.hasMore || dice.oneIn(5) else { continue }
                // Now and then it is killed after the answer was sent, and before it saw it.
                guard await acknowledge(&waiting, consumer, seen, isTold: lives > 0) else { break }
            }
            seen.withLockedValue { $0.kills += 1 }
        }
    }

    /// - Returns: Whether it was done.
    private static func acknowledge(
        _ positions: inout [Position], _ consumer: Consumer, _ seen: NIOLockedValueBox<Seen>, isTold: Bool
    ) async -> Bool {
        guard !positions.isEmpty else { return true }
        guard let reply = try? await consumer.acknowledge(positions), reply.status == 200 else { return false }
        let count = Int64(positions.count)
        let isWhole = (reply.json?["acknowledged"]?.integer ?? 0) + (reply.json?["repeated"]?.integer ?? 0) == count
        let some = positions
        positions = []
        seen.withLockedValue { seen in
            if !isWhole { seen.faults.append("acknowledging \(some) was answered \(reply.text)") }
            if isTold { seen.acknowledged.formUnion(some) }
        }
        return true
    }
}
