internal import Clearance
internal import EventLog
internal import Exchange
internal import Logging
internal import Views

/// The port's automations, which run beside a server: nobody else may write its ledger.
final class ServedAutomations: Sendable {
    private let keeper: AutomationKeeper
    private let runners: [AutomationRunner]

    /// How one stands.
    struct Standing: Sendable {
        let name: String
        /// How many entries it has still to take in.
        let lag: Position
        /// Why it goes no further at the moment, or nil.
        let failure: String?
        let parked: Int
    }

    /// The names of those that there are.
    static let known = Set(PortAutomations.all.map(\.name))

    /// Opens automations; ``start()`` begins them.
    ///
    /// - Parameter names: Those of ``known``; nil for all that the charter lets.
    /// - Throws: ``ViewError``, also `.exchange` if the charter does not let one that is named.
    init(beside views: ViewKeeper, book: Rulebook, names: Set<String>?, logger: Logger) throws(ViewError) {
        keeper = AutomationKeeper(beside: views, book: book)
        var runners: [AutomationRunner] = []
        for automation in PortAutomations.all where names?.contains(automation.name) ?? true {
            do throws(ViewError) {
                runners.append(try keeper.open(automation))
            } catch {
                guard names == nil, error.code == .exchange else { throw error }
                logger.info(
                    "an automation does not run",
                    metadata: ["automation": "\(automation.name)", "cause": "\(error.reason)"]
                )
            }
        }
        self.runners = runners
    }

    /// Begins to act on what comes.
    func start() {
        for runner in runners { runner.start() }
    }

    /// Ends them: what is being appended is finished. Before the views are closed.
    func close() async { await keeper.close() }

    /// How each stands.
    func standings(head: Position) throws(ViewError) -> [Standing] {
        var standings: [Standing] = []
        for runner in runners {
            let failure = runner.failure?.reason
            standings.append(
                Standing(
                    name: runner.automation.name, lag: head - min(head, runner.position), failure: failure,
                    parked: try runner.parkedEntries().count))
        }
        return standings
    }
}
