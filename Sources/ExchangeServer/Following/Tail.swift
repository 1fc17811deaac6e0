internal import EventLog
internal import NIOConcurrencyHelpers
internal import ServiceLifecycle

/// Wakes those who follow the log when something came that they asked for.
///
/// The log's own signal wakes everyone at every commit. With hundreds who follow a container or a declaration each, that
/// is most of what the machine would do; so one task reads what came, once, and wakes those whose query it matches. It
/// carries no events: whoever wakes reads from where it was, and who is woken for nothing finds nothing.
final class Tail: Service {
    /// Why a wait ended.
    enum Wake: Sendable { case grown, timeout, closed }

    private let log: Log
    private let waiters: NIOLockedValueBox<TailWaiters<CheckedContinuation<Wake, Never>>>
    /// How often deadlines are looked at.
    private static let tick: Duration = .milliseconds(250)

    init(_ log: Log) throws(LogError) {
        self.log = log
        waiters = NIOLockedValueBox(TailWaiters(seen: try log.head))
    }

    /// Reads what comes until the task is cancelled or the log closed.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.follow() }
            group.addTask { await self.watchDeadlines() }
            await group.next()
            group.cancelAll()
        }
        close()
    }

    /// Ends all waits, those that come too.
    func close() {
        let woken = waiters.withLockedValue { $0.close() }
        for waiter in woken { waiter.resume(returning: .closed) }
    }

    /// Waits until something that matches a query may stand at a position or after it.
    ///
    /// - Parameters:
    ///   - query: As the log has it, names of persons blinded.
    ///   - position: What was read up to.
    ///   - deadline: When to give up waiting; it is looked at four times a second.
    func wait(_ query: Query, from position: Position, until deadline: ContinuousClock.Instant) async -> Wake {
        let number = waiters.withLockedValue { $0.number() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let wake = waiters.withLockedValue { waiters -> Wake? in
                    guard !Task.isCancelled else { return .closed }
                    return waiters.add(number, query, from: position, until: deadline, continuation)
                }
                if let wake { continuation.resume(returning: wake) }
            }
        } onCancel: {
            waiters.withLockedValue { $0.remove(number) }?.resume(returning: .closed)
        }
    }

    private func follow() async {
        var reader = EntryReader()
        while !Task.isCancelled {
            let seen = waiters.withLockedValue(\.seen)
            do throws(LogError) {
                guard try await log.waitForGrowth(beyond: seen) else { return }
                let head = try log.head
                // With nobody to wake for something of its own, nothing is read.
                guard waiters.withLockedValue({ $0.needsEntries }) else {
                    resume(waiters.withLockedValue { $0.grow(to: head, by: []) })
                    continue
                }
                for entry in [try log.read(.all, ReadRange(from: seen, to: head, limit: 2_048))] {
                    let facts = try entry.map { entry throws(LogError) in
                        (entry.position, try reader.facts(of: entry.bytes.span))
                    }
                    resume(waiters.withLockedValue { $0.grow(to: seen + Position(entry.count), by: facts) })
                }
            } catch {
                // Whoever waits reads, and says itself what is wrong.
                resume(waiters.withLockedValue { $0.takeAll() })
                try? await Task.sleep(for: Self.tick)
            }
        }
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.tick)
            let late = waiters.withLockedValue { $0.takeLate(at: .now) }
            for waiter in late { waiter.resume(returning: .timeout) }
        }
    }

    private func resume(_ woken: [CheckedContinuation<Wake, Never>]) {
        for waiter in woken { waiter.resume(returning: .grown) }
    }
}
