internal import EventLog
internal import Exchange

/// How a rule is broken by an event that is to be appended.
struct RuleRuling: Sendable {
    let rule: Rule
    let object: Tag
    let event: LedgerEvent
    /// The event's place in the append.
    let index: Int
    let against: [Position]
    let remedy: String
    /// How many entries the log had: what stands at or above it is of the same append.
    let head: Position
    /// Where all that was folded stands; nil if it is too much to tell.
    let folded: [Position]?
}
