/// What the charter and the owners' grants say at some time: all that a decision depends on besides reader and entry.
public struct SharingTerms: Sendable, Hashable {
    /// The sharing rules, in the charter's order: where several permit a field, the first is named. Those whose time has
    /// not come or is over may be among them; they have no effect.
    public var rules: [SharingRule]
    /// The codes of the purposes in force.
    public var purposes: Set<String>
    /// The grants. Those whose time has not come or is over may be among them; where several open a field, the oldest is
    /// named.
    public var grants: [Grant]

    public init(rules: [SharingRule] = [], purposes: Set<String> = [], grants: [Grant] = []) {
        self.rules = rules
        self.purposes = purposes
        self.grants = grants
    }
}
