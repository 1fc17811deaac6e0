import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Transparency

@testable import ExchangeServer

@Suite(.fewAtOnce) struct AppendingTests {
    @Test func `one event is answered with its receipt, and a retry with the same position`() async throws {
        try await ServerLab.serving { lab in
            let first = try await lab.append(ServerLab.event("a"))
            #expect(first.status == 201)
            #expect(first.json?["appended"]?.integer == 1)
            #expect(first.headers["Location"] == ["/events?from=1&limit=1"])
            let again = try await lab.append(ServerLab.event("a"))
            #expect(again.status == 200)
            #expect(again.json?["duplicate"]?.integer == 1)
        }
    }

    @Test func `in binary mode attributes are headers and data is the body`() async throws {
        try await ServerLab.serving { lab in
            let attributes = [
                ("ce-specversion", "1.0"), ("ce-id", "b%201"), ("ce-source", "/CUS/x"),
                ("ce-type", "sanhu.declaration.lodged"), ("ce-dataschema", ServerLab.lodged),
            ]
            let reply = try await lab.ask(
                .POST, "/events?tag=container:C1", type: "application/json", headers: attributes, #"{"number":"7"}"#)
            #expect(reply.status == 201, "\(reply.text)")
            let seen = try await lab.ask(.GET, "/events?tag=container:C1")
            let event = seen.lines.first?["event"]
            #expect(event?["id"]?.string == "b 1")
            #expect(event?["datacontenttype"]?.string == "application/json")
            #expect(event?["data"]?["number"]?.string == "7")
        }
    }

    @Test func `a batch goes in as a whole or not at all`() async throws {
        try await ServerLab.serving { lab in
            let type = "application/cloudevents-batch+json"
            let bad = "[\(ServerLab.event("a")),{\"x\":1}]"
            let refused = try await lab.ask(.POST, "/events", type: type, bad)
            #expect(refused.status == 422)
            #expect(try lab.ledger.log.head == 1)
            let good = "[\(ServerLab.event("a")),\(ServerLab.event("b", 2))]"
            let reply = try await lab.ask(.POST, "/events", type: type, good)
            #expect(reply.status == 201)
            #expect(reply.json?.elements.compactMap { $0["appended"]?.integer } == [1, 2])
            let empty = try await lab.ask(.POST, "/events", type: type, "[]")
            #expect(empty.status == 200 && empty.json?.elements.isEmpty == true)
        }
    }

    @Test func `lines are answered one by one, and a bad one concerns no other`() async throws {
        try await ServerLab.serving { lab in
            var lines = (0..<300).map { ServerLab.event("l\($0)", $0) }
            lines[17] = "{\"specversion\""
            lines[170] = ServerLab.event("l170", 170).replacingOccurrences(of: "\"number\"", with: "\"nummer\"")
            let reply = try await lab.ask(
                .POST, "/events", type: "application/x-ndjson", lines.joined(separator: "\n"))
            #expect(reply.status == 200)
            #expect(reply.lines.compactMap { $0["line"]?.integer } == Array(1...300))
            let refused = reply.lines.filter { $0["problem"] != nil }
            #expect(refused.compactMap { $0["line"]?.integer } == [18, 171])
            #expect(refused.compactMap { $0["problem"]?["code"]?.string } == ["invalidJSON", "eventInvalid"])
            #expect(try lab.ledger.log.head == 299)
        }
    }

    @Test func `a condition that is broken says by which event, and nothing is appended`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("a"))
            let query = #"{"query":"type=sanhu.declaration.lodged declaration:1","after":0}"#
            let parameter = "?condition=" + (query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
            let reply = try await lab.append(ServerLab.event("b"), parameter)
            #expect(reply.status == 409)
            #expect(reply.code == "conditionFailed")
            #expect(reply.json?["retry"]?.string == "reread")
            let conflict = reply.json?["conflicts"]?.elements.first
            #expect(conflict?["kind"]?.string == "condition")
            #expect(conflict?["index"]?.integer == 0)
            #expect(conflict?["position"]?.integer == 1)
            #expect(try lab.ledger.log.head == 2)
            let later = query.replacingOccurrences(of: "\"after\":0", with: "\"after\":1")
            let good = "?condition=" + (later.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
            #expect(try await lab.append(ServerLab.event("b"), good).status == 201)
        }
    }

    @Test(arguments: [
        #"{"query":"type=sanhu.secret.noted"}"#, #"{"query":"*"}"#, #"{"query":"declaration:1"}"#,
    ])
    func `a condition cannot be used to learn of events that are sealed`(_ condition: String) async throws {
        try await ServerLab.serving { lab in
            let parameter = condition.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let event = ServerLab.event("t").replacingOccurrences(of: "/CUS/x", with: "/TAX/x")
            let reply = try await lab.ask(
                .POST, "/events?condition=" + parameter, as: "TAX", type: "application/cloudevents+json", event)
            #expect(reply.status == 403)
            #expect(reply.code == "accessDenied")
        }
    }

    @Test func `a receipt comes with a proof that verifies, if it is asked for`() async throws {
        try await ServerLab.serving { lab in
            let reply = try await lab.append(ServerLab.event("a"), "?proof=true")
            let proof = try #require(reply.json?["proof"]?.string)
            let stored = try lab.ledger.log.read(.all, ReadRange(from: 1))
            let entry = try #require(stored.first)
            let checked = try TransparencyProofCheck.verify(proof, entry.bytes, lab.ledger.log.verifier)
            #expect(checked == 2)
        }
    }

    @Test func `what cannot be taken is refused with a problem that says what to do`() async throws {
        try await ServerLab.serving {
            $0.limits.bodyBytes = 4_096
        } _: { lab in
            let json = "application/cloudevents+json"
            func status(_ type: String?, _ body: String) async throws -> (Int, String?) {
                let reply = try await lab.ask(.POST, "/events", type: type, body)
                #expect(reply.headers["Content-Type"] == [Problem.mediaType])
                #expect(reply.json?["detail"]?.string?.isEmpty == false)
                return (reply.status, reply.code)
            }
            #expect(try await status("text/html", "x") == (415, "unsupportedMediaType"))
            #expect(try await status(json, "x") == (400, "invalidJSON"))
            #expect(try await status(json, "{}") == (422, "eventInvalid"))
            #expect(try await status(json, String(repeating: " ", count: 5_000)) == (413, "bodyTooLarge"))
            #expect(try await status("application/cloudevents-batch+json", "{}") == (400, "notABatch"))
            let foreign = ServerLab.event("f").replacingOccurrences(of: "/CUS/x", with: "/TAX/x")
            #expect(try await status(json, foreign) == (403, "foreignSource"))
            let powerless = ServerLab.event("f").replacingOccurrences(of: "declaration.lodged\"", with: "gate.out\"")
            #expect(try await status(json, powerless).0 == 403)
            #expect(try await lab.append(ServerLab.event("a")).status == 201)
            let reused = try await lab.append(ServerLab.event("a", 2))
            #expect(reused.status == 409 && reused.code == "idReused")
        }
    }
}

/// Verifies a proof as anyone does.
enum TransparencyProofCheck {
    /// - Returns: The size of the tree.
    static func verify(_ text: String, _ entry: [UInt8], _ verifier: NoteVerifier) throws -> UInt64 {
        try TransparencyProof(text).verify(entry: entry, verifier: verifier).size
    }
}
