import EventLog
import Exchange
import Foundation
import TestSupport
import Testing
import Transparency

@testable import ExchangeClient

@Suite(.fewAtOnce) struct ClientTreeTests {
    private static func key() throws -> NoteVerifier {
        try NoteSigner(name: ServerLab.origin, seed: Array(1...32)).verifier
    }

    @Test func `the tree of a served log is verified by its tiles, and shown to continue what was there before`()
        async throws
    {
        try await ServerLab.serving { lab in
            let key = try Self.key()
            try await lab.calling { client in
                let first = try await client.verifyTree(key: key)
                #expect(first.checkpoint.size == 1 && first.tiles == 1 && first.known == nil)
                for _ in 0..<2 { try await lab.declare(0..<350) }
                let second = try await client.verifyTree(key: key, known: first.note)
                // Three tiles of leaves, and one of the two that are full.
                #expect(second.checkpoint.size == 701 && second.tiles == 4 && second.known?.size == 1)
                let root = try lab.ledger.log.root(atSize: 701)
                #expect(second.checkpoint.root == root)
                let same = try await client.verifyTree(key: key, known: second.note)
                #expect(same.checkpoint == second.checkpoint && same.known == second.checkpoint)
                // Proofs as they come hold, too.
                let proof = try await client.proof(at: 41)
                let entry = try lab.ledger.log.entry(at: 41)
                #expect(try proof.verify(entry: entry.bytes, verifier: key).size == 701)
                #expect(try await client.consistency(from: 1).verify(old: first.note, verifier: key).new.size == 701)
            }
        }
    }

    @Test func `entries are hashed by who may see each of them, and by nobody else`() async throws {
        try await ServerLab.serving { lab in
            let key = try Self.key()
            try await lab.declare(0..<300)
            for agency in ["CUS", "AUD"] {
                let tree = try await lab.calling(as: agency) { client in
                    try await client.verifyTree(key: key, includesEntries: true)
                }
                #expect(tree.bundles == 2 && tree.checkpoint.size == 301, "\(agency)")
            }
            // Of what is sealed as a whole others may know only that it is there.
            try await lab.append(ServerLab.secret("sealed"))
            try await lab.calling(as: "TER") { client in
                let size = try await client.verifyTree(key: key).checkpoint.size
                #expect(size == 302)
                let error = await #expect(throws: ClientError.self) {
                    _ = try await client.verifyTree(key: key, includesEntries: true)
                }
                #expect(error?.code == .refused)
            }
        }
    }

    @Test func `another key, a rolled back log, another history under the same key are found out`() async throws {
        try await ServerLab.serving { lab in
            let key = try Self.key()
            let old = try lab.remains()
            try await lab.declare(0..<300)
            let note = try await lab.calling { client in try await client.verifyTree(key: key).note }
            func code(_ lab: ServerLab, _ key: NoteVerifier, _ known: SignedNote?) async throws -> ClientError.Code? {
                try await lab.calling { client in
                    let error = await #expect(throws: ClientError.self) {
                        _ = try await client.verifyTree(key: key, known: known)
                    }
                    return error?.code
                }
            }
            let other = try NoteSigner(name: "other.example/ledger", seed: Array(9...40)).verifier
            #expect(try await code(lab, other, nil) == .notVerified)
            #expect(
                try await code(lab, NoteSigner(name: ServerLab.origin, seed: Array(9...40)).verifier, nil)
                    == .notVerified)
            // A checkpoint of another ledger is no beginning of this one.
            #expect(try await code(lab, other, note) != nil)
            try await old.runs { old in
                #expect(try await code(old, key, note) == .notVerified, "rolled back")
                try await old.declare(1_000..<1_400)
                #expect(try await code(old, key, note) == .notVerified, "another history")
                #expect(try await old.calling { try await $0.verifyTree(key: key) }.checkpoint.size == 401)
            }
        }
    }
}
