public import EventLog
package import Exchange
internal import Foundation
internal import Transparency

/// Keeps one view: catches up, follows, rebuilds, and answers readers meanwhile. Made by ``ViewKeeper``.
///
/// All calls are safe from any thread. It has one thread that writes, and a second one while it is being rebuilt.
public final class ViewRunner: @unchecked Sendable {
    public let definition: ViewDefinition
    package let ledger: ExchangeLedger
    let options: ViewOptions
    let parkedStore: ParkedStore
    let folder: ViewFolder
    let waiters = PositionWaiters()
    let condition = NSCondition()

    // Guarded by ``condition``.
    var current: ViewStore?
    var record: ViewMeta?
    var isCaughtUp = false
    var isStopping = false
    var hasEnded = false
    var trouble = Trouble()
    var skipped = 0
    var jobs: [@Sendable () -> Void] = []
    var wasWoken = false
    var rebuild = Rebuild()
    var growth: Task<Void, Never>?

    // Of the writing thread alone.
    var folding: ViewFolding
    var noted: ViewKeeping?

    init(
        _ definition: ViewDefinition, _ ledger: ExchangeLedger, _ options: ViewOptions, _ parked: ParkedStore
    ) throws(ViewError) {
        self.definition = definition
        self.ledger = ledger
        self.options = options
        parkedStore = parked
        folder = ViewFolder(
            ledger: ledger.log.path, title: definition.title, exchanging: options.probe.exchange)
        folding = ViewFolding(definition, ledger, options, parked, pacer: nil)
        try open()
    }

    /// Opens the files, or makes them anew if they are not of this log.
    private func open() throws(ViewError) {
        let (store, meta) = try folder.open { meta in
            meta.title == definition.title && meta.origin == ledger.log.verifier.name
                && (try? ledger.log.root(atSize: meta.position)) == meta.root
        }
        let known: ViewMeta
        if let meta { known = meta } else { known = try folding.emptyMeta() }
        if meta != nil { try folding.reconcile(store, known) }
        publish(store, known)
    }

    // MARK: Asking

    /// The files that answer readers now, and how far they have come at least.
    var snapshot: (store: ViewStore, meta: ViewMeta)? {
        condition.withLock { current.flatMap { store in record.map { (store, $0) } } }
    }

    /// Whether no rebuild may begin any more; under ``condition``.
    var closesRebuilds: Bool { isStopping }

    /// Whether it is being closed.
    var isClosing: Bool { condition.withLock { isStopping } }

    /// Where the view is in its life.
    public var state: ViewState {
        condition.withLock {
            if let error = trouble.error { return trouble.passes ? .retrying(error) : .stopped(error) }
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
    }
}
