public import EventLog

/// What somebody wants to know of the log, kept ready for each object: a value, of which ``ViewKeeper`` keeps what it comes
/// to. See docs/views.md.
public struct View<State: Sendable>: Sendable {
    /// Its name, version, query and map step.
    public let definition: ViewDefinition
    private let initial: @Sendable (_ object: String) -> State
    private let fold: @Sendable (_ state: inout State, _ fact: Fact) -> Void

    /// - Parameters:
    ///   - name: 1 to 64 of `a`–`z`, `0`–`9` and `-`, beginning with a letter.
    ///   - version: From 1. Change it whenever the map step changes; the fold step may change freely.
    ///   - query: Which entries are mapped.
    ///   - initial: The state of an object of which nothing is known.
    ///   - map: What one entry says about which objects; a function of the entry alone.
    ///   - fold: What a fact makes of an object's state. Facts come in the order of positions and, of one entry, as they were
    ///     said; those the reader may not see do not come.
    public init(
        name: String, version: Int, query: Query = .all, initial: @escaping @Sendable (_ object: String) -> State,
        map: @escaping ViewDefinition.Map, fold: @escaping @Sendable (_ state: inout State, _ fact: Fact) -> Void
    ) {
        definition = ViewDefinition(name: name, version: version, query: query, map: map)
        self.initial = initial
        self.fold = fold
    }

    /// The state to which an object's facts come.
    ///
    /// - Complexity: O(*n*) in the facts, times that of the fold step.
    public func state(of object: String, from facts: [Fact]) -> State {
        var state = initial(object)
        for fact in facts { fold(&state, fact) }
        return state
    }
}
