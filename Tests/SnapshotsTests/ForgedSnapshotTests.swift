import Crypto
import EventLog
import Foundation
import TestSupport
import Testing
import Transparency

@testable import Snapshots

@Suite("A snapshot that its own key signed is refused if it holds what is no entry", .serialized)
struct ForgedSnapshotTests {
    /// Something that stands in place of a good entry's part, and how it is refused.
    static let faults: [(part: String, other: String, reason: String)] = [
        ("\"agency\":\"CUS\"", "\"agency\":\"C US\"", "agency"),
        ("\"tags\":[", "\"tags\":[\"zz:1\",", "in the order"),
        ("\"tags\":[", "\"tags\":[7,", "a tag is not a string"),
        ("\"tags\":[", "\"more\":1,\"tags\":[", "its members are not"),
        ("\"specversion\":\"1.0\",", "", "specversion"),
        ("\"id\":\"1\"", "\"id\":1", "“id”"),
        ("\"event\":{", "\"event\": {", "white space"),
        ("\"event\":{", "\"event\":{{", "byte"),
        ("\"recorded\":\"2", "\"recorded\":\"x", "at no time"),
        ("\"recorded\":\"2", "\"recorded\":\"1", "before the one before it"),
    ]

    /// Lines with a manifest and an end that are right for them.
    private static func forged(_ lines: [String], by signer: NoteSigner) throws -> [UInt8] {
        var frontier = MerkleFrontier()
        for line in lines {
            let comma = try #require(line.firstIndex(of: ","))
            let entry = Array(("{" + line[line.index(after: comma)...]).utf8)
            frontier.append(MerkleHash.leaf(entry.span))
        }
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: frontier.size, root: frontier.root)
        let manifest = try SnapshotManifest(
            .log(since: nil), note: signer.sign(checkpoint.description), verifier: signer.verifier, created: .now(),
            frameBytes: 1 << 20)
        return try manifest.line(signedBy: signer) + lines.map { $0 + "\n" }.joined().utf8
            + BesideTree().end.line(of: manifest, signedBy: signer)
    }

    @Test("Neither verified nor imported, and nothing is left; line and position are said", arguments: faults)
    func refuses(part: String, other: String, reason: String) async throws {
        let sample = try await Sample(entries: 3, disclosing: false)
        var entries = Array(try lines(sample.export()).dropFirst().dropLast())
        #expect(sample.refusal(try sample.compress(Self.forged(entries, by: sample.signer))) == nil)
        entries[1] = entries[1].replacing(part, with: other, maxReplacements: 1)
        let refusal = sample.refusal(try sample.compress(Self.forged(entries, by: sample.signer)))
        #expect(refusal?.code == .changed, "\(String(describing: refusal))")
        #expect(refusal?.reason.contains("Line 3") == true, "\(String(describing: refusal))")
        #expect(refusal?.reason.contains("position 1") == true, "\(String(describing: refusal))")
        #expect(refusal?.reason.contains(reason) == true, "\(String(describing: refusal))")
    }
}
