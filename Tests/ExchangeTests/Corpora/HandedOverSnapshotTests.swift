import EventLog
import Exchange
import Foundation
import Snapshots
import TestSupport
import Testing
import Transparency

@Suite("Snapshots that are handed to a reader", .fewAtOnce, .serialized)
struct HandedOverSnapshotTests {
    private static let readers: [Reader] =
        ["TRA", "TAX", "COM", "MKT", "CUS", "BOR", "SW"].map { Reader(.authority, agency: $0) } + [
            .public, Reader(.auditor, agency: "AUD"), Reader(.authority, agency: "TAX", purpose: "duty-assessment"),
            Reader(.authority, agency: "COM", purpose: "statistics"),
            Reader(.authority, agency: "XXX", purpose: "audit"),
        ]

    private static func entries(_ path: String) throws -> ([SnapshotEntry], SnapshotSummary) {
        var entries: [SnapshotEntry] = []
        let summary = try SnapshotEntries.forEach(in: path, verifier: PortLab.signer.verifier) { (entry) in
            entries.append(entry)
        }
        return (entries, summary)
    }

    @Test("hold what the reader would have read, no canary of what it may not see, and verify by the key alone")
    func canaries() async throws {
        let lab = try await CanaryTests.filled()
        let exporter = PartExporter(ledger: lab.ledger, signer: try PortLab.signer)
        let all = SnapshotPart(from: 0, to: .max)
        var sizes: Set<UInt64> = []
        for (number, reader) in Self.readers.enumerated() {
            let path = lab.folder.path("\(number).zst")
            let exported = try await exporter.export(all, for: reader, to: path)
            let (entries, verified) = try Self.entries(path)
            #expect(exported == verified)
            let read = try await lab.ledger.read(.all, ReadRange(to: verified.size), for: reader)
            let seen = read.compactMap { entry in if case .entry(let event) = entry { event } else { nil } }
            #expect(entries.count == seen.count)
            for (entry, event) in zip(entries, seen) {
                let given = try #require(entry.seen)
                #expect(
                    given.position == event.position && given.withheld == event.withheld && given.gone == event.gone)
                #expect(
                    try NaivePort.object(given.event) as NSDictionary == NaivePort.object(event.event) as NSDictionary)
                #expect(entry.bytes == (try lab.ledger.log.entry(at: entry.position)).bytes)
            }
            sizes.insert(verified.entries)
            // Stubs are there as hashes and as nothing else.
            #expect(read.count > seen.count || seen.count == Int(verified.size))
            let own = CanaryTests.notOwn(read, reader).count < read.count
            let isCleared =
                own || ["CUS", "BOR", "SW"].contains(reader.agency) || reader.purpose != nil && reader.agency != "XXX"
            guard !isCleared else { continue }
            let text = try CanaryTests.decompressed(Array(Data(contentsOf: URL(fileURLWithPath: path))))
            let isOutside = reader.kind != .authority || reader.agency == "XXX"
            #expect(Canary.found(Canary.needles(withShared: isOutside), in: text) == [], "\(reader)")
        }
        #expect(sizes.count > 2, "some readers see more than others")
        lab.close()
    }

    @Test("of an object hold what names it; to make one is recorded as a read is")
    func object() async throws {
        let lab = try await CanaryTests.filled()
        let reader = Reader(.authority, agency: "CUS")
        let tag = try EventLog.Tag("declaration:x")
        let before = try lab.ledger.accessLog.head
        let exporter = PartExporter(ledger: lab.ledger, signer: try PortLab.signer)
        let path = lab.folder.path("x.zst")
        _ = try await exporter.export(SnapshotPart(from: 0, to: .max, query: Query(tags: [tag])), for: reader, to: path)
        let (entries, summary) = try Self.entries(path)
        let read = try await lab.ledger.read(Query(tags: [tag]), ReadRange(to: summary.size), for: reader)
        #expect(entries.map(\.position) == read.map(\.position) && !entries.isEmpty)
        let after = try lab.ledger.accessLog.head
        // What the export disclosed is recorded as what the read did.
        let records = try lab.ledger.accessLog.read(.all, ReadRange(from: before, to: after)).map {
            try #require(try NaivePort.object($0.bytes)["event"] as? NaivePort.Object)["data"] as? NSDictionary
        }
        #expect(!records.isEmpty && records.count % 2 == 0)
        let made = SnapshotPart(
            from: 0, to: summary.size, query: Query(tags: [tag]),
            recipient: SnapshotRecipient(kind: "authority", agency: "CUS"))
        #expect(summary.contents == .part(made))
        lab.close()
    }

    @Test("of an agency or without a recipient hold sealed disclosures and no values, and are no ledger")
    func operators() async throws {
        let lab = try await CanaryTests.filled()
        let exporter = PartExporter(log: lab.ledger.log, signer: try PortLab.signer)
        for (name, part) in [
            ("agency", SnapshotPart(from: 0, to: .max, agency: "CUS")), ("range", SnapshotPart(from: 5, to: 30)),
            ("none", SnapshotPart(from: 7, to: 7)), ("port", SnapshotPart(from: 0, to: .max, port: "CNNSA")),
        ] {
            let path = lab.folder.path(name + ".zst")
            let exported = try await exporter.export(part, to: path)
            let (entries, verified) = try Self.entries(path)
            #expect(exported == verified && entries.allSatisfy { $0.seen == nil })
            let log = try lab.ledger.log.read(.all, ReadRange())
            let expected = log.filter { entry in
                part.agency.map {
                    String(decoding: entry.bytes, as: UTF8.self).contains("\"agency\":\"\($0)\",\"tags\"")
                } ?? true
                    && entry.position >= part.from && entry.position < part.to
                    && (part.port == nil || entries.map(\.position).contains(entry.position))
            }
            #expect(
                entries.map(\.position) == expected.map(\.position) && entries.map(\.bytes) == expected.map(\.bytes))
            let text = try CanaryTests.decompressed(Array(Data(contentsOf: URL(fileURLWithPath: path))))
            #expect(Canary.found(Canary.needles(withShared: true), in: text) == [])
            let error = #expect(throws: SnapshotError.self) {
                try SnapshotImporter.import(from: path, into: lab.folder.path("restored")) as SnapshotSummary
            }
            #expect(error?.code == .part)
        }
        lab.close()
    }
}
