import Foundation
import TestSupport
import Testing

@testable import EventLog

/// Many at once: conditions hold, what is acknowledged is there, and everyone is answered.
@Suite(.fewAtOnce, .timeLimit(.minutes(15)))
struct ConcurrencyTests {
    /// Counts one up, as often as others come in between: reads the last number, and appends the next one if no other
    /// has come since.
    private static func increment(_ counter: String, on log: Log, by task: Int) async throws -> Int {
        var attempts = 0
        while attempts < 10_000 {
            attempts += 1
            let last = try log.last(.tagged(counter))
            let value =
                last.flatMap { Int($0.text.split(separator: "\"data\":").last?.prefix { $0 != "}" } ?? "") } ?? 0
            let request = AppendRequest(
                [draft("\(counter)-\(task)-\(value)-\(attempts)", tags: [counter], data: "\(value + 1)")],
                conditions: [AppendCondition(noneMatching: .tagged(counter), after: last?.position)])
            do throws(LogError) {
                _ = try await log.append(request)
                return attempts
            } catch {
                guard error.code == .conditionFailed else { throw error }
            }
        }
        return attempts
    }

    @Test("Counters that 64 tasks count up under conditions end as if one had counted")
    func optimisticCounters() async throws {
        let ledger = try TestLedger()
        let log = ledger.log
        let attempts = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<64 {
                group.addTask {
                    var attempts = 0
                    for _ in 0..<3 { attempts += try await Self.increment("counter:\(task % 4)", on: log, by: task) }
                    return attempts
                }
            }
            return try await group.reduce(0, +)
        }
        for counter in 0..<4 {
            let values = try log.read(.tagged("counter:\(counter)"), ReadRange()).map { entry in
                Int(entry.text.split(separator: "\"data\":").last?.prefix { $0 != "}" } ?? "")
            }
            #expect(values == (1...48).map { $0 })
        }
        #expect(try log.head == 192)
        // Otherwise nobody ever came in between, and the test shows nothing.
        #expect(attempts > 192)
        #expect(log.verify().isSound)
        ledger.close()
    }

    @Test("What waits while a commit syncs goes into the next one together")
    func groupCommit() throws {
        let bench = try ApplierBench()
        var preparation = EventPreparation(hasher: bench.index.hasher)
        let pipeline = AppendPipeline()
        let results = Collected<Result<[Receipt], LogError>>()
        for number in 0..<500 {
            let conditions = number % 5 == 0 ? [AppendCondition(noneMatching: .all, after: 1 << 40)] : []
            let request = try preparation.prepare(AppendRequest([draft("\(number)")], conditions: conditions))
            pipeline.submit(Submission(request) { results.add($0) })
        }
        let commits = Collected<Position>()
        pipeline.start(Sequencer(last: Timestamp(microseconds: 0)), bench.takeApplier()) { commits.add($0) }
        pipeline.close()
        #expect(commits.items == [400])
        let positions = results.items.compactMap { try? $0.get().first?.position }
        #expect(positions == Array(0..<400))
        #expect(results.items.count == 500)
        let late = Collected<Result<[Receipt], LogError>>()
        let request = try preparation.prepare(AppendRequest([draft("late")]))
        pipeline.submit(Submission(request) { late.add($0) })
        #expect(late.items.map { result in refusal { _ = try result.get() }?.code } == [.closed])
    }

    @Test("A request is turned away as busy once too much waits, and may be handed in again later")
    func busy() throws {
        let bench = try ApplierBench()
        let pipeline = AppendPipeline()
        let results = Collected<Result<[Receipt], LogError>>()
        var request = PreparedRequest()
        // All of them share these bytes; no thread takes any of them yet.
        request.bodies = Array(repeating: 0, count: 16 << 20)
        let fit = LogLimits.queuedBytes / request.byteCount
        for _ in 0..<fit + 3 { pipeline.submit(Submission(request) { results.add($0) }) }
        #expect(results.items.count == 3)
        let error = refusal { _ = try results.items[0].get() }
        #expect(error?.code == .busy)
        #expect(error?.isRetryable == true)
        #expect(error?.reason.contains("Wait for receipts") == true)
        pipeline.start(Sequencer(last: Timestamp(microseconds: 0)), bench.takeApplier()) { _ in }
        while results.items.count < fit + 3 { usleep(1_000) }
        // What is done makes room again.
        pipeline.submit(Submission(request) { results.add($0) })
        pipeline.close()
        #expect(results.items.count == fit + 4)
        #expect(results.items.dropFirst(3).allSatisfy { (try? $0.get()) != nil })
    }

    @Test("Every append is answered while the log closes, and what was acknowledged is there afterwards")
    func closing() async throws {
        let ledger = try TestLedger()
        let acknowledged = await Self.appendUntilClosed(ledger.log)
        #expect(acknowledged.count > 16)
        ledger.close()
        try ledger.open()
        #expect(try ledger.log.head == Position(acknowledged.count))
        for (position, id) in acknowledged {
            #expect(try ledger.log.entry(at: position).text.contains("\"id\":\"\(id)\""))
        }
        #expect(ledger.log.verify().isSound)
        ledger.close()
    }

    /// Appends from many tasks, closes meanwhile, and returns what was acknowledged.
    private static func appendUntilClosed(_ log: Log) async -> [Position: String] {
        await withTaskGroup(of: [Position: String].self) { group in
            for task in 0..<16 {
                group.addTask {
                    var done: [Position: String] = [:]
                    var code: LogError.Code?
                    var number = 0
                    while code == nil {
                        let id = "\(task)-\(number)"
                        number += 1
                        code = await refusal {
                            let receipts = try await log.append(AppendRequest([draft(id)]))
                            if let receipt = receipts.first { done[receipt.position] = id }
                        }?.code
                    }
                    #expect(code == .closed)
                    return done
                }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(60))
                log.close()
                return [:]
            }
            return await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
    }

    @Test("A log closes more than once, and reads go on after that")
    func closingTwice() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<5)
        ledger.log.close()
        ledger.log.close()
        #expect(try ledger.log.read(.all, ReadRange()).count == 5)
        #expect(await refusal { try await ledger.fill(5..<6) }?.code == .closed)
        ledger.close()
    }
}

/// Things that come from other threads.
final class Collected<Item: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var collected: [Item] = []

    var items: [Item] { lock.withLock { collected } }

    func add(_ item: Item) {
        lock.withLock { collected.append(item) }
    }
}
