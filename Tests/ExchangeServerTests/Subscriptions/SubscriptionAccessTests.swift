import EventLog
import Exchange
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

@Suite(.fewAtOnce) struct SubscriptionAccessTests {
    @Test func `another agency sees nothing of a subscription and cannot acknowledge for it`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("mine", #"{"from":1}"#)
            try await lab.declare([1])
            var consumer = try await Consumer(lab, "mine", "a")
            #expect(try await consumer.some(1).count == 1)
            let requests: [(HTTPMethod, String, String?)] = [
                (.GET, "/subscriptions/mine", nil), (.GET, "/subscriptions/mine/events?consumer=x", nil),
                (.POST, "/subscriptions/mine/acknowledgements", #"{"acknowledged":[1]}"#),
                (.GET, "/subscriptions/mine/parked", nil),
                (.POST, "/subscriptions/mine/parked/replay", #"{"all":true}"#),
                (.DELETE, "/subscriptions/mine/parked/1", nil), (.DELETE, "/subscriptions/mine", nil),
            ]
            for (method, path, body) in requests {
                let reply = try await lab.ask(method, path, as: "TAX", body)
                #expect(reply.status == 404 && reply.code == "unknownSubscription", "\(path): \(reply.text)")
                #expect(try await lab.ask(method, path, as: nil, body).status == 401)
            }
            #expect(
                try await lab.ask(.GET, "/subscriptions", as: "TAX").json?["subscriptions"]?.elements.isEmpty == true)
            try await lab.subscribe("mine", #"{"from":"now"}"#, as: "TAX")
            #expect(try await lab.standing("mine", as: "TAX")["cursor"]?.integer == 2)
            #expect(try await lab.standing("mine")["cursor"]?.integer == 1)
            #expect(try await lab.ask(.GET, "/subscriptions").json?["subscriptions"]?.elements.count == 1)
        }
    }

    @Test func `each delivery is decided and recorded when it is made, and for who made the subscription`() async throws
    {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#, as: "TAX", purpose: "duty")
            try await lab.declare([1], price: ServerLab.canary)
            try await lab.append(ServerLab.secret("sealed"))
            let before = try lab.ledger.accessLog.head
            let stranger = try await lab.ask(.GET, "/subscriptions/s/events?consumer=x", as: "TAX")
            #expect(stranger.status == 403 && stranger.code == "otherReader")
            // It is looked at, and nothing is given.
            _ = try await lab.ask(.POST, "/subscriptions/s/acknowledgements", as: "TAX", #"{"acknowledged":[99]}"#)
            #expect(try lab.ledger.accessLog.head == before)
            var consumer = try await Consumer(lab, "s", "a", as: "TAX", purpose: "duty")
            let given = try await consumer.some(2)
            #expect(given[0].text.contains(ServerLab.canary))
            #expect(given[1].text.contains("stub") && !given[1].text.contains(ServerLab.canary))
            #expect(try lab.ledger.accessLog.head == before + 1)
        }
    }

    @Test func `of a query what is a stub to the reader is passed over`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"type":["sanhu.secret.noted","sanhu.declaration.lodged"]}"#, as: "TAX")
            try await lab.append(ServerLab.secret("sealed"))
            try await lab.declare([1])
            var consumer = try await Consumer(lab, "s", "a", as: "TAX")
            #expect(try await consumer.rest().map(\.position) == [2])
            try await consumer.acknowledge([2])
            #expect(try await lab.standing("s", as: "TAX")["cursor"]?.integer == 3)
        }
    }

    @Test func `to make a subscription again changes nothing, and to change it keeps the cursor`() async throws {
        try await ServerLab.serving { lab in
            #expect(try await lab.subscribe("s", #"{"from":1}"#).status == 201)
            try await lab.declare(1...4)
            var consumer = try await Consumer(lab, "s", "a")
            _ = try await consumer.some(4)
            try await consumer.acknowledge([1, 3])
            #expect(try await lab.subscribe("s", #"{"from":1}"#).status == 200)
            #expect(try await lab.standing("s")["inFlight"]?.integer == 2, "nobody was cut off")
            let moved = try await lab.ask(.PUT, "/subscriptions/s", #"{"from":0}"#)
            #expect(moved.status == 409 && moved.code == "startIsFixed")
            #expect(try await lab.subscribe("s", #"{"key":"declaration","window":10}"#).json?["window"]?.integer == 10)
            while consumer.dropped == nil { _ = try await consumer.next() }
            #expect(consumer.dropped == "redefined")
            var again = try await Consumer(lab, "s", "a")
            #expect(try await again.rest().map(\.position) == [2, 4])
        }
    }

    @Test func `what makes no sense is refused, and says what to do`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1}"#)
            func code(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> String {
                let reply = try await lab.ask(method, "/subscriptions" + path, body)
                #expect(reply.status >= 400 && reply.status < 500, "\(path): \(reply.text)")
                #expect(reply.json?["detail"]?.string?.isEmpty == false)
                return reply.code ?? ""
            }
            for body in [
                "", "[]", #"{"quer":"x"}"#, #"{"key":"a:b"}"#, #"{"key":7}"#, #"{"window":0}"#, #"{"window":10001}"#,
                #"{"redeliverAfter":0}"#, #"{"maximumDeliveries":1001}"#, #"{"from":-1}"#, #"{"from":"then"}"#,
                #"{"query":"*","type":["a"]}"#, #"{"type":"a"}"#, #"{"upcast":1}"#,
            ] {
                #expect(try await code(.PUT, "/t", body) == "malformedBody", "\(body)")
            }
            #expect(try await code(.PUT, "/t", #"{"query":"\"x"}"#) == "invalidQuery")
            #expect(try await code(.PUT, "/t", #"{"tag":["x"]}"#) == "invalidTag")
            #expect(try await code(.PUT, "/t", #"{"tag":["person:440301"]}"#) == "personalQuery")
            #expect(try await code(.PUT, "/t", #"{"from":99}"#) == "positionBeyondHead")
            #expect(try await code(.PUT, "/b%20d", "{}") == "badParameter")
            #expect(try await code(.PUT, "/" + String(repeating: "n", count: 65), "{}") == "badParameter")
            #expect(try await code(.GET, "/s/events") == "badParameter")
            #expect(try await code(.GET, "/s/events?consumer=a%2Fb") == "badParameter")
            #expect(try await code(.GET, "/s/events?consumer=a&x=1") == "badParameter")
            #expect(try await code(.GET, "/s/nothing") == "unknownPath")
            #expect(try await code(.POST, "/s") == "methodNotAllowed")
            #expect(try await code(.GET, "/s/acknowledgements") == "methodNotAllowed")
            for body in [
                "", "[]", #"{"ack":[1]}"#, #"{"acknowledged":1}"#, #"{"acknowledged":["1"]}"#,
                #"{"acknowledged":[-1]}"#,
                #"{"acknowledged":[1,1]}"#, #"{"acknowledged":[1],"rejected":[{"position":1,"reason":"x"}]}"#,
                #"{"rejected":[{"position":1}]}"#, #"{"rejected":[{"position":1,"reason":""}]}"#,
                #"{"rejected":[{"position":1,"reason":"x","retry":"yes"}]}"#,
                #"{"rejected":[{"position":1,"reason":"x","park":true}]}"#,
            ] {
                #expect(try await code(.POST, "/s/acknowledgements", body) == "malformedBody", "\(body)")
            }
            let long = String(repeating: "x", count: 1_025)
            #expect(
                try await code(.POST, "/s/acknowledgements", #"{"rejected":[{"position":1,"reason":"\#(long)"}]}"#)
                    == "limitExceeded")
            let many = (0..<10_001).map(String.init).joined(separator: ",")
            #expect(try await code(.POST, "/s/acknowledgements", #"{"acknowledged":[\#(many)]}"#) == "limitExceeded")
            #expect(try await code(.POST, "/s/parked/replay", "{}") == "malformedBody")
            #expect(try await code(.POST, "/s/parked/replay", #"{"positions":[1]}"#) == "notParked")
            #expect(try await code(.DELETE, "/s/parked/x") == "badParameter")
        }
    }

    @Test func `an agency has so many subscriptions and no more`() async throws {
        try await ServerLab.serving { lab in
            for number in 0..<SubscriptionLimits.perAgency { try await lab.subscribe("s\(number)") }
            let more = try await lab.ask(.PUT, "/subscriptions/more", "{}")
            #expect(more.status == 422 && more.code == "limitExceeded")
            try await lab.subscribe("more", as: "TAX")
            #expect(try await lab.ask(.DELETE, "/subscriptions/s7").status == 200)
            try await lab.subscribe("more")
        }
    }

    @Test func `metrics tell how far subscriptions are, by agency and by nothing else`() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe(ServerLab.canary, #"{"from":1,"query":"declaration:1"}"#)
            try await lab.declare([1, 2, 1])
            var consumer = try await Consumer(lab, ServerLab.canary, "a")
            _ = try await consumer.some(2)
            try await consumer.reject(1, ServerLab.canary)
            let text = try await lab.ask(.GET, "/metrics", as: nil).text
            for line in [
                #"sanhu_subscriptions{agency="CUS"} 1"#, #"sanhu_subscription_lag{agency="CUS"} 1"#,
                #"sanhu_subscription_in_flight{agency="CUS"} 1"#, #"sanhu_subscription_parked{agency="CUS"} 1"#,
                #"sanhu_subscription_redelivered_total{agency="CUS"} 0"#,
            ] {
                #expect(text.contains(line + "\n"), "\(line) in \(text)")
            }
            #expect(!text.contains(ServerLab.canary))
        }
    }
}
