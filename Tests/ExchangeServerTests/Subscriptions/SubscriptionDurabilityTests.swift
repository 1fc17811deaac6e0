import EventLog
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

@Suite(.fewAtOnce) struct SubscriptionDurabilityTests {
    private func begin(_ lab: ServerLab) async throws {
        try await lab.subscribe("s", #"{"from":1,"redeliverAfter":3600}"#)
        try await lab.declare(1...8)
        var consumer = try await Consumer(lab, "s", "a")
        #expect(try await consumer.some(8).count == 8)
        try await consumer.acknowledge([1, 2, 5])
        try await consumer.reject(3, "bad")
        try await consumer.reject(7, "not now", retry: true)
    }

    /// What was not done comes, and nothing else; then goes on to the end.
    private func end(_ lab: ServerLab) async throws {
        #expect(try await lab.standing("s")["cursor"]?.integer == 4)
        var consumer = try await Consumer(lab, "s", "b")
        let rest = try await consumer.some(4)
        #expect(rest.map(\.position) == [4, 6, 7, 8])
        #expect(rest[2].attempt == 2, "that it was rejected is known")
        let parked = try await lab.ask(.GET, "/subscriptions/s/parked")
        #expect(parked.lines.compactMap { $0["position"]?.integer } == [3])
        #expect(parked.lines.first?["reason"]?.string == "bad")
        // Late, for what was delivered before.
        #expect(try await consumer.acknowledge([4, 6, 7, 8, 1]).json?["repeated"]?.integer == 1)
        #expect(try await lab.ask(.POST, "/subscriptions/s/parked/replay", #"{"all":true}"#).status == 200)
        #expect(try await consumer.some(1).map(\.position) == [3])
    }

    @Test func `after a restart what was acknowledged does not come again, and what was not does`() async throws {
        try await ServerLab.serving { lab in
            try await begin(lab)
            try await lab.restart()
            try await end(lab)
        }
    }

    @Test func `after a kill too`() async throws {
        try await ServerLab.serving { lab in
            try await begin(lab)
            try await lab.remains().runs { try await end($0) }
        }
    }

    @Test func `what is replayed and not acknowledged is still to come after a kill`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#)
            try await lab.declare(1...3)
            var consumer = try await Consumer(lab, "s", "a")
            _ = try await consumer.some(3)
            try await consumer.reject(1, "bad")
            try await consumer.acknowledge([2, 3])
            #expect(try await lab.standing("s")["cursor"]?.integer == 4)
            #expect(try await lab.ask(.POST, "/subscriptions/s/parked/replay", #"{"positions":[1]}"#).status == 200)
            try await lab.remains().runs { lab in
                var consumer = try await Consumer(lab, "s", "b")
                #expect(try await consumer.rest().map(\.position) == [1])
                try await consumer.acknowledge([1])
                try await lab.remains().runs { lab in
                    var consumer = try await Consumer(lab, "s", "b")
                    #expect(try await consumer.rest().isEmpty)
                }
            }
        }
    }

    @Test func `an acknowledgement may come from whoever was handed the event before a restart`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#)
            try await lab.declare(1...3)
            var consumer = try await Consumer(lab, "s", "a")
            _ = try await consumer.some(3)
            try await lab.restart()
            #expect(try await consumer.acknowledge([1, 3]).json?["acknowledged"]?.integer == 2)
            var other = try await Consumer(lab, "s", "b")
            #expect(try await other.rest().map(\.position) == [2])
        }
    }

    @Test func `subscriptions of another ledger keep the server from starting`() async throws {
        try await ServerLab.serving { lab in
            try await begin(lab)
            try await ServerLab.serving { other in
                // A ledger of the same name and keys, and of another time.
                let state = URL(fileURLWithPath: lab.folder.path("ledger/state/subscriptions"))
                let mixed = try other.remains { folder in
                    let place = folder.appendingPathComponent("state/subscriptions")
                    try FileManager.default.removeItem(at: place)
                    try FileManager.default.copyItem(at: state, to: place)
                }
                let failure = await #expect(throws: ServerFault.self) { try await mixed.start() }
                #expect(failure?.code == .foreignState)
                await mixed.stop()
            }
        }
    }

    @Test func `a subscription ahead of a restored ledger, or of another history, is refused with a remedy`()
        async throws
    {
        try await ServerLab.serving { lab in
            let old = try lab.remains()
            try await begin(lab)
            let state = URL(fileURLWithPath: lab.folder.path("ledger/state/subscriptions"))
            func ask(_ lab: ServerLab, _ code: String) async throws {
                try await lab.runs { lab in
                    for path in ["/subscriptions/s", "/subscriptions/s/events?consumer=a"] {
                        let reply = try await lab.ask(.GET, path)
                        #expect(reply.status == 409 && reply.code == code, "\(reply.text)")
                        #expect(reply.json?["detail"]?.string?.contains("Delete the subscription") == true)
                    }
                    let listed = try await lab.ask(.GET, "/subscriptions")
                    let problem = listed.json?["subscriptions"]?.elements.first?["problem"]
                    #expect(problem?["code"]?.string == code)
                    #expect(try await lab.ask(.PUT, "/subscriptions/s", "{}").code == code)
                    #expect(try await lab.ask(.DELETE, "/subscriptions/s").status == 200)
                    try await lab.subscribe("s", #"{"from":1}"#)
                }
            }
            func put(_ folder: URL) throws {
                let place = folder.appendingPathComponent("state/subscriptions")
                try? FileManager.default.removeItem(at: place)
                try FileManager.default.copyItem(at: state, to: place)
            }
            try await ask(old.remains(put), "cursorBeyondHead")
            try await old.runs { old in
                try await old.declare(101...120)
                try await ask(old.remains(put), "cursorOfAnotherLog")
            }
        }
    }

    @Test func `a folder that cannot be used, or is damaged, keeps the server from starting`() async throws {
        try await ServerLab.serving { lab in
            try await begin(lab)
            let blocked = try lab.remains { folder in
                let place = folder.appendingPathComponent("state/subscriptions")
                try FileManager.default.removeItem(at: place)
                try Data("x".utf8).write(to: place)
            }
            let refusal = await #expect(throws: LogError.self) { try await blocked.start() }
            #expect(refusal?.reason.contains("subscriptions") == true)
            await blocked.stop()
            let damaged = try lab.remains { folder in
                try Data(repeating: 7, count: 40_000).write(
                    to: folder.appendingPathComponent("state/subscriptions/data.mdb"))
            }
            let failure = await #expect(throws: LogError.self) { try await damaged.start() }
            #expect(failure?.code == .corrupted)
            await damaged.stop()
        }
    }

    @Test func `a deleted subscription leaves nothing behind`() async throws {
        try await ServerLab.serving { lab in
            try await begin(lab)
            #expect(try await lab.ask(.DELETE, "/subscriptions/s").status == 200)
            #expect(try await lab.ask(.GET, "/subscriptions/s").code == "unknownSubscription")
            try await lab.subscribe("s", #"{"from":1}"#)
            #expect(try await lab.standing("s")["parked"]?.integer == 0)
            try await lab.restart()
            var consumer = try await Consumer(lab, "s", "a")
            #expect(try await consumer.rest().map(\.position) == Array(1...8))
        }
    }
}
