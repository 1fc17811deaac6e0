import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Exchange

@Suite("Erasure of a subject's keys")
struct ErasureTests {
    private static let subject = KeySubject.named("canary-subject-0001")
    private static let erased = [
        KeyReference(subject, compartment: "personal"), KeyReference(subject, compartment: "trade-secret"),
    ]
    private static let other = KeyReference(.named("canary-subject-0002"), compartment: "personal")

    private static func store(
        _ folder: TemporaryFolder, fence: UInt64 = 0, stopAfter step: KeyStep? = nil
    ) throws(ExchangeError) -> KeyStore {
        var probe = KeyProbe()
        probe.reached = { reached throws(ExchangeError) in
            if reached == step { throw ExchangeError(.log, "stopped after \(reached)") }
        }
        return try KeyStore(
            path: folder.path + "/keys", wrappingKey: WrappingKeyFile(path: folder.path + "/wrapping.json"),
            logFence: fence, probe: probe)
    }

    /// Makes a store with keys of two subjects; returns the numbers of both and what of the first is stored wrapped.
    private static func prepare(_ folder: TemporaryFolder) throws -> (erased: [UInt64], kept: UInt64, traces: [[UInt8]])
    {
        let store = try KeyStore.create(
            path: folder.path + "/keys", wrappingKey: WrappingKeyFile(path: folder.path + "/wrapping.json"))
        let keys = try store.keys(for: erased + [other])
        let traces = try store.core.withLock { core throws(ExchangeError) in
            let transaction = try core.environment.beginRead()
            var traces: [[UInt8]] = []
            for key in keys.prefix(2) {
                let name = KeyRecord.bigEndian(key.number)
                let value = try core.environment.value(name, in: core.environment.keys, transaction)
                guard let value, case .live(_, let wrapped, _) = KeyRecord(value) else { continue }
                traces.append(wrapped)
            }
            return traces
        }
        return (keys.prefix(2).map(\.number), keys[2].number, traces)
    }

    private static func expectErased(
        _ store: KeyStore, _ made: (erased: [UInt64], kept: UInt64, traces: [[UInt8]]), _ folder: TemporaryFolder,
        _ note: String
    ) throws {
        for number in made.erased {
            guard case .erased(1) = try store.key(numbered: number) else {
                Issue.record("key \(number) is there, \(note)")
                continue
            }
        }
        guard case .live = try store.key(numbered: made.kept) else {
            Issue.record("the other subject's key is gone, \(note)")
            return
        }
        for reference in erased {
            let sealing = #expect(throws: ExchangeError.self) { try store.keys(for: [other, reference]) }
            #expect(sealing?.code == .subjectErased, "\(note)")
            #expect(throws: ExchangeError.self) { try store.existingKey(for: reference) }
        }
        #expect(try store.isErased(subject) && !store.isErased(other.subject))
        #expect(try store.lastFence() == 1)
        #expect(made.traces.count == 2)
        for trace in made.traces { #expect(try !RawFiles.contain(trace, below: folder.path), "\(note)") }
        #expect(try store.keys(for: [KeyReference(.named("new"), compartment: "c")])[0].number > made.kept)
    }

    @Test("After an erasure neither keys nor what they were wrapped as are there, and others' are")
    func erasure() throws {
        let folder = try TemporaryFolder()
        let made = try Self.prepare(folder)
        for trace in made.traces { #expect(try RawFiles.contain(trace, below: folder.path)) }
        let store = try Self.store(folder)
        let fence = try store.beginErasure(of: Self.subject, logFence: 0)
        #expect(fence.number == 1)
        #expect(try store.beginErasure(of: Self.subject, logFence: 0) == fence)
        let during = #expect(throws: ExchangeError.self) { try store.keys(for: Self.erased) }
        #expect(during?.code == .conflict)
        #expect(try store.existingKey(for: Self.erased[0]) != nil)
        #expect(throws: ExchangeError.self) { try store.keys(for: [Self.erased[0]]) }
        let second = #expect(throws: ExchangeError.self) { try store.beginErasure(of: Self.other.subject, logFence: 0) }
        #expect(second?.code == .conflict)
        try store.finishErasure(fence)
        try Self.expectErased(store, made, folder, "at once")
        let again = #expect(throws: ExchangeError.self) { try store.beginErasure(of: Self.subject, logFence: 1) }
        #expect(again?.code == .subjectErased)
        try store.finishErasure(fence)
    }

    @Test("Stopped after any step, it is finished when the keys are opened again", arguments: KeyStep.allCases)
    func faults(_ step: KeyStep) throws {
        let folder = try TemporaryFolder()
        let made = try Self.prepare(folder)
        var logFence: UInt64 = 0
        do {
            // The last two steps are also those of opening.
            let isOfOpening = step == .oldRemoved || step == .wrappingKeyDestroyed
            let store = try Self.store(folder, stopAfter: isOfOpening ? nil : step)
            do throws(ExchangeError) {
                let fence = try store.beginErasure(of: Self.subject, logFence: 0)
                logFence = fence.number
                try store.finishErasure(fence)
                #expect(isOfOpening)
            } catch {
                // As if the fence had come into the log although the call did not return.
                logFence = 1
                #expect(!isOfOpening)
            }
        }
        if step == .oldRemoved || step == .wrappingKeyDestroyed {
            #expect(throws: ExchangeError.self) { try Self.store(folder, fence: logFence, stopAfter: step) }
        }
        do {
            // The power may fail while it is being finished, too.
            for next in KeyStep.allCases { _ = try? Self.store(folder, fence: logFence, stopAfter: next) }
        }
        let store = try Self.store(folder, fence: logFence)
        try Self.expectErased(store, made, folder, "after \(step)")
    }

    @Test("A fence that never came into the log erases nothing")
    func forgotten() throws {
        let folder = try TemporaryFolder()
        let made = try Self.prepare(folder)
        do { _ = try Self.store(folder).beginErasure(of: Self.subject, logFence: 0) }
        let store = try Self.store(folder)
        #expect(try store.keys(for: Self.erased).map(\.number) == made.erased)
        let fence = try store.beginErasure(of: Self.subject, logFence: 0)
        try store.cancelErasure(fence)
        #expect(try store.keys(for: Self.erased).map(\.number) == made.erased)
        #expect(throws: ExchangeError.self) { try store.finishErasure(fence) }
    }

    @Test("Keys put back from before an erasure are refused, with and without their wrapping key")
    func restored() throws {
        let folder = try TemporaryFolder()
        _ = try Self.prepare(folder)
        let backup = try TemporaryFolder()
        let files = FileManager.default
        for name in ["keys", "wrapping.json"] {
            try files.copyItem(atPath: folder.path + "/" + name, toPath: backup.path + "/" + name)
        }
        do {
            let store = try Self.store(folder)
            try store.finishErasure(try store.beginErasure(of: Self.subject, logFence: 0))
        }
        let whole = #expect(throws: ExchangeError.self) { try Self.store(backup, fence: 1) }
        #expect(whole?.code == .staleKeys)
        try files.removeItem(atPath: folder.path + "/keys")
        try files.copyItem(atPath: backup.path + "/keys", toPath: folder.path + "/keys")
        let keys = #expect(throws: ExchangeError.self) { try Self.store(folder, fence: 1) }
        #expect(keys?.code == .staleKeys)
    }

    @Test("What fences mean, case by case")
    func fences() {
        let fence = ErasureFence(number: 5, subject: [1])
        let (seen, noted) = (FenceState(seen: 4), FenceState(seen: 4, noted: fence))
        #expect(seen.judge(log: 3) == .current)
        #expect(seen.judge(log: 4) == .current)
        #expect(seen.judge(log: 5) == .stale)
        #expect(noted.judge(log: 4) == .forget)
        #expect(noted.judge(log: 5) == .finish(fence))
        #expect(noted.judge(log: 6) == .stale)
        #expect(seen.next(log: 4, subject: [1]) == fence)
        #expect(FenceState(seen: 2).next(log: 4, subject: [1]) == fence)
    }
}
