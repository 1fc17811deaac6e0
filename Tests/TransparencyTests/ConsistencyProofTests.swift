import TestSupport
import Testing
import Transparency

@Suite("Files that prove consistency")
struct ConsistencyProofTests {
    /// The body of `add-checkpoint` that C2SP tlog-witness shows.
    static let example = """
        old 20852014
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=

        """

    private static func fault(_ text: String) -> NoteError.Code? {
        noteFault { () throws(NoteError) in _ = try ConsistencyProof(text) }
    }

    @Test("the specification's example is read and written as it is")
    func example() throws {
        let proof = try ConsistencyProof(Self.example)
        #expect(proof.oldSize == 20_852_014 && proof.hashes.count == 4)
        #expect(proof.hashes[0].base64 == "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=")
        #expect(try proof.checkpoint.map { try Checkpoint($0.text).size } == 20_852_163)
        #expect(proof.checkpoint?.signatures.count == 2)
        #expect(proof.description == Self.example)
    }

    @Test("malformed proofs are refused")
    func malformed() {
        let hash = MerkleHash.emptyTree.base64 + "\n"
        let texts = [
            "", "\n", "old", "old \n\n", "old 1", "old 1\n", "old 01\n\n", "old -1\n\n", "new 1\n\n", "Old 1\n\n",
            "old 1 \n\n", "old 18446744073709551616\n\n", "old 1\n\(hash)", "old 1\n\(hash.dropLast(2))\n\n",
            "old 1\n \(hash)\n", "old 1\n\(String(repeating: hash, count: 64))\n", "old 1\r\n\r\n",
        ]
        for text in texts { #expect(Self.fault(text) == .malformedProof, "\(text)") }
        #expect(Self.fault("old 1\n\nnonsense\n") == .malformedNote)
        #expect(Self.fault("old 1\n\n" + String(repeating: "x", count: 1 << 18)) == .malformedProof)
        for text in ["old 0\n\n", "old 1\n\(String(repeating: hash, count: 63))\n"] {
            #expect(Self.fault(text) == nil, "\(text)")
        }
    }

    @Test("a proof leads from any size to any later one, and from no other", arguments: 1...25)
    func verifies(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let size = dice.within(2..<70)
        let tree = NaiveTree(size: size)
        let signer = try signer("log.example")
        func note(_ size: UInt64) throws -> SignedNote {
            try signer.sign(
                Checkpoint(origin: "log.example", size: size, root: tree.root(atSize: size)).description)
        }
        let old = UInt64(dice.below(size))
        let new = UInt64(dice.within(max(1, Int(old))..<size + 1))
        let hashes = old == 0 ? [] : tree.consistencyProof(from: old, to: new)
        let proof = try ConsistencyProof(
            ConsistencyProof(oldSize: old, hashes: hashes, checkpoint: note(new)).description)
        func fault(
            _ proof: ConsistencyProof, _ old: SignedNote, _ new: SignedNote? = nil, by other: NoteSigner? = nil
        ) -> NoteError.Code? {
            noteFault { () throws(NoteError) in
                _ = try proof.verify(old: old, new: new, verifier: (other ?? signer).verifier)
            }
        }
        let found = try proof.verify(old: note(old), verifier: signer.verifier)
        #expect(found.old.size == old && found.new.size == new, "seed \(seed)")
        let bare = ConsistencyProof(oldSize: old, hashes: hashes, checkpoint: nil)
        #expect(try ConsistencyProof(bare.description) == bare)
        #expect(fault(bare, try note(old), try note(new)) == nil, "seed \(seed)")
        #expect(fault(bare, try note(old)) == .malformedProof)
        #expect(fault(proof, try note(old + 1)) == .malformedProof)
        #expect(fault(proof, try note(old), by: try TransparencyTests.signer("other")) == .noSignature)
        let longer = ConsistencyProof(oldSize: old, hashes: hashes + [.emptyTree], checkpoint: proof.checkpoint)
        #expect(fault(longer, try note(old)) == .malformedProof)
        // Another history of the same size, signed by the same key.
        let other = Checkpoint(origin: "log.example", size: old, root: MerkleHash.leaf([1, 2, 3].span))
        #expect(fault(proof, try signer.sign(other.description)) == .malformedProof)
    }
}
