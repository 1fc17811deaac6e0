import EventLog
import Foundation
import JSON
import NIOConcurrencyHelpers
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

@Suite(.fewAtOnce) struct SubscriptionDeliveryTests {
    private static let patient = #"{"query":"type=sanhu.declaration.lodged","key":"declaration","redeliverAfter":3600}"#

    @Test func `what there is and what comes is delivered once, and acknowledged it does not come again`() async throws
    {
        try await ServerLab.serving { lab in
            try await lab.declare(1...5)
            try await lab.subscribe("s", #"{"from":1}"#)
            var consumer = try await Consumer(lab, "s", "a")
            let first = try await consumer.rest()
            #expect(first.map(\.position) == [1, 2, 3, 4, 5])
            #expect(first.allSatisfy { $0.attempt == 1 })
            let reply = try await consumer.acknowledge([1, 2, 3, 4, 5])
            #expect(reply.json?["acknowledged"]?.integer == 5 && reply.json?["cursor"]?.integer == 6)
            try await lab.declare(6...7)
            let second = try await consumer.some(2)
            #expect(second.map(\.position) == [6, 7])
            let again = try await consumer.acknowledge([5, 6, 6_000])
            #expect(again.json?["repeated"]?.integer == 1 && again.json?["acknowledged"]?.integer == 1)
            #expect(again.json?["unknown"]?.elements.compactMap(\.integer) == [6_000])
        }
    }

    /// What came, in the order in which it came, to whom.
    private struct Came: Sendable {
        var positions: [Position] = []
        var last: [String: Position] = [:]
        var counts: [String: Int] = [:]
        var disorder: [Position] = []
        var acknowledged = 0
    }

    @Test func `consumers share by key: each event goes to one of them, and those of a key in order`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", Self.patient)
            try await lab.declare((0..<120).map { $0 % 7 })
            let came = NIOLockedValueBox(Came())
            await withTaskGroup(of: Void.self) { group in
                for name in ["a", "b", "c"] {
                    group.addTask {
                        guard var consumer = try? await Consumer(lab, "s", name) else { return }
                        while came.withLockedValue({ $0.acknowledged }) < 120 {
                            guard let delivered = try? await consumer.next() else { continue }
                            came.withLockedValue { came in
                                came.positions.append(delivered.position)
                                came.counts[name, default: 0] += 1
                                if came.last[delivered.tag, default: 0] >= delivered.position {
                                    came.disorder.append(delivered.position)
                                }
                                came.last[delivered.tag] = delivered.position
                            }
                            guard (try? await consumer.acknowledge([delivered.position])) != nil else { continue }
                            came.withLockedValue { $0.acknowledged += 1 }
                        }
                    }
                }
                // Who waits for more than there is, is not waited for.
                await group.next()
                group.cancelAll()
            }
            let found = came.withLockedValue(\.self)
            #expect(found.positions.sorted() == Array(1...120))
            #expect(found.disorder == [])
            #expect(found.counts.count == 3, "\(found.counts)")
            let standing = try await lab.standing("s")
            #expect(standing["cursor"]?.integer == 121 && standing["redelivered"]?.integer == 0)
        }
    }

    @Test func `what a killed consumer held goes to another at once, and counts against the first of it`() async throws
    {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1,"redeliverAfter":3600}"#)
            try await lab.declare(1...6)
            var killed: Consumer? = try await Consumer(lab, "s", "a")
            let held = try await killed?.rest()
            #expect(held?.count == 6)
            var other = try await Consumer(lab, "s", "b")
            let start = ContinuousClock.now
            killed = nil
            let taken = try await other.some(6)
            #expect(taken.map(\.position) == Array(1...6))
            #expect(taken.map(\.attempt) == [2, 1, 1, 1, 1, 1])
            #expect(ContinuousClock.now - start < .seconds(60))
        }
    }

    @Test func `what a stalled consumer does not acknowledge goes to another after the delay`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1,"redeliverAfter":1}"#)
            var stalled = try await Consumer(lab, "s", "a")
            #expect(try await stalled.rest().isEmpty)
            var other = try await Consumer(lab, "s", "b")
            #expect(try await other.rest().isEmpty)
            try await lab.declare([1])
            #expect(try await stalled.some(1).map(\.attempt) == [1])
            #expect(try await other.some(1).map(\.attempt) == [2], "not to who let its time go by")
            // Late, and it counts.
            #expect(try await stalled.acknowledge([1]).json?["acknowledged"]?.integer == 1)
            #expect(try await lab.standing("s")["cursor"]?.integer == 2)
            #expect(try await (lab.standing("s")["redelivered"]?.integer ?? 0) >= 1)
        }
    }

    @Test func `a consumer that is alone gets again what it let go by`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1,"redeliverAfter":1}"#)
            try await lab.declare([1])
            var consumer = try await Consumer(lab, "s", "a")
            #expect(try await consumer.some(2).map(\.attempt) == [1, 2])
        }
    }

    @Test func `a consumer holds no more than it may, and nothing beyond the window is handed out`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1,"maximumInFlight":3,"window":5,"redeliverAfter":3600}"#)
            try await lab.declare(1...20)
            var (a, b) = (try await Consumer(lab, "s", "a"), try await Consumer(lab, "s", "b"))
            #expect(try await a.some(3).map(\.position) == [1, 2, 3])
            #expect(try await b.some(2).map(\.position) == [4, 5])
            try await b.acknowledge([4, 5])
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await lab.standing("s")["waiting"]?.integer == 0, "the first is not done")
            try await a.acknowledge([1, 2, 3])
            let next = try await b.some(2)
            #expect(next.allSatisfy { (6...10).contains($0.position) })
        }
    }

    @Test func `who comes again under its name takes over`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1,"redeliverAfter":3600}"#)
            try await lab.declare(1...2)
            var old = try await Consumer(lab, "s", "a")
            #expect(try await old.some(2).count == 2)
            var new = try await Consumer(lab, "s", "a")
            #expect(try await new.some(2).map(\.position) == [1, 2])
            while old.dropped == nil { _ = try await old.next() }
            #expect(old.dropped == "replaced")
            #expect(try await lab.standing("s")["consumers"]?.elements.count == 1)
        }
    }

    @Test func `poison is parked with its reason, holds up nothing, and is replayed or given up`() async throws {
        try await ServerLab.serving { lab in
            let definition =
                #"{"query":"type=sanhu.declaration.lodged","key":"declaration","maximumDeliveries":2,"redeliverAfter":1}"#
            try await lab.subscribe("s", definition)
            try await lab.declare([7, 7, 8, 9])
            var consumer = try await Consumer(lab, "s", "a")
            let first = try await consumer.some(3)
            #expect(first.map(\.position) == [1, 3, 4])
            #expect(try await consumer.reject(1, "no such importer").json?["rejected"]?.integer == 1)
            #expect(try await consumer.some(1).map(\.position) == [2], "the next of the key")
            try await consumer.acknowledge([2, 4])
            try await consumer.reject(3, "later", retry: true)
            #expect(try await consumer.some(1).map(\.attempt) == [2])
            try await consumer.reject(3, "never", retry: true)
            let parked = try await lab.ask(.GET, "/subscriptions/s/parked")
            #expect(parked.lines.compactMap { $0["position"]?.integer } == [1, 3])
            #expect(parked.lines[0]["reason"]?.string == "no such importer")
            #expect(parked.lines[1]["reason"]?.string == "It was delivered 2 times, and rejected: never")
            #expect(parked.lines[1]["deliveries"]?.integer == 2)
            #expect(try await lab.standing("s")["cursor"]?.integer == 5)

            let replayed = try await lab.ask(.POST, "/subscriptions/s/parked/replay", #"{"positions":[1]}"#)
            #expect(replayed.json?["replayed"]?.integer == 1, "\(replayed.text)")
            let again = try await consumer.some(1)
            #expect(again.map(\.position) == [1] && again.map(\.attempt) == [1])
            try await consumer.acknowledge([1])
            #expect(try await lab.ask(.DELETE, "/subscriptions/s/parked/3").status == 200)
            #expect(try await lab.ask(.DELETE, "/subscriptions/s/parked/3").code == "notParked")
            #expect(try await lab.ask(.GET, "/subscriptions/s/parked").body.isEmpty)
            let none = try await lab.ask(.POST, "/subscriptions/s/parked/replay", #"{"all":true}"#)
            #expect(none.json?["replayed"]?.integer == 0)
        }
    }

    @Test func `nobody is told that all has come before it has, however long nobody consumed`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#)
            try await lab.declare(1...2)
            var first: Consumer? = try await Consumer(lab, "s", "a")
            #expect(try await first?.rest().count == 2)
            try await first?.acknowledge([1, 2])
            first = nil
            while try await lab.standing("s")["consumers"]?.elements.isEmpty == false {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await lab.declare(3...5)
            var second = try await Consumer(lab, "s", "b")
            #expect(try await second.rest().map(\.position) == [3, 4, 5])
        }
    }

    @Test func `a silent answer says that it lives`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#)
            try await lab.declare([1])
            var consumer = try await Consumer(lab, "s", "a")
            #expect(try await consumer.rest().count == 1)
            let late = Task {
                try await Task.sleep(for: .milliseconds(3_500))
                try await lab.declare([2])
            }
            #expect(try await consumer.some(1).map(\.position) == [2])
            #expect(consumer.heartbeats >= 3)
            try await late.value
        }
    }

    @Test func `lines say the same as server-sent events`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#)
            try await lab.declare([1])
            let stopping = Task {
                try await Task.sleep(for: .milliseconds(700))
                await lab.stop()
            }
            let reply = try await lab.ask(.GET, "/subscriptions/s/events?consumer=a")
            try await stopping.value
            #expect(reply.headers["Content-Type"] == ["application/x-ndjson"])
            #expect(reply.lines.first?["position"]?.integer == 1 && reply.lines.first?["delivery"]?.integer == 1)
            #expect(reply.lines.first?["entry"]?["event"]?["data"]?["number"]?.string == "1")
            #expect(reply.lines.dropFirst().first?["caughtUp"]?.integer == 2)
            #expect(reply.lines.last?["problem"]?["code"]?.string == "stopping")
        }
    }
}
