internal import EventLog

/// What mapping a stretch of the log came to. It is not changed any more.
struct MappedRange: Sendable {
    struct Parked: Sendable {
        let position: Position
        let reason: String
    }

    /// The entries of which it is.
    let range: Range<Position>
    let facts: PackedRows
    let lookups: PackedRows
    /// What facts have in common.
    let shared: SharedValues
    let tallies: TallySums
    let origins: [Origin]
    let parked: [Parked]

    /// How many bytes of memory it takes, about.
    var byteCount: Int { facts.byteCount + lookups.byteCount + shared.byteCount + tallies.byteCount }

    func rows(_ table: FactRow.Table) -> PackedRows { table == .fact ? facts : lookups }
}
