internal import EventLog

/// An entry and what a reader is given of it, whatever form it is then given in.
final class DisclosedEntry: Sendable {
    let entry: Entry
    /// The merged form.
    let seen: SeenEntry
    /// How its schema seals; nil for a stub, and where nothing is sealed.
    let plan: SealingPlan?
    /// What the rows of the plan's fields held; nil for those that are withheld. A value that is not where it should be is
    /// lost.
    let fields: [FieldContent?]

    init(entry: Entry, seen: SeenEntry, plan: SealingPlan? = nil, fields: [FieldContent?] = []) {
        self.entry = entry
        self.seen = seen
        self.plan = plan
        self.fields = fields
    }

    var isStub: Bool {
        if case .stub = seen { true } else { false }
    }
}
