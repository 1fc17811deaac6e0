import EventLog
import Exchange
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Views

@testable import ExchangeServer

/// Replays over HTTP.
@Suite(.fewAtOnce) struct ReplayEndpointTests {
    @Test func `S94 a file is served as known and as true, with what lies between`() async throws {
        try await ServerLab.serving { lab in
            let first = try #require(
                try await lab.append(ServerLab.event("e1", 1, price: "5")).json?["appended"]?.integer)
            let second = try #require(
                try await lab.append(ServerLab.event("e2", 1, price: "6")).json?["appended"]?.integer)
            func steps(_ query: String) async throws -> Int? {
                let reply = try await lab.ask(.GET, "/cases/declaration:1?reached=\(second)\(query)")
                #expect(reply.status == 200, "\(reply.text)")
                return (reply.json?["file"] ?? reply.json)?["steps"]?.elements.count
            }
            #expect(try await steps("") == 2)
            #expect(try await steps("&known=\(second)") == 1)
            #expect(try await steps("&known=\(first)") == 0)
            #expect(try await steps("&true=1999-01-01T00:00:00Z") == 0)
            let truth = try await lab.ask(.GET, "/cases/declaration:1?true=1999-01-01T00:00:00Z")
            #expect(truth.json?["true"]?.string == "1999-01-01T00:00:00.000000Z")
            let difference = try await lab.ask(
                .GET, "/differences?object=declaration:1&from=\(second)&reached=\(second)")
            #expect(difference.status == 200, "\(difference.text)")
            #expect(difference.json?["events"]?.elements.map { $0["position"]?.integer } == [second])
            #expect(difference.headers["Sanhu-Position"].first == "\(second + 1)")
            for (target, status) in [
                ("/cases/declaration:1?known=yesterday", 400), ("/cases/declaration:1?known=4711", 404),
                ("/cases/declaration:1?known=1&at=1", 400), ("/differences?object=declaration:1", 400),
                ("/differences?from=1", 400), ("/differences?from=1&object=ship:1", 400),
                ("/differences?from=1&report=K99", 400),
            ] {
                let reply = try await lab.ask(.GET, target)
                #expect(reply.status == status, "\(target): \(reply.text)")
            }
        }
    }

    @Test func `S94 why is told over HTTP, to each what it may see`() async throws {
        try await ServerLab.serving { lab in
            let position = try #require(
                try await lab.append(ServerLab.event("e1", 1, price: ServerLab.canary)).json?["appended"]?.integer)
            let why = try await lab.ask(.GET, "/why/\(position)")
            #expect(why.status == 200 && why.json?["position"]?.integer == position, "\(why.text)")
            #expect(why.json?["power"]?["agency"]?.string != nil)
            #expect(why.text.contains(ServerLab.canary))
            let source = try #require(why.json?["event"]?["event"]?["source"]?.string)
            let encoded = source.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let named = try await lab.ask(.GET, "/why?source=\(encoded)&id=e1&known=\(position + 1)")
            #expect(named.json?["position"]?.integer == position, "\(named.text)")
            let auditor = try await lab.ask(.GET, "/why/\(position)", as: "AUD")
            #expect(auditor.status == 200 && !auditor.text.contains(ServerLab.canary))
            #expect(try await lab.ask(.GET, "/why/4711").status == 404)
            #expect(try await lab.ask(.GET, "/why?source=x&id=y").status == 404)
            #expect(try await lab.ask(.GET, "/why/first").status == 400)
        }
    }

    @Test func `S94 who could see what is told to auditors and owners alone`() async throws {
        try await ServerLab.serving { lab in
            let position = try #require(
                try await lab.append(ServerLab.event("e1", 1, price: ServerLab.canary)).json?["appended"]?.integer)
            let target = "/could-see?reader=TAX&reader-purpose=duty&object=declaration:1"
            let owner = try await lab.ask(.GET, target)
            #expect(owner.status == 200 && owner.text.contains("\"position\":\(position)"), "\(owner.text)")
            #expect(owner.text.contains(ServerLab.canary) && owner.text.contains("\"open\":true"))
            let auditor = try await lab.ask(.GET, target, as: "AUD")
            #expect(auditor.text.contains("\"open\":true") && !auditor.text.contains(ServerLab.canary))
            #expect(try await lab.ask(.GET, target, as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/could-see?reader=TAX").status == 400)
            #expect(try await lab.ask(.GET, "/could-see?object=declaration:1").status == 400)
        }
    }
}
