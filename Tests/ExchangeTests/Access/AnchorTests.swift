import EventLog
import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("The access log is anchored in the main log", .fewAtOnce)
struct AnchorTests {
    private static let tax = Reader(.authority, agency: "TAX", purpose: "duty")

    private static func lab(_ interval: Duration = .milliseconds(5)) async throws -> LedgerLab {
        let lab = try await LedgerLab(options: ExchangeOptions(anchorInterval: interval))
        _ = try await lab.ledger.append([LedgerLab.declaration("220020260000000001")], as: "CUS")
        return lab
    }

    private static func look(_ lab: LedgerLab, times: Int = 1) async throws {
        for _ in 0..<times { _ = try await lab.ledger.read(.all, ReadRange(from: 1, to: 2), for: tax) }
    }

    /// Does something with the files of a ledger that was closed: another thread may let go of them a little later.
    private static func patiently<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<100 {
            if let result = try? body() { return result }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return try body()
    }

    /// The sizes that were anchored.
    private static func sizes(_ path: String) throws -> [Int64] {
        let log = try patiently { try Log.open(readingAt: path) }
        defer { log.close() }
        return try sizes(log)
    }

    private static func sizes(_ log: Log) throws -> [Int64] {
        try log.read(Query(types: ["sanhu.access.anchored"]), ReadRange()).map { entry in
            let event = try #require(JSONDocument(parsing: entry.bytes).root["event"])
            return try #require(event["data"]?["size"]?.integer)
        }
    }

    private static func verified(_ lab: LedgerLab) throws -> AccessVerification {
        try #require(try patiently { try ExchangeLedger.verifyAccessLog(at: lab.path) })
    }

    @Test("It is anchored when it has grown, not sooner than the interval allows, and again at the end")
    func schedule() {
        var schedule = AnchorSchedule(interval: .seconds(1))
        let start = AnchorSchedule.Instant.now
        #expect(schedule.due(at: start) == nil)
        schedule.grow()
        #expect(schedule.due(at: start) == start)
        schedule.begin(at: start)
        #expect(schedule.due(at: start + .seconds(9)) == nil, "it has not grown")
        schedule.grow()
        schedule.grow()
        #expect(schedule.due(at: start + .milliseconds(1)) == start + .seconds(1))
        schedule.begin(at: start + .seconds(1))
        schedule.fail()
        #expect(schedule.due(at: start + .seconds(1)) == start + .seconds(2))
    }

    @Test("After closing, all of it is anchored; anchors make no records and no anchors; each fits its schema")
    func whole() async throws {
        let lab = try await Self.lab()
        try await Self.look(lab, times: 3)
        lab.close()
        let first = try Self.sizes(lab.path)
        #expect(first.last == 3 && first == Set(first).sorted())
        try lab.reopen()
        try await Task.sleep(for: .milliseconds(60))
        lab.close()
        #expect(try Self.sizes(lab.path) == first, "nothing new, no anchor")
        try lab.reopen()
        let seen = try await lab.ledger.read(.all, ReadRange(from: 2), for: Reader(.auditor, agency: "AUD"))
        #expect(seen.allSatisfy { if case .entry = $0 { true } else { false } } && !seen.isEmpty)
        #expect(try await lab.seen(by: .public, from: 2).allSatisfy { $0 == "stub" })
        #expect(try lab.ledger.accessLog.head == 3)
        var registry = SchemaRegistry()
        try registry.register(
            JSONDocument(parsing: CharterLab.file("access.anchored.schema.json")), at: AccessAnchor.schema)
        let schema = try registry.compile(AccessAnchor.schema)
        for entry in try lab.ledger.log.read(Query(types: [AccessAnchor.eventType]), ReadRange()) {
            let data = try JSONDocument(parsing: Array(#require(try EntryView(entry).data).text))
            #expect(try schema.validate(data.tape, data.bytes.span).isEmpty)
        }
        lab.close()
        let report = try Self.verified(lab)
        #expect(report.isSound && report.records == 3 && report.anchored == 3 && report.anchors == first.count)
        #expect(try Self.patiently { try Log.verify(at: lab.path) }.isSound)
    }

    @Test("Many readings in a short time make few anchors")
    func rate() async throws {
        let lab = try await Self.lab(.seconds(600))
        try await Self.look(lab, times: 40)
        // The first one was due when the ledger was opened, which had nothing yet.
        #expect(try Self.sizes(lab.ledger.log).isEmpty)
        lab.close()
        #expect(try Self.sizes(lab.path) == [40])
    }

    @Test("What a process that died had not anchored is anchored after the ledger is opened again")
    func afterDying() async throws {
        let lab = try await Self.lab(.seconds(600))
        try await Self.look(lab, times: 4)
        // As it would be found had the process died now.
        let copy = lab.folder.path("copy")
        try FileManager.default.copyItem(atPath: lab.path, toPath: copy)
        let dead = try #require(try ExchangeLedger.verifyAccessLog(at: copy))
        #expect(dead.isSound && dead.records == 4 && dead.anchors == 0)
        lab.close()
        try FileManager.default.removeItem(atPath: lab.path)
        try FileManager.default.moveItem(atPath: copy, toPath: lab.path)
        try lab.reopen()
        lab.close()
        #expect(try Self.sizes(lab.path) == [4])
        #expect(try Self.verified(lab).isSound)
    }

    /// Does something to the access log while the ledger is closed, and returns what verifying finds and opening says.
    private static func tampered(
        _ looks: Int = 6, _ tamper: (LedgerLab, _ old: String) async throws -> Void
    ) async throws -> (AccessVerification, ExchangeError?) {
        let lab = try await lab()
        try await look(lab, times: 2)
        lab.close()
        let old = lab.folder.path("old")
        try FileManager.default.copyItem(atPath: lab.path + "/access", toPath: old)
        try lab.reopen()
        try await look(lab, times: looks - 2)
        lab.close()
        #expect(try verified(lab).isSound)
        try await tamper(lab, old)
        let report = try verified(lab)
        #expect(try patiently { try Log.verify(at: lab.path) }.isSound, "the main log is not touched")
        return (report, try await exchangeFault { try lab.reopen() })
    }

    private static func replace(_ lab: LedgerLab, by path: String) throws {
        try FileManager.default.removeItem(atPath: lab.path + "/access")
        try FileManager.default.moveItem(atPath: path, toPath: lab.path + "/access")
    }

    /// An access log of other records, signed by a key.
    private static func forged(_ lab: LedgerLab, _ count: Int, seed: [UInt8]) async throws -> String {
        let path = lab.folder.path("forged")
        let log = try Log.create(at: path, signer: NoteSigner(name: CharterLab.origin + "/access", seed: seed))
        for number in 0..<count {
            let event = #"{"specversion":"1.0","id":"\#(number)","source":"/access","type":"sanhu.access.recorded"}"#
            _ = try await log.append(AppendRequest([EventDraft(agency: "SW", event: Array(event.utf8))]))
        }
        log.close()
        return path
    }

    @Test("An access log that was cut off is found, though what is left of it is sound by itself")
    func cut() async throws {
        let (report, fault) = try await Self.tampered { lab, old in
            #expect(try Log.verify(at: old).isSound)
            try Self.replace(lab, by: old)
        }
        #expect(!report.isSound && report.problems.contains { $0.reason.contains("cut off") }, "\(report.problems)")
        #expect(fault?.code == .accessLogAltered)
    }

    @Test("An access log that was written anew is found, by its own key or another", arguments: [true, false])
    func rewritten(hasKey: Bool) async throws {
        let (report, fault) = try await Self.tampered { lab, _ in
            try Self.replace(
                lab, by: try await Self.forged(lab, 9, seed: hasKey ? Array(2...33) : Array(7...38)))
        }
        #expect(report.problems.contains { $0.reason.contains("were changed") }, "\(report.problems)")
        #expect(report.problems.contains { $0.anchor != nil })
        #expect(fault != nil && (!hasKey || fault?.code == .accessLogAltered))
    }

    @Test("An access log that is gone or empty is found", arguments: [true, false])
    func gone(isEmpty: Bool) async throws {
        let (report, fault) = try await Self.tampered { lab, _ in
            guard isEmpty else {
                try FileManager.default.removeItem(atPath: lab.path + "/access")
                return
            }
            try Self.replace(lab, by: try await Self.forged(lab, 0, seed: Array(2...33)))
        }
        #expect(!report.isSound && fault != nil)
        #expect(report.anchors > 0 && report.anchored == 6)
    }

    @Test("A changed record is found, by the access log itself")
    func changed() async throws {
        let (report, _) = try await Self.tampered { lab, _ in
            let file = URL(fileURLWithPath: lab.path + "/access/log/data.mdb")
            var data = try Data(contentsOf: file)
            var count = 0
            while let found = data.range(of: Data(#""agency":"TAX""#.utf8)) {
                data.replaceSubrange(found, with: Data(#""agency":"BOR""#.utf8))
                count += 1
            }
            #expect(count >= 6)
            try data.write(to: file)
        }
        #expect(report.problems.contains { $0.reason.hasPrefix("The access log: entries") }, "\(report.problems)")
    }

    @Test("A ledger without a charter has no access log to verify")
    func plain() throws {
        let folder = try TemporaryFolder()
        try Log.create(at: folder.path("a"), signer: NoteSigner(name: "a.example", seed: Array(1...32))).close()
        #expect(try ExchangeLedger.verifyAccessLog(at: folder.path("a")) == nil)
    }

    @Test("While agencies append and read at once, anchors and events share the log, and all holds")
    func together() async throws {
        let lab = try await Self.lab(.milliseconds(1))
        try await Self.work(lab.ledger)
        lab.close()
        let report = try Self.verified(lab)
        #expect(report.isSound && report.records == report.anchored && report.anchors > 1)
        let sizes = try Self.sizes(lab.path)
        #expect(sizes == Set(sizes).sorted())
        #expect(try Self.patiently { try Log.verify(at: lab.path) }.isSound)
    }

    private static func work(_ ledger: ExchangeLedger) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<4 {
                group.addTask {
                    for number in 0..<30 {
                        _ = try await ledger.append([LedgerLab.declaration("c\(client)-\(number)")], as: "CUS")
                        _ = try await ledger.read(.all, ReadRange(from: 1, to: 2), for: tax)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
