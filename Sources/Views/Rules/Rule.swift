public import EventLog

/// What must hold across events, for instance that a permit is never overdrawn: a value. ``Rulebook`` decides by it before an
/// event is appended. See docs/rules-and-automations.md.
public struct Rule: Sendable {
    /// What is done with an event that breaks a rule.
    public enum Effect: String, Sendable, Hashable, CaseIterable {
        /// It is not appended.
        case refuse
        /// It is appended, and with it an event `sanhu.rule.breached`.
        case recordBreach
        /// It is appended, and whoever appends it is told.
        case warn
    }

    /// Which object an event is about, and what in the log matters for it.
    public struct Scope: Sendable, Hashable {
        /// What refusals name. It must come of the event alone.
        public var object: Tag
        /// What matters: types and tags, usually of one object. Name the types: events that are sealed as a whole are found
        /// only by theirs.
        public var query: Query

        public init(object: Tag, query: Query) {
            self.object = object
            self.query = query
        }

        /// Events of some types about the object.
        public init(_ object: Tag, types: [String]) {
            self.init(object: object, query: Query(types: types, tags: [object]))
        }
    }

    /// What came of it.
    public enum Finding: Sendable, Hashable {
        case satisfied
        /// - Parameters:
        ///   - against: The positions of what stands against the event.
        ///   - remedy: What would satisfy the rule, in a sentence. It may be made of what was folded: a sender is told it only
        ///     if it sees all of that.
        case broken(against: [Position], remedy: String)
    }

    public let name: String
    public let version: Int
    /// The types of the events that it decides about.
    public let types: Set<String>
    /// What it requires, in a sentence that anyone may be told.
    public let requirement: String
    public let effect: Effect
    /// The fields of earlier events' data that fold and requires use; nil if any.
    public let reads: [FieldPath]?
    let looks: @Sendable (LedgerEvent) throws(RuleFault) -> Scope?
    let beginning: any RuleState

    /// - Parameters:
    ///   - name: 1 to 64 of `a`–`z`, `0`–`9` and `-`, beginning with a letter.
    ///   - version: From 1.
    ///   - reads: The fields of the data of earlier events that fold and requires use, beside agency, type, times, ids and tags;
    ///     nil if any. What rests on an event is told to a sender who sees these fields of it, whatever else is withheld.
    ///   - looks: What matters for an event, which comes as its sender hands it in; nil if the rule does not concern it.
    ///     It depends on what the event says, and not on where and when it would stand.
    ///   - initial: The state before anything that matters.
    ///   - fold: What an earlier event makes of the state. Events come in their order, as the ledger sees them: with all that
    ///     is sealed in them, those of older schemas brought up; after them, those that stand before it in the same append.
    ///   - requires: Whether an event may follow.
    public init<State: Sendable>(
        name: String, version: Int, types: Set<String>, requirement: String, effect: Effect = .refuse,
        reads: [FieldPath]? = nil, looks: @escaping @Sendable (LedgerEvent) throws(RuleFault) -> Scope?, initial: State,
        fold: @escaping @Sendable (_ state: inout State, _ earlier: LedgerEvent) throws(RuleFault) -> Void,
        requires: @escaping @Sendable (_ state: State, _ event: LedgerEvent) throws(RuleFault) -> Finding
    ) {
        self.name = name
        self.version = version
        self.types = types
        self.requirement = requirement
        self.effect = effect
        self.reads = reads
        self.looks = looks
        beginning = TypedRuleState(state: initial, foldStep: fold, requires: requires)
    }
}

/// Why an event cannot be decided on or folded. On doubt the rule counts as broken.
public struct RuleFault: Error, Sendable, Hashable {
    /// What is wrong, for a person. No value of a field may stand in it.
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }
}

/// A rule's fold, whatever its state is: a value.
protocol RuleState: Sendable {
    mutating func fold(_ earlier: LedgerEvent) throws(RuleFault)
    func finding(on event: LedgerEvent) throws(RuleFault) -> Rule.Finding
}

private struct TypedRuleState<State: Sendable>: RuleState {
    var state: State
    let foldStep: @Sendable (inout State, LedgerEvent) throws(RuleFault) -> Void
    let requires: @Sendable (State, LedgerEvent) throws(RuleFault) -> Rule.Finding

    mutating func fold(_ earlier: LedgerEvent) throws(RuleFault) { try foldStep(&state, earlier) }

    func finding(on event: LedgerEvent) throws(RuleFault) -> Rule.Finding { try requires(state, event) }
}
