import Crypto
import EventLog
import Foundation
import JSON
import Snapshots
import TestSupport
import Testing
import Transparency

@Suite("A ledger that went through a snapshot is the same", .serialized)
struct SnapshotRoundTripTests {
    @Test("thousands of entries and disclosures, byte for byte, and reads by tag")
    func roundTrip() async throws {
        let sample = try await Sample(entries: 4_300)
        let head = try sample.log.checkpoint()
        let file = sample.path("log.zst")
        var steps: [Position] = []
        let exported = try SnapshotExporter(log: sample.log, signer: sample.signer).export(to: file) { done, total in
            #expect(total == 4_300)
            steps.append(done)
        }
        #expect(steps == steps.sorted() && steps.last == 4_300)
        #expect(exported.checkpoint == head && exported.size == 4_300 && exported.verifier == sample.verifier)
        #expect(exported.beside == UInt64(sample.disclosures.values.reduce(0) { $0 + $1.count }))
        #expect(try exported.fileBytes == UInt64(bytes(file).count))
        let verified = try SnapshotVerifier.verify(path: file, verifier: sample.verifier)
        #expect(verified == exported)
        #expect(try SnapshotVerifier.verify(path: file).isKeyKnown == false)

        let copy = sample.path("copy")
        let imported = try SnapshotImporter.import(from: file, into: copy, verifier: sample.verifier)
        #expect(imported == exported)
        #expect(!FileManager.default.fileExists(atPath: copy + ".importing"))
        let log = try Log.open(at: copy, signer: sample.signer)
        #expect(try log.checkpoint() == head)
        #expect(try log.root(atSize: 4_300) == sample.log.root(atSize: 4_300))
        #expect(try log.read(.all, ReadRange()) == sample.log.read(.all, ReadRange()))
        for position in 0..<Position(4_300) {
            #expect(try log.disclosures(at: position) == sample.disclosures[position] ?? [])
        }
        let query = Query(tags: [try Tag("declaration:700")])
        #expect(try log.read(query, ReadRange()).map(\.position) == [2_100, 2_101, 2_102])
        let report = log.verify()
        #expect(report.isSound && report.entries == 4_300, "\(report.problems)")

        // It goes on where the other stands.
        let event = Array("{\"specversion\":\"1.0\",\"id\":\"new\",\"source\":\"/test\",\"type\":\"sanhu.test\"}".utf8)
        let receipts = try await log.append(AppendRequest([EventDraft(agency: "CUS", event: event)]))
        #expect(receipts == [.appended(4_300)])
        // And a snapshot of the copy has the same entries.
        let again = sample.path("again.zst")
        _ = try SnapshotExporter(log: log, signer: sample.signer).export(to: again)
        #expect(try lines(again).count == lines(file).count + 1)
    }

    @Test("an empty ledger")
    func empty() async throws {
        let sample = try await Sample(entries: 0)
        let file = try sample.export()
        #expect(try lines(file).count == 2)
        let summary = try SnapshotImporter.import(from: file, into: sample.path("copy"), verifier: sample.verifier)
        #expect(summary.size == 0 && summary.root == .emptyTree && summary.beside == 0)
        let log = try Log.open(at: sample.path("copy"), signer: sample.signer)
        #expect(try log.head == 0)
        #expect(log.verify().isSound)
    }

    @Test("of a ledger open for reading, while it is written: what comes meanwhile is not in it")
    func whileWritten() async throws {
        let sample = try await Sample(entries: 3_000, disclosing: false)
        let file = sample.path("log.zst")
        let event = Array("{\"specversion\":\"1.0\",\"id\":\"new\",\"source\":\"/test\",\"type\":\"sanhu.test\"}".utf8)
        let log = sample.log
        let receipts = Task { try await log.append(AppendRequest([EventDraft(agency: "CUS", event: event)])) }
        let summary = try SnapshotExporter(log: sample.log, signer: sample.signer).export(to: file)
        _ = try await receipts.value
        #expect(summary.size == 3_000 || summary.size == 3_001)
        #expect(try SnapshotVerifier.verify(path: file, verifier: sample.verifier) == summary)
    }

    @Test("the lines are as `read` prints them, the manifest is signed as it is documented")
    func form() async throws {
        let sample = try await Sample(entries: 50)
        let file = try sample.export()
        let lines = try lines(file)
        let entries = lines.dropFirst().dropLast().filter { !$0.contains("\"ordinal\":") }
        for (line, entry) in zip(entries, try sample.log.read(.all, ReadRange())) {
            var printed: [UInt8] = []
            entry.appendLine(to: &printed)
            #expect(Array(line.utf8) == printed)
        }
        #expect(entries.count == 50)
        let manifest = try JSONDocument(parsing: Array(lines[0].utf8)).root
        let object = try #require(manifest["snapshot"])
        let note = try SignedNote(#require(manifest["note"]?.string))
        try note.verify(sample.verifier)
        let hash = Data(SHA256.hash(data: JSONCanonicalForm.bytes(of: object))).base64EncodedString()
        #expect(note.text == "port.example/ledger\nsanhu/snapshot/v2\n\(hash)\n")
        #expect(object["root"]?.string == (try sample.log.root(atSize: 50)).base64)
        let last = try JSONDocument(parsing: Array(lines[lines.count - 1].utf8)).root
        #expect(last["checkpoint"]?.string == (try sample.log.checkpoint()).description)
        #expect(object["checkpoint"]?.string == last["checkpoint"]?.string)
        // What lies beside the entries is vouched for by a tree of its own.
        var leaves: [MerkleHash] = []
        for (position, sealed) in sample.disclosures.sorted(by: { $0.key < $1.key }) {
            for (ordinal, disclosure) in sealed.enumerated() {
                var key = withUnsafeBytes(of: position.bigEndian) { Array($0) }
                key += withUnsafeBytes(of: UInt16(ordinal).bigEndian) { Array($0) }
                leaves.append(try #require(MerkleHash(Array(SHA256.hash(data: [0] + key + disclosure)))))
            }
        }
        var tree = MerkleFrontier()
        for leaf in leaves { tree.append(leaf) }
        #expect(last["beside"]?["count"]?.integer == Int64(leaves.count) && leaves.count > 3)
        #expect(last["beside"]?["root"]?.string == tree.root.base64)
        let end = try SignedNote(#require(last["note"]?.string))
        try end.verify(sample.verifier)
        #expect(
            end.text == "port.example/ledger\nsanhu/snapshot-end/v2\n\(hash)\n\(leaves.count)\n\(tree.root.base64)\n")
    }

    private static let hasTools = ["/usr/bin/zstdcat", "/usr/bin/jq"].allSatisfy(FileManager.default.isExecutableFile)

    @Test("zstdcat and jq read it", .enabled(if: hasTools, "zstdcat or jq is not installed"))
    func readable() async throws {
        let sample = try await Sample(entries: 300)
        let file = try sample.export()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c", "zstdcat \"$0\" | jq -r 'select(.event) | .event.id' | sha256sum; zstd -qt \"$0\"", file,
        ]
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let ids = (0..<300).map { "\($0)\n" }.joined()
        #expect(String(decoding: output, as: UTF8.self).hasPrefix(Hex.encode(SHA256.hash(data: Data(ids.utf8)))))
    }

    @Test(
        "however its lines are cut into frames it is the same snapshot; in one frame, or without its end, it is not taken"
    )
    func recompressed() async throws {
        let sample = try await Sample(entries: 30)
        let lines = try lines(sample.export()).map { Array(($0 + "\n").utf8) }
        let inner = Array(lines.dropFirst().dropLast())
        let half =
            inner.indices.first { $0 > 15 && !String(decoding: inner[$0], as: UTF8.self).contains("ordinal") } ?? 0
        let parts = [lines[0], inner[..<half].flatMap(\.self), inner[half...].flatMap(\.self), lines[lines.count - 1]]
        #expect(sample.refusal(try sample.write(framed(parts))) == nil)
        #expect(sample.refusal(try sample.write(parts.flatMap { try compressed($0) }))?.code == .cutShort)
        #expect(sample.refusal(try sample.write(framed([lines.flatMap(\.self)])))?.code == .notASnapshot)
    }
}
