import TestSupport
import Testing
import Transparency

/// A log that signs whatever history it is told to.
struct LoggedHistory {
    let signer: NoteSigner
    let leaves: [MerkleHash]

    /// Entries 0, 1, 2 …; from a position on they are others.
    init(_ size: Int, forkedAt fork: Int? = nil, origin: String = "log.example") throws {
        signer = try TransparencyTests.signer(origin)
        leaves = (0..<size).map { number in
            let text = number >= fork ?? .max ? "forged \(number)" : String(number)
            return MerkleHash.leaf(Array(text.utf8).span)
        }
    }

    func root(_ size: Int) -> MerkleHash { NaiveTree.root(of: leaves[..<size]) }

    func note(_ size: Int) throws -> SignedNote {
        try signer.sign(Checkpoint(origin: signer.verifier.name, size: UInt64(size), root: root(size)).description)
    }

    func proof(_ old: Int, _ new: Int) -> [MerkleHash] {
        old == 0 || old == new ? [] : NaiveTree.subproof(old, leaves[..<new], true)
    }

    /// What is submitted to a witness.
    func submission(_ old: Int, _ new: Int) throws -> String {
        ConsistencyProof(oldSize: UInt64(old), hashes: proof(old, new), checkpoint: try note(new)).description
    }
}

@Suite("Witnesses")
struct WitnessTests {
    private static func following(_ history: LoggedHistory, _ submissions: [(Int, Int)] = []) throws -> Witness {
        var witness = Witness()
        try witness.record(WitnessedLog(history.signer.verifier))
        for (old, new) in submissions { try witness.record(witness.judge(history.submission(old, new))) }
        return witness
    }

    private static func refusal(_ witness: Witness, _ body: String) -> WitnessRefusal? {
        do throws(WitnessRefusal) {
            _ = try witness.judge(body)
            return nil
        } catch {
            return error
        }
    }

    @Test("a log is followed from size to size, and the same size is cosigned again")
    func follows() throws {
        let history = try LoggedHistory(40)
        var witness = try Self.following(history)
        var size = 0
        for next in [0, 1, 1, 2, 3, 8, 8, 9, 16, 31, 40] {
            let log = try witness.judge(history.submission(size, next))
            #expect(log.size == UInt64(next) && log.checkpoint?.root == history.root(next))
            // Nothing is known before it is written down.
            #expect(witness.log("log.example")?.size == UInt64(size))
            try witness.record(log)
            size = next
        }
        #expect(witness.log("log.example")?.size == 40)
    }

    @Test("what is refused is told apart as the protocol tells it")
    func refusals() throws {
        let history = try LoggedHistory(20)
        let witness = try Self.following(history, [(0, 12)])
        let stranger = try LoggedHistory(20, origin: "other.example")
        let impostor = try NoteSigner(name: "log.example", seed: [UInt8](repeating: 99, count: 32))
        let checkpoint = Checkpoint(origin: "log.example", size: 20, root: history.root(20))
        let forged = ConsistencyProof(
            oldSize: 12, hashes: history.proof(12, 20), checkpoint: try impostor.sign(checkpoint.description))
        let bare = ConsistencyProof(oldSize: 12, hashes: history.proof(12, 20), checkpoint: nil)
        let long = ConsistencyProof(
            oldSize: 12, hashes: [],
            checkpoint: try history.signer.sign(
                Checkpoint(
                    origin: "log.example", size: 20, root: history.root(20),
                    extensions: [String(repeating: "x", count: WitnessedLog.maximumTextBytes)]
                ).description))
        let cases: [(String, WitnessRefusal.Code, Int, UInt64?)] = [
            (try stranger.submission(0, 5), .unknownLog, 404, nil), (forged.description, .wrongSignature, 403, nil),
            (try history.submission(10, 20), .otherSize, 409, 12), (try history.submission(0, 5), .otherSize, 409, 12),
            (try history.submission(0, 12), .otherSize, 409, 12), ("", .malformed, 400, nil),
            (bare.description, .malformed, 400, nil), (long.description, .malformed, 400, nil),
            (try history.submission(12, 20).replacing("old 12", with: "old 21"), .malformed, 400, nil),
            (try history.submission(12, 20).replacing("old 12", with: "old 012"), .malformed, 400, nil),
            (String(try history.submission(12, 20).dropLast(3)), .malformed, 400, nil),
            ("old 0\n\n" + (try signer("log.example").sign("no checkpoint\n").description), .malformed, 400, nil),
        ]
        for (body, code, status, size) in cases {
            let found = Self.refusal(witness, body)
            #expect(found?.code == code && found?.size == size, "\(body.prefix(60)): \(String(describing: found))")
            #expect(code.status == status && found?.evidence == nil)
        }
        let hashes = history.proof(12, 20)
        for broken in [
            [], Array(hashes.dropLast()), hashes + [.emptyTree], [hashes[0].flipping(3)] + hashes.dropFirst(),
        ] {
            let body = ConsistencyProof(oldSize: 12, hashes: broken, checkpoint: try history.note(20)).description
            #expect(Self.refusal(witness, body)?.code == .notProved)
        }
        // From nothing there is nothing to prove, and the empty log has one root.
        let fresh = try Self.following(history)
        let needless = ConsistencyProof(oldSize: 0, hashes: hashes, checkpoint: try history.note(20)).description
        #expect(Self.refusal(fresh, needless)?.code == .notProved)
        let nonsense = Checkpoint(origin: "log.example", size: 0, root: history.root(3)).description
        #expect(Self.refusal(fresh, "old 0\n\n\(try history.signer.sign(nonsense))")?.code == .notProved)
    }

    @Test("another root for the size known is a fork, whatever proof comes with it, and both notes are evidence")
    func fork() throws {
        let (history, other) = (try LoggedHistory(20), try LoggedHistory(20, forkedAt: 9))
        let witness = try Self.following(history, [(0, 12)])
        for old in [0, 3, 12] {
            let refusal = try #require(Self.refusal(witness, other.submission(old, 12)))
            #expect(refusal.code == .forked && refusal.size == 12)
            let evidence = try #require(refusal.evidence)
            #expect(try evidence.verify(history.signer.verifier) == .forked)
            #expect(try WitnessEvidence(evidence.description) == evidence)
        }
    }

    @Test("a larger log that begins otherwise is refused; where its own proof tells with what, that is evidence")
    func largerFork() throws {
        for known in 1...17 {
            let history = try LoggedHistory(20)
            let other = try LoggedHistory(20, forkedAt: known - 1)
            let witness = try Self.following(history, [(0, known)])
            let refusal = try #require(Self.refusal(witness, other.submission(known, 19)))
            #expect(refusal.code == .notProved)
            // The root of a power of two is not in the proof.
            #expect((refusal.evidence == nil) == (known.nonzeroBitCount == 1), "\(known)")
            guard let evidence = refusal.evidence else { continue }
            #expect(evidence.beginning?.root == other.root(known))
            #expect(try evidence.verify(history.signer.verifier) == .forked)
            #expect(try WitnessEvidence(evidence.description) == evidence)
        }
    }

    @Test("a witness writes down no smaller log, no other root, no other key, and no more logs than it may")
    func recording() throws {
        let (history, other) = (try LoggedHistory(20), try LoggedHistory(20, forkedAt: 2))
        var witness = try Self.following(history, [(0, 12)])
        func fault(_ log: WitnessedLog) -> Bool {
            do throws(WitnessRefusal) {
                try witness.record(log)
                return false
            } catch {
                return true
            }
        }
        let key = history.signer.verifier
        #expect(fault(try WitnessedLog(key, note: history.note(11))))
        #expect(fault(try WitnessedLog(key, note: other.note(12))))
        #expect(fault(WitnessedLog(key)))
        #expect(fault(WitnessedLog(try NoteSigner(name: key.name, seed: Array(1...32)).verifier)))
        #expect(witness.log("log.example")?.size == 12)
        for number in 1..<Witness.maximumLogs { #expect(!fault(WitnessedLog(try signer("log\(number)").verifier))) }
        #expect(fault(WitnessedLog(try signer("one-more").verifier)))
        #expect(throws: NoteError.self) { try WitnessedLog(key, note: signer("else").sign("x\n")) }
    }

    @Test("whatever two histories of a log are submitted in whatever order, a witness never takes up both")
    func neverBoth() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        var refused = 0
        for _ in 0..<20 {
            let fork = dice.within(1..<15)
            let histories = [try LoggedHistory(24), try LoggedHistory(24, forkedAt: fork)]
            var witness = try Self.following(histories[0])
            var taken: [Int: MerkleHash] = [:]
            for _ in 0..<40 {
                let history = dice.pick(histories)
                let size = Int(witness.log("log.example")?.size ?? 0)
                let old = dice.oneIn(4) ? dice.below(24) : size
                let body = try history.submission(old, dice.within(old..<25))
                do throws(WitnessRefusal) {
                    let log = try witness.judge(body)
                    try witness.record(log)
                    #expect(log.size >= UInt64(size), "seed \(seed)")
                    taken[Int(log.size)] = log.checkpoint?.root
                } catch {
                    refused += 1
                }
            }
            let fits = histories.contains { history in
                taken.allSatisfy { size, root in history.root(size) == root }
            }
            #expect(fits, "seed \(seed), fork at \(fork): \(taken.keys.sorted())")
        }
        #expect(refused > 100, "seed \(seed)")
    }
}

@Suite("Evidence of two histories")
struct WitnessEvidenceTests {
    @Test("what evidence shows follows from the two notes and the log's key alone")
    func findings() throws {
        let (history, other) = (try LoggedHistory(20), try LoggedHistory(20, forkedAt: 5))
        let key = history.signer.verifier
        func finding(_ first: SignedNote, _ second: SignedNote, _ beginning: WitnessEvidence.Beginning? = nil) throws
            -> WitnessEvidence.Finding
        {
            let evidence = WitnessEvidence(first: first, second: second, beginning: beginning)
            #expect(try WitnessEvidence(evidence.description) == evidence)
            return try evidence.verify(key)
        }
        #expect(try finding(history.note(12), other.note(12)) == .forked)
        #expect(try finding(history.note(12), history.note(11)) == .rolledBack)
        #expect(try finding(history.note(8), other.note(12)) == .unproven)
        // For a power of two the root comes from the tiles of the log.
        let beginning = WitnessEvidence.Beginning(root: other.root(8), proof: other.proof(8, 12))
        #expect(try finding(history.note(8), other.note(12), beginning) == .forked)
        // Cosignatures under the notes change nothing.
        let line = try witness("w", seed: 4).cosign(other.note(12).text, at: 5)
        #expect(try finding(history.note(12), other.note(12).adding(line)) == .forked)
    }

    @Test("what is no contradiction, or is not signed by the log, is no evidence")
    func refused() throws {
        let (history, other) = (try LoggedHistory(20), try LoggedHistory(20, forkedAt: 5))
        let key = history.signer.verifier
        func fault(_ evidence: WitnessEvidence) -> NoteError.Code? {
            noteFault { () throws(NoteError) in _ = try evidence.verify(key) }
        }
        let (eight, twelve) = (try history.note(8), try history.note(12))
        #expect(fault(.init(first: twelve, second: twelve)) == .malformedEvidence)
        #expect(
            fault(
                .init(
                    first: eight, second: twelve, beginning: .init(root: history.root(8), proof: history.proof(8, 12))))
                == .malformedEvidence)
        #expect(
            fault(.init(first: eight, second: twelve, beginning: .init(root: other.root(8), proof: other.proof(8, 12))))
                == .malformedEvidence)
        #expect(fault(.init(first: try history.note(0), second: twelve)) == .malformedEvidence)
        let stranger = try LoggedHistory(20, forkedAt: 2, origin: "other.example").note(12)
        #expect(fault(.init(first: twelve, second: stranger)) == .noSignature)
    }

    @Test("malformed evidence is refused, and no changed byte of sound evidence makes it show something else")
    func malformed() throws {
        let (history, other) = (try LoggedHistory(20), try LoggedHistory(20, forkedAt: 5))
        let sound = WitnessEvidence(
            first: try history.note(8), second: try other.note(12),
            beginning: .init(root: other.root(8), proof: other.proof(8, 12))
        ).description
        let lines = sound.split(separator: "\n", omittingEmptySubsequences: false)
        for drop in lines.indices {
            var fewer = lines
            fewer.remove(at: drop)
            #expect(
                noteFault { () throws(NoteError) in
                    _ = try WitnessEvidence(fewer.joined(separator: "\n")).verify(history.signer.verifier)
                } != nil, "without line \(drop)")
        }
        for text in ["", sound + "\n", "x" + sound, sound + sound, sound.replacing("\n", with: "\r\n")] {
            #expect(noteFault { () throws(NoteError) in _ = try WitnessEvidence(text) } != nil)
        }
        #expect(
            noteFault { () throws(NoteError) in
                _ = try WitnessEvidence(String(repeating: "x", count: WitnessEvidence.maximumBytes + 1))
            } == .malformedEvidence)
        let bytes = Array(sound.utf8)
        for at in bytes.indices {
            var changed = bytes
            changed[at] ^= 1
            guard let text = String(validating: changed, as: UTF8.self), let evidence = try? WitnessEvidence(text)
            else { continue }
            #expect(noteFault { () throws(NoteError) in _ = try evidence.verify(history.signer.verifier) } != nil)
        }
    }
}
