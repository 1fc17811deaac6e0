import Foundation
import TestSupport
import Testing
import Transparency

/// A key, a note and its parts as golang.org/x/mod/sumdb/note shows them.
enum Known {
    static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let text =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    static let signature =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    static let note = text + "\n" + signature
}

/// A signer whose key is the same in every run.
func signer(_ name: String = "port.example/ledger", seed: UInt8 = 7) throws -> NoteSigner {
    try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32))
}

func verificationFault(_ note: String, _ key: NoteVerifier) -> NoteError.Code? {
    noteFault { () throws(NoteError) in try SignedNote(note).verify(key) }
}

@Suite("Signed notes")
struct SignedNoteTests {
    @Test("the note that Go's documentation shows verifies with its key")
    func knownAnswer() throws {
        let key = try NoteVerifier(Known.key)
        #expect(key.name == "PeterNeumann")
        #expect(key.id == 0xC74F_20A3)
        #expect(key.description == Known.key)
        let note = try SignedNote(Known.note)
        #expect(note.text == Known.text)
        #expect(note.signatures.map(\.name) == ["PeterNeumann"])
        #expect(note.signatures.map(\.id) == [key.id])
        #expect(note.signatures.map(\.bytes.count) == [64])
        #expect(note.description == Known.note)
        try note.verify(key)
    }

    @Test("the known note with any one byte changed is refused, or is not verified")
    func changedByte() throws {
        let key = try NoteVerifier(Known.key)
        let bytes = Array(Known.note.utf8)
        for at in bytes.indices {
            for change: UInt8 in [1, 2, 0x10, 0x20, 0x80] {
                var changed = bytes
                changed[at] ^= change
                guard let note = String(validating: changed, as: UTF8.self) else { continue }
                #expect(verificationFault(note, key) != nil, "byte \(at) changed by \(change)")
            }
        }
    }

    @Test("what a new key signs, its verifier verifies, also after writing and reading all of it")
    func roundTrip() throws {
        let signer = try NoteSigner.generate(name: "港.example/三互")
        let note = try signer.sign("One line\n\nand another, 三互.\n")
        let again = try SignedNote(note.description)
        #expect(again == note)
        try again.verify(signer.verifier)
        try again.verify(NoteVerifier(signer.verifier.description))
        let sameSigner = try NoteSigner(secretText: signer.secretText)
        #expect(sameSigner.verifier == signer.verifier)
        #expect(sameSigner.secretText == signer.secretText)
        try sameSigner.sign("x\n").verify(signer.verifier)
        #expect(try NoteSigner.generate(name: "a").secretText != NoteSigner.generate(name: "a").secretText)
    }

    @Test("the seed of RFC 8032's first test gives its public key")
    func knownSeed() throws {
        let seed = try #require(Hex.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try NoteSigner(name: "a", seed: seed).verifier.publicKey
        #expect(Hex.encode(key) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    }

    @Test("a note without the key's signature is told from one with a wrong signature")
    func otherKeys() throws {
        let (own, other) = (try signer(), try signer("other"))
        let note = try own.sign("text\n").description
        #expect(verificationFault(note, own.verifier) == nil)
        #expect(verificationFault(note, other.verifier) == .noSignature)
        let namesake = try signer(seed: 8).verifier
        #expect(verificationFault(note, namesake) == .noSignature)
        let tampered = note.replacingOccurrences(of: "text", with: "test")
        #expect(verificationFault(tampered, own.verifier) == .wrongSignature)
        #expect(verificationFault(tampered, other.verifier) == .noSignature)
    }

    @Test("signatures of others are passed over, and one wrong signature of the key spoils its right one")
    func severalSignatures() throws {
        let (own, other) = (try signer(), try signer("other"))
        let text = "text\n"
        func line(_ signer: NoteSigner, _ signed: String) throws -> String {
            try signer.sign(signed).description.split(separator: "\n").last.map { $0 + "\n" } ?? ""
        }
        let unknown = "— witness \(Base64.encode([1, 2, 3, 4, 5]))\n"
        let note = try text + "\n" + unknown + line(other, text) + line(own, text)
        #expect(verificationFault(note, own.verifier) == nil)
        #expect(verificationFault(note, other.verifier) == nil)
        #expect(try SignedNote(note).description == note)
        let spoilt = try note + line(own, "another text\n")
        #expect(verificationFault(spoilt, own.verifier) == .wrongSignature)
        #expect(verificationFault(spoilt, other.verifier) == nil)
    }

    @Test("the last empty line divides, so a text may hold empty lines")
    func emptyLines() throws {
        let signer = try signer()
        for text in ["\n", "\n\n", "a\n\n", "a\n\nb\n", "\n\na\n", "— a b\n"] {
            let note = try SignedNote(signer.sign(text).description)
            #expect(note.text == text)
            try note.verify(signer.verifier)
        }
    }

    @Test(
        "malformed notes are refused",
        arguments: [
            "", "\n", "text", "text\n", "text\n\n", "\n" + Known.signature, Known.text + Known.signature,
            String(Known.note.dropLast()), Known.note + "\n", Known.note + "x\n", " " + Known.note.dropLast() + " \n",
            Known.text + "\n—  PeterNeumann x08go/ZJ\n", Known.text + "\n— PeterNeumann x08go/Z\n",
            Known.text + "\n— PeterNeumann x08goz==\n", Known.text + "\n— PeterNeumann x08gow==\n",
            Known.text + "\n— Peter+Neumann x08go/ZJ\n", Known.text + "\n— x08go/ZJ\n",
            Known.text + "\n-- PeterNeumann x08go/ZJ\n", Known.text + "\n— Peter\u{A0}Neumann x08go/ZJ\n",
            "a\tb\n\n" + Known.signature, "a\r\n\n" + Known.signature, "a\0\n\n" + Known.signature,
            "a\n\n" + Known.signature.replacingOccurrences(of: "\n", with: "\r\n"),
        ])
    func malformed(_ note: String) {
        #expect(noteFault { () throws(NoteError) in _ = try SignedNote(note) } == .malformedNote)
    }

    @Test("a note is accepted at the limits of size and of signatures, and refused above them")
    func limits() throws {
        func size(_ count: Int) -> NoteError.Code? {
            let padding = String(repeating: "x", count: count - Known.signature.utf8.count - 2)
            return noteFault { () throws(NoteError) in _ = try SignedNote(padding + "\n\n" + Known.signature) }
        }
        #expect(size(SignedNote.maximumBytes) == nil)
        #expect(size(SignedNote.maximumBytes + 1) == .malformedNote)
        func signatures(_ count: Int) -> NoteError.Code? {
            let lines = String(repeating: Known.signature, count: count)
            return noteFault { () throws(NoteError) in _ = try SignedNote(Known.text + "\n" + lines) }
        }
        #expect(signatures(SignedNote.maximumSignatures) == nil)
        #expect(signatures(SignedNote.maximumSignatures + 1) == .malformedNote)
    }

    @Test("what is signed can be read again: a text that leaves no room for the signature is not signed")
    func longTexts() throws {
        let signer = try signer()
        let rest = try signer.sign("\n").description.utf8.count - 1
        let longest = String(repeating: "x", count: SignedNote.maximumBytes - rest - 1) + "\n"
        let note = try signer.sign(longest)
        #expect(note.description.utf8.count == SignedNote.maximumBytes)
        #expect(try SignedNote(note.description) == note)
        #expect(noteFault { () throws(NoteError) in _ = try signer.sign("x" + longest) } == .malformedNote)
        let other = try TransparencyTests.signer("b")
        #expect(noteFault { () throws(NoteError) in _ = try other.cosign(note) } == .malformedNote)
    }

    @Test("others cosign: their lines come under those that are there, and all verify")
    func cosigning() throws {
        let signers = [try signer(), try signer("witness.example/a"), try signer("witness.example/b")]
        let first = try signers[0].sign("text\n")
        let note = try signers[2].cosign(signers[1].cosign(first))
        #expect(note.text == first.text && note.description.hasPrefix(first.description))
        #expect(note.signatures.map(\.name) == signers.map(\.verifier.name))
        for signer in signers { #expect(verificationFault(note.description, signer.verifier) == nil) }
        #expect(try SignedNote(note.description) == note)
        // A signature that is there already is not there twice.
        #expect(try note.adding(note.signatures[1]) == note)
        // A line that came from elsewhere, as it is written.
        let line = try #require(try signers[1].sign("text\n").description.split(separator: "\n").last)
        let added = try first.adding(SignedNote.Signature(line))
        #expect(added.signatures.map(\.name) == signers[..<2].map(\.verifier.name))
        #expect(verificationFault(added.description, signers[1].verifier) == nil)
        for text in ["", "—", "— a", "- a \(Base64.encode([1, 2, 3, 4, 5]))", "— a b+c d", "\(line)\n", "\(line) x"] {
            #expect(noteFault { () throws(NoteError) in _ = try SignedNote.Signature(text) } == .malformedNote)
        }
    }

    @Test("no more signatures are added than a note may have")
    func manySignatures() throws {
        var note = try signer().sign("text\n")
        for number in 1..<SignedNote.maximumSignatures { note = try signer("w\(number)").cosign(note) }
        #expect(try SignedNote(note.description).signatures.count == SignedNote.maximumSignatures)
        let other = try signer("one-more")
        #expect(noteFault { () throws(NoteError) in _ = try other.cosign(note) } == .malformedNote)
    }

    @Test("a text that cannot be a note's is not signed", arguments: ["", "x", "a\r\n", "a\u{1}\n", "a\tb\n"])
    func unsignable(_ text: String) throws {
        let signer = try signer()
        #expect(noteFault { () throws(NoteError) in _ = try signer.sign(text) } == .malformedNote)
    }
}

@Suite("Keys of notes")
struct NoteKeyTests {
    @Test(
        "names that are empty or hold white space, plus signs or control characters name no key",
        arguments: [
            "", " ", "a b", "a+b", "a\u{A0}b", "a\u{2003}b", "a\nb", "a\0", "+", "a\u{7F}", "a\u{9B}",
        ])
    func names(_ name: String) throws {
        let key = [UInt8](repeating: 1, count: 32)
        #expect(noteFault { () throws(NoteError) in _ = try NoteVerifier(name: name, publicKey: key) } == .malformedKey)
        #expect(noteFault { () throws(NoteError) in _ = try NoteSigner.generate(name: name) } == .malformedKey)
    }

    @Test(
        "malformed verifier keys are refused",
        arguments: [
            "", "PeterNeumann", "PeterNeumann+c74f20a3", Known.key + "=", String(Known.key.dropLast(4)),
            "+" + Known.key,
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",
        ])
    func malformed(_ text: String) {
        #expect(noteFault { () throws(NoteError) in _ = try NoteVerifier(text) } == .malformedKey)
    }

    @Test("malformed signing keys are refused")
    func malformedSecrets() throws {
        let secret = try signer().secretText
        #expect(secret.hasPrefix("PRIVATE+KEY+port.example/ledger+"))
        let changed = [
            "", "PRIVATE+KEY+", String(secret.dropFirst()), String(secret.dropLast()), secret + "=", secret + "\n",
            "x" + secret,
            secret.replacingOccurrences(of: "port", with: "pork"), try signer().verifier.description,
            secret.replacingOccurrences(of: "+KEY+", with: "+KEY+x+"),
        ]
        for text in changed {
            #expect(noteFault { () throws(NoteError) in _ = try NoteSigner(secretText: text) } == .malformedKey)
        }
        for count in [0, 31, 33] {
            let seed = [UInt8](repeating: 1, count: count)
            #expect(noteFault { () throws(NoteError) in _ = try NoteSigner(name: "a", seed: seed) } == .malformedKey)
        }
    }

    @Test("an error never shows a signing key, whichever way it was misread")
    func secretsStaySecret() throws {
        let secret = try signer().secretText
        let seedText = try #require(secret.split(separator: "+").last)
        for text in [secret, String(secret.dropLast()), secret + "x", String(secret.dropFirst(12))] {
            #expect {
                _ = try NoteVerifier(text)
            } throws: { error in
                !"\(error)".contains(seedText.prefix(20))
            }
        }
        for text in [String(secret.dropFirst()), secret + "x", secret.replacingOccurrences(of: "ledger", with: "l")] {
            #expect {
                _ = try NoteSigner(secretText: text)
            } throws: { error in
                !"\(error)".contains(seedText.prefix(20))
            }
        }
    }
}
