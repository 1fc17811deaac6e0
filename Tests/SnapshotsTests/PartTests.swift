import EventLog
import Foundation
import Snapshots
import TestSupport
import Testing
import Transparency

@Suite("A part of a log verifies as the whole does, and proves as much of what it has", .serialized)
struct PartTests {
    private static func export(_ sample: Sample, _ part: SnapshotPart, _ name: String) async throws -> String {
        let path = sample.path(name)
        _ = try await PartExporter(log: sample.log, signer: sample.signer).export(part, to: path)
        return path
    }

    @Test(
        "random ranges and tags: what is there is what was asked for, and its proofs are those of the log",
        arguments: [1, 2, 3, 4] as [UInt64])
    func parts(seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let sample = try await Sample(entries: 1 + dice.below(900), seed: seed)
        let size = try sample.log.head
        for turn in 0..<12 {
            let from = Position(dice.below(Int(size) + 1))
            var part = SnapshotPart(from: from, to: from + Position(dice.below(Int(size - from) + 1)))
            if dice.oneIn(2) { part.query = Query(tags: [try Tag("declaration:\(dice.below(Int(size)) / 3)")]) }
            if dice.oneIn(3) { (part.from, part.to) = (0, .max) }
            let path = try await Self.export(sample, part, "\(turn).zst")
            var found: [SnapshotEntry] = []
            let summary = try SnapshotEntries.forEach(in: path, verifier: sample.verifier) { found.append($0) }
            let expected = try sample.log.read(part.query, ReadRange(from: part.from, to: min(part.to, size)))
            #expect(found.map(\.position) == expected.map(\.position) && found.map(\.bytes) == expected.map(\.bytes))
            #expect(summary.size == size && summary.entries == UInt64(expected.count))
            let sealed = expected.reduce(0) { $0 + (sample.disclosures[$1.position]?.count ?? 0) }
            let runs = try lines(path).filter { $0.hasPrefix("{\"from\":") }.count
            #expect(summary.beside == UInt64(sealed + runs))
            // It is imported to be read.
            let folder = sample.path("part-\(turn)")
            #expect(try SnapshotFolder.install(path, in: folder, verifier: sample.verifier) == summary)
            let opened = try SnapshotFolder(opening: folder)
            for entry in expected.prefix(3) {
                #expect(try opened.proof(at: entry.position) == sample.log.proof(at: entry.position))
            }
            let shown = Set(expected.map(\.position))
            if let hidden = (0..<size).first(where: { !shown.contains($0) }) {
                #expect(throws: SnapshotError.self) { _ = try opened.proof(at: hidden) }
            }
        }
    }

    @Test("an entry or a hash left out, changed, or put where it was left out is refused")
    func tampering() async throws {
        let sample = try await Sample(entries: 100, disclosing: false)
        let whole = try lines(sample.export())
        let path = try await Self.export(sample, SnapshotPart(from: 40, to: 60), "part.zst")
        let original = try lines(path)
        #expect(original.count == 24)
        func refused(_ what: Comment, _ edit: (inout [String]) -> Void) throws {
            var lines = original
            edit(&lines)
            let refusal = sample.refusal(try sample.compress(lines), importing: false)
            #expect(refusal?.code == .changed, what)
        }
        try refused("a hash of what is left out changed") {
            $0[1] = $0[1].replacing("\"hashes\":[\"", with: "\"hashes\":[\"A")
        }
        try refused("what is left out left out") { $0.remove(at: 1) }
        try refused("an entry left out") { $0.remove(at: 5) }
        try refused("one more left out") {
            $0[1] = $0[1].replacing("\"to\":40", with: "\"to\":41"); $0.remove(at: 2)
        }
        try refused("entries where they were left out") { $0.replaceSubrange(1..<2, with: whole[1...40]) }
        // A leaf hash where the entry was, in one line with those before it.
        try refused("an entry made a hash") { lines in
            let parts = try? sample.log.hashesForTests(of: 0..<41)
            lines[1] = "{\"from\":0,\"to\":41,\"hashes\":[\"" + (parts ?? []).joined(separator: "\",\"") + "\"]}"
            lines.remove(at: 2)
        }
        try refused("in two pieces") {
            $0[1] = $0[1].replacing("\"to\":40", with: "\"to\":32")
            $0.insert($0[1], at: 2)
        }
        try refused("the part in the manifest") { $0[0] = $0[0].replacing("\"from\":40", with: "\"from\":41") }
        try refused("another snapshot's end") { $0[23] = whole[101] }
        #expect(sample.refusal(try sample.compress(original), importing: false) == nil)
        #expect(sample.refusal(path, importing: false) == nil)
    }

    @Test("what is imported to be read is no ledger, and is there whole or not at all")
    func folders() async throws {
        let sample = try await Sample(entries: 50)
        let path = try await Self.export(sample, SnapshotPart(from: 3, to: 30), "part.zst")
        let folder = sample.path("read")
        let file = try bytes(path)
        for cut in [10, file.count / 2, file.count - 1] {
            let broken = try sample.write(Array(file[..<cut]))
            #expect(throws: SnapshotError.self) { _ = try SnapshotFolder.install(broken, in: folder) }
            for name in [folder, folder + ".importing"] { #expect(!FileManager.default.fileExists(atPath: name)) }
        }
        _ = try SnapshotFolder.install(path, in: folder, verifier: sample.verifier)
        #expect(throws: SnapshotError.self) { _ = try SnapshotFolder.install(path, in: folder) }
        #expect(SnapshotFolder.isOne(at: folder) && !SnapshotFolder.isOne(at: sample.path("ledger")))
        let error = #expect(throws: LogError.self) { _ = try Log.open(at: folder, signer: sample.signer) }
        #expect(error?.code == .notALedger && error?.reason.contains("imported to be read") == true)
        let stranger = try await Sample(entries: 3, name: "other.example/ledger")
        #expect(throws: SnapshotError.self) {
            _ = try SnapshotFolder.install(path, in: sample.path("other"), verifier: stranger.verifier)
        }
    }
}

extension Log {
    /// What a line that leaves out a range holds, from the range's own part.
    fileprivate func hashesForTests(of range: Range<Position>) throws -> [String] {
        try hashes(of: range).map(\.base64)
    }
}

@Suite("Two snapshots are compared position by position", .serialized)
struct SnapshotDiffTests {
    @Test("the same, a later one, one with a disclosure less, parts, and another history")
    func compare() async throws {
        let sample = try await Sample(entries: 300, seed: 8)
        let first = try sample.export("first.zst")
        let copy = sample.path("copy")
        try SnapshotImporter.import(from: first, into: copy, verifier: sample.verifier)
        #expect(try SnapshotComparison.compare(first, first).relation == .same)
        let event = Array(#"{"specversion":"1.0","id":"more","source":"/t","type":"t"}"#.utf8)
        _ = try await sample.log.append(AppendRequest([EventDraft(agency: "CUS", event: event)]))
        let place = try #require(sample.disclosures.filter { $0.value[0].count > 4 }.keys.sorted().first)
        try sample.log.cutDisclosures(at: [.init(position: place, ordinal: 0)], keeping: 1)
        let second = try sample.export("second.zst")
        var changes: [SnapshotDifference.Change] = []
        let grown = try SnapshotComparison.compare(first, second, verifier: sample.verifier) { changes.append($0) }
        #expect(grown.relation == .grown && grown.beyond == 1)
        #expect(changes == [.init(position: place, kind: .beside)] && grown.counts == [.beside: 1])
        #expect(try SnapshotComparison.compare(second, first).relation == .earlier)

        let part = sample.path("part.zst")
        _ = try await PartExporter(log: sample.log, signer: sample.signer).export(
            SnapshotPart(from: 100, to: 150), to: part)
        let less = try SnapshotComparison.compare(second, part)
        #expect(less.relation == .same && less.counts == [.onlyInFirst: 251])
        #expect(try SnapshotComparison.compare(part, second).counts == [.onlyInSecond: 251])

        let fork = try await Self.forked(copy, sample)
        changes = []
        let forked = try SnapshotComparison.compare(second, fork) { changes.append($0) }
        #expect(forked.relation == .forked)
        #expect(changes.contains(.init(position: 300, kind: .entry)))
    }

    private static func forked(_ copy: String, _ sample: Sample) async throws -> String {
        let log = try Log.open(at: copy, signer: sample.signer)
        let event = Array(#"{"specversion":"1.0","id":"other","source":"/t","type":"t"}"#.utf8)
        _ = try await log.append(AppendRequest([EventDraft(agency: "CUS", event: event)]))
        let path = sample.path("fork.zst")
        _ = try SnapshotExporter(log: log, signer: sample.signer).export(to: path)
        return path
    }
}
