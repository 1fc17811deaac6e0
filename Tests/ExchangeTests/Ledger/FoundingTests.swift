import EventLog
import Foundation
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("The founding of a ledger", .fewAtOnce, .serialized)
struct FoundingTests {
    static func signers(_ number: UInt8 = 1) throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(
            log: try NoteSigner(name: CharterLab.origin, seed: Array(repeating: number, count: 32)),
            access: try NoteSigner(name: CharterLab.origin + "/access", seed: Array(repeating: number + 1, count: 32)))
    }

    private static func wrappingKey(_ folder: TemporaryFolder) -> WrappingKeyFile {
        WrappingKeyFile(path: folder.path("wrapping.json"))
    }

    static func found(
        _ folder: TemporaryFolder, _ signers: ExchangeLedger.Signers, stopAfter step: FoundingStep? = nil
    ) async throws -> ExchangeLedger {
        var probe = FoundingProbe()
        probe.reached = { reached throws(ExchangeError) in
            if reached == step { throw ExchangeError(.limitExceeded, "stopped after \(reached)") }
        }
        return try await ExchangeLedger.found(
            at: folder.path("ledger"), charter: LedgerLab.charter(), signers: signers, wrappingKey: wrappingKey(folder),
            options: ExchangeOptions(anchorInterval: nil), probe: probe)
    }

    static func open(_ folder: TemporaryFolder, _ signers: ExchangeLedger.Signers) throws -> ExchangeLedger {
        try ExchangeLedger.open(
            at: folder.path("ledger"), signers: signers, wrappingKey: wrappingKey(folder),
            options: ExchangeOptions(anchorInterval: nil))
    }

    static func expectFounded(_ ledger: ExchangeLedger, _ folder: TemporaryFolder) async throws {
        #expect(try ledger.charter().position == 0)
        #expect(try await ledger.append([LedgerLab.declaration("1")], as: "CUS") == [.appended(1)])
        #expect(try ledger.log.head == 2 && ledger.accessLog.head == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("ledger"))
        #expect(Set(names) == ["ledger.json", "writer.lock", "log", "index", "access", "keys"])
        ledger.close()
    }

    @Test(
        "Stopped after any step, it is said to be interrupted and can be done again, whatever was stopped before that")
    func interrupted() async throws {
        let steps = FoundingStep.allCases.filter { $0 != .chartered }
        for first in steps {
            for second in [nil] + steps {
                let folder = try TemporaryFolder()
                for (number, step) in [first, second].enumerated() {
                    guard let step else { continue }
                    let signers = try Self.signers(UInt8(number) + 1)
                    let stopped = try await LedgerLab.fault {
                        _ = try await Self.found(folder, signers, stopAfter: step)
                    }
                    #expect(stopped?.code == .limitExceeded, "\(String(describing: stopped)) at \(first), \(step)")
                    let closed = try await LedgerLab.fault { _ = try Self.open(folder, signers) }
                    #expect(closed?.code == (step == .logMade ? .notFounded : .log), "\(step)")
                    #expect(closed?.reason.contains("init") == true, "\(step): \(closed?.reason ?? "")")
                }
                let ledger = try await Self.found(folder, Self.signers(9))
                try await Self.expectFounded(ledger, folder)
            }
        }
    }

    @Test("Once the charter is in the log it is founded: it opens, and cannot be founded again")
    func chartered() async throws {
        for opensFirst in [true, false] {
            let folder = try TemporaryFolder()
            let stopped = try await LedgerLab.fault {
                _ = try await Self.found(folder, Self.signers(), stopAfter: .chartered)
            }
            #expect(stopped?.code == .limitExceeded)
            if opensFirst { try Self.open(folder, Self.signers()).close() }
            let again = try await LedgerLab.fault { _ = try await Self.found(folder, Self.signers(9)) }
            #expect(again?.code == .log && again?.reason.contains("a ledger already") == true, "\(again?.reason ?? "")")
            try await Self.expectFounded(Self.open(folder, Self.signers()), folder)
        }
    }

    @Test("A folder that holds something else is left as it was: another file, an empty ledger, keys without a log")
    func others() async throws {
        for name in ["file", "keys/1", "access/ledger.json", "ledger.json"] {
            let folder = try TemporaryFolder()
            let url = folder.url.appendingPathComponent("ledger/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: url)
            let error = try await LedgerLab.fault { _ = try await Self.found(folder, Self.signers()) }
            #expect(error?.code == .log, "\(name)")
            let left = try FileManager.default.subpathsOfDirectory(atPath: folder.path("ledger"))
            #expect(Set(left).isSubset(of: [name, (name as NSString).deletingLastPathComponent]), "\(left)")
            #expect(try Data(contentsOf: url) == Data("x".utf8))
        }
        let folder = try TemporaryFolder()
        try Log.create(at: folder.path("ledger"), signer: NoteSigner(name: "a", seed: Array(1...32))).close()
        let error = try await LedgerLab.fault { _ = try await Self.found(folder, Self.signers()) }
        #expect(error?.reason.contains("a ledger already") == true)
    }

    @Test("Two at once do not undo each other: one is told that another founds it")
    func twoAtOnce() async throws {
        let folder = try TemporaryFolder()
        let one = try Founding(at: folder.path("ledger"))
        let error = try await LedgerLab.fault { _ = try await Self.found(folder, Self.signers()) }
        #expect(error?.code == .log && error?.reason.contains("being written by process") == true)
        try one.finish()
    }
}
