internal import EventLog
public import Exchange
internal import Foundation
internal import Synchronization

/// Keeps the views of a ledger.
///
/// ```swift
/// let keeper = try ViewKeeper(of: ledger)
/// let stories = try keeper.open(timeline)
/// let story = try await stories.state(of: "container:MSKU1234565", for: customs)
/// ```
///
/// Close it before the ledger.
public final class ViewKeeper: Sendable {
    public let ledger: ExchangeLedger
    private let options: ViewOptions
    let parked: ParkedStore
    private let runners = Mutex<[String: ViewRunner]>([:])

    /// - Throws: ``ViewError`` if `DIR/state` cannot be opened; `.alreadyOpen` if another keeper has it.
    public init(of ledger: ExchangeLedger, options: ViewOptions = ViewOptions()) throws(ViewError) {
        self.ledger = ledger
        self.options = options
        parked = try ParkedStore(ledger: ledger.log.path)
    }

    /// Opens a view and begins to bring it on. One that is missing, damaged or of another log is made anew.
    ///
    /// - Throws: ``ViewError``: `.invalidName`, `.alreadyOpen`, `.permissionDenied`, `.diskFull` …
    public func open(_ definition: ViewDefinition) throws(ViewError) -> ViewRunner {
        try definition.validate()
        let title = definition.title
        guard runners.withLock({ $0[title] == nil }) else {
            throw ViewError(.alreadyOpen, "The view \(title) is open already.")
        }
        let runner = try ViewRunner(definition, ledger, options, parked)
        runners.withLock { $0[title] = runner }
        runner.start()
        return runner
    }

    /// Opens a view by which states of objects can be asked for.
    ///
    /// - Throws: As the other.
    public func open<State>(_ view: View<State>) throws(ViewError) -> LiveView<State> {
        LiveView(view: view, runner: try open(view.definition))
    }

    /// An open view, by its name and version.
    public func view(_ title: String) -> ViewRunner? { runners.withLock { $0[title] } }

    /// All entries that views of this ledger could not map, whether or not these views are open.
    public func allParked() throws(ViewError) -> [ParkedEntry] {
        try parked.list()
    }

    /// Ends all views: what is being folded is finished, rebuilds are given up.
    public func close() {
        let all = runners.withLock { runners in
            defer { runners = [:] }
            return Array(runners.values)
        }
        for runner in all { runner.close() }
        parked.close()
    }

    deinit {
        close()
    }
}
