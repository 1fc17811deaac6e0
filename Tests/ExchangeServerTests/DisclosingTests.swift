import EventLog
import Exchange
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import ExchangeServer

@Suite(.fewAtOnce) struct DisclosingTests {
    private static let asked = #"""
        {"owner":"CUS","fields":{"pointers":["/commercial"]},"objects":["declaration:1"],"purpose":"refund","case":"T-7",\#
        "to":"2099-12-31T00:00:00+08:00"}
        """#

    private func price(_ lab: ServerLab) async throws -> Bool {
        try await lab.ask(.GET, "/events?tag=declaration:1", as: "TAX", purpose: "refund", caseName: "T-7").text
            .contains(ServerLab.canary)
    }

    private func position(_ reply: ServerLab.Reply) throws -> Int64 {
        try #require(reply.json?["appended"]?.integer, "\(reply.text)")
    }

    @Test func `a request is made, decided, used, seen by its owner and revoked, all over HTTP`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("e1", 1, price: ServerLab.canary))
            #expect(try await !price(lab))
            let requested = try await lab.ask(.POST, "/disclosures", as: "TAX", Self.asked)
            #expect(requested.status == 201)
            let request = try position(requested)
            // Asked again, it is the same.
            let again = try await lab.ask(.POST, "/disclosures", as: "TAX", Self.asked)
            #expect(again.status == 200 && again.json?["duplicate"]?.integer == request)
            let open = try await lab.ask(.GET, "/disclosures?state=open")
            #expect(open.lines.map { $0["request"]?.integer } == [request])
            #expect(open.lines.first?["agency"]?.string == "TAX" && open.lines.first?["due"] != nil)
            let checked = try await lab.ask(
                .POST, "/disclosures/\(request)/check", as: "CUS", #"{"conforms":true}"#)
            #expect(checked.status == 201)
            let decided = try await lab.ask(
                .POST, "/disclosures/\(request)/decision", #"{"outcome":"granted","reasons":["Art. 5"]}"#)
            let grant = try position(decided)
            #expect(try await price(lab))
            let seen = try await lab.ask(.GET, "/who-saw?field=/commercial&case=T-7")
            let record = try #require(seen.lines.last?["record"])
            #expect(seen.lines.count == 1 && String(decoding: record.text, as: UTF8.self).contains("TAX"))
            #expect(try await lab.ask(.GET, "/disclosures?state=inForce", as: "TAX").lines.count == 1)
            let disputed = try await lab.ask(
                .POST, "/disclosures/\(grant)/dispute", as: "TAX", #"{"reasons":["all of it is needed"]}"#)
            #expect(disputed.status == 201)
            let revoked = try await lab.ask(.POST, "/disclosures/\(grant)/revocation", #"{"reasons":["closed"]}"#)
            #expect(revoked.status == 201)
            #expect(try await !price(lab))
            #expect(try await lab.ask(.GET, "/disclosures?state=revoked").lines.count == 1)
        }
    }

    @Test func `what may not be, or cannot be read, is refused with the path of what is wrong`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("e1"))
            let request = try position(await lab.ask(.POST, "/disclosures", as: "TAX", Self.asked))
            let decision = #"{"outcome":"granted","reasons":["mine"]}"#
            for (path, agency, body, status, code) in [
                ("/disclosures/\(request)/decision", "TAX", decision, 403, "notOwner"),
                ("/disclosures/1/decision", "CUS", decision, 404, "unknownRequest"),
                ("/disclosures/x/decision", "CUS", decision, 400, "badParameter"),
                ("/disclosures/\(request)/revocation", "CUS", #"{"reasons":["x"]}"#, 404, "unknownGrant"),
                (
                    "/disclosures/\(request)/decision", "CUS", #"{"outcome":"perhaps","reasons":["x"]}"#, 422,
                    "eventInvalid"
                ),
                ("/disclosures/\(request)/decision", "CUS", #"{"outcome":"denied"}"#, 422, "eventInvalid"),
                (
                    "/disclosures/\(request)/decision", "CUS", #"{"request":1,"outcome":"denied","reasons":["x"]}"#,
                    400, "malformedBody"
                ),
                ("/disclosures", "TAX", "[]", 400, "malformedBody"), ("/disclosures", "TAX", "{", 400, "malformedBody"),
                ("/disclosures", "TAX", #"{"_sd":[]}"#, 400, "malformedBody"),
                ("/disclosures", "TAX", Self.asked.replacing("CUS", with: "XXX"), 403, "unknownAgency"),
                ("/disclosures", "TAX", Self.asked.replacing("refund", with: "curiosity"), 403, "unknownPurpose"),
                ("/disclosures", "AUD", Self.asked, 403, "foreignSource"),
            ] {
                let reply = try await lab.ask(.POST, path, as: agency, body)
                #expect(reply.status == status && reply.code == code, "\(path) \(body): \(reply.text)")
            }
            let wrong = try await lab.ask(
                .POST, "/disclosures/\(request)/decision", #"{"outcome":"denied","reasons":[1]}"#)
            #expect(wrong.json?["pointer"]?.string == "/reasons/0")
            #expect(try await lab.ask(.POST, "/disclosures", as: nil, Self.asked).status == 401)
            #expect(try await lab.ask(.GET, "/disclosures", as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/disclosures?state=lost").status == 400)
            // Nobody who has nothing to do with it is told of it.
            #expect(try await lab.ask(.GET, "/disclosures", as: "TER").lines.isEmpty)
        }
    }

    @Test func `a long list comes in pages that leave nothing out`() async throws {
        try await ServerLab.serving { lab in
            for number in 1...7 {
                let body = Self.asked.replacing("declaration:1", with: "declaration:\(number)")
                #expect(try await lab.ask(.POST, "/disclosures", as: "TAX", body).status == 201)
            }
            var (found, next): ([Int64], Int64?) = ([], 0)
            while let from = next {
                let page = try await lab.ask(.GET, "/disclosures?limit=3&from=\(from)")
                let requests = page.lines.compactMap { $0["request"]?.integer }
                #expect(requests.count <= 3 && !requests.isEmpty)
                found += requests
                next = page.lines.last?["next"]?.integer
            }
            #expect(found.count == 7 && found == found.sorted() && Set(found).count == 7)
        }
    }

    @Test func `who saw what is told to whom it concerns, and that it was asked is on record`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("e1", 1, price: ServerLab.canary))
            _ = try await lab.ask(.GET, "/events", as: "TAX", purpose: "duty")
            let before = try lab.ledger.accessLog.head
            let owner = try await lab.ask(.GET, "/who-saw?field=/commercial&tag=declaration:1")
            #expect(owner.lines.count == 1 && owner.lines[0]["access"]?.integer != nil)
            #expect(!owner.text.contains(ServerLab.canary))
            #expect(try lab.ledger.accessLog.head == before + 1)
            #expect(try await lab.ask(.GET, "/who-saw?reader=TAX", as: "TAX").lines.count >= 1)
            #expect(try await lab.ask(.GET, "/who-saw?field=/commercial", as: "TAX").code == "accessDenied")
            #expect(try await lab.ask(.GET, "/who-saw", as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/who-saw?position=2-1").status == 400)
            #expect(try await lab.ask(.GET, "/who-saw?limit=10001").status == 400)
            #expect(try await lab.ask(.GET, "/who-saw?position=1-1").lines.count == 1)
        }
    }
}
