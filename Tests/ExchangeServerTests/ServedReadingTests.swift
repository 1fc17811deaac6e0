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

@Suite(.fewAtOnce) struct ServedReadingTests {
    private func fill(_ lab: ServerLab, _ count: Int) async throws {
        let events = (0..<count).map { ServerLab.event("e\($0)", $0, price: "p\($0)") }
        let reply = try await lab.ask(
            .POST, "/events", type: "application/x-ndjson", events.joined(separator: "\n"))
        #expect(reply.lines.count == count)
    }

    @Test func `what is read is what the library reads, in every form`() async throws {
        try await ServerLab.serving { lab in
            try await fill(lab, 700)
            let tax = Reader(member: "TAX", role: nil, purpose: "duty", caseName: nil)
            func expected(_ query: Query, _ range: ReadRange) async throws -> String {
                var text = ""
                for entry in try await lab.ledger.read(query, range, for: tax) {
                    var json = JSONWriter()
                    entry.write(to: &json)
                    text += String(decoding: json.bytes, as: UTF8.self) + "\n"
                }
                return text
            }
            func read(_ parameters: String) async throws -> String {
                try await lab.ask(.GET, "/events" + parameters, as: "TAX", purpose: "duty").text
            }
            #expect(try await read("") == expected(.all, ReadRange()))
            #expect(try await read("?from=3&to=9") == expected(.all, ReadRange(from: 3, to: 9)))
            #expect(try await read("?backwards&limit=300") == expected(.all, ReadRange(isBackwards: true, limit: 300)))
            let tagged = Query(types: [], tags: [try Tag("declaration:5")])
            #expect(try await read("?tag=declaration:5") == expected(tagged, ReadRange()))
            #expect(try await read("?query=declaration:5") == expected(tagged, ReadRange()))
            let first = try await lab.ask(.GET, "/events?page=2", as: "TAX", purpose: "duty")
            #expect(first.lines.count == 3)
            let next = try #require(first.lines.last?["next"]?.string)
            let second = try await read("?page=2&cursor=\(next)")
            #expect(second.hasPrefix(try await expected(.all, ReadRange(from: 2, to: 4))))
        }
    }

    @Test func `a verifiable read verifies with the public key alone`() async throws {
        try await ServerLab.serving { lab in
            try await fill(lab, 300)
            let reply = try await lab.ask(
                .GET, "/events?verifiable&proofs=true&from=2", as: "TAX", purpose: "duty")
            var verifier = ReadVerifier(key: lab.ledger.log.verifier)
            for line in reply.body.split(separator: UInt8(ascii: "\n")) { _ = try verifier.take(Array(line)) }
            #expect(try verifier.finish().to == 301)
        }
    }

    @Test func `stored entries and bundles are for those who see that each is there`() async throws {
        try await ServerLab.serving { lab in
            try await fill(lab, 3)
            let stored = try await lab.ask(.GET, "/events?stored&from=1", as: "AUD")
            #expect(stored.status == 200 && stored.lines.count == 3)
            #expect(stored.lines.first?["event"]?["data"]?["_sd"] != nil)
            #expect(try await lab.ask(.GET, "/events?stored", as: "TER").status == 403)
            let bundle = try await lab.ask(.GET, "/tile/entries/000.p/4", as: "AUD")
            #expect(bundle.status == 200 && bundle.headers["Cache-Control"].first?.hasPrefix("private") == true)
            #expect(try await lab.ask(.GET, "/tile/entries/000.p/4", as: "TER").status == 403)
            try await lab.append(ServerLab.secret("s"))
            #expect(try await lab.ask(.GET, "/events?stored&from=1", as: "AUD").status == 403)
            #expect(try await lab.ask(.GET, "/events?stored&from=1&to=4", as: "AUD").status == 200)
            #expect(try await lab.ask(.GET, "/tile/entries/000.p/5", as: "AUD").status == 403)
        }
    }

    @Test func `what makes no sense is refused, not guessed`() async throws {
        try await ServerLab.serving { lab in
            for bad in [
                "?limt=3", "?from=x", "?from=1&from=2", "?tag=nocolon", "?query=%22", "?query=a:1&tag=b:2",
                "?as-of=now",
                "?proofs", "?since=1&verifiable", "?follow&to=3", "?stored&verifiable", "?cursor=zzz", "?page=0",
                "?x=%zz",
            ] {
                let reply = try await lab.ask(.GET, "/events" + bad)
                #expect(reply.status == 400, "\(bad): \(reply.text)")
                #expect(reply.json?["type"]?.string?.hasPrefix(Problem.typePrefix) == true)
            }
            #expect(try await lab.ask(.GET, "/events?from=99").status == 404)
            #expect(try await lab.ask(.DELETE, "/events").status == 405)
            #expect(try await lab.ask(.GET, "/nothing").status == 404)
            #expect(try await lab.ask(.GET, "/tile/0/x").status == 404)
        }
    }

    @Test func `a cursor of another read is refused`() async throws {
        try await ServerLab.serving { lab in
            try await fill(lab, 5)
            let page = try await lab.ask(.GET, "/events?page=2", as: "TAX")
            let next = try #require(page.lines.last?["next"]?.string)
            let other = try await lab.ask(.GET, "/events?page=2&tag=declaration:1&cursor=\(next)", as: "TAX")
            #expect(other.status == 400 && other.code == "invalidCursor")
        }
    }

    @Test func `consistency and inclusion are proven to anyone`() async throws {
        try await ServerLab.serving { lab in
            let known = try await lab.ask(.GET, "/checkpoint", as: nil).text
            try await fill(lab, 20)
            let proof = try await lab.ask(.GET, "/proofs/7", as: nil).text
            let entry = try #require(try lab.ledger.log.read(.all, ReadRange(from: 7, to: 8)).first)
            #expect(try TransparencyProofCheck.verify(proof, entry.bytes, lab.ledger.log.verifier) == 21)
            let text = try await lab.ask(.GET, "/consistency?from=1", as: nil).text
            let checked = try ConsistencyProof(text).verify(old: SignedNote(known), verifier: lab.ledger.log.verifier)
            #expect(checked.old.size == 1 && checked.new.size == 21)
        }
    }
}
