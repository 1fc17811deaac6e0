public import EventLog
internal import Exchange
internal import Foundation
internal import Transparency

/// Keeps one view: catches up, follows, rebuilds, and answers readers meanwhile. Made by ``ViewKeeper``.
///
/// All calls are safe from any thread. It has one thread that writes, and a second one while it is being rebuilt.
public final class ViewRunner: @unchecked Sendable {
    public let definition: ViewDefinition
    let ledger: ExchangeLedger
    let options: ViewOptions
    let parkedStore: ParkedStore
    let folder: ViewFolder
    let waiters = PositionWaiters()
    let condition = NSCondition()

    // Guarded by ``condition``.
    private var current: ViewStore?
    private var record: ViewMeta?
    private var isCaughtUp = false
    private var isStopping = false
    private var hasEnded = false
    private var failure: ViewError?
    private var skipped = 0
    private var jobs: [@Sendable () -> Void] = []
    private var wasWoken = false
    var rebuild = Rebuild()
    private var growth: Task<Void, Never>?

    /// Of the writing thread alone.
    private var folding: ViewFolding

    /// How long the writing thread sleeps at the most.
    private static let idleSeconds = 1.0

    init(
        _ definition: ViewDefinition, _ ledger: ExchangeLedger, _ options: ViewOptions, _ parked: ParkedStore
    ) throws(ViewError) {
        self.definition = definition
        self.ledger = ledger
        self.options = options
        parkedStore = parked
        folder = ViewFolder(ledger: ledger.log.path, title: definition.title)
        folding = ViewFolding(definition, ledger, options, parked, pacer: nil)
        try open()
    }

    // MARK: Opening

    /// Opens the files, or makes them anew if they are not of this log.
    private func open() throws(ViewError) {
        try folder.recover()
        var store = try openStore()
        var meta = try store?.readMeta()
        if let found = meta, !isOfThisLog(found) { meta = nil }
        if store == nil || meta == nil {
            store = nil
            folder.remove(folder.path)
            try folder.recover()
            store = try ViewStore(path: folder.path, title: definition.title, isReadOnly: false)
        }
        guard let store else { throw ViewError(.damaged, "The view \(definition.title) cannot be made.") }
        let known: ViewMeta
        if let meta { known = meta } else { known = try folding.emptyMeta() }
        if meta != nil { try folding.reconcile(store, known) }
        publish(store, known)
    }

    /// Nil if what is there is no view any more.
    private func openStore() throws(ViewError) -> ViewStore? {
        guard folder.exists else { return nil }
        do throws(ViewError) {
            return try ViewStore(path: folder.path, title: definition.title, isReadOnly: false)
        } catch {
            guard error.code == .damaged else { throw error }
            return nil
        }
    }

    private func isOfThisLog(_ meta: ViewMeta) -> Bool {
        meta.title == definition.title && meta.origin == ledger.log.verifier.name
            && (try? ledger.log.root(atSize: meta.position)) == meta.root
    }

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

    // MARK: The loop

    private func run() {
        while let job = next() {
            if let job {
                job()
                continue
            }
            do throws(ViewError) {
                if try !step() { waitForWork() }
            } catch {
                fail(error)
                waitForWork()
            }
        }
        waiters.end()
    }

    /// What is to be done: a job, or else (`.some(nil)`) the next batch; nil to end.
    private func next() -> (@Sendable () -> Void)?? {
        condition.withLock {
            guard !isStopping else { return nil }
            return .some(jobs.isEmpty ? nil : jobs.removeFirst())
        }
    }

    /// Folds a batch, if there is anything to fold.
    private func step() throws(ViewError) -> Bool {
        let (store, meta, isHeld) = condition.withLock { (current, record, rebuild.holdsOld || failure != nil) }
        guard let store, let meta, !isHeld else { return false }
        let log = ledger.log
        let head = try ViewError.wrapping { () throws(LogError) in try log.head }
        guard meta.position < head else {
            condition.withLock { isCaughtUp = true }
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
        return true
    }

    private func publish(_ store: ViewStore, _ meta: ViewMeta) {
        let count = (try? store.skippedCount()) ?? 0
        condition.withLock {
            current = store
            record = meta
            skipped = count
        }
        waiters.publish(meta.position)
    }

    private func fail(_ error: ViewError) {
        condition.withLock { failure = error }
        waiters.end()
    }

    private func waitForWork() {
        condition.withLock {
            defer { wasWoken = false }
            guard !isStopping, jobs.isEmpty, !wasWoken else { return }
            _ = condition.wait(until: Date(timeIntervalSinceNow: Self.idleSeconds))
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

    /// Takes what a rebuild came to as the view, after folding what came since. By the writing thread.
    func take(_ shadow: ViewStore, at path: String, _ meta: ViewMeta) throws(ViewError) {
        let log = ledger.log
        var meta = meta
        while true {
            let head = try ViewError.wrapping { () throws(LogError) in try log.head }
            guard meta.position < head else { break }
            meta = try folding.fold(shadow, meta, to: head)
        }
        try folder.exchange(with: path)
        condition.withLock { failure = nil }
        waiters.end(false)
        publish(shadow, meta)
        try folding.reconcile(shadow, meta)
        // The old one's files go when its last reader lets go of them.
        folder.remove(path)
    }

    /// Tries a parked entry again. By the writing thread.
    func retryNow(_ position: Position) throws(ViewError) -> Bool {
        guard let (store, meta) = snapshot, try store.skippedPositions().contains(position) else {
            try parkedStore.unpark([position], of: definition.title)
            throw ViewError(.notParked, "The view \(definition.title) has no parked entry at position \(position).")
        }
        defer { publish(store, meta) }
        return try folding.retry(store, meta, position)
    }

    // MARK: Asking

    /// The files that answer readers now, and how far they have come at least.
    var snapshot: (store: ViewStore, meta: ViewMeta)? {
        condition.withLock { current.flatMap { store in record.map { (store, $0) } } }
    }

    /// Whether no rebuild may begin any more; under ``condition``.
    var closesRebuilds: Bool { isStopping }

    /// Says that it goes no further; under ``condition``.
    func noteFailure(_ error: ViewError) { failure = error }

    /// Whether it is being closed.
    var isClosing: Bool { condition.withLock { isStopping } }

    /// Where the view is in its life.
    public var state: ViewState {
        condition.withLock {
            if let failure { return .stopped(failure) }
            if let position = rebuild.position { return .rebuilding(position) }
            guard isCaughtUp else { return .catchingUp }
            return skipped > 0 ? .parked(skipped) : .live
        }
    }

    /// How far it has come, and how far it is behind.
    ///
    /// - Throws: ``ViewError`` with code `.log` if the log cannot be read.
    public func status() throws(ViewError) -> ViewStatus {
        let log = ledger.log
        let (position, parked) = condition.withLock { (record?.position ?? 0, skipped) }
        let state = state
        return try ViewError.wrapping { () throws(LogError) in
            let head = try log.head
            var lag = 0.0
            if position < head {
                let waiting = try log.entry(at: position).recorded
                lag = max(0, Double(Timestamp.now().microseconds - waiting.microseconds) / 1e6)
            }
            return ViewStatus(state: state, position: position, head: head, lagSeconds: lag, parked: parked)
        }
    }

    /// Waits until everything below a position is in the view: after an append at position *p*, ask for *p* + 1.
    ///
    /// - Returns: Whether it is; at once, if so. False after the timeout, or if the view goes no further.
    public func reached(_ position: Position, timeout: Duration = .seconds(10)) async -> Bool {
        await waiters.wait(for: position, timeout: timeout)
    }

    /// Ends following. What is being folded is finished, a rebuild is given up.
    func close() {
        growth?.cancel()
        condition.withLock {
            isStopping = true
            condition.broadcast()
            while !hasEnded || rebuild.isRunning { condition.wait() }
            current = nil
        }
        waiters.end()
        // Whoever waits for a job that was not begun.
        for job in condition.withLock({ jobs }) { job() }
    }
}
