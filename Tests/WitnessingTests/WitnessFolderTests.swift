import EventLog
import Foundation
import Synchronization
import TestSupport
import Testing
import Transparency

@testable import Witnessing

@Suite struct WitnessFolderTests {
    static func signer(_ seed: UInt8 = 5) throws -> CosignatureSigner {
        CosignatureSigner(try NoteSigner(name: "witness.example/a", seed: [UInt8](repeating: seed, count: 32)))
    }

    private static func made(_ folder: TemporaryFolder, following histories: SignedHistory...) throws -> WitnessFolder {
        try WitnessFolder.create(at: folder.path("w"), for: signer().verifier)
        let witness = try WitnessFolder(at: folder.path("w"), signer: signer())
        for history in histories { try witness.follow(history.signer.verifier) }
        return witness
    }

    private static func code(_ body: () throws(LogError) -> Void) -> LogError.Code? {
        do throws(LogError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }

    private static func refusal(_ witness: WitnessFolder, _ body: String) -> WitnessRefusal? {
        do throws(WitnessFault) {
            _ = try witness.cosign(body, at: 5)
            return nil
        } catch {
            if case .refused(let refusal) = error { return refusal }
            return nil
        }
    }

    @Test func `what was cosigned is known after the witness was opened again, and nothing else is cosigned`() throws {
        let folder = try TemporaryFolder()
        let (history, other) = (try SignedHistory(20), try SignedHistory(20, forkedAt: 4))
        let witness = try Self.made(folder, following: history)
        let note = try witness.cosign(history.submission(0, 9), at: 1_700_000_000)
        #expect(witness.verifier.cosignatures(in: note).sound.map(\.time) == [1_700_000_000])
        #expect(try Checkpoint(note, verifiedBy: history.signer.verifier).size == 9)
        witness.close()
        #expect(throws: WitnessFault.self) { try witness.cosign(history.submission(9, 9), at: 5) }

        let again = try WitnessFolder(at: folder.path("w"), signer: Self.signer())
        #expect(again.log("log.example")?.size == 9)
        #expect(Self.refusal(again, try other.submission(0, 9))?.code == .forked)
        #expect(Self.refusal(again, try other.submission(9, 12))?.code == .notProved)
        #expect(Self.refusal(again, try history.submission(0, 5))?.size == 9)
        // The same once more, at another time; and on.
        #expect(
            try again.verifier.cosignatures(in: again.cosign(history.submission(9, 9), at: 7)).sound.map(\.time) == [7])
        #expect(try again.cosign(history.submission(9, 20), at: 8).text == history.note(20).text)
        #expect(try again.latest("log.example", at: 11)?.text == history.note(20).text)
        #expect(try again.latest("other.example", at: 11) == nil)
    }

    @Test func `both notes of a fork are kept, once, and show it to whoever has the log's key`() throws {
        let folder = try TemporaryFolder()
        let (history, other) = (try SignedHistory(20), try SignedHistory(20, forkedAt: 4))
        let witness = try Self.made(folder, following: history)
        _ = try witness.cosign(history.submission(0, 9), at: 5)
        for _ in 0..<3 {
            #expect(Self.refusal(witness, try other.submission(9, 9))?.code == .forked)
            #expect(Self.refusal(witness, try other.submission(9, 12))?.code == .notProved)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("w/evidence"))
        #expect(files.count == 2)
        for file in files {
            let text = try String(contentsOfFile: folder.path("w/evidence/\(file)"), encoding: .utf8)
            #expect(try WitnessEvidence(text).verify(history.signer.verifier) == .forked)
        }
    }

    @Test func `one process has a folder, and only with the key that it is of`() throws {
        let folder = try TemporaryFolder()
        let witness = try Self.made(folder)
        #expect(
            Self.code { () throws(LogError) in _ = try WitnessFolder(at: folder.path("w"), signer: signer5) } == .inUse)
        #expect(
            Self.code { () throws(LogError) in try WitnessFolder.create(at: folder.path("w"), for: signer5.verifier) }
                == .inUse)
        witness.close()
        #expect(
            Self.code { () throws(LogError) in try WitnessFolder.create(at: folder.path("w"), for: signer5.verifier) }
                == .alreadyExists)
        #expect(
            Self.code { () throws(LogError) in _ = try WitnessFolder(at: folder.path("w"), signer: signer6) }
                == .wrongKey)
        #expect(
            Self.code { () throws(LogError) in _ = try WitnessFolder(at: folder.path("x"), signer: signer5) }
                == .notALedger)
        #expect(!FileManager.default.fileExists(atPath: folder.path("x")))
        #expect(try WitnessFolder.contents(at: folder.path("w")).verifier == Self.signer().verifier)
    }

    private let signer5: CosignatureSigner
    private let signer6: CosignatureSigner

    init() throws { (signer5, signer6) = (try Self.signer(5), try Self.signer(6)) }

    @Test func `a folder that is damaged, or lost its state, is not begun anew`() throws {
        let folder = try TemporaryFolder()
        let history = try SignedHistory(20)
        let witness = try Self.made(folder, following: history)
        _ = try witness.cosign(history.submission(0, 9), at: 5)
        witness.close()
        let file = URL(fileURLWithPath: folder.path("w/state.json"))
        let sound = try String(contentsOf: file, encoding: .utf8)
        let other = try SignedHistory(20, origin: "log.example", seed: 8).note(9)
        let changes = [
            "", "{}", String(sound.dropLast(4)), sound.replacing(#""format":1"#, with: #""format":2"#),
            sound.replacing(#"\n9\n"#, with: #"\n8\n"#), sound.replacing(#""logs""#, with: #""dogs""#),
            sound.replacing("— log.example", with: "— log.exampel"),
            #"{"format":1,"witness":"\#(signer5.verifier)","logs":[{"key":"\#(history.signer.verifier)","checkpoint":"\#(other.description.replacing("\n", with: "\\n"))"}]}"#,
        ]
        for text in changes {
            try Data(text.utf8).write(to: file)
            let code = Self.code { () throws(LogError) in _ = try WitnessFolder(at: folder.path("w"), signer: signer5) }
            #expect(code == .corrupted || code == .newerFormat, "\(text)")
        }
        try FileManager.default.removeItem(at: file)
        #expect(
            Self.code { () throws(LogError) in _ = try WitnessFolder(at: folder.path("w"), signer: signer5) }
                == .notALedger)
        try Data(sound.utf8).write(to: file)
        #expect(try WitnessFolder(at: folder.path("w"), signer: signer5).log("log.example")?.size == 9)
    }

    /// How a write fails: before anything is in its place, or after.
    private enum Failing: CaseIterable { case before, after, fullBefore }

    @Test func `whatever write fails, and at whatever step, two histories are never cosigned`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        var (cosigned, failed) = (0, 0)
        for _ in 0..<12 {
            let folder = try TemporaryFolder()
            let histories = [try SignedHistory(24), try SignedHistory(24, forkedAt: dice.within(1..<12))]
            try Self.made(folder, following: histories[0]).close()
            var taken: [UInt64: String] = [:]
            var largest: UInt64 = 0
            for _ in 0..<6 {
                let fails = dice.pick(Failing.allCases)
                let after = dice.below(4)
                let count = Mutex(0)
                let witness = try WitnessFolder(at: folder.path("w"), signer: Self.signer()) {
                    bytes, path throws(LogError) in
                    let number = count.withLock { count in
                        defer { count += 1 }
                        return count
                    }
                    guard number == after else { return try DurableFile.write(bytes, to: path, mode: 0o600) }
                    if fails == .after { try DurableFile.write(bytes, to: path, mode: 0o600) }
                    throw LogError(fails == .fullBefore ? .diskFull : .inputOutput, "injected")
                }
                for _ in 0..<8 {
                    let history = dice.pick(histories)
                    let old = Int(witness.log("log.example")?.size ?? 0)
                    let new = dice.within(old..<25)
                    do throws(WitnessFault) {
                        let note = try witness.cosign((try? history.submission(old, new)) ?? "", at: 5)
                        #expect(UInt64(new) >= largest, "went back, seed \(seed)")
                        largest = UInt64(new)
                        #expect(taken[largest] ?? note.text == note.text, "seed \(seed)")
                        taken[largest] = note.text
                        cosigned += 1
                        // What is said is on the disk.
                        let stored = (try? WitnessFolder.contents(at: folder.path("w")).logs)?.first
                        #expect(stored?.note?.text == note.text, "seed \(seed)")
                    } catch {
                        if case .failed = error { failed += 1 }
                    }
                }
                witness.close()
            }
            let fits = histories.contains { history in
                taken.allSatisfy { size, text in (try? history.note(Int(size)).text) == text }
            }
            #expect(fits, "seed \(seed): \(taken.keys.sorted())")
        }
        #expect(cosigned > 20 && failed > 20, "\(cosigned), \(failed), seed \(seed)")
    }

    @Test func `a full disk refuses, and goes on when there is room; an error that tells nothing ends it`() throws {
        for (code, goesOn) in [(LogError.Code.diskFull, true), (.inputOutput, false)] {
            let folder = try TemporaryFolder()
            let history = try SignedHistory(20)
            try Self.made(folder, following: history).close()
            let fails = Mutex(true)
            let witness = try WitnessFolder(at: folder.path("w"), signer: Self.signer()) {
                bytes, path throws(LogError) in
                if fails.withLock({ $0 }) { throw LogError(code, "injected") }
                try DurableFile.write(bytes, to: path, mode: 0o600)
            }
            #expect(throws: WitnessFault.self) { try witness.cosign(history.submission(0, 9), at: 5) }
            #expect(witness.log("log.example")?.size == 0)
            fails.withLock { $0 = false }
            let second = try? witness.cosign(history.submission(0, 9), at: 5)
            #expect((second != nil) == goesOn)
        }
    }
}
