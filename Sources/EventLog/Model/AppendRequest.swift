/// The place of an entry in the log: 0, 1, 2 … without gaps. Also its leaf's index in the tree.
public typealias Position = UInt64

/// “Only if nothing that matches this query stands after that position.”
public struct AppendCondition: Hashable, Sendable {
    /// What must not have come.
    public var query: Query
    /// The last position that does not count; nil if the whole log counts.
    public var after: Position?

    public init(noneMatching query: Query, after: Position? = nil) {
        self.query = query
        self.after = after
    }
}

/// Events to append together: all of them, or, if a condition fails or an id is reused, none.
public struct AppendRequest: Hashable, Sendable {
    public var events: [EventDraft]
    public var conditions: [AppendCondition]
    /// If given, the events must be recorded before this time: what they rest on ends then.
    public var recordedBefore: Timestamp?

    public init(_ events: [EventDraft], conditions: [AppendCondition] = [], recordedBefore: Timestamp? = nil) {
        self.events = events
        self.conditions = conditions
        self.recordedBefore = recordedBefore
    }
}
