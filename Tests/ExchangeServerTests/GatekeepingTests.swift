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

@Suite(.fewAtOnce) struct GatekeepingTests {
    /// What is said of a token; empty if it counts.
    private func code(_ lab: ServerLab, _ token: String) async throws -> String {
        let reply = try await lab.ask(.GET, "/events", headers: [("Authorization", "Bearer \(token)")])
        if reply.status == 401 { #expect(reply.headers["WWW-Authenticate"].first?.hasPrefix("Bearer") == true) }
        return reply.status == 200 ? "" : reply.code ?? "?"
    }

    @Test func `a token of a member counts, and each that does not says why`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("a"))
            #expect(try await code(lab, ServerLab.token("CUS")) == "")
            #expect(try await code(lab, ServerLab.token("TAX", role: "assessor", officer: "li")) == "")
            #expect(try await code(lab, ServerLab.token("CUS", from: -700)) == "expiredToken")
            #expect(try await code(lab, ServerLab.token("CUS", from: 100)) == "tokenNotYetValid")
            #expect(try await code(lab, ServerLab.token("CUS", seconds: 4_000)) == "tokenLivesTooLong")
            #expect(try await code(lab, ServerLab.token("CUS", audience: "other/ledger")) == "wrongAudience")
            #expect(try await code(lab, ServerLab.token("CUS", key: "TAX-1")) == "unknownKey")
            #expect(try await code(lab, ServerLab.token("CUS", signedBy: "TAX-1")) == "wrongSignature")
            #expect(try await code(lab, ServerLab.token("NIX")) == "unknownKey")
            #expect(try await code(lab, ServerLab.token("TAX", role: "smuggler")) == "wrongRole")
            #expect(try await code(lab, "x.y") == "malformedToken")
            #expect(try await code(lab, ServerLab.token("CUS") + "x") == "malformedToken")
        }
    }

    @Test func `clocks may differ by half a minute`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("a"))
            #expect(try await code(lab, ServerLab.token("CUS", from: 25)) == "")
            #expect(try await code(lab, ServerLab.token("CUS", from: -620)) == "")
        }
    }

    @Test func `a token that was changed anywhere is not accepted`() async throws {
        try await ServerLab.serving { lab in
            let token = try ServerLab.token("CUS")
            var rng = Dice(seed: 7)
            for _ in 0..<60 {
                var bytes = Array(token.utf8)
                let place = Int.random(in: 0..<bytes.count, using: &rng)
                let old = bytes[place]
                bytes[place] = old == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(try await code(lab, changed) != "", "byte \(place) changed")
            }
        }
    }

    @Test func `without a token there is nothing but what is public`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("a", price: ServerLab.canary))
            let append = try await lab.ask(
                .POST, "/events", as: nil, type: "application/cloudevents+json", ServerLab.event("b"))
            #expect(append.status == 401 && append.code == "noToken")
            let read = try await lab.ask(.GET, "/events", as: nil)
            #expect(read.status == 200)
            #expect(!read.text.contains(ServerLab.canary))
            #expect(try await lab.ask(.GET, "/events?purpose=duty", as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/tile/entries/000.p/2", as: nil).status == 401)
            #expect(try await lab.ask(.GET, "/checkpoint", as: nil).status == 200)
            #expect(try await lab.ask(.GET, "/tile/0/000.p/2", as: nil).body.count == 64)
        }
    }

    @Test func `purpose stands in the token, and a parameter cannot add one`() async throws {
        try await ServerLab.serving { lab in
            try await lab.append(ServerLab.event("a", price: "12.50"))
            let without = try await lab.ask(.GET, "/events?from=1", as: "TAX")
            #expect(!without.text.contains("12.50"))
            let with = try await lab.ask(.GET, "/events?from=1", as: "TAX", purpose: "duty")
            #expect(with.text.contains("12.50"))
            let added = try await lab.ask(.GET, "/events?from=1&purpose=duty", as: "TAX")
            #expect(added.status == 403 && added.code == "claimNotInToken")
        }
    }

    @Test func `an agency takes its own token back, at once, and for good`() async throws {
        try await ServerLab.serving { lab in
            let stolen = try ServerLab.token("CUS", name: "stolen")
            #expect(try await code(lab, stolen) == "")
            let foreign = try await lab.ask(.POST, "/tokens/revocations", as: "TAX", #"{"id":"stolen"}"#)
            #expect(foreign.status == 200)
            #expect(try await code(lab, stolen) == "", "TAX takes back its own alone")
            #expect(try await lab.ask(.POST, "/tokens/revocations", #"{"id":"stolen"}"#).status == 200)
            #expect(try await code(lab, stolen) == "revokedToken")
            let kept = try RevokedTokens(path: lab.ledger.log.path + "/state/revoked-tokens.json")
            #expect(kept.contains(agency: "CUS", id: "stolen"))
            #expect(try await lab.ask(.POST, "/tokens/revocations", "{}").status == 400)
        }
    }

    @Test func `a damaged file of revoked tokens is refused, not forgotten`() throws {
        let folder = try TemporaryFolder()
        try DurableFile.write(Array("[{]".utf8), to: folder.path("revoked.json"))
        #expect(throws: LogError.self) { try RevokedTokens(path: folder.path("revoked.json")) }
    }

    @Test func `in development who calls is believed, on loopback alone, and each answer says so`() async throws {
        try await ServerLab.serving {
            $0.isDevelopment = true
        } _: { lab in
            let reply = try await lab.ask(.GET, "/events", as: nil, headers: [("Sanhu-As", "TAX")])
            #expect(reply.status == 200)
            #expect(reply.headers["Sanhu-Development"] == ["true"])
        }
        var settings = ServerSettings()
        settings.isDevelopment = true
        settings.host = "0.0.0.0"
        #expect(throws: ServerFault.self) { try LedgerServer.check(settings) }
        settings.isDevelopment = false
        #expect(throws: ServerFault.self) { try LedgerServer.check(settings) }
    }

    @Test func `an agency that asks too much is told when to come again`() async throws {
        try await ServerLab.serving {
            $0.limits.requestsPerSecond = 1
            $0.limits.burst = 3
        } _: { lab in
            var codes: [Int] = []
            for _ in 0..<5 { codes.append(try await lab.ask(.GET, "/events").status) }
            #expect(codes.prefix(3) == [200, 200, 200])
            #expect(codes.contains(429))
            let limited = try await lab.ask(.GET, "/events")
            if limited.status == 429 { #expect(limited.headers["Retry-After"].first.flatMap { Int($0) } ?? 0 >= 1) }
            #expect(try await lab.ask(.GET, "/events", as: "TAX").status == 200, "another agency is not concerned")
        }
    }
}
