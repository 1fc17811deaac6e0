import EventLog
import Foundation
import Synchronization
import TestSupport
import Testing
import Transparency

@testable import Exchange

@Suite("Erasure from a ledger", .fewAtOnce, .serialized)
struct LedgerErasureTests {
    /// What proves that entries are in the log and that it was only added to, with what they were about.
    private struct Proofs {
        let entries: [[UInt8]]
        let inclusion: [TransparencyProof]
        let roots: [MerkleHash]

        init(_ log: Log) throws {
            let head = try log.head
            entries = try (0..<head).map { try log.entry(at: $0).bytes }
            inclusion = try (0..<head).map { try log.proof(at: $0) }
            roots = try (0...head).map { try log.root(atSize: $0) }
        }

        /// Checks that all of them hold, over the entries as they are now, and that new ones can be made.
        func expectHold(_ log: Log) throws {
            let head = try log.head
            for (position, proof) in inclusion.enumerated() {
                let entry = try log.entry(at: Position(position)).bytes
                #expect(entry == entries[position])
                #expect(throws: Never.self) { try proof.verify(entry: entry, verifier: log.verifier) }
                let new = try log.proof(at: Position(position))
                #expect(throws: Never.self) { try new.verify(entry: entry, verifier: log.verifier) }
            }
            let root = try log.root(atSize: head)
            for size in roots.indices.dropFirst() {
                let hashes = try log.consistencyProof(from: Position(size), to: head)
                #expect(throws: Never.self) {
                    try MerkleVerifier.verifyConsistency(
                        from: Position(size), roots[size], to: head, root, proof: hashes)
                }
            }
        }
    }

    @Test("Values are gone, other subjects' are there, and every proof that held before still holds")
    func erases() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let proofs = try Proofs(lab.ledger.log)
        #expect(try #require(try await lab.seen(1, by: ErasureLab.cleared).event).text.contains("CANARY-SECRET-0001"))
        let result = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        #expect(result == ErasureResult(position: 8, fence: 1, keys: 3, rows: 6))
        try await lab.expectErased("at once")
        try proofs.expectHold(lab.ledger.log)
        let order = String(decoding: try lab.ledger.log.entry(at: 8).bytes, as: UTF8.self)
        #expect(order.contains("sanhu.erasure.ordered") && !order.contains("CANARY") && !order.contains("asked for"))
        try lab.lab.reopen()
        try await lab.expectErased("opened again")
        try proofs.expectHold(lab.ledger.log)
        let twice = try await ErasureLab.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") }
        #expect(twice?.code == .subjectErased)
        let second = try await lab.ledger.erase(ErasureLab.order(ErasureLab.other), as: "CUS")
        #expect(second == ErasureResult(position: 9, fence: 2, keys: 3, rows: 3))
    }

    @Test("Neither value nor salt nor key, in whatever form, is in any file, of the ledger or of its keys")
    func traces() async throws {
        let lab = try await ErasureLab()
        let drawn = Mutex<[[UInt8]]>([])
        var probe = ErasureProbe()
        probe.keys.draw = { count in
            let key = KeyWrap.random(count)
            drawn.withLock { $0.append(key) }
            return key
        }
        try lab.lab.reopen(probe: probe)
        // Its keys first, so that they are the first that are drawn.
        let references = ["personal", "trade-secret", "security"].map {
            KeyReference(.named(ErasureLab.importer), compartment: $0)
        }
        let numbers = try lab.ledger.keys.keys(for: references).map(\.number)
        var traces = drawn.withLock { Array($0.prefix(3)) }
        #expect(traces.count == 3 && traces.allSatisfy { $0.count == 32 })
        try await lab.fill()
        var wrapped: [[UInt8]] = []
        try lab.ledger.keys.forEachKey { number, record in
            if numbers.contains(number), case .live(_, let bytes, _) = record { wrapped.append(bytes) }
        }
        #expect(wrapped.count == 3)
        for form in wrapped { #expect(try RawFiles.contain(form, below: lab.lab.path)) }
        let disclosures = try lab.disclosures(at: 1)
        for json in disclosures {
            let salt = try #require(String(decoding: json, as: UTF8.self).split(separator: "\"").dropFirst().first)
            traces.append(try #require(Base64.decode(salt, .url)))
        }
        traces += ["CANARY-IMPORTER-9131", "CANARY-SECRET-0001", "CANARY-SECRET-0003"].map { Array($0.utf8) }
        let backup = try lab.backup()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        for round in 0..<2 {
            for trace in traces + wrapped {
                #expect(try !RawFiles.contain(trace, below: lab.lab.path), "round \(round)")
            }
            try lab.lab.reopen()
        }
        // The keys' backup has them wrapped only, under a key that is gone.
        for trace in traces { #expect(try !RawFiles.contain(trace, below: backup.path + "/keys")) }
        lab.lab.close()
        let refused = #expect(throws: ExchangeError.self) {
            try KeyStore(path: backup.path + "/keys", wrappingKey: lab.lab.wrappingKey, logFence: 0)
        }
        #expect(refused?.code == .staleKeys)
    }

    @Test("Keys put back from a backup are refused, with their wrapping key and without, and so is that key alone")
    func restored() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let backup = try lab.backup()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        lab.lab.close()
        let current = try TemporaryFolder()
        try lab.copyKeys(from: lab.lab.path + "/keys", lab.lab.wrappingKey.path, to: current.path)
        for (keys, wrapping, code) in [
            (true, false, ExchangeError.Code.staleKeys), (true, true, .staleKeys), (false, true, .keyMissing),
        ] {
            try lab.putKeys(
                from: (keys ? backup : current).path + "/keys", (wrapping ? backup : current).path + "/wrapping.json")
            let refused = #expect(throws: ExchangeError.self) { try lab.lab.reopen() }
            #expect(refused?.code == code, "keys \(keys), wrapping key \(wrapping)")
        }
        try lab.putKeys(from: current.path + "/keys", current.path + "/wrapping.json")
        try lab.lab.reopen()
        try await lab.expectErased("the right keys again")
    }

    @Test("Stopped after any step, it is finished when the ledger is opened again", arguments: ErasureStop.steps)
    func faults(_ step: String) async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let proofs = try Proofs(lab.ledger.log)
        let stop = ErasureStop()
        try lab.lab.reopen(probe: stop.probe)
        stop.arm(step)
        let stopped = try await ErasureLab.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") }
        #expect(stopped?.reason == "stopped after \(step)")
        if step == KeyStep.noted.rawValue {
            // The fence is not in the log: nothing has been erased, and nothing stands in the way of appending.
            try lab.lab.reopen()
            #expect(try #require(try await lab.seen(1, by: ErasureLab.cleared).event).gone.isEmpty)
            _ = try await lab.ledger.append([ErasureLab.declaration("d9")], as: "CUS")
            return
        }
        // The power may fail while it is being finished, too.
        for next in ErasureStop.steps {
            stop.arm(next)
            _ = try? lab.lab.reopen(probe: stop.probe)
        }
        stop.arm(nil)
        try lab.lab.reopen()
        try await lab.expectErased("after \(step)")
        try proofs.expectHold(lab.ledger.log)
        let again = try await ErasureLab.fault { _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS") }
        #expect(again?.code == .subjectErased)
    }

    @Test(
        "Stopped after any step, it is finished by the next erasure as well", arguments: ErasureStop.steps.dropFirst())
    func finishedByTheNext(_ step: String) async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let stop = ErasureStop()
        try lab.lab.reopen(probe: stop.probe)
        stop.arm(step)
        _ = try? await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        stop.arm(nil)
        let next = try await lab.ledger.erase(ErasureLab.order("Wu"), as: "CUS")
        #expect(next.fence == 2 && next.keys == 1)
        for position: Position in [1, 3] {
            #expect(try lab.ledger.log.disclosures(at: position).allSatisfy { $0.count == SealedRow.headerBytes })
        }
        let audit = try lab.ledger.auditKeys()
        #expect(audit.isSound && audit.erasedRows == 7, "\(audit)")
    }

    @Test("A log that was restored from before its rows were removed loses them when it is opened")
    func restoredLog() async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        let stop = ErasureStop()
        try lab.lab.reopen(probe: stop.probe)
        stop.arm(KeyStep.wrappingKeyDestroyed.rawValue)
        _ = try? await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        lab.lab.close()
        let backup = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: lab.lab.path + "/log", toPath: backup.path + "/log")
        try lab.lab.reopen()
        try await lab.expectErased("finished")
        lab.lab.close()
        try FileManager.default.removeItem(atPath: lab.lab.path + "/log")
        try FileManager.default.copyItem(atPath: backup.path + "/log", toPath: lab.lab.path + "/log")
        try lab.lab.reopen()
        try await lab.expectErased("restored")
    }

    @Test("Keys and log that do not agree are told", arguments: 0..<3)
    func audits(_ damage: Int) async throws {
        let lab = try await ErasureLab()
        try await lab.fill()
        _ = try await lab.ledger.erase(ErasureLab.order(), as: "CUS")
        #expect(try lab.ledger.auditKeys().isSound)
        switch damage {
        case 0:
            // A row that was removed although its key is in use.
            try lab.ledger.log.cutDisclosures(
                at: [DisclosurePlace(position: 2, ordinal: 1)], keeping: SealedRow.headerBytes)
            let seen = try #require(try await lab.seen(2, by: ErasureLab.cleared).event)
            #expect(seen.gone.map(\.cause) == [.lost], "what is lost does not pass for erased")
        case 1:
            // A row that is none.
            try lab.ledger.log.cutDisclosures(at: [DisclosurePlace(position: 2, ordinal: 1)], keeping: 3)
        default:
            // Keys destroyed behind a fence that nobody ordered.
            let fence = try lab.ledger.keys.beginErasure(of: .named(ErasureLab.other), logFence: 1)
            try lab.ledger.keys.finishErasure(fence)
        }
        let audit = try lab.ledger.auditKeys()
        #expect(audit.problems.count == (damage == 2 ? 4 : 1), "\(audit.problems)")
    }
}
