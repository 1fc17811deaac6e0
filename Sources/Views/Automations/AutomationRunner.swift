public import EventLog
internal import Exchange
internal import Synchronization
internal import Transparency

/// Keeps one automation: folds what comes, appends what follows, and what is due. Made by ``AutomationKeeper``.
///
/// Safe from any thread; one call works at a time.
public final class AutomationRunner: Sendable {
    public let automation: Automation
    let ledger: ExchangeLedger
    let book: Rulebook
    let parked: ParkedStore
    let upcasters: Upcasters
    let registration: AutomationRegistration
    let waiters = PositionWaiters()
    private let clock: @Sendable () -> Timestamp
    let batch: AutomationBatch
    let turn = Turns<Int>()

    struct State {
        var tables: AutomationTables?
        var meta: ViewMeta
        /// Its query, as entries are found by it, at the charter of ``charter``.
        var query: Query
        var charter: Position
        /// The latest time that was seen.
        var latest = Timestamp(microseconds: 0)
        /// Of proposals that a rule refused, what it looked at, and up to where.
        var tried: [AutomationDesk.TimerKey: Tried] = [:]
        /// How often what is to be appended next could not be.
        var failures = 0
        var failure: ViewError?
        var pause = GrowingPause(from: 1)
        var task: Task<Void, Never>?
    }

    let state: Mutex<State>

    init(
        _ automation: Automation, from position: Position?, _ book: Rulebook, _ parked: ParkedStore,
        _ upcasters: Upcasters, _ batch: AutomationBatch, clock: @escaping @Sendable () -> Timestamp
    ) throws(ViewError) {
        try ViewDefinition.validate(name: automation.name, version: automation.version)
        let ledger = book.ledger
        let (head, source, terms, query) = try ViewError.wrapping { () throws(ExchangeError) in
            (
                try ledger.ownTerms().head, try ledger.source(of: automation.agency), try ledger.foldTerms(),
                try ledger.stored(automation.query)
            )
        }
        guard let source else {
            throw ViewError(
                ExchangeError(
                    .foreignSource, "The charter gives \(automation.agency.prefix(64)) no source to append from."))
        }
        self.automation = automation
        self.ledger = ledger
        self.book = book
        self.parked = parked
        self.upcasters = upcasters
        self.clock = clock
        self.batch = batch
        registration = try parked.registration(
            of: automation, or: AutomationRegistration(from: position ?? head, source: source))
        let empty = ViewMeta(
            title: "automation \(automation.title)", origin: ledger.log.verifier.name, lines: terms.lines)
        let folder = ViewFolder(ledger: ledger.log.path, title: automation.title)
        let (store, meta) = try folder.open { meta in
            meta.title == empty.title && meta.origin == empty.origin && meta.lines == empty.lines
                && (try? ledger.log.root(atSize: meta.position)) == meta.root
        }
        state = Mutex(
            State(
                tables: AutomationTables(store: store), meta: meta ?? empty, query: query,
                charter: terms.charterPosition))
        try reconcile()
        waiters.publish(self.position)
    }

    /// Everything below it has been taken in, and what follows from it is written down.
    public var position: Position { state.withLock { $0.meta.position } }

    /// It acts on events from there on.
    public var actsFrom: Position { registration.from }

    /// Why it goes no further at the moment, or nil. It tries again.
    public var failure: ViewError? { state.withLock { $0.failure } }

    /// When the next timer goes off; nil if there is none.
    public func nextDue() throws(ViewError) -> Timestamp? { try tables().nextDue() }

    func tables() throws(ViewError) -> AutomationTables {
        guard let tables = state.withLock({ $0.tables }) else {
            throw ViewError(.closed, "The automation \(automation.title) was closed.")
        }
        return tables
    }

    /// The ledger's time: that of the clock, never before the last event, and never back.
    func now() throws(ViewError) -> Timestamp {
        let log = ledger.log
        let last = try ViewError.wrapping { () throws(LogError) in try log.entry(at: max(log.head, 1) - 1).recorded }
        let time = max(clock(), last)
        return state.withLock { state in
            state.latest = max(state.latest, time)
            return state.latest
        }
    }

    // MARK: Following

    /// Begins to follow the log and the clock.
    public func start() {
        let task = Task { [weak self] in
            while !Task.isCancelled, let runner = self {
                await runner.settleOrNote()
                await runner.waitForWork()
            }
        }
        state.withLock { $0.task = task }
    }

    private func settleOrNote() async {
        do throws(ViewError) {
            try await settle()
            state.withLock { ($0.failure, $0.pause) = (nil, GrowingPause(from: 1)) }
        } catch {
            state.withLock { $0.failure = error }
        }
    }

    /// Waits until the log has grown, a timer is due, or a second is over: the clock is not ours. After a failure it waits
    /// longer each time.
    private func waitForWork() async {
        let (log, position) = (ledger.log, position)
        let due = (try? nextDue()).flatMap { $0 }.map { $0.microseconds - clock().microseconds }
        let isPaused = failure != nil
        let pause =
            isPaused
            ? Int64(state.withLock { $0.pause.next() } * 1e6) : max(1_000, min(due ?? 1_000_000, 1_000_000))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: .microseconds(pause)) }
            if !isPaused { group.addTask { _ = try? await log.waitForGrowth(beyond: position) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Brings it to rest: takes in all there is, and appends what follows and what is due.
    ///
    /// - Throws: ``ViewError``: `.exchange` if something could not be appended for a cause that may pass, `.tooManyParked`,
    ///   `.closed`, or what is wrong with its files.
    public func settle() async throws(ViewError) {
        await turn.take([0])
        defer { turn.give([0]) }
        while true {
            while try foldBatch() {}
            if try await appendOutbox() { continue }
            if try await appendDue() { continue }
            guard try await appendProposals() else { return }
        }
    }

    /// Ends it: what is being appended is finished.
    func close() async {
        let task = state.withLock { $0.task }
        task?.cancel()
        await task?.value
        await turn.take([0])
        state.withLock { $0.tables = nil }
        turn.give([0])
        waiters.end()
    }
}
