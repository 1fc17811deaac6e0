extension ExchangeState {
    /// Whether the agency that is asked owns one of the fields that it is asked for, by any schema ever registered.
    ///
    /// - Throws: ``ExchangeError`` with code `.notOwner`, which names whose they are.
    /// - Complexity: O(*f*) in the number of fields of all schemas.
    mutating func checkOwner(of scope: DisclosureScope) throws(ExchangeError) {
        var selector = scope.fields
        selector.owners = []
        var owners: Set<String> = []
        for case .schema(let registered) in try charter().values(of: .schema) {
            guard let plan = try schema(registered.uri)?.plan else { continue }
            let marked = plan.fields + (plan.wholeEvent.map { [Field(pointer: "", mark: $0)] } ?? [])
            for field in marked where selector.matches(field, ofType: registered.type) {
                owners.insert(field.mark.owner)
            }
        }
        guard !owners.contains(scope.owner) else { return }
        let whose =
            owners.isEmpty
            ? "no schema of the charter marks such fields" : "ask \(owners.sorted().joined(separator: " or "))"
        throw ExchangeError(
            .notOwner, "\(scope.owner.prefix(64)) owns none of these fields; \(whose).", pointer: "/data/owner")
    }
}
