internal import EventLog
internal import Exchange
internal import Foundation
internal import Transparency

extension ViewRunner {
    /// How long the writing thread sleeps at the most.
    private static let idleSeconds = 1.0

    /// Starts the thread.
    func start() {
        let log = ledger.log
        growth = Task { [weak self] in
            var seen: Position = 0
            while !Task.isCancelled {
                seen = (try? log.head) ?? seen
                self?.wake()
                do throws(LogError) {
                    guard try await log.waitForGrowth(beyond: seen) else { return }
                } catch {
                    try? await Task.sleep(for: .milliseconds(200))
                }
            }
        }
        let thread = Thread { [self] in
            run()
            condition.withLock {
                hasEnded = true
                condition.broadcast()
            }
        }
        thread.name = "sanhu-view"
        thread.start()
    }

    private func run() {
        while let job = next() {
            if let job {
                job()
                continue
            }
            noteState()
            do throws(ViewError) {
                if try !step() { waitForWork() }
            } catch {
                fail(error)
                waitForWork()
            }
        }
        waiters.end()
        folder.noteState(nil)
    }

    /// What is to be done: a job, or else (`.some(nil)`) the next batch; nil to end. Jobs come first when it is being closed as
    /// well: somebody waits for them, maybe the rebuild for which closing waits.
    private func next() -> (@Sendable () -> Void)?? {
        condition.withLock {
            guard jobs.isEmpty else { return .some(jobs.removeFirst()) }
            return isStopping ? nil : .some(nil)
        }
    }

    /// Folds a batch, if there is anything to fold.
    private func step() throws(ViewError) -> Bool {
        let (store, meta, isHeld) = condition.withLock { (current, record, rebuild.holdsOld || trouble.isHolding) }
        guard let store, let meta, !isHeld else { return false }
        let log = ledger.log
        let head = try ViewError.wrapping { () throws(LogError) in try log.head }
        guard meta.position < head else {
            condition.withLock { (isCaughtUp, trouble) = (true, Trouble()) }
            return false
        }
        guard try folding.catalog().lines == meta.lines else {
            // What is there was brought up otherwise than what comes now would be.
            if meta.position == 0 {
                publish(store, try folding.emptyMeta())
                return true
            }
            startRebuild(holdingOld: true)
            return false
        }
        publish(store, try folding.fold(store, meta, to: head))
        condition.withLock { trouble = Trouble() }
        return true
    }

    func publish(_ store: ViewStore, _ meta: ViewMeta) {
        let count = (try? store.skippedCount()) ?? 0
        condition.withLock {
            current = store
            record = meta
            skipped = count
        }
        waiters.publish(meta.position)
    }

    private func fail(_ error: ViewError) {
        let passes = condition.withLock {
            trouble.note(error)
            return trouble.passes
        }
        if !passes { waiters.end() }
    }

    /// Writes down where it is in its life, if that has changed.
    private func noteState() {
        let state = ViewKeeping(state)
        guard state != noted else { return }
        noted = state
        folder.noteState(state)
    }

    private func waitForWork() {
        noteState()
        condition.withLock {
            defer { wasWoken = false }
            guard !isStopping, jobs.isEmpty, !wasWoken else { return }
            _ = condition.wait(until: trouble.until(Date(timeIntervalSinceNow: Self.idleSeconds)))
        }
    }

    func wake() {
        condition.withLock {
            wasWoken = true
            condition.broadcast()
        }
    }

    /// Has something done by the writing thread, and waits for it.
    func perform<Result: Sendable>(
        _ body: @escaping @Sendable () throws(ViewError) -> Result
    ) async throws(ViewError) -> Result {
        let result: Swift.Result<Result, ViewError>? = await withCheckedContinuation { continuation in
            let isTaken = condition.withLock {
                guard !isStopping else { return false }
                jobs.append { continuation.resume(returning: Swift.Result { () throws(ViewError) in try body() }) }
                wasWoken = true
                condition.broadcast()
                return true
            }
            if !isTaken { continuation.resume(returning: nil) }
        }
        guard let result else { throw ViewError(.closed, "The view \(definition.title) was closed.") }
        return try result.get()
    }
}
