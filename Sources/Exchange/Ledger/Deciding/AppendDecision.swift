package import EventLog

/// What is decided about an append after its events were checked and sealed, and before the writer has it.
package struct AppendDecision: Sendable {
    /// Decides about an append. It gets, for each event, what is to be appended; nil for one that was erased. When what it
    /// decided on has changed, it is asked again.
    package typealias Maker = (_ drafts: [EventDraft?]) async throws(ExchangeError) -> AppendDecision

    /// On what the decision rests: if one fails, it is decided anew.
    package var conditions: [AppendCondition] = []
    /// What must hold whatever is decided: if one fails, the append fails with `.conflict`.
    package var lasting: [AppendCondition] = []
    /// What the platform appends with it: all come in, or none.
    package var notes: [AgencyEvent] = []

    package init() {}
}
