import AsyncHTTPClient
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

/// A live answer as its client sees it.
struct LiveAnswer: @unchecked Sendable {
    struct Message: Equatable {
        var kind = ""
        var id: UInt64?
        var data = ""
    }

    private var body: HTTPClientResponse.Body.AsyncIterator
    private var rest = ""
    private(set) var heartbeats = 0
    /// Whether a further message is here already.
    var hasMore: Bool { rest.contains("\n\n") }

    init(_ lab: ServerLab, _ path: String, as agency: String = "CUS", purpose: String? = nil, last: UInt64? = nil)
        async throws
    {
        var request = HTTPClientRequest(url: lab.url + path)
        request.headers.add(name: "Accept", value: "text/event-stream")
        let token = try ServerLab.token(agency, purpose: purpose)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let last { request.headers.add(name: "Last-Event-ID", value: "\(last)") }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == ["text/event-stream"])
        body = response.body.makeAsyncIterator()
    }

    /// The next message; nil once the answer has ended.
    @concurrent mutating func next() async throws -> Message? {
        while true {
            if let end = rest.range(of: "\n\n") {
                let text = rest[..<end.lowerBound]
                rest = String(rest[end.upperBound...])
                guard !text.hasPrefix(":") else {
                    heartbeats += 1
                    continue
                }
                var message = Message()
                for line in text.split(separator: "\n") {
                    if line.hasPrefix("event: ") { message.kind = String(line.dropFirst(7)) }
                    if line.hasPrefix("id: ") { message.id = UInt64(line.dropFirst(4)) }
                    if line.hasPrefix("data: ") { message.data = String(line.dropFirst(6)) }
                }
                return message
            }
            guard let piece = try await body.next() else { return nil }
            rest += String(buffer: piece)
        }
    }
}

@Suite(.fewAtOnce) struct LiveTests {
    @Test func `what there is comes, then that all has come, then what comes`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("a"))
            var live = try await LiveAnswer(lab, "/events?from=1")
            #expect(try await live.next()?.id == 1)
            let caughtUp = try await live.next()
            #expect(caughtUp == .init(kind: "caughtUp", id: 1, data: #"{"head":2}"#))
            for number in 2..<40 {
                try await lab.append(ServerLab.event("n\(number)", number))
                let message = try await live.next()
                #expect(message?.kind == "event" && message?.id == UInt64(number))
                let after = try await live.next()
                #expect(after?.kind == "caughtUp")
            }
        }
    }

    @Test func `who comes again with its last id misses nothing and gets nothing twice`() async throws {
        try await ServerLab.serving { lab in
            for number in 1...20 { try await lab.append(ServerLab.event("n\(number)", number)) }
            var (seen, last): ([UInt64], UInt64?) = ([], nil)
            while seen.count < 20 {
                var live = try await LiveAnswer(lab, "/events?from=1", last: last)
                for _ in 0..<7 {
                    guard let message = try await live.next(), message.kind == "event" else { break }
                    seen.append(try #require(message.id))
                    last = message.id
                }
            }
            #expect(seen == Array(1...20))
        }
    }

    @Test func `only what was asked for wakes a reader, and a silent stream says that it lives`() async throws {
        try await ServerLab.serving { lab in
            var live = try await LiveAnswer(lab, "/events?tag=declaration:77&from=0")
            #expect(try await live.next()?.kind == "caughtUp")
            for number in 1...30 { try await lab.append(ServerLab.event("n\(number)", number)) }
            try await Task.sleep(for: .milliseconds(1_600))
            try await lab.append(ServerLab.event("mine", 77))
            let message = try await live.next()
            #expect(message?.kind == "event" && message?.id == 31)
            #expect(live.heartbeats >= 2)
        }
    }

    @Test func `a live answer shows each reader what it may see`() async throws {
        try await ServerLab.serving { lab in
            var (plain, cleared) = (
                try await LiveAnswer(lab, "/events?from=1", as: "TAX"),
                try await LiveAnswer(lab, "/events?from=1", as: "TAX", purpose: "duty")
            )
            try await lab.append(ServerLab.event("a", price: ServerLab.canary))
            try await lab.append(ServerLab.secret("s"))
            func two(_ live: inout LiveAnswer) async throws -> [String] {
                var found: [String] = []
                while found.count < 2, let message = try await live.next() {
                    if message.kind == "event" { found.append(message.data) }
                }
                return found
            }
            let (dark, bright) = (try await two(&plain), try await two(&cleared))
            #expect(!dark.joined().contains(ServerLab.canary))
            #expect(bright.first?.contains(ServerLab.canary) == true)
            #expect(bright.last?.contains("stub") == true)
        }
    }

    @Test func `who was given what is recorded for many events at once`() async throws {
        try await ServerLab.serving { lab in
            var live = try await LiveAnswer(lab, "/events?from=1", as: "TAX", purpose: "duty")
            _ = try await live.next()
            let start = ContinuousClock.now
            let (before, count) = (try lab.ledger.accessLog.head, 400)
            let sending = Task {
                for number in 1...count { try await lab.append(ServerLab.event("n\(number)", number, price: "1")) }
            }
            var given = 0
            while given < count, let message = try await live.next() { if message.kind == "event" { given += 1 } }
            try await sending.value
            let periods = Int((ContinuousClock.now - start) / Following.coalescing) + 2
            let records = Int(try lab.ledger.accessLog.head - before)
            #expect(records > 0 && records <= periods, "\(records) records in \(periods) periods")
        }
    }

    @Test func `when the server stops, a live answer says so and ends`() async throws {
        let settings: @Sendable (inout ServerSettings) -> Void = { _ in }
        try await ServerLab.serving(settings) { lab in
            var live = try await LiveAnswer(lab, "/events?from=0")
            #expect(try await live.next()?.kind == "event")
            #expect(try await live.next()?.kind == "caughtUp")
            let stopping = Task { await lab.stop() }
            let message = try await live.next()
            #expect(message?.kind == "dropped")
            #expect(message?.data.contains("\"stopping\"") == true)
            #expect(try await live.next() == nil)
            await stopping.value
        }
    }

    @Test func `an agency has so many streams and no more, and one that ends makes room`() async throws {
        try await ServerLab.serving {
            $0.limits.streams = 2
        } _: { lab in
            let first = try await LiveAnswer(lab, "/events")
            do {
                _ = try await LiveAnswer(lab, "/events")
                let third = try await lab.ask(.GET, "/events?follow")
                #expect(third.status == 429 && third.code == "tooManyStreams")
            }
            _ = first
            var isFree = false
            for _ in 0..<50 where !isFree {
                try await Task.sleep(for: .milliseconds(100))
                let reply = try await lab.ask(.GET, "/events?limit=1&follow")
                isFree = reply.status == 200
            }
            #expect(isFree, "a client that went away is noticed by the next heartbeat")
        }
    }
}
