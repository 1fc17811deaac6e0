internal import EventLog

/// Puts together what is to be recorded of many entries as they are decided on: of entries of one schema on which the
/// decision is the same, only the positions differ.
struct AccessTally {
    private struct Group {
        let plan: SealingPlan?
        let entry: ReadableEntry
        let decision: EntryDecision
        var positions: [ClosedRange<Position>]

        func covers(_ entry: ReadableEntry, _ plan: SealingPlan?, _ decision: EntryDecision) -> Bool {
            self.plan === plan && self.entry.type == entry.type && self.decision == decision
        }
    }

    /// Beyond it, groups are looked for among the last ones only: what is recorded is the same.
    private static let searched = 16

    private var groups: [Group] = []

    /// Takes an entry that is given out.
    ///
    /// - Parameter plan: Of its schema; nil if it has none, and nothing in it is marked.
    mutating func add(_ entry: ReadableEntry, _ plan: SealingPlan?, _ decision: EntryDecision, at position: Position) {
        guard plan != nil else { return }
        for index in groups.indices.suffix(Self.searched).reversed()
        where groups[index].covers(entry, plan, decision) {
            let last = groups[index].positions.count - 1
            if groups[index].positions[last].upperBound + 1 == position {
                groups[index].positions[last] = groups[index].positions[last].lowerBound...position
            } else {
                groups[index].positions.append(position...position)
            }
            return
        }
        groups.append(Group(plan: plan, entry: entry, decision: decision, positions: [position...position]))
    }

    /// What is to be recorded.
    func records(for reader: Reader, at time: Timestamp) -> [AccessRecord] {
        groups.flatMap { AccessRecord.records(of: $0.decision, $0.entry, for: reader, at: $0.positions, time) }
    }
}
