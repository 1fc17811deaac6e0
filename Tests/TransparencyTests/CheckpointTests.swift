import TestSupport
import Testing
import Transparency

@Suite("Checkpoints")
struct CheckpointTests {
    /// The example of C2SP tlog-checkpoint.
    static let example = """
        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        """

    @Test("the specification's example is read and written as it is")
    func example() throws {
        let checkpoint = try Checkpoint(Self.example)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.base64 == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
        #expect(checkpoint.extensions.isEmpty)
        #expect(checkpoint.description == Self.example)
    }

    @Test("sizes and extensions come back", arguments: [0, 1, .max] as [UInt64])
    func roundTrip(_ size: UInt64) throws {
        let checkpoint = try Checkpoint(
            origin: "港.example", size: size, root: .emptyTree, extensions: ["Timestamp: 1", " "])
        #expect(try Checkpoint(checkpoint.description) == checkpoint)
    }

    @Test("malformed checkpoints are refused")
    func malformed() {
        let root = MerkleHash.emptyTree.base64
        let texts = [
            "", "\n", "o\n1\n", "o\n1\n\(root)", "\n1\n\(root)\n", "o\n\n\(root)\n", "o\n1\n\n", "o\n01\n\(root)\n",
            "o\n-1\n\(root)\n", "o\n+1\n\(root)\n", "o\n 1\n\(root)\n", "o\n1 \n\(root)\n", "o\n１\n\(root)\n",
            "o\n0x1\n\(root)\n",
            "o\n18446744073709551616\n\(root)\n", "o\n1\n\(root) \n", "o\n1\n\(root.dropLast())\n", "o\n1\n\(root)\n\n",
            "o\n1\n\(root)\n\nextension\n", "o\n1\n\(root)\nextension", "o\n1\nAAAA\n", "o\r\n1\r\n\(root)\r\n",
        ]
        for text in texts {
            #expect(noteFault { () throws(NoteError) in _ = try Checkpoint(text) } == .malformedCheckpoint, "\(text)")
        }
    }

    @Test(
        "an origin or an extension that is no line is refused: it would be another line of the checkpoint",
        arguments: ["", "a\nb", "\n", "a\n", "a\rb", "a\tb", "a\0", "a\u{1}", "a\u{7F}", "a\u{85}b"])
    func lines(_ text: String) {
        func fault(_ origin: String, _ extensions: [String]) -> NoteError.Code? {
            noteFault { () throws(NoteError) in
                _ = try Checkpoint(origin: origin, size: 1, root: .emptyTree, extensions: extensions)
            }
        }
        #expect(fault(text, []) == .malformedCheckpoint)
        #expect(fault("log.example", [text]) == .malformedCheckpoint)
        #expect(fault("log.example", ["fine", text]) == .malformedCheckpoint)
        #expect(fault("log example, 三互 +", ["fine", " "]) == nil)
    }

    @Test("a checkpoint is taken from a note only if the log's key signed it and it is of that log")
    func verified() throws {
        let signer = try signer("log.example")
        let checkpoint = Checkpoint(origin: "log.example", size: 3, root: .emptyTree)
        let note = try signer.sign(checkpoint.description)
        #expect(try Checkpoint(note, verifiedBy: signer.verifier) == checkpoint)

        func fault(_ note: SignedNote, _ key: NoteVerifier) -> NoteError.Code? {
            noteFault { () throws(NoteError) in _ = try Checkpoint(note, verifiedBy: key) }
        }
        #expect(fault(note, try self.signer("log.example", 9).verifier) == .noSignature)
        #expect(fault(try signer.sign("not a checkpoint\n"), signer.verifier) == .malformedCheckpoint)
        let other = Checkpoint(origin: "other.example", size: 3, root: .emptyTree)
        #expect(fault(try signer.sign(other.description), signer.verifier) == .otherOrigin)
        let larger = note.description.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0 == "3" ? "4" : $0 }.joined(separator: "\n")
        #expect(fault(try SignedNote(larger), signer.verifier) == .wrongSignature)
    }

    private func signer(_ name: String, _ seed: UInt8 = 7) throws -> NoteSigner {
        try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32))
    }
}

@Suite("Paths of tiles")
struct TilePathTests {
    @Test(
        "are written and read as C2SP tlog-tiles says",
        arguments: [
            (.hashes(level: 0), 0, 256, "tile/0/000"), (.hashes(level: 0), 1_234_067, 256, "tile/0/x001/x234/067"),
            (.hashes(level: 1), 999, 255, "tile/1/999.p/255"), (.hashes(level: 5), 1000, 1, "tile/5/x001/000.p/1"),
            (.hashes(level: 63), 273, 112, "tile/63/273.p/112"), (.entries, 67, 256, "tile/entries/067"),
            (.entries, 1_234_067, 8, "tile/entries/x001/x234/067.p/8"),
            (.entries, .max, 256, "tile/entries/x018/x446/x744/x073/x709/x551/615"),
        ] as [(TilePath.Content, UInt64, Int, String)])
    func known(_ content: TilePath.Content, _ index: UInt64, _ width: Int, _ text: String) throws {
        let path = try #require(TilePath(content, index: index, width: width))
        #expect(path.description == text)
        #expect(TilePath(text) == path)
    }

    @Test("any path comes back", arguments: 1...200)
    func roundTrip(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let content: TilePath.Content = dice.oneIn(2) ? .entries : .hashes(level: dice.below(64))
        let index = dice.next() >> UInt64(dice.below(64))
        let path = try #require(TilePath(content, index: index, width: dice.within(1..<257)))
        #expect(TilePath(path.description) == path, "seed \(seed)")
    }

    @Test(
        "every other text is refused",
        arguments: [
            "", "tile", "tile/", "tile/0", "tile/0/", "tile/entries", "tile/entries/", "/tile/0/000", "tile/0/000/",
            "tile//000",
            "tile/00/000", "tile/-1/000", "tile/64/000", "tile/x/000", "tile/Entries/000", "tile/0/0", "tile/0/00",
            "tile/0/0000", "tile/0/x000", "tile/0/x000/001", "tile/0/001/001", "tile/0/x001/x001", "tile/0/x01/001",
            "tile/0/X001/001", "tile/0/+01", "tile/0/ 01", "tile/0/０00", "tile/0/000.p", "tile/0/000.p/",
            "tile/0/000.p/0",
            "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/-1", "tile/0/000.p/1/", "tile/0/000.p/1.p/1",
            "tile/0/.p/1",
            "tile/0/x001.p/1", "tile/0/000.P/1", "tile/0/000/1", "tiles/0/000", "tile/0/x001/x234/067.p/8/x001",
            "tile/entries/x018/x446/x744/x073/x709/x551/616", "tile/entries/x019/x000/x000/x000/x000/x000/000",
            "tile/entries/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/x\u{301}001/001",
        ])
    func refusals(_ text: String) {
        #expect(TilePath(text) == nil)
    }

    @Test("there are no tiles of width 0 or over 256, nor of levels that a tree cannot have")
    func limits() {
        #expect(TilePath(.entries, index: 0, width: 0) == nil)
        #expect(TilePath(.entries, index: 0, width: 257) == nil)
        #expect(TilePath(.hashes(level: -1), index: 0) == nil)
        #expect(TilePath(.hashes(level: 64), index: 0) == nil)
    }
}
