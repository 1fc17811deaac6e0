import EventLog
import Foundation
import Snapshots
import TestSupport
import Testing
import Transparency

@Suite("A snapshot or a restored ledger is there whole or not at all", .serialized)
struct InterruptionTests {
    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func code(_ body: () throws(SnapshotError) -> Void) -> SnapshotError.Code? {
        do throws(SnapshotError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a file that exists is not overwritten unless that is asked for")
    func exporting() async throws {
        let sample = try await Sample(entries: 20)
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        let file = try sample.write([1, 2, 3], "log.zst")
        #expect(code { () throws(SnapshotError) in _ = try exporter.export(to: file) } == .alreadyExists)
        #expect(try bytes(file) == [1, 2, 3])
        _ = try exporter.export(to: file, replacing: true)
        #expect(sample.refusal(file) == nil)
        #expect(!exists(file + ".partial"))
        #expect(
            code { () throws(SnapshotError) in _ = try exporter.export(to: sample.path("no/where.zst")) } == .notFound)
        let folder = sample.path("folder")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        #expect(code { () throws(SnapshotError) in _ = try exporter.export(to: folder) } == .alreadyExists)
        #expect(code { () throws(SnapshotError) in _ = try exporter.export(to: folder, replacing: true) } != nil)
        #expect(!exists(folder + ".partial"))
    }

    @Test("what an export that was killed left is gone on with")
    func exportKilled() async throws {
        let sample = try await Sample(entries: 200)
        let secret = sample.signer.secretText
        let (ledger, file) = (sample.path("killed"), sample.path("killed.zst"))
        try SnapshotImporter.import(from: sample.export(), into: ledger)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [secret = secret as String, ledger = ledger as String, file = file as String] in
            let log = try Log.open(readingAt: ledger)
            let exporter = SnapshotExporter(log: log, signer: try NoteSigner(secretText: secret))
            _ = try exporter.export(to: file) { _, _ in kill(getpid(), SIGKILL) }
        }
        #expect(exists(file + ".partial") && !exists(file))
        try sample.export("killed.zst")
        #expect(!exists(file + ".partial"))
        #expect(sample.refusal(file) == nil)
    }

    @Test("an import that is killed leaves no ledger, and another completes it", arguments: [0, 5_000] as [Position])
    func importKilled(at position: Position) async throws {
        let sample = try await Sample(entries: 5_000, disclosing: false)
        let (file, folder) = (try sample.export(), sample.path("copy"))
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [file = file as String, folder = folder as String, position = position as Position] in
            try SnapshotImporter.import(from: file, into: folder) { done, _ in
                if done == position { kill(getpid(), SIGKILL) }
            }
        }
        #expect(exists(folder + ".importing") && !exists(folder))
        #expect(throws: LogError.self) { _ = try Log.open(readingAt: folder) }
        let summary = try SnapshotImporter.import(from: file, into: folder, verifier: sample.verifier)
        #expect(summary.size == 5_000)
        #expect(!exists(folder + ".importing"))
        let report = try Log.verify(at: folder)
        #expect(report.isSound && report.indexed == 5_000, "\(report.problems)")
        #expect(try Log.open(at: folder, signer: sample.signer).verify().isSound)
    }

    @Test("an import that is killed while the index is made leaves no ledger, and another completes it")
    func importKilledIndexing() async throws {
        let sample = try await Sample(entries: 5_000, disclosing: false)
        let (file, folder) = (try sample.export(), sample.path("copy"))
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [file = file as String, folder = folder as String] in
            try SnapshotImporter.import(from: file, into: folder, indexing: { _, _ in kill(getpid(), SIGKILL) })
        }
        #expect(exists(folder + ".importing") && !exists(folder))
        try SnapshotImporter.import(from: file, into: folder, verifier: sample.verifier)
        #expect(try Log.verify(at: folder).isSound)
    }

    @Test("what is imported can be queried at once by who only reads")
    func importedIsIndexed() async throws {
        let sample = try await Sample(entries: 2_000, disclosing: false)
        let folder = sample.path("copy")
        var steps: [Position] = []
        try SnapshotImporter.import(
            from: sample.export(), into: folder, verifier: sample.verifier,
            indexing: { done, total in
                #expect(total == 2_000 && !exists(folder))
                steps.append(done)
            })
        #expect(steps == steps.sorted() && steps.last == 2_000)
        let log = try Log.open(readingAt: folder)
        let query = Query(tags: [try Tag("declaration:100")])
        #expect(try log.read(query, ReadRange()).map(\.position) == [300, 301, 302])
        log.close()
    }

    @Test("a folder must not exist or be empty")
    func targets() async throws {
        let sample = try await Sample(entries: 20)
        let file = try sample.export()
        func importing(_ folder: String) -> SnapshotError.Code? {
            code { () throws(SnapshotError) in
                try SnapshotImporter.import(from: file, into: folder, verifier: sample.verifier)
            }
        }
        #expect(importing(sample.path("ledger")) == .inUse)
        #expect(importing(file) == .alreadyExists)
        #expect(importing(sample.folder.path) == .alreadyExists)
        #expect(importing(sample.path("no/where")) == .notFound)
        let empty = sample.path("empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
        let link = sample.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: empty)
        #expect(importing(link + "/") == nil)
        #expect(try Log.open(at: empty, signer: sample.signer).head == 20)
        #expect(importing(link) == .older)
        // An import that is refused leaves an empty folder empty.
        let other = sample.path("other")
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
        let broken = try sample.write(bytes(file).dropLast(30))
        #expect(
            code { () throws(SnapshotError) in try SnapshotImporter.import(from: broken, into: other) } == .cutShort)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other).isEmpty)
        #expect(!exists(other + ".importing"))
        #expect(importing(other) == nil)
    }

    @Test("what is not an import's own is not removed")
    func foreign() async throws {
        let sample = try await Sample(entries: 20)
        let file = try sample.export()
        let folder = sample.path("copy")
        try FileManager.default.createDirectory(atPath: folder + ".importing", withIntermediateDirectories: false)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + ".importing/letter"))
        #expect(
            code { () throws(SnapshotError) in try SnapshotImporter.import(from: file, into: folder) } == .alreadyExists
        )
        #expect(exists(folder + ".importing/letter"))
    }

    @Test("two at once: the second is told")
    func inUse() async throws {
        let sample = try await Sample(entries: 20)
        let file = try sample.export()
        var inner: SnapshotError.Code?
        let folder = sample.path("copy")
        try SnapshotImporter.import(from: file, into: folder) { done, _ in
            guard done == 0 else { return }
            inner = code { () throws(SnapshotError) in try SnapshotImporter.import(from: file, into: folder) }
        }
        #expect(inner == .inUse)
        #expect(try Log.open(at: folder, signer: sample.signer).verify().isSound)
        let exporter = SnapshotExporter(log: sample.log, signer: sample.signer)
        _ = try exporter.export(to: sample.path("two.zst")) { _, _ in
            inner = code { () throws(SnapshotError) in _ = try exporter.export(to: sample.path("two.zst")) }
        }
        #expect(inner == .inUse)
        #expect(sample.refusal(sample.path("two.zst")) == nil)
    }
}
