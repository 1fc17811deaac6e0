import EventLog
import Exchange
import NIOHTTP1
import TestSupport
import Testing
import Transparency

@testable import ExchangeServer

/// Which cosigned checkpoint a ledger serves, and which it proposes.
@Suite(.fewAtOnce) struct CosignatureStateTests {
    private static func cosigned(
        _ size: UInt64, _ names: [String], _ policy: WitnessPolicy, at time: UInt64 = 5
    ) throws -> CosignatureState.Cosigned {
        let key = try WitnessLab.ledgerSigner()
        let checkpoint = try Checkpoint(origin: ServerLab.origin, size: size, root: .emptyTree, extensions: [])
        let note = try names.reduce(key.sign(checkpoint.description)) { note, name in
            try note.adding(WitnessLab.signer(name).cosign(note.text, at: time))
        }
        return try #require(CosignatureState.cosigned(note, size, key.verifier, policy))
    }

    @Test func `the largest that enough have cosigned is served, and what is smaller is forgotten`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        let names = ["a", "b", "c"]
        let policy = try WitnessPolicy(
            witnesses: names.map { .init($0, try WitnessLab.signer($0).verifier) },
            groups: [.init("two", 2, of: names)], quorum: "two")
        for _ in 0..<20 {
            var state = CosignatureState()
            // What each checkpoint was cosigned by, for as long as it is worth anything.
            var model: [UInt64: Set<String>] = [:]
            for _ in 0..<40 {
                let size = UInt64(1 + dice.below(12))
                let known = Set(
                    state.all.first { $0.size == size }.map { one in
                        names.filter { name in one.note.signatures.contains { $0.name.hasPrefix(name + ".") } }
                    } ?? [])
                let now = known.union([dice.pick(names)])
                state.take(try Self.cosigned(size, now.sorted(), policy))
                model[size] = now
                let satisfied = model.filter { $0.value.count >= 2 }.keys.max()
                if let satisfied { model = model.filter { $0.key >= satisfied } }
                #expect(state.best?.isSatisfied == (satisfied != nil), "seed \(seed)")
                if let satisfied { #expect(state.best?.size == satisfied, "seed \(seed)") }
                #expect(state.gathering.count <= CosignatureState.maximumGathering)
                #expect(Set(state.all.map(\.size)).count == state.all.count)
                let again = try CosignatureState(
                    state.bytes, at: "x", key: WitnessLab.ledgerKey(), policy: policy)
                #expect(again.best?.note == state.best?.note && again.all.count == state.all.count, "seed \(seed)")
                // What was pushed out by others may be gathered again.
                model = model.filter { size, _ in state.all.contains { $0.size == size } }
            }
        }
    }

    @Test func `of each witness the newest line stays, of others none, and a changed policy is held to`() throws {
        let names = ["a", "b"]
        func policy(_ names: [String]) throws -> WitnessPolicy {
            try WitnessPolicy(
                witnesses: names.map { .init($0, try WitnessLab.signer($0).verifier) },
                groups: [.init("all", names.count, of: names)], quorum: "all")
        }
        let both = try policy(names)
        let first = try Self.cosigned(3, ["a", "b"], both)
        let newer = try first.note.adding(WitnessLab.signer("a").cosign(first.note.text, at: 9))
        let stranger = try newer.adding(WitnessLab.signer("x").cosign(first.note.text, at: 9))
        let key = try WitnessLab.ledgerKey()
        let kept = try #require(CosignatureState.cosigned(stranger, 3, key, both))
        #expect(kept.note.signatures.count == 3 && kept.isSatisfied)
        #expect(try WitnessLab.signer("a").verifier.cosignatures(in: kept.note).sound.map(\.time) == [9])
        var state = CosignatureState()
        state.take(kept)
        let fewer = try CosignatureState(state.bytes, at: "x", key: key, policy: policy(["b"]))
        #expect(fewer.best?.count == 1 && fewer.best?.isSatisfied == true && fewer.best?.note.signatures.count == 2)
        #expect(try CosignatureState(state.bytes, at: "x", key: key, policy: policy(["z"])).best == nil)
        let other = try NoteSigner(name: "other.example", seed: Array(1...32)).verifier
        #expect(throws: ServerFault.self) { try CosignatureState(state.bytes, at: "x", key: other, policy: both) }
        #expect(throws: ServerFault.self) { try CosignatureState(Array("{".utf8), at: "x", key: key, policy: both) }
    }

    @Test func `one checkpoint is proposed for a minute, or until enough have cosigned it`() async throws {
        try await ServerLab.serving(witnesses: ["a", "b"], 1) { lab, policy in
            let book = try CosignatureBook(lab.ledger.log, policy: policy)
            func size(at time: UInt64) throws -> UInt64 { try Checkpoint(book.proposed(now: time).text).size }
            #expect(try size(at: 1_000) == 1)
            try await lab.declare(0..<3)
            #expect(try size(at: 1_059) == 1)
            #expect(try size(at: 1_060) == 4)
            try await lab.declare(3..<6)
            #expect(try size(at: 1_061) == 4)
            let note = try book.proposed(now: 1_062)
            let taken = try book.take(
                note.adding(WitnessLab.signer("a").cosign(note.text, at: 1_062)).description, now: 1_062)
            #expect(taken.isSatisfied && taken.size == 4)
            #expect(try size(at: 1_063) == 7 && book.satisfied?.size == 4)
            #expect(book.age(now: 1_100) == 38)
            // Without a policy there is nothing to wait for.
            let none = try CosignatureBook(lab.ledger.log, policy: nil)
            #expect(try Checkpoint(none.proposed(now: 0).text).size == 7 && none.age() == 0)
            let metrics = try await lab.ask(.GET, "/metrics").text
            #expect(metrics.contains("sanhu_witnessed_size 0") && metrics.contains("sanhu_witnessed_age_seconds"))
        }
    }
}
