import EventLog
import Exchange
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Transparency
import Witnessing

@testable import ExchangeServer

/// A witness over HTTP, and the cosignatures that a ledger takes.
@Suite(.fewAtOnce) struct WitnessServerTests {
    private static let root = MerkleHash.leaf(Array("0".utf8).span)

    private static func note(_ size: UInt64, _ root: MerkleHash = root) throws -> SignedNote {
        let checkpoint = try Checkpoint(origin: ServerLab.origin, size: size, root: root, extensions: [])
        return try WitnessLab.ledgerSigner().sign(checkpoint.description)
    }

    @Test func `a witness answers add-checkpoint as the protocol says`() async throws {
        let lab = try WitnessLab("a")
        try lab.witness.follow(WitnessLab.ledgerKey())
        try await lab.served { url in
            func submit(_ text: String) async throws -> WitnessLab.Reply {
                try await WitnessLab.ask(.POST, url + "/add-checkpoint", Array(text.utf8))
            }
            let hash = WitnessedLog.pathName(of: ServerLab.origin)
            #expect(try await WitnessLab.ask(.GET, "\(url)/\(hash)/checkpoint").status == 404)
            let note = try Self.note(1)
            let first = try await submit("old 0\n\n\(note)")
            #expect(first.status == 200 && first.text.hasPrefix("— a.example/witness ") && first.text.hasSuffix("\n"))
            // As the protocol says to read it: under the checkpoint.
            let cosigned = try SignedNote(note.description + first.text)
            #expect(try WitnessLab.signer("a").verifier.cosignatures(in: cosigned).sound.count == 1)

            let other = try await submit("old 0\n\n\(note)")
            #expect(other.status == 409 && other.type == "text/x.tlog.size" && other.text == "1\n")
            #expect(try await submit("old 1\n\n\(note)").status == 200)
            let forked = try await submit("old 1\n\n\(Self.note(1, .emptyTree))")
            #expect(forked.status == 409 && forked.text == "1\n")
            #expect(try await submit("old 1\n\n\(Self.note(2))").status == 422)
            #expect(try await submit("old 3\n\n\(Self.note(2))").status == 400)
            for text in ["", "old 0\n", "nonsense", "old 0\n\n\(note)x"] {
                #expect(try await submit(text).status == 400, "\(text)")
            }
            let stranger = try NoteSigner(name: "other.example", seed: Array(1...32))
            let unknown = try Checkpoint(origin: "other.example", size: 1, root: Self.root, extensions: [])
            #expect(try await submit("old 0\n\n\(stranger.sign(unknown.description))").status == 404)
            let impostor = try NoteSigner(name: ServerLab.origin, seed: Array(3...34))
            #expect(try await submit("old 1\n\n\(impostor.sign(Self.note(2).text))").status == 403)
            let bytes: [UInt8] = Array("old 0\n\n".utf8) + [0xFF, 0x0A]
            #expect(try await WitnessLab.ask(.POST, url + "/add-checkpoint", bytes).status == 400)
            #expect(try await submit(String(repeating: "x", count: ConsistencyProof.maximumBytes + 1)).status == 413)

            let latest = try await WitnessLab.ask(.GET, "\(url)/\(hash)/checkpoint")
            #expect(try latest.status == 200 && SignedNote(latest.text).text == note.text)
            #expect(try await WitnessLab.ask(.GET, url + "/key").text == "\(WitnessLab.signer("a").verifier)\n")
            #expect(try await WitnessLab.ask(.GET, url).text.contains(#""size":1"#))
            for (method, path, status) in [
                (HTTPMethod.GET, "/add-checkpoint", 405), (.POST, "/key", 405), (.GET, "/nothing", 404),
                (.GET, "/\(hash)/checkpoint/x", 404), (.GET, "/00/checkpoint", 404), (.PUT, "/\(hash)/checkpoint", 405),
            ] {
                #expect(try await WitnessLab.ask(method, url + path).status == status, "\(method) \(path)")
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: lab.folder.path("w/evidence"))
        #expect(files.count == 1, "the fork is kept")
    }

    @Test func `many who submit at once are cosigned one history, and none of them after a larger one`() async throws {
        let lab = try WitnessLab("a")
        try lab.witness.follow(WitnessLab.ledgerKey())
        try await lab.served({ $0.limits.publicRequestsPerSecond = 100_000 }) { url in
            let roots = (0..<24).map { MerkleHash.leaf(Array("root \($0)".utf8).span) }
            let bodies = try roots.map { "old 0\n\n\(try Self.note(1, $0))" }
            let taken = await withTaskGroup(of: Int?.self) { group in
                for (number, body) in bodies.enumerated() {
                    group.addTask {
                        let reply = try? await WitnessLab.ask(.POST, url + "/add-checkpoint", Array(body.utf8))
                        return reply?.status == 200 ? number : nil
                    }
                }
                return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
            }
            #expect(taken.count == 1)
            #expect(lab.witness.log(ServerLab.origin)?.checkpoint?.root == taken.first.map { roots[$0] })
        }
    }

    @Test func `a ledger takes cosignatures of its own checkpoints, by witnesses of its policy, and nothing else`()
        async throws
    {
        try await ServerLab.serving(witnesses: ["a", "b"], 2) { lab, _ in
            try await lab.declare(0..<4)
            let now = CosignatureBook.now()
            func submit(_ text: String) async throws -> ServerLab.Reply {
                try await lab.ask(.POST, "/checkpoint/cosignatures", as: nil, type: "text/plain", text)
            }
            let note = try lab.ledger.log.checkpoint()
            func cosigned(_ name: String, _ note: SignedNote, at time: UInt64 = now) throws -> String {
                try note.adding(WitnessLab.signer(name).cosign(note.text, at: time)).description
            }
            func code(_ text: String, _ status: Int) async throws -> String? {
                let reply = try await submit(text)
                #expect(reply.status == status, "\(reply.text)")
                return reply.code
            }
            #expect(try await code(note.description, 403) == "notCosigned")
            #expect(try await code(cosigned("stranger", note), 403) == "notCosigned")
            #expect(try await code(cosigned("a", note, at: now + 3_600), 403) == "notCosigned")
            let moved = try SignedNote(cosigned("a", Self.note(3))).signatures
            #expect(try await code(note.adding(try #require(moved.last)).description, 403) == "notCosigned")
            #expect(try await code("nonsense", 400) == "malformedCheckpoint")
            let impostor = try NoteSigner(name: ServerLab.origin, seed: Array(3...34))
            #expect(try await code(cosigned("a", impostor.sign(note.text)), 403) == "notThisLedger")
            // The ledger's key has signed what is not in its log.
            #expect(try await code(cosigned("a", Self.note(2)), 409) == "otherHistory")
            #expect(try await code(cosigned("a", Self.note(9_999)), 409) == "otherHistory")
            #expect(try await code(String(repeating: "x", count: 40_000), 413) == "bodyTooLarge")
            #expect(try await lab.ask(.GET, "/checkpoint/witnessed", as: nil).status == 404)

            let one = try await submit(cosigned("a", note, at: now - 10))
            #expect(
                one.status == 200 && one.json?["witnesses"]?.integer == 1 && one.text.contains(#""satisfied":false"#))
            #expect(try await submit(cosigned("b", note)).text.contains(#""satisfied":true"#))
            // A newer one takes the place of the witness's older one; an older one does not.
            for time in [now, now - 20] { #expect(try await submit(cosigned("a", note, at: time)).status == 200) }
            let served = try SignedNote(await lab.ask(.GET, "/checkpoint", as: nil).text)
            #expect(served.signatures.count == 3 && served.text == note.text)
            #expect(try WitnessLab.signer("a").verifier.cosignatures(in: served).sound.map(\.time) == [now])
            // As the log goes on, what is vouched for stays; and a smaller one comes too late.
            try await lab.declare(4..<9)
            #expect(try await SignedNote(lab.ask(.GET, "/checkpoint", as: nil).text).signatures.count == 1)
            let witnessed = try await SignedNote(lab.ask(.GET, "/checkpoint/witnessed", as: nil).text)
            #expect(witnessed.text == note.text)
            try await lab.restart()
            #expect(try await SignedNote(lab.ask(.GET, "/checkpoint/witnessed", as: nil).text) == witnessed)
            // The proof between two sizes, and its parameters.
            let proof = try await lab.ask(.GET, "/consistency?from=2&to=5", as: nil)
            #expect(try ConsistencyProof(proof.text).checkpoint == nil && proof.status == 200)
            #expect(try await lab.ask(.GET, "/consistency?from=5&to=2", as: nil).status == 400)
            #expect(try await lab.ask(.GET, "/consistency?from=5&to=99", as: nil).status == 404)
        }
    }

    @Test func `a policy that is missing, malformed, or of other logs keeps the server from starting`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("policy")
        var settings = ServerSettings()
        settings.witnesses = file.path
        #expect(throws: ServerFault.self) { try LedgerServer.check(settings) }
        try Data("quorum nobody\n".utf8).write(to: file)
        #expect(throws: ServerFault.self) { try LedgerServer.check(settings) }
        let other = try NoteSigner(name: "other.example", seed: Array(1...32)).verifier
        try Data("log \(other)\nquorum none\n".utf8).write(to: file)
        try LedgerServer.check(settings)
        await #expect(throws: ServerFault.self) { try await ServerLab.serving({ $0.witnesses = file.path }) { _ in } }
    }
}
