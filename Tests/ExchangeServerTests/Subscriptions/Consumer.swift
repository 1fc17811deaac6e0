import EventLog
import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import ExchangeServer

/// A consumer of a subscription, as its client sees it.
struct Consumer {
    struct Delivered: Equatable {
        let position: Position
        let attempt: Int
        /// The first tag of the entry; empty if there is none.
        let tag: String
        let text: String
    }

    private let lab: ServerLab
    private let path: String
    private let agency: String
    private var live: LiveAnswer
    private(set) var dropped: String?
    var heartbeats: Int { live.heartbeats }
    var hasMore: Bool { live.hasMore }

    init(
        _ lab: ServerLab, _ subscription: String, _ name: String, as agency: String = "CUS", purpose: String? = nil
    ) async throws {
        (self.lab, self.agency) = (lab, agency)
        path = "/subscriptions/" + subscription
        live = try await LiveAnswer(lab, path + "/events?consumer=\(name)", as: agency, purpose: purpose)
    }

    /// The next event; nil if all that there is has come, or the answer has ended.
    @concurrent mutating func next() async throws -> Delivered? {
        guard let message = try await live.next() else {
            dropped = dropped ?? "cut"
            return nil
        }
        let data = try JSONDocument(parsing: Array(message.data.utf8)).root
        switch message.kind {
        case "event":
            let position = try #require(data["position"]?.integer.flatMap { Position(exactly: $0) })
            #expect(message.id == position)
            return Delivered(
                position: position, attempt: Int(data["attempt"]?.integer ?? 0),
                tag: data["entry"]?["tags"]?.elements.first?.string ?? "", text: message.data)
        case "dropped":
            dropped = data["code"]?.string
            return nil
        default: return nil
        }
    }

    /// So many events.
    @concurrent mutating func some(_ count: Int) async throws -> [Delivered] {
        var found: [Delivered] = []
        while found.count < count, dropped == nil {
            if let delivered = try await next() { found.append(delivered) }
        }
        return found
    }

    /// All that comes until it is said that all has come.
    @concurrent mutating func rest() async throws -> [Delivered] {
        var found: [Delivered] = []
        while let delivered = try await next() { found.append(delivered) }
        return found
    }

    @discardableResult
    @concurrent func acknowledge(_ positions: [Position]) async throws -> ServerLab.Reply {
        try await lab.ask(
            .POST, path + "/acknowledgements", as: agency,
            #"{"acknowledged":[\#(positions.map(String.init).joined(separator: ","))]}"#)
    }

    @discardableResult
    @concurrent func reject(_ position: Position, _ reason: String, retry: Bool = false) async throws -> ServerLab.Reply
    {
        try await lab.ask(
            .POST, path + "/acknowledgements", as: agency,
            #"{"rejected":[{"position":\#(position),"reason":"\#(reason)","retry":\#(retry)}]}"#)
    }
}

extension ServerLab {
    /// Makes a subscription.
    @discardableResult
    func subscribe(
        _ name: String, _ definition: String = "{}", as agency: String = "CUS", purpose: String? = nil
    ) async throws -> Reply {
        let reply = try await ask(.PUT, "/subscriptions/" + name, as: agency, purpose: purpose, definition)
        #expect([200, 201].contains(reply.status), "\(reply.text)")
        return reply
    }

    /// What is said of a subscription's state.
    func standing(_ name: String, as agency: String = "CUS") async throws -> JSONValue {
        let reply = try await ask(.GET, "/subscriptions/" + name, as: agency)
        return try #require(reply.json?["state"], "\(reply.text)")
    }

    /// Appends declarations of some numbers.
    func declare(_ numbers: some Sequence<Int>, price: String? = nil) async throws {
        let events = numbers.map { Self.event("\(UUID())", $0, price: price) }
        let reply = try await ask(.POST, "/events", type: "application/x-ndjson", events.joined(separator: "\n"))
        #expect(reply.lines.count == events.count && reply.lines.allSatisfy { $0["appended"] != nil }, "\(reply.text)")
    }
}
