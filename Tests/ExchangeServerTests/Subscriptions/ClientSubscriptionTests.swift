import EventLog
import ExchangeProtocol
import Foundation
import JSON
import NIOConcurrencyHelpers
import TestSupport
import Testing

@testable import ExchangeClient

@Suite(.fewAtOnce) struct ClientSubscriptionTests {
    /// The events that come next, so many.
    private static func some(_ count: Int, _ iterator: inout Deliveries.Iterator) async throws -> [ServedDelivery] {
        var found: [ServedDelivery] = []
        while found.count < count {
            guard let element = try await iterator.next() else { break }
            if case .event(let delivery) = element { found.append(delivery) }
        }
        return found
    }

    /// All that comes until it is said that all has come.
    private static func rest(_ iterator: inout Deliveries.Iterator) async throws -> [Position] {
        var found: [Position] = []
        while case .event(let delivery)? = try await iterator.next() { found.append(delivery.position) }
        return found
    }

    @Test func `a subscription is made, changed, looked at and ended`() async throws {
        try await ServerLab.serving { lab in
            try await lab.declare(1...3)
            try await lab.calling { client in
                var terms = SubscriptionTerms(
                    Query(types: ["sanhu.declaration.lodged"], tags: [try Tag("declaration:2")]),
                    start: .position(1), key: "declaration")
                (terms.redeliverAfter, terms.maximumDeliveries, terms.maximumInFlight) = (7, 3, 5)
                (terms.window, terms.upcasts) = (50, true)
                let made = try await client.define(subscription: "s", terms)
                #expect(made.name == "s" && made.state?.cursor == 1 && made.state?.head == 4 && made.state?.lag == 3)
                for (name, number) in [
                    ("from", 1), ("redeliverAfter", 7), ("maximumDeliveries", 3), ("maximumInFlight", 5),
                    ("window", 50),
                ] {
                    #expect(made.json[name]?.integer == Int64(number), "\(name)")
                }
                #expect(made.json["key"]?.string == "declaration" && made.json["upcast"]?.bool == true)
                #expect(made.json["query"]?.string == terms.query.description)
                terms.start = nil
                terms.redeliverAfter = 9
                let changed = try await client.define(subscription: "s", terms)
                #expect(changed.json["redeliverAfter"]?.integer == 9 && changed.json["from"]?.integer == 1)
                // Several items go as text.
                let either = Query([
                    Query.Item(types: [], tags: [try Tag("declaration:1")]), Query.Item(types: ["a.b"], tags: []),
                ])
                let other = try await client.define(subscription: "t", SubscriptionTerms(either, start: .now))
                #expect(other.json["query"]?.string == either.description && other.state?.cursor == 4)
                #expect(try await client.subscriptions().map(\.name) == ["s", "t"])
                #expect(try await client.subscription("s").state?.consumers == [])
                try await client.delete(subscription: "t")
                #expect(try await client.subscriptions().map(\.name) == ["s"])
                let gone = await #expect(throws: ClientError.self) { try await client.delete(subscription: "t") }
                #expect(gone?.problem?.code == "unknownSubscription")
                terms.window = 0
                let refused = await #expect(throws: ClientError.self) {
                    try await client.define(subscription: "u", terms)
                }
                #expect(refused?.problem?.code == "malformedBody")
            }
        }
    }

    @Test func `deliveries are acknowledged, parked with a reason, replayed, given up and delivered again`()
        async throws
    {
        try await ServerLab.serving { lab in
            try await lab.declare(1...4)
            try await lab.calling { client in
                var terms = SubscriptionTerms(start: .position(1))
                terms.redeliverAfter = 1
                try await client.define(subscription: "s", terms)
                let deliveries = client.deliveries(of: "s", to: "a")
                var iterator = deliveries.makeAsyncIterator()
                let all = try await Self.some(4, &iterator)
                #expect(all.map(\.position) == [1, 2, 3, 4] && all.allSatisfy { $0.attempt == 1 && $0.event != nil })
                deliveries.acknowledge(all[0])
                deliveries.reject(all[1], reason: "no such importer")
                deliveries.retry(all[2], reason: "")
                // What is too long for the server is cut, and not refused.
                deliveries.reject(all[3], reason: String(repeating: "税", count: 1_000))
                try await deliveries.flush()
                let parked = try await client.parked(of: "s")
                #expect(parked.map(\.position) == [2, 4] && parked[0].reason == "no such importer")
                #expect(parked[0].deliveries == 1 && parked[1].reason == String(repeating: "税", count: 341))
                let again = try await Self.some(1, &iterator)
                #expect(again.map(\.position) == [3] && again[0].attempt == 2, "after redeliverAfter")
                deliveries.acknowledge(again[0])
                #expect(try await client.replay([2], of: "s") == 1)
                let replayed = try await Self.some(1, &iterator)
                #expect(replayed.map(\.position) == [2] && replayed[0].attempt == 1)
                deliveries.acknowledge(replayed[0])
                try await client.giveUp(4, of: "s")
                #expect(try await client.parked(of: "s").isEmpty)
                let none = await #expect(throws: ClientError.self) { try await client.giveUp(4, of: "s") }
                #expect(none?.problem?.code == "notParked")
                #expect(try await client.replay(of: "s") == 0)
                try await deliveries.flush()
                #expect(try await client.subscription("s").state?.cursor == 5)
                // Also without a stream, and again.
                let said = try await client.settle([1: .acknowledged, 99: .acknowledged], of: "s")
                #expect(said.cursor == 5 && said.repeated == 1 && said.unknown == [99])
            }
        }
    }

    @Test
    func `a sequence pulls, and who is cancelled gives back at once what it holds and keeps what it acknowledged`()
        async throws
    {
        try await ServerLab.serving { lab in
            try await lab.declare(1...6)
            try await lab.calling { client in
                var terms = SubscriptionTerms(start: .position(1))
                (terms.redeliverAfter, terms.maximumInFlight) = (3_600, 3)
                try await client.define(subscription: "s", terms)
                let held = NIOLockedValueBox<[Position]>([])
                let consuming = Task {
                    let deliveries = client.deliveries(
                        of: "s", to: SubscriptionConsumer("a", acknowledgeWithin: .seconds(600)))
                    for try await case .event(let delivery) in deliveries {
                        held.withLockedValue { $0.append(delivery.position) }
                        // It says so, and takes no more: nothing hurries it but the end.
                        guard delivery.position == 1 else { continue }
                        deliveries.acknowledge(delivery)
                    }
                }
                // What it acknowledged makes room for another.
                while held.withLockedValue(\.count) < 4 { try await Task.sleep(for: .milliseconds(5)) }
                consuming.cancel()
                try await consuming.value
                #expect(held.withLockedValue { $0 } == [1, 2, 3, 4])
                while try await client.subscription("s").state?.consumers != [] {
                    try await Task.sleep(for: .milliseconds(5))
                }
                var iterator = client.deliveries(of: "s", to: "b").makeAsyncIterator()
                let given = try await Self.some(3, &iterator)
                // The attempt counts for the first that was held.
                #expect(given.map(\.position) == [2, 3, 4] && given.map(\.attempt) == [2, 1, 1])
            }
        }
    }

    @Test func `who comes under a name takes over, and who had it is told and does not fight for it`() async throws {
        try await ServerLab.serving { lab in
            try await lab.declare(1...2)
            try await lab.calling { client in
                try await client.define(subscription: "s", SubscriptionTerms(start: .position(1)))
                var first = client.deliveries(of: "s", to: "a").makeAsyncIterator()
                #expect(try await Self.some(2, &first).count == 2)
                var second = client.deliveries(of: "s", to: "a").makeAsyncIterator()
                #expect(try await Self.some(2, &second).count == 2)
                let error = await #expect(throws: ClientError.self) { _ = try await Self.rest(&first) }
                #expect(error?.problem?.code == "replaced")
                // One that is changed goes on by itself; one that is ended does not.
                var terms = SubscriptionTerms()
                terms.window = 10
                try await client.define(subscription: "s", terms)
                #expect(try await Self.some(2, &second).map(\.position) == [1, 2])
                try await client.delete(subscription: "s")
                let ended = await #expect(throws: ClientError.self) { _ = try await Self.rest(&second) }
                #expect(ended?.problem?.code == "unknownSubscription")
            }
        }
    }

    @Test func `what cannot be consumed says why: no such subscription, another agency, another ledger, another log`()
        async throws
    {
        try await ServerLab.serving { lab in
            let old = try lab.remains()
            try await lab.declare(1...3)
            func code(
                _ lab: ServerLab, as agency: String = "CUS", _ name: String = "s", consumer: String = "a",
                _ change: (inout ClientSettings) -> Void = { _ in }
            ) async throws -> String? {
                try await lab.calling(as: agency, change) { client in
                    let error = await #expect(throws: ClientError.self) {
                        try await client.consume(name, as: SubscriptionConsumer(consumer)) { _ in }
                    }
                    return error?.problem?.code
                }
            }
            #expect(try await code(lab) == "unknownSubscription")
            try await lab.calling { client in
                try await client.define(subscription: "s", SubscriptionTerms(start: .position(1)))
                var iterator = client.deliveries(of: "s", to: "a").makeAsyncIterator()
                let all = try await Self.some(3, &iterator)
                _ = try await client.settle(
                    Dictionary(uniqueKeysWithValues: all.map { ($0.position, .acknowledged) }), of: "s")
                // Another one's key is worth nothing.
                let named = await #expect(throws: ClientError.self) {
                    _ = try await client.subscription("../parked")
                }
                #expect(named?.problem?.code == "badParameter")
            }
            #expect(try await code(lab, as: "TAX") == "unknownSubscription")
            #expect(try await code(lab, consumer: "a b") == "badParameter")
            #expect(
                try await code(lab) { settings in
                    guard case .key(var credential) = settings.credential else { return }
                    credential.audience = "other.example/ledger"
                    settings.credential = .key(credential)
                } == "wrongAudience")
            #expect(try await code(lab) { $0.credential = .anonymous } == "noToken")
            let state = lab.folder.path("ledger/state/subscriptions")
            let restored = try old.remains { folder in
                let place = folder.appendingPathComponent("state/subscriptions")
                try? FileManager.default.removeItem(at: place)
                try FileManager.default.copyItem(at: URL(fileURLWithPath: state), to: place)
            }
            try await restored.runs { lab in
                #expect(try await code(lab) == "cursorBeyondHead")
                let listed = try await lab.calling { try await $0.subscriptions() }
                #expect(listed.first?.state == nil && listed.first?.problem?.code == "cursorBeyondHead")
            }
            await old.stop()
        }
    }

    @Test func `an answer that is no delivery, or breaks off in one, is not taken for one`() async throws {
        try await ServerLab.serving { lab in
            try await lab.declare(1...3)
            try await lab.calling { try await $0.define(subscription: "s", SubscriptionTerms(start: .position(1))) }
            for change in [
                (from: #""attempt":"#, to: #""attampt":"#), (from: #"{"position":2"#, to: #"{"position":,"#),
            ] {
                let proxy = try await CuttingProxy(to: lab.url, .init(changes: [change]))
                try await lab.calling(proxy.url) { client in
                    let error = await #expect(throws: ClientError.self) {
                        try await client.consume("s", as: "a") { _ in throw DeliveryRejection("no", isRetried: true) }
                    }
                    #expect(error?.code == .malformedAnswer, "\(change): \(String(describing: error))")
                }
                await proxy.close()
            }
        }
    }

    @Test func `what goes together is bounded, and what is to be parked goes by itself and last`() {
        func part(_ waiting: [Position: DeliveryOutcome]) -> [Position: DeliveryOutcome] {
            DeliverySettler.part(of: waiting)
        }
        let parked = DeliveryOutcome.rejected(reason: "no")
        #expect(part([1: .acknowledged, 2: parked, 3: .retried(reason: "x")]).keys.sorted() == [1, 3])
        #expect(part([2: parked]) == [2: parked])
        let many = Dictionary(uniqueKeysWithValues: (0..<6_000).map { (Position($0), DeliveryOutcome.acknowledged) })
        #expect(part(many).keys.sorted() == (0..<5_000).map { Position($0) })
        let reasons = many.mapValues { _ in DeliveryOutcome.retried(reason: "x") }
        #expect(part(reasons).keys.sorted() == (0..<200).map { Position($0) })
        var recent = RecentPositions(capacity: 3)
        for position: Position in [5, 6, 5, 7, 8] { recent.insert(position) }
        #expect((5...8).map { recent.contains($0) } == [false, true, true, true])
        recent.insert(9)
        #expect(!recent.contains(6) && recent.contains(7) && recent.contains(9))
    }
}
