import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

@testable import Exchange

@Suite("What a founding that is begun anew removes", .fewAtOnce, .serialized)
struct FoundingRemainsTests {
    private static func path(_ folder: TemporaryFolder) -> String { folder.path("ledger") }

    /// Every file of a ledger's folder with its content. Who looks into an environment says so in its lock file.
    private static func content(_ folder: TemporaryFolder) throws -> [String: Data] {
        var content: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path(folder)) where !name.hasSuffix("lock.mdb")
        {
            let file = URL(fileURLWithPath: path(folder) + "/" + name)
            content[name] = (try? Data(contentsOf: file)) ?? Data()
        }
        return content
    }

    private static func write(_ name: String, _ text: String, in folder: TemporaryFolder) throws {
        let file = URL(fileURLWithPath: path(folder) + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// A folder with what is left by a founding that stopped after a step.
    private static func stopped(after step: FoundingStep) async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let stopped = try await LedgerLab.fault {
            _ = try await FoundingTests.found(folder, FoundingTests.signers(), stopAfter: step)
        }
        #expect(stopped?.code == .limitExceeded)
        return folder
    }

    /// Expects that no ledger is founded in a folder, for a reason that says what to do, and nothing in it is touched.
    private static func expectRefused(
        _ folder: TemporaryFolder, _ word: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try content(folder)
        let fault = try await LedgerLab.fault { _ = try await FoundingTests.found(folder, FoundingTests.signers(9)) }
        let reason = fault?.reason ?? "founded"
        #expect(fault?.code == .log && reason.contains(word), "\(reason)", sourceLocation: sourceLocation)
        #expect(reason.contains("hoose another folder"), "\(reason)", sourceLocation: sourceLocation)
        #expect(try content(folder) == before, "\(reason)", sourceLocation: sourceLocation)
    }

    @Test(
        "A file called founding that is no mark does not make what lies beside it removable",
        arguments: [
            "", "minutes of the founding of our club", "{}", "[]", #"{"mark":"sanhu/founding"}"#,
            #"{"mark":"sanhu/founding","format":2}"#, #"{"mark":"sanhu","format":1}"#,
            #"{"process":1,"command":"sanhu init","host":"a","since":"2026-01-01T00:00:00Z"}"#,
        ])
    func otherMark(text: String) async throws {
        let folder = try TemporaryFolder()
        try Self.write("founding", text, in: folder)
        try await Self.expectRefused(folder, "is not the mark")
        for name in ["keys/1", "access/ledger.json", "ledger.json"] { try Self.write(name, "precious", in: folder) }
        try await Self.expectRefused(folder, "is not the mark")
        let interrupted = try await Self.stopped(after: .keysMade)
        try Self.write("founding", text, in: interrupted)
        try await Self.expectRefused(interrupted, "is not the mark")
    }

    @Test(
        "With a mark, a name that no interrupted founding leaves keeps all from being removed",
        arguments: [
            "other.txt", "ledger.json.old", "snapshot/ledger.json", "access/mine.txt", "access/founding",
            "access/keys/1",
            "keys/mine.txt", "keys/data.mdb", "keys/old/data.mdb", "keys/1/mine.txt", "keys/1/2/data.mdb",
            "keys/-1/data.mdb",
            "log/mine.txt", "index/mine.txt", "log/log/data.mdb", "data.mdb",
        ])
    func otherNames(name: String) async throws {
        for step in [FoundingStep.marked, .keysMade, .logMade] {
            let folder = try await Self.stopped(after: step)
            try Self.write(name, "precious", in: folder)
            try await Self.expectRefused(folder, String(name.split(separator: "/")[0]))
        }
    }

    @Test("Neither does a link or a folder in the place of a file pass for what it is called")
    func otherTypes() async throws {
        for name in ["keys", "access", "ledger.json", "founding.new"] {
            let folder = try await Self.stopped(after: .marked)
            try FileManager.default.createSymbolicLink(
                atPath: Self.path(folder) + "/" + name, withDestinationPath: folder.path("elsewhere"))
            try await Self.expectRefused(folder, name)
        }
        for name in ["ledger.json", "writer.lock", "access/ledger.json"] {
            let folder = try await Self.stopped(after: .marked)
            try FileManager.default.createDirectory(
                atPath: Self.path(folder) + "/" + name, withIntermediateDirectories: true)
            try await Self.expectRefused(folder, name)
        }
    }

    /// A ledger with keys and with an entry in its access log, closed; and a mark in it, which any founding might have left.
    private static func lab() async throws -> LedgerLab {
        let lab = try await LedgerLab()
        _ = try await lab.ledger.append([LedgerLab.declaration("1", buyer: "Li")], as: "CUS")
        let seen = try await lab.seen(by: Reader(.authority, agency: "TAX", purpose: "duty"))
        #expect(seen[0].contains("price"))
        #expect(try lab.ledger.accessLog.head > 0)
        lab.close()
        let other = try await stopped(after: .marked)
        try FileManager.default.copyItem(atPath: path(other) + "/founding", toPath: lab.path + "/founding")
        return lab
    }

    @Test(
        "A ledger that lost its log keeps its keys and its access log under a stray mark, and works when it has it again"
    )
    func lostLog() async throws {
        let lab = try await Self.lab()
        try await Self.expectLedger(lab.folder)
        let log = lab.folder.path("log of before")
        try FileManager.default.moveItem(atPath: lab.path + "/log", toPath: log)
        try await Self.expectRefused(lab.folder, "entries in access/log")
        let access = lab.folder.path("access of before")
        try FileManager.default.moveItem(atPath: lab.path + "/access", toPath: access)
        try await Self.expectRefused(lab.folder, "keys in keys/1")
        try FileManager.default.moveItem(atPath: lab.path + "/ledger.json", toPath: lab.folder.path("ledger.json"))
        try await Self.expectRefused(lab.folder, "keys in keys/1")
        let keys = lab.folder.path("keys of before")
        try FileManager.default.moveItem(atPath: lab.path + "/keys", toPath: keys)
        try FileManager.default.moveItem(atPath: access, toPath: lab.path + "/access")
        try await Self.expectRefused(lab.folder, "entries in access/log")
        try FileManager.default.moveItem(atPath: log, toPath: lab.path + "/log")
        try await Self.expectRefused(lab.folder, "entries in log")

        try FileManager.default.moveItem(atPath: lab.folder.path("ledger.json"), toPath: lab.path + "/ledger.json")
        try FileManager.default.moveItem(atPath: keys, toPath: lab.path + "/keys")
        try await Self.expectLedger(lab.folder)
        try lab.reopen()
        #expect(try await lab.seen(by: Reader(.authority, agency: "TAX", purpose: "duty"))[0].contains("price"))
        #expect(!FileManager.default.fileExists(atPath: lab.path + "/founding"))
    }

    private static func expectLedger(_ folder: TemporaryFolder) async throws {
        let before = try content(folder)
        let fault = try await LedgerLab.fault { _ = try await FoundingTests.found(folder, FoundingTests.signers(9)) }
        #expect(fault?.reason.contains("a ledger already") == true, "\(fault?.reason ?? "founded")")
        #expect(try content(folder) == before)
    }

    @Test("What cannot be read might be keys or entries", arguments: ["keys/1", "access/log", "log"])
    func damaged(name: String) async throws {
        let folder = try await Self.stopped(after: .keysMade)
        try Self.write(name + "/data.mdb", String(repeating: "x", count: 32 << 10), in: folder)
        try await Self.expectRefused(folder, "in which there might be")
    }

    @Test("What was cut off between the steps is removed: torn files, environments without a commit")
    func cutOff() async throws {
        for step in [FoundingStep.marked, .accessLogMade, .keysMade, .logMade] {
            let folder = try await Self.stopped(after: step)
            for name in ["founding.new", "ledger.json.new", "access/ledger.json.new", "keys/7.new/data.mdb"] {
                try Self.write(name, "{", in: folder)
            }
            let environment = Self.path(folder) + "/keys/9.new"
            try FileManager.default.createDirectory(atPath: environment, withIntermediateDirectories: true)
            _ = try LMDBEnvironment(path: environment)
            if step != .logMade {
                try Self.write("log/data.mdb", String(repeating: "\0", count: 8192), in: folder)
            }
            try await FoundingTests.expectFounded(FoundingTests.found(folder, FoundingTests.signers(9)), folder)
        }
        let folder = try TemporaryFolder()
        try Self.write("founding.new", "{", in: folder)
        try await FoundingTests.expectFounded(FoundingTests.found(folder, FoundingTests.signers(9)), folder)
    }
}
