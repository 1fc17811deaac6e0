internal import EventLog

/// What intake decides by, as it stood at a head: a value, so that events are checked and sealed without a lock, on all
/// cores.
struct IntakeTerms: Sendable {
    let charter: Charter
    /// The kinds of tags that are blinded.
    let personalKinds: Set<String>
    /// The requests and grants so far: what events of disclosure are held against.
    let book: GrantBook
    let schemas: SchemaShelf
    /// The time at which all is decided.
    let now: Timestamp
    /// How many entries the log had.
    let head: Position
    /// When something of the charter begins or ends next; nil if nothing will. What is recorded then must be decided anew.
    let turningPoint: Timestamp?
}
