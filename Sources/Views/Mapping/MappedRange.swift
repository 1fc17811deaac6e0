internal import EventLog

/// What mapping a stretch of the log came to. It is not changed any more.
final class MappedRange: @unchecked Sendable {
    struct Parked: Sendable {
        let position: Position
        let reason: String
    }

    let sink: FactSink
    let origins: [Origin]
    let parked: [Parked]
    /// The objects of facts and of lookups that have rows, in the order of their names.
    let factOrder: [UInt32]
    let lookupOrder: [UInt32]

    init(_ sink: consuming FactSink, _ origins: [Origin], _ parked: [Parked]) {
        factOrder = sink.facts.sortedObjects()
        lookupOrder = sink.lookups.sortedObjects()
        self.sink = sink
        self.origins = origins
        self.parked = parked
    }

    /// How many bytes of memory it takes, about.
    var byteCount: Int { sink.byteCount }

    func order(_ table: FactRow.Table) -> [UInt32] { table == .fact ? factOrder : lookupOrder }

    /// The rows of facts or of lookups.
    func lists(_ table: FactRow.Table) -> RowLists { table == .fact ? sink.facts : sink.lookups }
}
