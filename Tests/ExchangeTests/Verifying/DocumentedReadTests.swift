import Foundation
import JSON
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("The answer in docs/verifiable-reads.md", .fewAtOnce)
struct DocumentedReadTests {
    /// The lines of a block of the page.
    private static func block(_ name: String) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/verifiable-reads.md"), encoding: .utf8)
        let start = try #require(page.range(of: "```\(name)\n")).upperBound
        let end = try #require(page.range(of: "```\n", range: start..<page.endIndex)).lowerBound
        return page[start..<end].split(separator: "\n").map(String.init)
    }

    @Test("It verifies, with nothing but the key, and reads as the page says")
    func verifies() throws {
        let key = try NoteVerifier(try #require(Self.block("key").first))
        let answer = try Self.block("answer")
        let shown = try VerifyingLab.verify(answer, key)
        let merged = shown.entries.map { entry in
            var writer = JSONWriter()
            entry.seen.write(to: &writer)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
        #expect(try merged == Self.block("merged"))
        #expect(shown.read.isComplete && shown.read.checkpoint != nil && shown.read.stubs == 1)
        #expect(shown.entries.count == 3)
    }

    @Test("Any of its characters that is changed is noticed, but for the words that are the ledger's alone")
    func characters() throws {
        let key = try NoteVerifier(try #require(Self.block("key").first))
        let answer = try Self.block("answer")
        var unnoticed = 0
        for (index, line) in answer.enumerated() {
            // Which path, compartment and owner a digest has that is withheld, nobody else can know.
            let withheld = line.range(of: #""withheld":["#).map { start in
                let end = line.range(of: "]", range: start.upperBound..<line.endIndex)?.lowerBound ?? line.endIndex
                return line.utf8.distance(
                    from: line.startIndex, to: start.upperBound)..<line.utf8.distance(from: line.startIndex, to: end)
            }
            for at in 0..<line.utf8.count {
                var bytes = Array(line.utf8)
                bytes[at] ^= 1
                var changed = answer
                changed[index] = String(decoding: bytes, as: UTF8.self)
                guard (try? VerifyingLab.verify(changed, key)) != nil else { continue }
                unnoticed += 1
                #expect(withheld?.contains(at) ?? false, "line \(index + 1), byte \(at) can be changed")
            }
        }
        #expect(unnoticed > 0 && unnoticed < 40)
    }
}
