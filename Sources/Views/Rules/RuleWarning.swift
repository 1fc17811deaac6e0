public import EventLog

/// What a rule with effect `.warn` says of an event that was appended all the same.
public struct RuleWarning: Sendable, Hashable {
    /// The event's place in the append.
    public let index: Int
    public let rule: String
    public let object: Tag
    /// The rule, the object, what is required, what stands against it and what would satisfy it, as far as the sender may know.
    public let reason: String
}
