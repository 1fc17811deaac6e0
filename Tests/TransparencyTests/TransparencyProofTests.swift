import TestSupport
import Testing
import Transparency

@Suite("Proofs in files (c2sp.org/tlog-proof@v1)")
struct TransparencyProofTests {
    private let tree = NaiveTree(size: 11)

    private func entry(_ index: UInt64) -> [UInt8] { Array(String(index).utf8) }

    private func proof(of index: UInt64, extra: [UInt8]? = nil) throws -> TransparencyProof {
        let signer = try signer()
        let checkpoint = Checkpoint(
            origin: signer.verifier.name, size: tree.size, root: tree.root(atSize: tree.size))
        return TransparencyProof(
            index: index, hashes: tree.inclusionProof(index: index, size: tree.size),
            checkpoint: try signer.sign(checkpoint.description), extra: extra)
    }

    private func fault(_ text: String, _ entry: [UInt8], _ key: NoteVerifier) -> NoteError.Code? {
        noteFault { () throws(NoteError) in _ = try TransparencyProof(text).verify(entry: entry, verifier: key) }
    }

    @Test(
        "prove each entry of a log with nothing but their text, the entry and the log's key as text", arguments: 0...10)
    func offline(_ index: UInt64) throws {
        let proof = try proof(of: index)
        let text = proof.description
        let key = try NoteVerifier(try signer().verifier.description)
        let read = try TransparencyProof(text)
        #expect(read == proof)
        #expect(read.description == text)
        let checkpoint = try read.verify(entry: entry(index), verifier: key)
        #expect(checkpoint.size == 11)
        #expect(checkpoint.root == NaiveTree.root(of: tree.leaves[...]))
        #expect(fault(text, entry(index) + [0], key) == .malformedProof)
        #expect(fault(text, entry(index + 1), key) == .malformedProof)
        #expect(fault(text, entry(index), try signer(seed: 8).verifier) == .noSignature)
    }

    @Test("are written as the specification says")
    func layout() throws {
        let lines = try proof(of: 9, extra: [1, 2, 3]).description.split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "c2sp.org/tlog-proof@v1")
        #expect(lines[1] == "extra AQID")
        #expect(lines[2] == "index 9")
        #expect(lines[3...5].allSatisfy { MerkleHash(base64: $0) != nil } && lines[3] == tree.leaves[8].base64)
        #expect(lines[4] == tree.leaves[10].base64)
        #expect(lines[6...8] == ["", "port.example/ledger", "11"])
        #expect(try TransparencyProof(lines.joined(separator: "\n")).extra == [1, 2, 3])
        #expect(try TransparencyProof(proof(of: 9, extra: []).description).extra == [])
        #expect(try TransparencyProof(proof(of: 9).description).extra == nil)
    }

    @Test("the only entry of a log has a proof without hashes")
    func singleEntry() throws {
        let signer = try signer()
        let tree = NaiveTree(size: 1)
        let note = try signer.sign(Checkpoint(origin: signer.verifier.name, size: 1, root: tree.leaves[0]).description)
        let text = TransparencyProof(index: 0, hashes: [], checkpoint: note).description
        #expect(fault(text, entry(0), signer.verifier) == nil)
        #expect(fault(text.replacingFirst("index 0", "index 1"), entry(0), signer.verifier) == .malformedProof)
    }

    @Test("with any one byte changed, put in or taken out, are refused or prove the same")
    func changedByte() throws {
        let key = try signer().verifier
        let original = try proof(of: 6, extra: [9, 9])
        let statement = try original.verify(entry: entry(6), verifier: key)
        let bytes = Array(original.description.utf8)
        var stillProving = 0
        func check(_ changed: [UInt8], _ comment: Comment) {
            guard changed != bytes, let text = String(validating: changed, as: UTF8.self) else { return }
            guard let proof = try? TransparencyProof(text),
                let checkpoint = try? proof.verify(entry: entry(6), verifier: key)
            else { return }
            stillProving += 1
            #expect(
                checkpoint == statement && proof.index == original.index && proof.hashes == original.hashes, comment)
            #expect(proof.extra != original.extra, comment)
        }
        for at in bytes.indices {
            for change: UInt8 in [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80] {
                var changed = bytes
                changed[at] ^= change
                check(changed, "byte \(at) changed by \(change)")
            }
            for byte in "\n 0+A=".utf8 {
                var longer = bytes
                longer.insert(byte, at: at)
                check(longer, "byte \(byte) put in at \(at)")
            }
            var shorter = bytes
            shorter.remove(at: at)
            check(shorter, "byte \(at) taken out")
        }
        // The line “extra” is not authenticated: some changes of its value leave base64.
        #expect(stillProving > 0)
    }

    @Test("malformed proofs are refused")
    func malformed() throws {
        let text = try proof(of: 6).description
        let key = try signer().verifier
        #expect(fault(text, entry(6), key) == nil)
        let hash = tree.leaves[7].base64
        let changed = [
            "", "\n", " " + text, text.replacingFirst("@v1", "@v2"), text.replacingFirst("@v1", "@v1 "),
            text.replacingFirst("index 6", "index 06"), text.replacingFirst("index 6", "index -6"),
            text.replacingFirst("index 6", "index  6"), text.replacingFirst("index 6", "index 18446744073709551616"),
            text.replacingFirst("index 6", "Index 6"), text.replacingFirst("index 6\n", ""),
            text.replacingFirst("index 6", "extra AQID\nextra AQID\nindex 6"),
            text.replacingFirst("index 6", "extra AQI\nindex 6"),
            text.replacingFirst("index 6", "index 6\nextra AQID"), text.replacingFirst(hash, String(hash.dropLast())),
            text.replacingFirst(hash, hash + " "), text.replacingFirst("\n", "\r\n"),
        ]
        for text in changed { #expect(fault(text, entry(6), key) == .malformedProof, "\(text)") }
        #expect(fault(text.replacingFirst("\n\n", "\n"), entry(6), key) == .malformedProof)
        #expect(fault(text + "\n", entry(6), key) == .malformedNote)
        #expect(fault("c2sp.org/tlog-proof@v1\nindex 6\n\(hash)\n", entry(6), key) == .malformedNote)
    }

    @Test("have at most 64 hashes and 128 KiB")
    func limits() throws {
        let full = try proof(of: 6)
        func fault(hashes: Int, extra: Int) -> NoteError.Code? {
            let text = TransparencyProof(
                index: 6, hashes: Array(repeating: .emptyTree, count: hashes), checkpoint: full.checkpoint,
                extra: [UInt8](repeating: 0, count: extra)
            ).description
            return noteFault { () throws(NoteError) in _ = try TransparencyProof(text) }
        }
        #expect(fault(hashes: 64, extra: 90 << 10) == nil)
        #expect(fault(hashes: 65, extra: 0) == .malformedProof)
        #expect(fault(hashes: 0, extra: 98 << 10) == .malformedProof)
    }

    @Test("a checkpoint of another log's name is refused though the key signed it")
    func otherOrigin() throws {
        let signer = try signer()
        let checkpoint = Checkpoint(origin: "other.example", size: 11, root: tree.root(atSize: 11))
        let text = TransparencyProof(
            index: 6, hashes: tree.inclusionProof(index: 6, size: 11),
            checkpoint: try signer.sign(checkpoint.description)
        ).description
        #expect(fault(text, entry(6), signer.verifier) == .otherOrigin)
    }
}

extension String {
    /// The text with the first occurrence of a part replaced.
    func replacingFirst(_ part: String, _ other: String) -> String {
        var text = self
        if let range = firstRange(of: part) { text.replaceSubrange(range, with: other) }
        return text
    }
}
