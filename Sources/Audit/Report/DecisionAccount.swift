package import EventLog
package import Exchange

/// Why a decision could be made as it was: by which power, under which rules, on which facts.
package struct DecisionAccount: Sendable, Hashable {
    /// A rule that binds whoever appends such an event.
    package struct RuleNote: Sendable, Hashable {
        package let name: String
        package let version: Int
        /// What it requires.
        package let requirement: String

        package init(name: String, version: Int, requirement: String) {
            (self.name, self.version, self.requirement) = (name, version, requirement)
        }
    }

    /// An earlier event that it rests on.
    package struct Input: Sendable, Hashable {
        package let position: Position
        /// The place in the event that names it, or what it is to the decision.
        package let role: String

        package init(position: Position, role: String) {
            (self.position, self.role) = (position, role)
        }
    }

    /// The id of the power in the charter by which the agency might append it; nil if there was none.
    package var power: String?
    /// The item of the power list that it cites (权力清单).
    package var item: String?
    package var rules: [RuleNote] = []
    package var inputs: [Input] = []

    package init() {}
}

/// Says of decisions why they stood. The report takes its answers from whoever knows best.
package protocol DecisionExplaining: Sendable {
    /// - Parameters:
    ///   - events: Those of a report, in the order of positions, as its reader sees them.
    /// - Returns: For each of them that is a decision its account.
    func accounts(
        of events: [AuditedEvent], in ledger: ExchangeLedger, for reader: Reader
    ) async throws(ExchangeError) -> [Position: DecisionAccount]
}
