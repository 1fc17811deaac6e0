internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

/// All subscriptions to a ledger: makes, changes and ends them, and lets time go by for them.
final class SubscriptionDesk: Sendable {
    /// A subscription, so far as there is one.
    enum Entry: Sendable {
        case live(LiveSubscription)
        /// Its cursor is of another log, or of more than there is; it can only be deleted.
        case refused(StoredSubscription, Problem)
        /// It is being made, changed or ended.
        case busy
    }

    struct State {
        var entries: [SubscriptionName: Entry]
        var next: UInt64
        var isClosed = false
    }

    let ledger: ExchangeLedger
    let tail: Tail
    let store: SubscriptionStore
    let state: NIOLockedValueBox<State>
    /// How often what is late is looked for.
    private static let tick: Duration = .milliseconds(100)

    /// Opens what is kept.
    ///
    /// - Throws: ``LogError`` or ``ServerFault``, as ``SubscriptionStore``: a server does not start without the cursors that
    ///   it promised to keep.
    init(_ ledger: ExchangeLedger, tail: Tail) throws {
        self.ledger = ledger
        self.tail = tail
        store = try SubscriptionStore(path: ledger.log.path + "/state/subscriptions", log: ledger.log)
        let (stored, next) = try store.load()
        var entries: [SubscriptionName: Entry] = [:]
        for stored in stored {
            if let problem = try Self.fault(in: stored, ledger.log) {
                entries[stored.name] = .refused(stored, problem)
            } else {
                entries[stored.name] = .live(LiveSubscription(stored, ledger: ledger, tail: tail, store: store))
            }
        }
        state = NIOLockedValueBox(State(entries: entries, next: next))
    }

    deinit {
        close()
    }

    /// Lets time go by until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.tick)
            for live in all { live.tick() }
        }
    }

    /// Ends what is delivered; what is acknowledged from now on is refused.
    func stop() {
        for live in all { live.end(Follower.stopping) }
    }

    /// Lets go of the files, after what was acknowledged is written.
    func close() {
        guard
            !state.withLockedValue({ state in
                defer { state.isClosed = true }
                return state.isClosed
            })
        else { return }
        stop()
        store.close()
    }

    /// Why nothing more can be written, if that is so.
    var failure: LogError? { store.failure }

    private var all: [LiveSubscription] {
        state.withLockedValue { state in
            state.entries.values.compactMap { if case .live(let live) = $0 { live } else { nil } }
        }
    }

    /// Why a subscription cannot go on in a log: it stands beyond its head, or in another.
    private static func fault(in stored: StoredSubscription, _ log: Log) throws(LogError) -> Problem? {
        let (head, end) = (try log.head, stored.cursor.end)
        let remedy =
            "Delete the subscription, and make it anew from a position up to which you know what you have dealt with."
        guard end <= head else {
            return Problem(
                409, "cursorBeyondHead", "The ledger is older than the subscription",
                "\(stored.name.name) has dealt with events up to position \(end), but the log has \(head) entries: an older "
                    + "backup was restored. \(remedy)")
        }
        guard try log.root(atSize: end) != stored.cursor.root else { return nil }
        return Problem(
            409, "cursorOfAnotherLog", "The subscription is of another log",
            "\(stored.name.name) has dealt with events up to position \(end) of a log whose first \(end) entries were not "
                + "those of this one. \(remedy)")
    }

    // MARK: Asking

    /// The subscription of a name.
    ///
    /// - Throws: ``Problem`` with 404 if there is none, 409 if it cannot go on in this log.
    func subscription(_ name: SubscriptionName) throws(Problem) -> LiveSubscription {
        switch state.withLockedValue({ $0.entries[name] }) {
        case .live(let live)?: return live
        case .refused(_, let problem)?: throw problem
        case .busy?: throw Self.busy
        case nil: throw Self.unknown(name)
        }
    }

    /// The subscriptions of an agency by their names, and of those that cannot go on why.
    func subscriptions(of agency: String) -> [(SubscriptionName, Result<LiveSubscription, Problem>)] {
        state.withLockedValue { state in
            state.entries.filter { $0.key.agency == agency }.sorted { $0.key < $1.key }.compactMap { name, entry in
                switch entry {
                case .live(let live): (name, .success(live))
                case .refused(_, let problem): (name, .failure(problem))
                case .busy: nil
                }
            }
        }
    }

    /// What there is, by agency.
    var figures: [String: [SubscriptionFigures]] {
        Dictionary(grouping: all) { $0.name.agency }.mapValues { $0.map(\.figures) }
    }

    /// The parked events of a subscription.
    func parked(_ live: LiveSubscription) throws(Problem) -> [ParkedEvent] {
        do throws(LogError) {
            return try store.parked(number: live.number)
        } catch {
            throw Problem(error)
        }
    }

    // MARK: Changing

    /// Makes a subscription, or changes it; durable on return.
    ///
    /// - Parameter start: Where it begins, if that was said.
    /// - Returns: It, and whether it is new.
    func put(
        _ name: SubscriptionName, _ definition: SubscriptionDefinition, from start: SubscriptionDefinition.Start?
    ) async throws(Problem) -> (LiveSubscription, isNew: Bool) {
        try checkQuery(definition.query)
        let old = state.withLockedValue { $0.entries[name] }
        switch old {
        case .busy?: throw Self.busy
        case .refused(_, let problem)?: throw problem
        case .live(let live)?: return (try await change(live, definition, start), false)
        case nil: return (try await make(name, definition, start), true)
        }
    }

    /// Ends a subscription, and all that is kept of it; durable on return.
    func remove(_ name: SubscriptionName) async throws(Problem) {
        let old = try begin(name)
        let number: UInt64
        switch old {
        case .live(let live)?:
            live.end(Self.deleted)
            number = live.number
        case .refused(let stored, _)?: number = stored.number
        case .busy?, nil: throw Self.unknown(name)
        }
        try await write(.remove(name, number: number), name, else: old)
        finish(name, nil)
    }

    private func make(
        _ name: SubscriptionName, _ asked: SubscriptionDefinition, _ start: SubscriptionDefinition.Start?
    ) async throws(Problem) -> LiveSubscription {
        var definition = asked
        do throws(LogError) {
            let head = try ledger.log.head
            switch start {
            case .now: (definition.from, definition.isFromNow) = (head, true)
            case .position(let position):
                guard position <= head else {
                    throw LogError(
                        .positionBeyondHead, "Position \(position) is beyond the head: the log has \(head) entries.")
                }
                definition.from = position
            case nil: break
            }
        } catch {
            throw Problem(error)
        }
        let number = try reserve(name)
        try await write(.define(name, number: number, definition, cursor: definition.from), name, else: nil)
        return try restart(name, number, definition)
    }

    private func change(
        _ live: LiveSubscription, _ asked: SubscriptionDefinition, _ start: SubscriptionDefinition.Start?
    ) async throws(Problem) -> LiveSubscription {
        let old = live.definition
        switch start {
        case nil: break
        case .now where old.isFromNow: break
        case .position(old.from): break
        default: throw Self.startIsFixed(live)
        }
        var definition = asked
        (definition.from, definition.isFromNow) = (old.from, old.isFromNow)
        guard definition != old else { return live }
        guard case .live(let current)? = try begin(live.name) else { throw Self.unknown(live.name) }
        guard current === live else {
            // It was made anew meanwhile.
            finish(live.name, .live(current))
            throw Self.busy
        }
        live.end(Self.redefined)
        // Behind everything that is under way.
        try await write(.define(live.name, number: live.number, definition, cursor: nil), live.name, else: .live(live))
        return try restart(live.name, live.number, definition)
    }

    /// A name of a person would be kept in the clear, and stay when the person is erased.
    private func checkQuery(_ query: Query) throws(Problem) {
        let kinds: Set<String>
        do throws(ExchangeError) {
            kinds = try ledger.charter().personalTagKinds
        } catch {
            throw Problem(error)
        }
        let named = query.items.flatMap(\.tags).first { TagBlinder.reference(for: $0, kinds: kinds) != nil }
        guard let named else { return }
        throw Problem(
            422, "personalQuery", "The query names a person",
            "Tags of the kind “\(named.kind)” name persons, and a subscription keeps its query in the clear. Follow them "
                + "live, `GET /events`.")
    }
}
