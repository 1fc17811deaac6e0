internal import EventLog
internal import JSON
internal import Views

/// Policies of one kind as they were published, in their order: fee lists, power lists, lists of laboratories.
struct PolicyShelf: Sendable {
    static let type = "sanhu.policy.published"

    /// One that was published.
    struct Policy: Sendable {
        let event: LedgerEvent
        var edition: String { event.text("edition") ?? "" }

        /// Whether it is in force on a day at a port; one that names no ports is so at all.
        func isInForce(on day: String, at port: String?) -> Bool {
            let validity = event.data?["validity"]
            guard day >= validity?["from"]?.string?.prefix(10).description ?? "" else { return false }
            if let end = validity?["to"]?.string?.prefix(10).description, day >= end { return false }
            let ports = event.texts("ports")
            return ports.isEmpty || port.map(ports.contains) ?? false
        }
    }

    private(set) var policies: [Policy] = []

    /// What a rule looks at to know the policies of a kind.
    static func item(_ kind: String) throws(RuleFault) -> Query.Item {
        guard let tag = try? Tag(kind: "policy", value: kind) else {
            throw RuleFault("“\(kind)” is no kind of policy.")
        }
        return Query.Item(types: [type, CaseEvent.recordCorrected.type], tags: [tag])
    }

    /// Takes in a policy, or that its agency takes one back: it was never in force.
    ///
    /// - Returns: Whether it was one of these.
    mutating func take(_ event: LedgerEvent) -> Bool {
        if event.type == CaseEvent.recordCorrected.type {
            policies.removeAll { event.corrects($0.event.identity, of: $0.event.agency) }
            return true
        }
        guard event.type == Self.type else { return false }
        policies.append(Policy(event: event))
        return true
    }

    /// Those in force on a day at a port that some agencies have published, without those that others of them supersede; the newest first.
    func inForce(on day: String, at port: String? = nil, by publishers: Set<String>) -> [Policy] {
        let valid = policies.filter { publishers.contains($0.event.agency) && $0.isInForce(on: day, at: port) }
        // An agency goes on with the lists of those that have become it.
        let superseded = Set(
            valid.flatMap { policy in
                let agencies = [policy.event.agency] + policy.event.predecessors
                return policy.event.text("supersedes").map { edition in agencies.map { [$0, edition] } } ?? []
            })
        return valid.filter { !superseded.contains([$0.event.agency, $0.edition]) }.reversed()
    }
}
