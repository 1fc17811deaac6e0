import EventLog
import Foundation
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("Access records are durable before anything is given out")
struct AccessRecorderTests {
    /// A log to record in, and keys.
    private struct Lab {
        let folder: TemporaryFolder
        let log: Log
        let recorder: AccessRecorder

        init() throws {
            folder = try TemporaryFolder()
            log = try Log.create(at: folder.path("log"), signer: NoteSigner(name: "a.example", seed: Array(1...32)))
            let keys = try KeyStore.create(
                path: folder.path("keys"), wrappingKey: WrappingKeyFile(path: folder.path("wrapping.json")))
            recorder = AccessRecorder(log: log, tagger: AccessTagger(keys: keys))
        }

        /// The positions that stand in the log, by agency.
        func told() throws -> [String: Set<Position>] {
            var told: [String: Set<Position>] = [:]
            for entry in try log.read(.all, ReadRange()) {
                let record = try AccessRecord(data: #require(EntryView(entry).data))
                guard case .fields(_, let ranges) = record.extent else { continue }
                told[record.reader.agency ?? "", default: []].formUnion(ranges.flatMap(Array.init))
            }
            return told
        }
    }

    private static func record(_ position: Int, agency: String, caseName: String? = nil) -> AccessRecord {
        AccessRecord(
            reader: .init(.authority, agency: agency), purpose: "duty", caseName: caseName,
            basis: .disclosed(.rule("r")), owner: "CUS",
            extent: .fields([.init(type: "t", pointer: "/p")], at: [Position(position)...Position(position)]),
            from: .now())
    }

    @Test("Readers who come at once share commits; each finds its record in the log when it is answered")
    func many() async throws {
        let lab = try Lab()
        await withTaskGroup(of: Void.self) { group in
            for reader in 0..<32 {
                group.addTask {
                    for number in 0..<20 {
                        let position = reader * 1_000 + number * 2
                        do {
                            try await lab.recorder.record([Self.record(position, agency: "A\(reader)")])
                            let told = try lab.told()["A\(reader)"] ?? []
                            #expect(told.contains(Position(position)))
                        } catch {
                            Issue.record(error)
                        }
                    }
                }
            }
        }
        let told = try lab.told()
        for reader in 0..<32 {
            #expect(told["A\(reader)"] == Set((0..<20).map { Position(reader * 1_000 + $0 * 2) }))
        }
        #expect(lab.log.verify().isSound)
    }

    @Test("Live deliveries of a reader become few records, and each is there when it is answered")
    func live() async throws {
        let lab = try Lab()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        try await lab.recorder.record([Self.record(number, agency: "TAX")], .live)
                        #expect(try lab.told()["TAX"]?.contains(Position(number)) == true)
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        #expect(try lab.told()["TAX"] == Set(0..<200))
        let records = try lab.log.head
        #expect(records <= 40, "200 deliveries, \(records) records")
    }

    @Test("What cannot be recorded is refused, to that reader alone; what is closed refuses everyone")
    func refusals() async throws {
        let lab = try Lab()
        let wide = (0..<30).map {
            AccessRecord.AccessedField(type: "t", pointer: "/" + String(repeating: "p", count: 4_000) + "\($0)")
        }
        let tooLarge = AccessRecord(
            reader: .init(.authority, agency: "TAX"), purpose: nil, caseName: nil, basis: .denied,
            extent: .fields(wide, at: [1...1]), from: .now())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let isSound = number % 4 != 0
                    let record = isSound ? Self.record(number, agency: "CUS") : tooLarge
                    var refused = false
                    do { try await lab.recorder.record([record], .live) } catch { refused = true }
                    #expect(refused != isSound)
                }
            }
        }
        #expect(try lab.told()["CUS"]?.count == 15 && lab.told()["TAX"] == nil)
        let long = Self.record(1, agency: "CUS", caseName: String(repeating: "x", count: 201))
        await #expect(throws: ExchangeError.self) { try await lab.recorder.record([long]) }
        await #expect(throws: ExchangeError.self) {
            try await lab.recorder.record([Self.record(1, agency: "CUS", caseName: "a\nb")])
        }
        lab.log.close()
        await #expect(throws: ExchangeError.self) { try await lab.recorder.record([Self.record(1, agency: "CUS")]) }
    }

    @Test("The tags of a record do not tell its case")
    func tags() async throws {
        let lab = try Lab()
        try await lab.recorder.record([Self.record(7, agency: "TAX", caseName: "Li Hua")])
        let entry = try lab.log.entry(at: 0)
        let tags = try EntryView(entry).tags
        #expect(tags.map(\.text).filter { !$0.hasPrefix("case:") } == ["at:0.0", "of:t", "owner:CUS", "reader:TAX"])
        // A blinded name is of letters by chance: two of them stand in it now and then.
        #expect(tags.count == 5 && !tags.contains { $0.text.contains("Li Hua") })
    }
}
