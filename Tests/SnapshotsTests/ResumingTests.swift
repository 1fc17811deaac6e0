import EventLog
import Foundation
import TestSupport
import Testing
import Transparency

@testable import Snapshots

@Suite("An export that was cut off is gone on with", .serialized)
struct ResumingTests {
    @Test("cut off at any of 60 places, or damaged there, it becomes the snapshot that it was to be, and no other")
    func anywhere() async throws {
        let sample = try await Sample(entries: 1_200, seed: 9)
        let whole = try sample.export("whole.zst")
        let file = try bytes(whole)
        let text = try text(whole)
        // The log has grown since.
        let event = Array(#"{"specversion":"1.0","id":"more","source":"/t","type":"t"}"#.utf8)
        _ = try await sample.log.append(AppendRequest([EventDraft(agency: "CUS", event: event)]))
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        var dice = Dice(seed: 21)
        var wentOn = 0
        for turn in 0..<60 {
            var part = Array(file[..<(file.count * turn / 60)])
            if dice.oneIn(3), !part.isEmpty { part[dice.below(part.count)] ^= UInt8(1 << dice.below(8)) }
            let target = sample.path("r.zst")
            try Data(part).write(to: URL(fileURLWithPath: target + ".partial"))
            var first: Position?
            let summary = try exporter.export(to: target, replacing: true) { done, _ in first = first ?? done }
            #expect(try SnapshotVerifier.verify(path: target, verifier: sample.verifier) == summary)
            if summary.size == 1_200 {
                wentOn += 1
                // Signatures may differ, lines may not.
                let lines = try lines(target)
                #expect(
                    lines.dropLast().elementsEqual(
                        String(decoding: text, as: UTF8.self).split(separator: "\n").dropLast().map(String.init)))
            } else {
                #expect(summary.size == 1_201)
            }
            #expect(!FileManager.default.fileExists(atPath: target + ".partial"))
        }
        // Only where not even the manifest was whole is it begun anew.
        #expect(wentOn > 35, "\(wentOn)")
    }

    @Test("what another export left, of another part or with another key, is not gone on with")
    func others() async throws {
        let sample = try await Sample(entries: 500)
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        let since = SnapshotBase(size: 100, root: try sample.log.root(atSize: 100))
        _ = try exporter.export(to: sample.path("since.zst"), since: since)
        let stranger = try await Sample(entries: 500, name: "other.example/ledger")
        for left in [try bytes(sample.path("since.zst")), try bytes(stranger.export()), Array("garbage".utf8)] {
            let target = sample.path("r.zst")
            try Data(left).write(to: URL(fileURLWithPath: target + ".partial"))
            let summary = try exporter.export(to: target, replacing: true)
            #expect(summary.entries == 500 && summary.contents == .log(since: nil))
            #expect(sample.refusal(target) == nil)
        }
        // Nor is anything, if that is not wanted.
        try Data(bytes(sample.export("whole.zst"))).write(to: URL(fileURLWithPath: sample.path("r.zst.partial")))
        let event = Array(#"{"specversion":"1.0","id":"more","source":"/t","type":"t"}"#.utf8)
        _ = try await sample.log.append(AppendRequest([EventDraft(agency: "CUS", event: event)]))
        #expect(try exporter.export(to: sample.path("r.zst"), replacing: true, resuming: false).size == 501)
    }

    @Test("a line is found without those before it, and a changed frame is not believed")
    func index() async throws {
        let sample = try await Sample(entries: 2_000, seed: 4)
        let lines = try lines(sample.export()).map { Array(($0 + "\n").utf8) }
        // Frames of some lines each, as a snapshot of a large log has them.
        var parts: [[UInt8]] = [lines[0], []]
        for line in lines.dropFirst().dropLast() {
            let isEntry = !String(decoding: line.prefix(60), as: UTF8.self).contains("\"ordinal\"")
            if isEntry, (parts.last?.count ?? 0) > 9_000 { parts.append([]) }
            parts[parts.count - 1] += line
        }
        let path = try sample.write(framed(parts + [lines[lines.count - 1]]))
        #expect(sample.refusal(path) == nil && parts.count > 20)
        let index = try SnapshotIndex(path: path, verifier: sample.verifier)
        #expect(index.overview.frames == parts.count + 1 && index.overview.size == 2_000)
        for position in [0, 1, 17, 999, 1_000, 1_998, 1_999] as [UInt64] {
            let found = try index.lines(at: position)
            let expected = lines.filter {
                String(decoding: $0.prefix(40), as: UTF8.self).hasPrefix("{\"position\":\(position),")
            }
            #expect(found == expected.map { $0.dropLast() })
        }
        #expect(throws: SnapshotError.self) { _ = try index.lines(at: 2_000) }
        var file = try bytes(path)
        file[file.count / 3] ^= 1
        let changed = try SnapshotIndex(path: try sample.write(file, "changed.zst"), verifier: sample.verifier)
        var refused = 0
        for position in stride(from: 0, to: 2_000, by: 10) as StrideTo<UInt64> {
            if (try? changed.lines(at: position)) == nil { refused += 1 }
        }
        #expect(refused > 0 && refused < 200)
    }
}
