public import EventLog

extension ExchangeLedger {
    /// The conditions of an agency's append as the log takes them: tags that name persons blinded.
    ///
    /// Whether a condition holds says whether there is such an event. So each item of its query names types, and none that the
    /// agency may get as a stub: a type that any of its schemas seals as a whole, or in which it withholds a field, counts only
    /// for agencies that may append it themselves.
    ///
    /// - Throws: ``ExchangeError``: `.accessDenied` for a condition that could tell what the agency may not know;
    ///   `.log` with `.positionBeyondHead` for a position that the log has not reached, or `.limitExceeded`.
    /// - Complexity: O(*n*) in the names of the queries, and in the charter's schemas after each of its events.
    public func conditions(
        _ conditions: [AppendCondition], of agency: String
    ) throws(ExchangeError) -> [AppendCondition] {
        guard !conditions.isEmpty else { return [] }
        let head = try ExchangeError.wrapping { () throws(LogError) in try log.head }
        let (hidden, charter, now) = try current { state throws(ExchangeError) in
            (try state.typesThatMayBeStubs(), try state.charter(), state.now)
        }
        var stored: [AppendCondition] = []
        for (number, condition) in conditions.enumerated() {
            if let after = condition.after, after >= head {
                throw ExchangeError(
                    LogError(
                        .positionBeyondHead,
                        "Condition \(number + 1) speaks of position \(after), but the log has \(head) entries. "
                            + "Hand in the last position that was read.",
                        conflicts: [.beyondHead(condition: number, head: head)]))
            }
            for item in condition.query.items where !hidden.isEmpty {
                guard !item.types.isEmpty else { throw Self.unnamed(number) }
                for type in item.types where hidden.contains(type) {
                    guard charter.power(of: agency, type: type, port: nil, at: now) == nil else { continue }
                    throw Self.hidden(number, type)
                }
            }
            if condition.query.items.isEmpty, !hidden.isEmpty { throw Self.unnamed(number) }
            let reader = Reader(.authority, agency: agency)
            stored.append(
                AppendCondition(noneMatching: try blind(condition.query, for: reader), after: condition.after))
        }
        return stored
    }

    private static func unnamed(_ number: Int) -> ExchangeError {
        ExchangeError(
            .accessDenied,
            "Condition \(number + 1) is about events of any type, and would tell of those that are sealed. "
                + "Name the types that it is about.")
    }

    private static func hidden(_ number: Int, _ type: String) -> ExchangeError {
        ExchangeError(
            .accessDenied,
            "Condition \(number + 1) is about \(type.prefix(128)), of which others are not told whether there is any. "
                + "Leave that type out.")
    }
}

extension ExchangeState {
    /// The types of events that some readers get as stubs though they are about what the reader asks for.
    ///
    /// - Complexity: O(1), and O(*n*) in the schemas after each event of the charter.
    mutating func typesThatMayBeStubs() throws(ExchangeError) -> Set<String> {
        if let stubbed, stubbed.events == history.charters.count { return stubbed.types }
        var types: Set<String> = []
        for schema in try charter().allSchemas() {
            guard let plan = try self.schema(schema.uri)?.plan else { continue }
            if plan.isSealedWhole || plan.fields.contains(where: { $0.mark.sharingClass == .withheld }) {
                types.insert(schema.type)
            }
        }
        stubbed = (history.charters.count, types)
        return types
    }
}
