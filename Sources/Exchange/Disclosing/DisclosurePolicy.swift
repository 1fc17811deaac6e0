public import EventLog

/// ``DisclosureDecision`` for one reader under given terms at a given time, prepared for many entries.
///
/// What a reader gets of an entry depends on the entry only through four things: whether the reader's agency sent it,
/// whether it names the reader, whether it addresses the reader, and whether a grant is about one of its tags. All else follows from what the schema
/// version marks, and is decided once for each of them.
///
/// A policy does not age: for another time, other rules or other grants make another. It is a value; copies are cheap and
/// may be used in parallel.
public struct DisclosurePolicy: Sendable {
    /// The most schema versions whose answers are kept; beyond it, they are decided anew.
    static let maximumPlans = 4096

    private let terms: ReaderTerms
    /// By event type; those of one type differ in the version of its schema.
    private var plans: [String: [DisclosurePlan]] = [:]
    private var planCount = 0
    /// The plan that was used last: entries of a type often come in runs.
    private var last: DisclosurePlan?

    public init(_ reader: Reader, under terms: SharingTerms, at time: Timestamp) {
        self.terms = ReaderTerms(reader, terms, at: time)
    }

    /// Decides what the reader gets of an entry.
    ///
    /// - Complexity: One look-up by type and a comparison of the fields, O(1) if the arrays of fields of one schema version
    ///   are copies of one array; O(*t*) in the number of tags if the reader has grants for such fields, is a
    ///   participant or a party, or is shown more where it is addressed; and that of ``DisclosureDecision`` if a grant is about one of the tags.
    public mutating func decide(_ entry: ReadableEntry) -> EntryDecision {
        if let last, last.applies(to: entry) { return last.decide(entry, terms) }
        let plan = plan(for: entry)
        last = plan
        return plan.decide(entry, terms)
    }

    /// The prohibition that closes a field of an entry to the reader, by its id; nil if none does.
    func prohibition(of field: Field, in entry: ReadableEntry) -> String? {
        terms.prohibition(of: field, in: entry, terms.standing(toward: entry))
    }

    private mutating func plan(for entry: ReadableEntry) -> DisclosurePlan {
        if let plan = plans[entry.type]?.first(where: { $0.applies(to: entry) }) { return plan }
        let plan = DisclosurePlan(entry, terms)
        if planCount == Self.maximumPlans {
            plans.removeAll(keepingCapacity: true)
            planCount = 0
        }
        plans[entry.type, default: []].append(plan)
        planCount += 1
        return plan
    }
}
