import TestSupport
import Testing
import Transparency

@Suite("Cosignatures")
struct CosignatureTests {
    @Test("the cosignatures of public witnesses verify with their keys, and say when they were made")
    func publicWitnesses() throws {
        let note = try PublicWitnesses.note()
        #expect(try Checkpoint(note, verifiedBy: PublicWitnesses.log()).size == 17_157)
        for witness in PublicWitnesses.witnesses {
            let key = try PublicWitnesses.verifier(witness)
            #expect(key.description.hasPrefix("\(witness.name)+\(witness.id)+B"), "\(key)")
            let found = key.cosignatures(in: note)
            #expect(found.sound.map(\.time) == [PublicWitnesses.time] && !found.hasWrong, "\(witness.name)")
        }
        // github.com/transparency-dev/formats, note_cosigv1_test.go, has the key of one of them as text.
        let text = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
        #expect(try CosignatureVerifier(text).description == text)
        #expect(try CosignatureVerifier(text) == PublicWitnesses.verifier(PublicWitnesses.witnesses[4]))
    }

    @Test("the specification's example is read: an id, a time, and a signature of which no key is published")
    func example() throws {
        let line =
            "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
        let signature = try SignedNote.Signature(line)
        #expect(signature.id == 0x8D66_CF3F && signature.bytes.count == 72 && signature.description == line)
        // The time that the specification's signed message shows.
        #expect(signature.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } == 1_679_315_147)
        // Nothing of it makes a note unreadable, and no other key takes it for its own.
        let note = try SignedNote(CheckpointTests.example + "\n" + line + "\n")
        let other = try witness("witness.example.com/w1", seed: 1).verifier
        #expect(other.cosignatures(in: note).sound.isEmpty && !other.cosignatures(in: note).hasWrong)
    }

    @Test("a public cosignature with any one bit changed, or over another text, is wrong")
    func changed() throws {
        let one = PublicWitnesses.witnesses[4]
        let (key, note) = (try PublicWitnesses.verifier(one), try PublicWitnesses.note([one]))
        let line = try #require(note.signatures.last)
        let bytes = try #require(Base64.decode(line.description.split(separator: " ")[2]))
        for bit in stride(from: 32, to: bytes.count * 8, by: 3) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let other = try SignedNote.Signature("— \(one.name) \(Base64.encode(changed))")
            #expect(key.cosignature(other, of: note.text) == nil, "bit \(bit)")
            let spoilt = try SignedNote(PublicWitnesses.text + "\n\(other)\n")
            #expect(key.cosignatures(in: spoilt).sound.isEmpty && key.cosignatures(in: spoilt).hasWrong)
        }
        #expect(key.cosignature(line, of: note.text + "one more line\n") == nil)
        for count in [1, 71, 73] {
            let short = Base64.encode(Array(bytes.prefix(4)) + [UInt8](repeating: 1, count: count))
            #expect(key.cosignature(try .init("— \(one.name) \(short)"), of: note.text) == nil)
        }
    }

    @Test("what a witness cosigns, its key verifies; the whole text counts, extension lines with it")
    func roundTrip() throws {
        let signer = try witness("witness.example/a", seed: 3)
        let log = try TransparencyTests.signer("log.example")
        for extensions in [[], ["one", "two"]] {
            let checkpoint = try Checkpoint(origin: "log.example", size: 5, root: .emptyTree, extensions: extensions)
            let note = try log.sign(checkpoint.description)
            let line = try signer.cosign(note.text, at: 1_700_000_000)
            let cosigned = try SignedNote(note.adding(line).description)
            #expect(signer.verifier.cosignatures(in: cosigned).sound.map(\.time) == [1_700_000_000])
            #expect(try Checkpoint(cosigned, verifiedBy: log.verifier) == checkpoint)
            #expect(try CosignatureVerifier(signer.verifier.description) == signer.verifier)
        }
    }

    @Test("a key's id for cosignatures is not that for notes, and neither signature is taken for the other")
    func separation() throws {
        let key = try NoteSigner(name: "witness.example/a", seed: Array(1...32))
        let signer = CosignatureSigner(key)
        #expect(signer.verifier.id != key.verifier.id && signer.verifier.publicKey == key.verifier.publicKey)
        let text = Checkpoint(origin: "log.example", size: 5, root: .emptyTree).description
        let note = try key.sign(text)
        #expect(signer.verifier.cosignatures(in: note).sound.isEmpty)
        let cosigned = try note.adding(signer.cosign(text, at: 5))
        #expect(verificationFault(cosigned.description, key.verifier) == nil)
        #expect(
            noteFault { () throws(NoteError) in _ = try NoteVerifier(signer.verifier.description) } == .malformedKey)
        #expect(
            noteFault { () throws(NoteError) in _ = try CosignatureVerifier(key.verifier.description) } == .malformedKey
        )
        let wrongID = signer.verifier.description.replacing(String(signer.verifier.id, radix: 16), with: "00000000")
        #expect(noteFault { () throws(NoteError) in _ = try CosignatureVerifier(wrongID) } == .malformedKey)
    }

    @Test("only checkpoints are cosigned, and only at a time that can be")
    func refusals() throws {
        let signer = try witness("witness.example/a", seed: 3)
        let text = Checkpoint(origin: "log.example", size: 5, root: .emptyTree).description
        let cases: [(String, UInt64)] = [
            ("any text\n", 5), (String(text.dropLast()), 5), (text, 0), (text, 1 << 63),
        ]
        for (text, time) in cases {
            #expect(
                noteFault { () throws(NoteError) in _ = try signer.cosign(text, at: time) } == .malformedCheckpoint)
        }
        _ = try signer.cosign(text, at: 1 << 63 - 1)
    }

    @Test("of several cosignatures of a witness the newest comes first, and a wrong one spoils none of them")
    func several() throws {
        let signer = try witness("witness.example/a", seed: 3)
        let text = Checkpoint(origin: "log.example", size: 5, root: .emptyTree).description
        let other = Checkpoint(origin: "log.example", size: 6, root: .emptyTree).description
        var note = try TransparencyTests.signer("log.example").sign(text)
        for time in [5, 9, 7] as [UInt64] { note = try note.adding(signer.cosign(text, at: time)) }
        note = try note.adding(signer.cosign(other, at: 11))
        let found = signer.verifier.cosignatures(in: note)
        #expect(found.sound.map(\.time) == [9, 7, 5] && found.hasWrong)
    }
}
