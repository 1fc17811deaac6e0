public import EventLog
public import Exchange
internal import Synchronization

/// Runs the automations of a ledger, beside its views.
///
/// ```swift
/// let keeper = AutomationKeeper(beside: views, book: rules)
/// let runner = try keeper.open(deadlines)
/// ```
///
/// Close it before the keeper of the views.
public final class AutomationKeeper: Sendable {
    private let parked: ParkedStore
    private let book: Rulebook
    private let upcasters: Upcasters
    private let clock: @Sendable () -> Timestamp
    private let batch: AutomationBatch
    private let runners = Mutex<[AutomationRunner]>([])

    /// - Parameters:
    ///   - book: By its rules is appended what automations append.
    ///   - clock: The time; of the ledger it is never earlier than the last event.
    public convenience init(
        beside views: ViewKeeper, book: Rulebook, upcasters: Upcasters = .standard,
        clock: @escaping @Sendable () -> Timestamp = { .now() }
    ) {
        self.init(beside: views, book: book, upcasters: upcasters, batch: AutomationBatch(), clock: clock)
    }

    init(
        beside views: ViewKeeper, book: Rulebook, upcasters: Upcasters = .standard, batch: AutomationBatch,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        parked = views.parked
        self.book = book
        self.upcasters = upcasters
        self.clock = clock
        self.batch = batch
    }

    /// Opens an automation. Call ``AutomationRunner/start()`` to have it follow the log, or ``AutomationRunner/settle()`` to
    /// bring it to rest once.
    ///
    /// - Parameter position: It acts on events from there on; nil for those that come after it was opened first. What was said
    ///   first counts.
    /// - Throws: ``ViewError``: `.invalidName`, `.alreadyOpen`, `.exchange` if the charter gives its agency no source …
    public func open(_ automation: Automation, from position: Position? = nil) throws(ViewError) -> AutomationRunner {
        let runner = try AutomationRunner(
            automation, from: position, book, parked, upcasters, batch, clock: clock)
        runners.withLock { $0.append(runner) }
        return runner
    }

    /// Ends all automations: what is being appended is finished.
    public func close() async {
        let all = runners.withLock { runners in
            defer { runners = [] }
            return runners
        }
        for runner in all { await runner.close() }
    }
}
