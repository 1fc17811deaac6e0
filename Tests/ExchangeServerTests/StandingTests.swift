import AsyncHTTPClient
import Crypto
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

/// Answers without end outlive what was shown when they were asked for: it is looked at again.
@Suite("Whose standing ends while they are served", .fewAtOnce) struct StandingTests {
    /// The lines of an answer, one by one.
    private struct AnsweredLines: @unchecked Sendable {
        var body: HTTPClientResponse.Body.AsyncIterator
        private var text = ""

        init(body: HTTPClientResponse.Body.AsyncIterator) { self.body = body }

        @concurrent mutating func next() async throws -> String {
            while true {
                if let end = text.firstIndex(of: "\n") {
                    let line = String(text[..<end])
                    text = String(text[text.index(after: end)...])
                    return line
                }
                guard let piece = try await body.next() else { return text }
                text += String(buffer: piece)
            }
        }
    }

    enum Ending: String, CaseIterable { case key, token, agency }

    private static func end(_ ending: Ending, _ lab: ServerLab) async throws {
        switch ending {
        case .key: try await lab.endKey(of: "TAX")
        case .token:
            let reply = try await lab.ask(
                .POST, "/tokens/revocations", as: "TAX", type: "application/json", #"{"id":"t"}"#)
            #expect(reply.status == 200)
        case .agency: try await lab.amend("end", "agency", #"{"code":"TAX"}"#)
        }
    }

    /// The ids of what comes after, and how the answer ends.
    private static func rest(_ live: inout LiveAnswer) async throws -> (events: [UInt64], last: String) {
        var (events, last) = ([UInt64](), "")
        while let message = try await live.next() {
            if message.kind == "event" { events += [message.id].compactMap(\.self) }
            last = message.kind + " " + message.data
        }
        return (events, last)
    }

    @Test("a live answer gives nothing that was recorded after, and ends with the reason", arguments: Ending.allCases)
    func live(_ ending: Ending) async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("1"))
            var live = try await LiveAnswer(lab, "/events?type=sanhu.declaration.lodged", as: "TAX")
            while let message = try await live.next(), message.kind != "caughtUp" {}
            try await Self.end(ending, lab)
            try await lab.append(ServerLab.event("2"))
            let (events, last) = try await Self.rest(&live)
            #expect(events == [] && last.hasPrefix("dropped"), "\(last)")
            #expect(last.contains(ending == .token ? "revokedToken" : "unknownKey"), "\(last)")
        }
    }

    @Test("a live answer to which nothing comes ends within a heartbeat or two", arguments: Ending.allCases)
    func silent(_ ending: Ending) async throws {
        try await ServerLab.serving { lab in
            var live = try await LiveAnswer(lab, "/events?type=sanhu.declaration.lodged", as: "TAX")
            while let message = try await live.next(), message.kind != "caughtUp" {}
            try await Self.end(ending, lab)
            let begun = ContinuousClock.now
            let (events, last) = try await Self.rest(&live)
            #expect(events == [] && last.hasPrefix("dropped"), "\(last)")
            // The heartbeat is a second; deadlines are looked at four times a second.
            #expect(ContinuousClock.now - begun < .seconds(20))
        }
    }

    @Test(
        "a consumer of a durable subscription is ended, and what it was given and did not acknowledge waits for another"
    )
    func consumer() async throws {
        try await ServerLab.serving { lab in
            try await lab.subscribe("s", #"{"from":1,"type":["sanhu.declaration.lodged"]}"#, as: "TAX")
            try await lab.append(ServerLab.event("1"))
            var live = try await LiveAnswer(lab, "/subscriptions/s/events?consumer=a", as: "TAX")
            while let message = try await live.next(), message.kind != "event" {}
            try await lab.endKey(of: "TAX")
            try await lab.append(ServerLab.event("2"))
            let (events, last) = try await Self.rest(&live)
            #expect(events == [] && last.contains("unknownKey"), "\(last)")
        }
    }

    @Test("lines of a body without end are appended while the key counts, and the first one after says why not")
    func lines() async throws {
        try await ServerLab.serving { lab in
            let (pieces, send) = AsyncStream.makeStream(of: ByteBuffer.self)
            var request = HTTPClientRequest(url: lab.url + "/events")
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(try ServerLab.token("CUS"))")
            request.headers.add(name: "Content-Type", value: "application/x-ndjson")
            request.body = .stream(pieces, length: .unknown)
            send.yield(ByteBuffer(string: ServerLab.event("1") + "\n"))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            var lines = AnsweredLines(body: response.body.makeAsyncIterator())
            let first = try await lines.next()
            #expect(first.contains(#""appended":1"#), "\(first)")
            // One that signs charters must be left.
            let other = Data(try ServerLab.key("CUS-2").publicKey.rawRepresentation).base64EncodedString()
            try await lab.amend("put", "key", #"{"id":"CUS-2","agency":"CUS","public":"\#(other)"}"#)
            try await lab.endKey(of: "CUS")
            send.yield(ByteBuffer(string: ServerLab.event("2") + "\n"))
            let second = try await lines.next()
            #expect(second.contains("unknownKey"), "\(second)")
            send.finish()
            #expect(try lab.ledger.log.read(Query(types: ["sanhu.declaration.lodged"]), ReadRange()).count == 1)
        }
    }
}
