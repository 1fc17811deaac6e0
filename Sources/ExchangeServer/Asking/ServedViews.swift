internal import Clearance
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import Views

/// The views that a server keeps ready, and how far they have come.
final class ServedViews: Sendable {
    /// How long an answer waits for a view.
    private let patience: Duration
    /// How many answers wait at once, and how many are made at once: each holds what it reads.
    private let waiting = Turnstile(places: 1_000)
    private let reading = Turnstile(places: 64)

    /// Those that there are.
    static let known: [ViewDefinition] = [
        CaseFiles.definition, Boards.definition, PortFigures.definition, StandardViews.timeline.definition,
        StandardViews.counts,
    ]

    let ledger: ExchangeLedger
    let keeper: ViewKeeper
    private let runners: [String: ViewRunner]

    /// Opens views, and begins to bring them on.
    ///
    /// - Parameter names: Those of ``known``.
    /// - Throws: ``ViewError``, as ``ViewKeeper``.
    init(of ledger: ExchangeLedger, names: Set<String>, patience: Duration = .seconds(5)) throws(ViewError) {
        (self.ledger, self.patience) = (ledger, patience)
        keeper = try ViewKeeper(of: ledger)
        var runners: [String: ViewRunner] = [:]
        for definition in Self.known where names.contains(definition.name) {
            runners[definition.name] = try keeper.open(definition)
        }
        self.runners = runners
    }

    /// Ends them. Before the ledger is closed.
    func close() { keeper.close() }

    /// Those that are kept, by their names.
    var all: [ViewRunner] { runners.values.sorted { $0.definition.name < $1.definition.name } }

    /// The view of a name.
    ///
    /// - Throws: ``Problem`` with 404 if it is not kept.
    func view(_ definition: ViewDefinition) throws(Problem) -> ViewRunner {
        guard let runner = runners[definition.name] else {
            throw Problem(
                404, ViewError.Code.unknownView.rawValue, "There is no such thing",
                "This server does not keep the view “\(definition.name)”. Its operator names it in the setting views.")
        }
        return runner
    }

    /// Waits until views have come as far as a request wants.
    ///
    /// - Parameters:
    ///   - position: Below which all is to count, if it is said.
    ///   - entry: The position of an entry that is to be in them, if it is said.
    /// - Returns: Below which all counts in an answer: the position that is asked for, else that which all views have come to.
    /// - Throws: ``Problem``: 404 for a position that the log does not have, 503 if the views have not come so far.
    func ready(_ views: [ViewRunner], at position: Position?, reached entry: Position?) async throws(Problem)
        -> Position
    {
        let head = try head()
        guard (position ?? 0) <= head, entry.map({ $0 < head }) ?? true else {
            throw Problem(
                404, LogError.Code.positionBeyondHead.rawValue, "The log has not come so far",
                "The log has \(head) entries, none at the position that is asked for.", retry: .later)
        }
        let wanted = max(position ?? 0, entry.map { $0 + 1 } ?? 0)
        var reached = head
        for view in views {
            let status = try Self.status(of: view)
            var goal = wanted
            // What is not folded yet must not look as if it were not there.
            if position == nil, case .catchingUp = status.state { goal = max(goal, head) }
            if status.position < goal { try await wait(for: view, goal, status) }
            reached = min(reached, try Self.status(of: view).position)
        }
        return position ?? reached
    }

    private func wait(for view: ViewRunner, _ goal: Position, _ status: ViewStatus) async throws(Problem) {
        let hasCome = try await waiting.pass { () async throws(Problem) in
            await view.reached(goal, timeout: patience)
        }
        guard !hasCome else { return }
        throw Problem(
            503, ViewError.Code.notReached.rawValue, "The view has not come so far",
            "The view \(view.definition.title) has come to \(try Self.status(of: view).position), and is to come to \(goal). "
                + "Ask again.", retry: .later, retryAfter: 1, cause: "the view is \(status.state.word)")
    }

    /// Reads what views hold, and makes a problem of an error.
    func asking<Result: Sendable>(
        _ body: () async throws(ViewError) -> Result
    ) async throws(Problem) -> Result {
        try await reading.pass { () async throws(Problem) in
            do throws(ViewError) {
                return try await body()
            } catch {
                throw Problem(error)
            }
        }
    }

    static func status(of view: ViewRunner) throws(Problem) -> ViewStatus {
        do throws(ViewError) {
            return try view.status()
        } catch {
            throw Problem(error)
        }
    }

    private func head() throws(Problem) -> Position {
        do throws(ExchangeError) {
            return try ledger.currentHead()
        } catch {
            throw Problem(error)
        }
    }
}
