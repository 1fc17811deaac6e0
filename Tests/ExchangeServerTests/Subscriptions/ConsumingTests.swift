import EventLog
import ExchangeProtocol
import Foundation
import JSON
import NIOConcurrencyHelpers
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeClient

/// Consuming by a closure. `SANHU_TORTURE=full` runs the storms for a minute.
@Suite(.fewAtOnce) struct ConsumingTests {
    /// What a consumer's closure saw.
    private struct Seen: Sendable {
        var done: [Position: Int] = [:]
        var running: Set<Position> = []
        /// Of each key, the last position that was dealt with.
        var last: [String: Position] = [:]
        var failed = 0
        var faults: [String] = []

        mutating func begin(_ delivery: ServedDelivery) {
            let (position, key) = (delivery.position, Self.key(delivery))
            if !running.insert(position).inserted { faults.append("\(position) is dealt with twice at once") }
            if done[position] != nil { faults.append("\(position) came after it was dealt with") }
            if last[key, default: 0] > position {
                faults.append("\(position) of \(key) came after \(last[key, default: 0])")
            }
        }

        mutating func end(_ delivery: ServedDelivery, isDone: Bool) {
            running.remove(delivery.position)
            guard isDone else { return failed += 1 }
            done[delivery.position, default: 0] += 1
            last[Self.key(delivery)] = delivery.position
        }

        static func key(_ delivery: ServedDelivery) -> String { delivery.entry["tags"]?.elements.first?.string ?? "" }
    }

    enum Trouble: String, CaseIterable { case restart, kill }

    @Test(
        "over connections that are cut, and a server that ends under it, a consumer deals with each event once, of a key in order",
        .timeLimit(.minutes(10)), arguments: Trouble.allCases)
    func storm(_ trouble: Trouble) async throws {
        let time = Duration.seconds(LongForm.scaled(6, full: 60))
        var dice = LongForm.dice("consuming \(trouble)")
        let seed = dice.next()
        try await ServerLab.serving { lab in
            if trouble == .kill {
                await lab.halt()
                try await lab.startProcess()
            }
            let proxy = try await CuttingProxy(
                to: lab.url, .init(cut: { $0.oneIn(16) ? nil : 1_000 + $0.below(40_000) }, seed: seed))
            var terms = SubscriptionTerms(
                Query(types: ["sanhu.declaration.lodged"], tags: []), key: "declaration")
            (terms.redeliverAfter, terms.maximumDeliveries, terms.window) = (1, 1_000, 300)
            try await lab.calling { [terms] in try await $0.define(subscription: "storm", terms) }
            let seen = NIOLockedValueBox(Seen())
            let chance = NIOLockedValueBox(LongForm.dice("closure \(trouble)"))
            let consuming = Task {
                try await lab.calling(proxy.url) { client in
                    try await client.consume("storm", as: "a", atOnce: 8) { delivery in
                        seen.withLockedValue { $0.begin(delivery) }
                        let (pause, fails) = chance.withLockedValue { ($0.below(4), $0.oneIn(50)) }
                        try? await Task.sleep(for: .milliseconds(pause))
                        seen.withLockedValue { $0.end(delivery, isDone: !fails) }
                        if fails { throw DeliveryRejection("by chance", isRetried: true) }
                    }
                }
            }
            let until = ContinuousClock.now + time
            let appended = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await Self.trouble(lab, proxy, trouble, until) }
                let appended = try await Self.append(lab, until)
                try await group.waitForAll()
                return appended
            }
            let last = ContinuousClock.now + .seconds(240)
            while try await lab.standing("storm")["cursor"]?.integer ?? 0 <= Int64(clamping: appended.last ?? 0),
                .now < last
            {
                try await Task.sleep(for: .milliseconds(20))
            }
            let standing = try await lab.ask(.GET, "/subscriptions/storm").text
            consuming.cancel()
            try await consuming.value
            let found = seen.withLockedValue(\.self)
            #expect(found.faults == [], "seed \(LongForm.seed)")
            #expect(Set(appended).symmetricDifference(found.done.keys) == [], "seed \(LongForm.seed), \(standing)")
            #expect(found.done.values.allSatisfy { $0 == 1 } && found.running.isEmpty, "seed \(LongForm.seed)")
            #expect(found.failed > 0 && proxy.cuts > 3, "\(found.failed) failed, \(proxy.cuts) cuts")
            #expect(try await lab.standing("storm")["parked"]?.integer == 0)
            LongForm.report("storm", "client, \(trouble)", "held", count: proxy.cuts)
            await proxy.close()
        }
    }

    /// - Returns: Where events were appended, ascending.
    private static func append(_ lab: ServerLab, _ until: ContinuousClock.Instant) async throws -> [Position] {
        var (dice, count, positions) = (LongForm.dice("appender"), 0, [Position]())
        while ContinuousClock.now < until {
            let events = (0..<1 + dice.below(10)).map { ServerLab.event("storm-\(count + $0)", dice.below(30)) }
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
            count += events.count
            try await Task.sleep(for: .milliseconds(40))
        }
        #expect(positions.count == count)
        return positions
    }

    private static func trouble(
        _ lab: ServerLab, _ proxy: CuttingProxy, _ trouble: Trouble, _ until: ContinuousClock.Instant
    ) async throws {
        var dice = LongForm.dice("trouble")
        while ContinuousClock.now + .seconds(2) < until {
            try await Task.sleep(for: .milliseconds(500 + dice.below(2_000)))
            switch trouble {
            case .restart: try await lab.restart()
            case .kill:
                await lab.halt()
                try await lab.startProcess()
            }
            proxy.lead(to: lab.url)
        }
    }

    @Test func `what a closure throws parks an event or brings it again, and its text is not told to the server`()
        async throws
    {
        struct Failure: Error { let text: String }
        try await ServerLab.serving { lab in
            try await lab.declare(1...3)
            try await lab.calling { client in
                var terms = SubscriptionTerms(start: .position(1))
                (terms.redeliverAfter, terms.maximumDeliveries) = (1, 2)
                try await client.define(subscription: "s", terms)
                let calls = NIOLockedValueBox<[Position: Int]>([:])
                let consuming = Task {
                    try await client.consume("s", as: "a", atOnce: 2) { delivery in
                        calls.withLockedValue { $0[delivery.position, default: 0] += 1 }
                        switch delivery.position {
                        case 1: throw Failure(text: ServerLab.canary)
                        case 2: throw DeliveryRejection("no such importer")
                        default: return
                        }
                    }
                }
                while try await client.subscription("s").state?.cursor != 4 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                consuming.cancel()
                try await consuming.value
                #expect(calls.withLockedValue { $0 } == [1: 2, 2: 1, 3: 1])
                let reasons = try await client.parked(of: "s").map(\.reason)
                #expect(reasons == ["It was delivered 2 times, and rejected: It failed: Failure.", "no such importer"])
            }
        }
    }

    @Test func `so many are dealt with at once and no more, and one that comes again meanwhile is not begun twice`()
        async throws
    {
        try await ServerLab.serving { lab in
            try await lab.declare(1...20)
            try await lab.calling { client in
                var terms = SubscriptionTerms(start: .position(1))
                terms.redeliverAfter = 1
                try await client.define(subscription: "s", terms)
                let counts = NIOLockedValueBox((now: 0, most: 0, calls: 0))
                let consuming = Task {
                    try await client.consume("s", as: "a", atOnce: 3) { delivery in
                        counts.withLockedValue { counts in
                            counts.now += 1
                            counts.calls += 1
                            counts.most = max(counts.most, counts.now)
                        }
                        // The first takes longer than the server waits for it.
                        try? await Task.sleep(for: .milliseconds(delivery.position == 1 ? 2_500 : 20))
                        counts.withLockedValue { $0.now -= 1 }
                    }
                }
                while try await client.subscription("s").state?.cursor != 21 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                consuming.cancel()
                try await consuming.value
                let (now, most, calls) = counts.withLockedValue { $0 }
                #expect(now == 0 && most == 3 && calls == 20)
                #expect((try await client.subscription("s").state?.redelivered ?? 0) > 0)
            }
        }
    }

    @Test func `acknowledgements go together: far fewer requests than events`() async throws {
        try await ServerLab.serving { lab in
            for _ in 0..<4 { try await lab.declare(0..<500) }
            try await lab.calling { client in
                var terms = SubscriptionTerms(start: .position(1))
                (terms.maximumInFlight, terms.window) = (1_000, 5_000)
                try await client.define(subscription: "s", terms)
                let before = try await Self.acknowledgements(lab)
                let consuming = Task { try await client.consume("s", as: "a", atOnce: 4) { _ in } }
                while try await client.subscription("s").state?.cursor != 2_001 {
                    try await Task.sleep(for: .milliseconds(20))
                }
                consuming.cancel()
                try await consuming.value
                let requests = try await Self.acknowledgements(lab) - before
                #expect(requests > 0 && requests < 400, "\(requests) requests for 2,000 events")
            }
        }
    }

    /// How many requests there were that said something.
    private static func acknowledgements(_ lab: ServerLab) async throws -> Int {
        let text = try await lab.ask(.GET, "/metrics", as: nil).text
        return text.split(separator: "\n").filter { $0.hasPrefix("sanhu_http_requests_total") && $0.contains("POST") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0) { $0 + Int($1) }
    }

    @Test func `a subscription that can park no more ends its consumer, who keeps what it acknowledged`() async throws {
        try await ServerLab.serving { lab in
            for _ in 0..<3 { try await lab.declare(0..<401) }
            try await lab.calling { client in
                var terms = SubscriptionTerms(start: .position(1))
                (terms.maximumInFlight, terms.window) = (1_000, 5_000)
                try await client.define(subscription: "s", terms)
                let error = await #expect(throws: ClientError.self) {
                    try await client.consume("s", as: "a", atOnce: 2) { delivery in
                        guard delivery.position > 10 else { return }
                        throw DeliveryRejection("not mine")
                    }
                }
                #expect(error?.problem?.code == "parkedFull")
                let state = try #require(try await client.subscription("s").state)
                #expect(state.cursor > 10 && state.parked <= 1_000 && state.parked > 800, "\(state)")
            }
        }
    }
}
