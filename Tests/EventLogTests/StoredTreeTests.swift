import TestSupport
import Testing
import Transparency

@testable import EventLog

/// Roots, proofs and tiles that come from the log's file, against a tree hashed from the entries alone.
@Suite(.fewAtOnce)
struct StoredTreeTests {
    /// A log of many entries, restored without an index, open for reading.
    private static func restored(_ size: Int) throws -> (folder: TemporaryFolder, log: Log, entries: [[UInt8]]) {
        let folder = try TemporaryFolder()
        let signer = try NoteSigner(name: "port.example/ledger", seed: Array(1...32))
        let ledger = try LedgerFolder(creating: folder.path("ledger"), verifier: signer.verifier)
        var restorer = try LogRestorer(ledger)
        let entries = (0..<size).map { number in
            let time = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number))
            return Array(
                EntrySample.text(id: "\(number)", tags: [])
                    .replacing(EntrySample.recorded.description, with: time.description).utf8)
        }
        for entry in entries { try restorer.append(entry, disclosures: []) }
        let root = NaiveMerkle(entries.map { MerkleHash.leaf($0.span) }).root(atSize: size)
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: UInt64(size), root: root)
        // Refuses any other root: that it takes this one shows that both trees are the same.
        try restorer.finish(try signer.sign(checkpoint.description), signer.verifier)
        try ledger.finish()
        return (folder, try Log.open(readingAt: folder.path("ledger")), entries)
    }

    @Test(
        "Roots, proofs, tiles and bundles are those of the entries, around the edges of tiles",
        arguments: [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000])
    func agreesWithNaive(size: Int) throws {
        let (folder, log, entries) = try Self.restored(size)
        let naive = NaiveMerkle(entries.map { MerkleHash.leaf($0.span) })
        var dice = Dice(seed: UInt64(size))
        let edges = [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, size - 1, size]
        var sizes = edges.filter { (1...size).contains($0) }
        for _ in 0..<20 { sizes.append(dice.within(1..<size + 1)) }
        for old in sizes {
            let root = naive.root(atSize: old)
            #expect(try log.root(atSize: UInt64(old)) == root)
            let some = (0..<20).map { _ in UInt64(dice.below(old)) }
            for (index, proof) in zip(some, try log.inclusionProofs(of: some, inTreeOfSize: UInt64(old))) {
                let entry = entries[Int(index)]
                try MerkleVerifier.verifyInclusion(
                    of: MerkleHash.leaf(entry.span), index: index, size: UInt64(old), root: root, proof: proof)
            }
            let new = dice.pick(sizes.filter { $0 >= old })
            try MerkleVerifier.verifyConsistency(
                from: UInt64(old), root, to: UInt64(new), naive.root(atSize: new),
                proof: log.consistencyProof(from: UInt64(old), to: UInt64(new)))
            let position = dice.oneIn(2) ? old - 1 : dice.below(old)
            let proof = try log.proof(at: UInt64(position))
            #expect(proof.index == UInt64(position))
            let checkpoint = try TransparencyProof(proof.description)
                .verify(entry: entries[position], verifier: log.verifier)
            #expect(checkpoint.size == UInt64(size) && checkpoint.root == naive.root(atSize: size))
            if size > 1 {
                let other = entries[(position + 1) % size]
                #expect(throws: NoteError.self) { _ = try proof.verify(entry: other, verifier: log.verifier) }
            }
        }
        #expect(try log.root(atSize: 0) == .emptyTree)
        #expect(throws: LogError.self) { _ = try log.inclusionProofs(of: [0], inTreeOfSize: UInt64(size) + 1) }
        #expect(throws: LogError.self) { _ = try log.inclusionProofs(of: [1], inTreeOfSize: 1) }
        try Self.compareTiles(log, naive, entries)
        log.close()
        withExtendedLifetime(folder) {}
    }

    private static func compareTiles(_ log: Log, _ naive: NaiveMerkle, _ entries: [[UInt8]]) throws {
        var dice = Dice(seed: 7)
        for level in 0..<3 {
            let hashes = entries.count >> (8 * level)
            var indices = Set([0, hashes / 256, max(0, hashes / 256 - 1)])
            if hashes >= 256 { indices.insert(dice.below(hashes / 256)) }
            for index in indices {
                let there = min(256, hashes - index * 256)
                for width in Set([there, 1, 255, 256, there / 2]) where width > 0 {
                    let path = try #require(TilePath(.hashes(level: level), index: UInt64(index), width: width))
                    guard width <= there else {
                        #expect(refusal { _ = try log.tile(path) }?.code == .positionBeyondHead, "\(path)")
                        continue
                    }
                    #expect(try log.tile(path) == naive.tile(level: level, index: index, width: width), "\(path)")
                    guard level == 0 else { continue }
                    let bundle = try #require(TilePath(.entries, index: UInt64(index), width: width))
                    let expected = entries[index * 256..<index * 256 + width].flatMap { entry in
                        [UInt8(entry.count >> 8), UInt8(entry.count & 0xFF)] + entry
                    }
                    #expect(try log.tile(bundle) == expected, "\(bundle)")
                }
            }
        }
    }

    @Test("What is asked beyond the head is refused, however far")
    func beyondHead() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<300)
        let log = ledger.log
        let refused: [() throws -> Void] = [
            { _ = try log.root(atSize: 301) }, { _ = try log.root(atSize: .max) }, { _ = try log.proof(at: 300) },
            { _ = try log.proof(at: .max) }, { _ = try log.consistencyProof(from: 0, to: 10) },
            { _ = try log.consistencyProof(from: 11, to: 10) }, { _ = try log.consistencyProof(from: 1, to: 301) },
            { _ = try log.entry(at: 300) }, { _ = try log.entry(at: .max) },
        ]
        for (number, body) in refused.enumerated() {
            #expect(refusal(body)?.code == .positionBeyondHead, "\(number)")
        }
        for index: UInt64 in [1, 2, 1 << 40, 1 << 47, 1 << 48, 1 << 55, 1 << 56, 1 << 63, .max] {
            for level in [0, 1, 2, 6, 7, 8, 63] {
                let path = try #require(TilePath(.hashes(level: level), index: index))
                #expect(refusal { _ = try log.tile(path) }?.code == .positionBeyondHead, "\(path)")
            }
            let bundle = try #require(TilePath(.entries, index: index))
            #expect(refusal { _ = try log.tile(bundle) }?.code == .positionBeyondHead, "\(bundle)")
        }
        ledger.close()
    }

    @Test("A log that grows by appending has the tree of its entries at every size, also when it is opened again")
    func growing() async throws {
        let ledger = try TestLedger()
        var leaves: [MerkleHash] = []
        var dice = Dice(seed: 12)
        while leaves.count < 540 {
            let count = dice.within(1..<60)
            try await ledger.fill(leaves.count..<leaves.count + count)
            let entries = try ledger.log.read(.all, ReadRange(from: Position(leaves.count)))
            leaves += entries.map { MerkleHash.leaf($0.bytes.span) }
            #expect(entries.map(\.leafHash) == Array(leaves.suffix(count)))
            let note = try ledger.log.checkpoint()
            let checkpoint = try Checkpoint(note, verifiedBy: NoteVerifier(ledger.signer.verifier.description))
            #expect(checkpoint.size == UInt64(leaves.count))
            #expect(checkpoint.root == NaiveMerkle(leaves).root(atSize: leaves.count))
            #expect(checkpoint.origin == "port.example/ledger")
            if dice.oneIn(4) { try ledger.reopen() }
        }
        ledger.close()
    }

    @Test("A log whose entries go back in time, or are none, or are not what was signed for, is not restored")
    func restoring() throws {
        let signer = try NoteSigner(name: "port.example/ledger", seed: Array(1...32))
        func restore(_ entries: [String], root: MerkleHash? = nil) -> LogError? {
            refusal {
                let folder = try TemporaryFolder()
                let ledger = try LedgerFolder(creating: folder.path("ledger"), verifier: signer.verifier)
                var restorer = try LogRestorer(ledger)
                for entry in entries { try restorer.append(Array(entry.utf8), disclosures: []) }
                let leaves = entries.map { MerkleHash.leaf(Array($0.utf8).span) }
                let checkpoint = Checkpoint(
                    origin: signer.verifier.name, size: UInt64(entries.count),
                    root: root ?? NaiveMerkle(leaves).root(atSize: entries.count))
                try restorer.finish(try signer.sign(checkpoint.description), signer.verifier)
            }
        }
        let first = EntrySample.text()
        let second = first.replacing("123456Z", with: "123457Z")
        #expect(restore([first, second]) == nil)
        #expect(restore([first, first]) == nil)
        #expect(restore([second, first])?.code == .corrupted)
        #expect(restore([second, first])?.reason.contains("position 1") == true)
        #expect(restore([first], root: .emptyTree)?.code == .corrupted)
        for fault in EntryFormTests.faults {
            let error = restore([first, fault.text])
            #expect(error?.code == .corrupted && error?.reason.contains("position 1") == true, "\(fault.name)")
        }
    }
}
