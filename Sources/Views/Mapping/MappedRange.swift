internal import EventLog
internal import LMDB

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

    /// Does something with each row of an object, in the order in which they came.
    @inline(__always)
    func forEachRow(
        of object: UInt32, _ table: FactRow.Table,
        _ body: (_ position: Position, _ ordinal: UInt16, _ value: Span<UInt8>) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        switch table {
        case .fact: try sink.facts.forEachRow(of: object, body)
        case .lookup: try sink.lookups.forEachRow(of: object, body)
        }
    }

    /// How many blocks of values there are that facts have in common.
    var sharedCount: Int { sink.shared.blocks.count }

    /// Does something with a block of values.
    @inline(__always)
    func withShared(
        _ index: Int, _ body: (_ block: SharedValues.Block, _ values: Span<UInt8>) throws(LMDBError) -> Void
    ) throws(LMDBError) {
        try sink.shared.withBlock(index, body)
    }

    func appendName(of object: UInt32, _ table: FactRow.Table, to name: inout [UInt8]) {
        switch table {
        case .fact: sink.facts.appendName(of: object, to: &name)
        case .lookup: sink.lookups.appendName(of: object, to: &name)
        }
    }

    /// Whether an object has a name.
    func isNamed(_ object: UInt32, _ table: FactRow.Table, _ name: [UInt8]) -> Bool {
        switch table {
        case .fact: sink.facts.isNamed(object, name)
        case .lookup: sink.lookups.isNamed(object, name)
        }
    }

    /// Whether the name of an object comes before that of another one in another range.
    func isOrdered(
        _ object: UInt32, before other: UInt32, in range: MappedRange, _ table: FactRow.Table
    ) -> Bool {
        switch table {
        case .fact: sink.facts.isOrdered(object, before: other, in: range.sink.facts)
        case .lookup: sink.lookups.isOrdered(object, before: other, in: range.sink.lookups)
        }
    }
}
