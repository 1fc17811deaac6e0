import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Transparency
import Witnessing

@testable import ExchangeClient
@testable import ExchangeServer

/// What witnesses, a ledger's server and its readers do together.
@Suite(.fewAtOnce) struct WitnessStories {
    /// What is said of a server to who demands witnesses: nil if they vouch for it.
    private static func fault(
        _ lab: ServerLab, _ demand: WitnessDemand, _ body: (ExchangeClient) async throws -> Void
    ) async throws -> ClientError? {
        let client = try WitnessLab.client(lab.url, demanding: demand)
        let result = try await Result.catching { try await body(client) }
        await client.close()
        if case .failure(let error) = result { return try #require(error as? ClientError) }
        return nil
    }

    private static func contradiction(
        _ round: WitnessRound
    ) throws -> (finding: WitnessEvidence.Finding, evidence: WitnessEvidence) {
        guard case .contradiction(let finding, let file?, _) = round.outcome else {
            throw ClientError(.malformedAnswer, "It found nothing: \(round)")
        }
        let evidence = try WitnessEvidence(String(contentsOfFile: file, encoding: .utf8))
        #expect(try evidence.verify(WitnessLab.ledgerKey()) == finding)
        return (finding, evidence)
    }

    @Test func `witnesses cosign the same checkpoint while the log grows, and who demands them sees no other log`()
        async throws
    {
        let key = try WitnessLab.ledgerKey()
        try await ServerLab.serving(witnesses: ["a", "b", "c"], 2) { lab, policy in
            let (a, b) = (try WitnessLab("a"), try WitnessLab("b"))
            let demand = WitnessDemand(policy)
            let none = try await Self.fault(lab, demand) { _ = try await $0.checkpoint(key: key) }
            #expect(none?.code == .notWitnessed, "\(String(describing: none))")
            try await lab.declare(0..<5)
            let first = try await a.look(at: lab.url)
            #expect(first.undelivered == nil && first.size == 6)
            let one = try await Self.fault(lab, demand) { _ = try await $0.verifyTree(key: key) }
            #expect(one?.code == .notWitnessed && one?.reason.contains("b is missing") == true)
            // Meanwhile it grows; the second is shown what the first cosigned.
            try await lab.declare(5..<300)
            let second = try await b.look(at: lab.url)
            #expect(second.size == first.size && second.undelivered == nil)
            let satisfied = try await Self.fault(lab, demand) { client in
                let note = try await client.checkpoint(key: key)
                #expect(try Checkpoint(note, verifiedBy: key).size == 6)
                #expect(policy.verdict(on: note, now: ExchangeClient.now()).count == 2)
                let tree = try await client.verifyTree(key: key)
                #expect(tree.checkpoint.size == 301 && tree.witnessed == 6)
                var seen = 0
                let read = try await client.verified(ReadSelection(), key: key) { _ in seen += 1 }
                #expect(seen > 0 && read.checkpoint?.size == 301)
            }
            #expect(satisfied == nil)
            // The ledger keeps them beside the log.
            try await lab.restart()
            #expect(try await Self.fault(lab, demand) { _ = try await $0.checkpoint(key: key) } == nil)
            // The next round; and a second look at the same is no news.
            for witness in [a, b] {
                #expect(try await witness.look(at: lab.url).size == 301)
                #expect(try await witness.look(at: lab.url).undelivered == nil)
            }
            let later = try await Self.fault(lab, demand) { client in
                let witnessed = try await client.verifyTree(key: key).witnessed
                #expect(witnessed == 301)
            }
            #expect(later == nil)
            // Who demands more than there are is shown nothing, nor is who demands it of another ledger.
            let all = try WitnessPolicy(
                witnesses: policy.witnesses, groups: [.init("all", 3, of: ["a", "b", "c"])], quorum: "all")
            for body in [{ _ = try await $0.verifyTree(key: key) }, { _ = try await $0.checkpoint(key: key) }]
                as [(ExchangeClient) async throws -> Void]
            {
                #expect(try await Self.fault(lab, WitnessDemand(all), body)?.code == .notWitnessed)
            }
            var seen = 0
            let read = try await Self.fault(lab, WitnessDemand(all)) { client in
                _ = try await client.verified(ReadSelection(), key: key) { _ in seen += 1 }
            }
            #expect(read?.code == .notWitnessed && seen == 0, "nothing is shown before it is vouched for")
        }
    }

    @Test(arguments: [0, 3, 6, 8])
    func `a server that shows two witnesses different histories is caught, whichever of them looks first`(
        _ before: Int
    ) async throws {
        try await ServerLab.serving(witnesses: ["a", "b"], 2) { lab, policy in
            try await lab.declare(0..<before)
            let fork = try lab.remains()
            try await fork.runs { fork in
                let (a, b) = (try WitnessLab("a"), try WitnessLab("b"))
                try await lab.declare(100..<101)
                try await fork.declare(200..<204)
                // Each is shown a history of its own, and vouches for it: what it sees is consistent.
                #expect(try await a.look(at: lab.url).undelivered == nil)
                #expect(try await b.look(at: fork.url).undelivered == nil)
                // Who demands both is shown neither.
                for server in [lab, fork] {
                    let fault = try await Self.fault(server, WitnessDemand(policy)) {
                        _ = try await $0.verifyTree(key: WitnessLab.ledgerKey())
                    }
                    #expect(fault?.code == .notWitnessed)
                }
                // The one who asks the other what it saw, holds both in hand. The log's own key has signed them.
                try await a.served { url in
                    let peer = try Self.contradiction(await b.look(at: fork.url, peers: [url]))
                    #expect(peer.finding == .forked)
                }
                try await b.served { url in
                    // At the other's size the log is not yet, or has it otherwise.
                    let peer = try Self.contradiction(await a.look(at: lab.url, peers: [url]))
                    #expect([.forked, .rolledBack].contains(peer.finding))
                }
                // A witness that is led to the other history does not follow.
                let size = a.witness.log(ServerLab.origin)?.size
                let led = try Self.contradiction(await a.look(at: fork.url))
                #expect(led.finding == .forked && a.witness.log(ServerLab.origin)?.size == size)
                // Nor does it come to agree later, though both grow.
                try await fork.declare(204..<240)
                try await lab.declare(101..<140)
                #expect(try Self.contradiction(await a.look(at: fork.url)).finding == .forked)
                #expect(try Self.contradiction(await b.look(at: lab.url)).finding == .forked)
                #expect(try await a.look(at: lab.url).undelivered == nil)
            }
        }
    }

    @Test func `a log that was rolled back is caught, also after it grew again`() async throws {
        try await ServerLab.serving(witnesses: ["a"], 1) { lab, policy in
            try await lab.declare(0..<3)
            let old = try lab.remains()
            try await lab.declare(3..<20)
            let a = try WitnessLab("a")
            #expect(try await a.look(at: lab.url).size == 21)
            try await old.runs { old in
                let found = try Self.contradiction(await a.look(at: old.url))
                #expect(found.finding == .rolledBack)
                #expect(try Checkpoint(found.evidence.second.text).size == 4)
                try await old.declare(50..<90)
                #expect(try Self.contradiction(await a.look(at: old.url)).finding == .forked)
            }
            #expect(a.witness.log(ServerLab.origin)?.size == 21)
        }
    }

    @Test func `a witness that ends anywhere goes on where it was, and one that another vouches for is asked first`()
        async throws
    {
        try await ServerLab.serving(witnesses: ["a", "b"], 2) { lab, policy in
            let (a, b) = (try WitnessLab("a"), try WitnessLab("b"))
            try await lab.declare(0..<4)
            try await a.served { url in
                // Of what the other does not know yet, it says nothing; what cannot be asked is told.
                #expect(try await b.look(at: lab.url, peers: [url]).unheard.isEmpty)
                #expect(try await a.look(at: lab.url).undelivered == nil)
                let round = try await b.look(at: lab.url, peers: [url, "http://127.0.0.1:1"])
                #expect(round.unheard.count == 1 && round.undelivered == nil)
            }
            a.witness.close()
            let again = try WitnessFolder(at: a.folder.path("w"), signer: WitnessLab.signer("a"))
            #expect(again.log(ServerLab.origin)?.size == 5)
            // A ledger that has not asked for witnesses, or not for this one, does not take cosignatures; it is cosigned yet.
            let stranger = try WitnessLab("stranger")
            let round = try await stranger.look(at: lab.url)
            #expect(round.undelivered?.problem?.code == "notCosigned")
            guard case .cosigned = round.outcome else {
                Issue.record("\(round)")
                return
            }
        }
        try await ServerLab.serving { lab in
            let round = try await WitnessLab("a").look(at: lab.url)
            #expect(round.undelivered?.problem?.code == "noWitnesses" && round.size == 1)
        }
    }

    @Test func `witnesses that wait to be asked are fed, and whom they refuse is told`() async throws {
        let key = try WitnessLab.ledgerKey()
        let (a, b) = (try WitnessLab("a"), try WitnessLab("b"))
        try a.witness.follow(key)
        try b.witness.follow(key)
        try await a.served { first in
            try await b.served { second in
                let policy = try WitnessPolicy(
                    witnesses: [
                        .init("a", WitnessLab.signer("a").verifier, url: first),
                        .init("b", WitnessLab.signer("b").verifier, url: second),
                        .init("c", WitnessLab.signer("c").verifier, url: "http://127.0.0.1:1"),
                        .init("d", WitnessLab.signer("d").verifier),
                    ], groups: [.init("enough", 2, of: ["a", "b", "c", "d"])], quorum: "enough")
                func feed(_ lab: ServerLab) async throws -> [LedgerFeeder.Outcome] {
                    let client = try WitnessLab.client(lab.url)
                    let feeder = try LedgerFeeder(client, key: key, policy: policy) { url in
                        var settings = ClientSettings(url: url)
                        (settings.retry, settings.connectSeconds) = (.none, 1)
                        return settings
                    }
                    let round = try await Result.catching { try await feeder.round() }
                    await feeder.close()
                    await client.close()
                    return try round.get().outcomes.map(\.outcome)
                }
                try await ServerLab.serving(witnesses: ["a", "b", "c", "d"], 2) { lab, _ in
                    try await lab.declare(0..<5)
                    let fork = try lab.remains()
                    let outcomes = try await feed(lab)
                    #expect(outcomes.count == 3 && outcomes.prefix(2) == [.cosigned, .cosigned], "\(outcomes)")
                    guard case .failed(let error) = outcomes.last else {
                        Issue.record("\(outcomes)")
                        return
                    }
                    #expect(error.code == .unreachable)
                    #expect(try await Array(feed(lab).prefix(2)) == [.fresh, .fresh])
                    // It grows: they say from where they want the proof.
                    try await lab.declare(5..<40)
                    #expect(try await Array(feed(lab).prefix(2)) == [.cosigned, .cosigned])
                    #expect(a.witness.log(ServerLab.origin)?.size == 41 && b.witness.log(ServerLab.origin)?.size == 41)
                    let vouched = try await Self.fault(lab, WitnessDemand(policy)) { client in
                        let witnessed = try await client.verifyTree(key: key).witnessed
                        #expect(witnessed == 41)
                    }
                    #expect(vouched == nil)
                    try await fork.runs { fork in
                        // Less than they know, the same size otherwise, and more otherwise.
                        let outcomes = try await feed(fork)
                        #expect(Array(outcomes.prefix(2)) == [.ahead(41), .ahead(41)])
                    }
                    for more in [35, 60] {
                        let other = try fork.remains()
                        try await other.runs { other in
                            try await other.declare(100..<100 + more)
                            for outcome in try await feed(other).prefix(2) {
                                guard case .refused(let status, _) = outcome else {
                                    Issue.record("\(more): \(outcome)")
                                    continue
                                }
                                #expect(status == (more == 35 ? 409 : 422))
                            }
                        }
                    }
                }
            }
        }
        #expect(throws: ClientError.self) {
            try LedgerFeeder(
                WitnessLab.client("http://127.0.0.1:1"), key: key, policy: WitnessPolicy("quorum none\n"))
        }
    }

    @Test func `who follows a ledger and demands witnesses is given what continues what they vouch for, or nothing`()
        async throws
    {
        let key = try WitnessLab.ledgerKey()
        try await ServerLab.serving(witnesses: ["a", "b"], 1) { lab, policy in
            let folder = try TemporaryFolder()
            func follow(_ lab: ServerLab, until count: Int) async throws -> (taken: Int, fault: ClientError?) {
                var taken = 0
                struct Enough: Error {}
                let client = try WitnessLab.client(lab.url, demanding: WitnessDemand(policy))
                let result = try await Result.catching {
                    try await client.follow(key: key, state: folder.path("state")) { _ in
                        taken += 1
                    } caughtUp: { _ in
                        if taken >= count { throw Enough() }
                    }
                }
                await client.close()
                if case .failure(let error) = result { return (taken, error as? ClientError) }
                return (taken, nil)
            }
            try await lab.declare(0..<3)
            let none = try await follow(lab, until: 1)
            #expect(none.taken == 0 && none.fault?.code == .notWitnessed)
            let old = try lab.remains()
            #expect(try await WitnessLab("a").look(at: lab.url).undelivered == nil)
            try await lab.declare(3..<9)
            let some = try await follow(lab, until: 1)
            #expect(some.taken > 0 && some.fault == nil, "\(some)")
            // Another history, with a witnessed checkpoint from the first, and one without.
            try await old.runs { old in
                try await old.declare(50..<70)
                let other = try await follow(old, until: 1)
                #expect(other.taken == 0)
                #expect([.notWitnessed, .notVerified].contains(other.fault?.code), "\(other)")
                let note = try await SignedNote(lab.ask(.GET, "/checkpoint/witnessed", as: nil).text)
                let handed = try await old.ask(
                    .POST, "/checkpoint/cosignatures", as: nil, type: "text/plain", note.description)
                // What was vouched for before they parted is of both.
                #expect(handed.status == 200)
                let known = try await follow(old, until: 1)
                #expect(known.taken == 0 && known.fault?.code == .notVerified, "the state is of the other: \(known)")
            }
        }
    }
}
