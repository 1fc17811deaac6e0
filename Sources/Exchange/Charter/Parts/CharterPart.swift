import EventLog

/// What the charter says of one thing, under a name that stays the same while what is said changes.
protocol CharterPart: Sendable, Hashable {
    /// What it is known by in the charter.
    var name: CharterPartName { get }
    /// When it holds, if the charter says so at that time.
    var validity: Validity { get }
    /// The same, but ended at a time.
    func ended(at time: Timestamp) -> Self
    /// The times at which what it says begins or ends, in any order.
    var boundaries: [Timestamp] { get }
}

extension CharterPart {
    var boundaries: [Timestamp] { validity.boundaries }
}

extension Validity {
    /// Its beginning and its end, if it has them.
    var boundaries: [Timestamp] { [from, to].compactMap(\.self) }

    /// The same, but ended at a time.
    func ended(at time: Timestamp) -> Validity {
        Validity(from: from.map { min($0, time) }, to: to.map { min($0, time) } ?? time)
    }
}
