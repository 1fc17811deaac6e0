internal import Foundation

/// Does work on several threads and gives what comes of it in the order in which it was given.
///
/// Each thread makes itself a worker first, which may keep memory from one piece of work to the next. Whoever gives the work
/// decides how much of it is outstanding: ``count``.
final class OrderedPool<Job: Sendable, Outcome: Sendable>: Sendable {
    private let core: Core

    /// How many threads there are.
    let threads: Int

    /// - Parameters:
    ///   - threads: How many threads work, at least 1.
    ///   - makeWorker: Makes what a thread works with; called on each.
    init(threads: Int, makeWorker: @escaping @Sendable () -> (Job) -> Outcome) {
        self.threads = max(1, threads)
        core = Core(running: self.threads)
        for number in 0..<self.threads {
            let thread = Thread { [core] in core.work(makeWorker()) }
            thread.name = "sanhu-snapshot-\(number)"
            thread.start()
        }
    }

    deinit {
        core.end()
    }

    /// How many threads are worth having here.
    static var usualThreads: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// How much was given and not taken yet.
    var count: Int { core.count }

    /// Gives work.
    func give(_ job: Job) { core.give(job) }

    /// Waits for what comes of the first work that was given and not taken yet; nil if there is none.
    func take() -> Outcome? { core.take() }

    /// What the threads share. They keep it; not the pool, so that it can end them.
    private final class Core: @unchecked Sendable {
        private let condition = NSCondition()
        // Guarded by ``condition``.
        private var jobs: [(number: Int, job: Job)] = []
        private var outcomes: [Int: Outcome] = [:]
        private var given = 0
        private var taken = 0
        private var running: Int
        private var isOver = false

        init(running: Int) {
            self.running = running
        }

        var count: Int { condition.withLock { given - taken } }

        func give(_ job: Job) {
            condition.withLock {
                jobs.append((given, job))
                given += 1
                condition.broadcast()
            }
        }

        func take() -> Outcome? {
            condition.withLock {
                guard taken < given else { return nil }
                while true {
                    if let outcome = outcomes.removeValue(forKey: taken) {
                        taken += 1
                        return outcome
                    }
                    condition.wait()
                }
            }
        }

        /// Forgets what is outstanding, and waits until no thread works any more.
        func end() {
            condition.withLock {
                isOver = true
                jobs.removeAll()
                condition.broadcast()
                while running > 0 { condition.wait() }
            }
        }

        func work(_ worker: (Job) -> Outcome) {
            while let (number, job) = next() {
                let outcome = worker(job)
                condition.withLock {
                    outcomes[number] = outcome
                    condition.broadcast()
                }
            }
            condition.withLock {
                running -= 1
                condition.broadcast()
            }
        }

        private func next() -> (Int, Job)? {
            condition.withLock {
                while jobs.isEmpty, !isOver { condition.wait() }
                return isOver ? nil : jobs.removeFirst()
            }
        }
    }
}
