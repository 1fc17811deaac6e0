internal import EventLog
internal import Exchange
internal import LMDB

/// Maps stretches of the log, one after another, on one thread at a time.
struct RangeMapper: ~Copyable {
    /// After how many entries the pacer is asked: not in the middle of a page, for nobody holds a read of the log while waiting.
    private static let step: Position = 2_048

    private let definition: ViewDefinition
    private let query: PlainQuery
    private let catalog: SchemaCatalog
    private let upcasters: Upcasters
    private let scratch = EntryScratch()
    private var origins = OriginTable()
    private var sink = FactSink()
    private var memory = ShapeMemory()
    private var parked: [MappedRange.Parked] = []

    init(_ definition: ViewDefinition, _ catalog: SchemaCatalog, _ upcasters: Upcasters) {
        self.definition = definition
        self.catalog = catalog
        self.upcasters = upcasters
        query = PlainQuery(definition.query)
    }

    /// Maps the entries of a range.
    ///
    /// - Throws: ``ViewError`` if the log cannot be read. What the map step throws makes parked entries.
    @available(*, noasync)
    mutating func map(_ log: Log, _ range: Range<Position>, pacer: Pacer?) throws(ViewError) -> MappedRange {
        var next = range.lowerBound
        while next < range.upperBound {
            let end = min(range.upperBound, pacer == nil ? range.upperBound : next + Self.step)
            try map(log, next..<end)
            next = end
            pacer?.pause()
        }
        defer { parked = [] }
        return sink.take(of: range, origins.origins, parked)
    }

    @available(*, noasync)
    private mutating func map(_ log: Log, _ range: Range<Position>) throws(ViewError) {
        var failure: ViewError?
        do throws(LogError) {
            try log.scan(from: range.lowerBound, to: range.upperBound) {
                (position, recorded, bytes) throws(LogError) in
                do throws(ViewError) {
                    try take(bytes, position, recorded, log)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            throw ViewError(error)
        }
        if let failure { throw failure }
    }

    private mutating func take(
        _ bytes: Span<UInt8>, _ position: Position, _ recorded: Timestamp, _ log: Log
    ) throws(ViewError) {
        guard let shape = EntryShape(bytes, &memory) else { throw Self.noEntry(position) }
        if shape.isEscaped {
            guard let plain = scratch.plain(bytes) else { throw Self.noEntry(position) }
            try take(plain.bytes.span, plain.shape, position, recorded, log)
        } else {
            scratch.begin(bytes.count)
            try take(bytes, shape, position, recorded, log)
        }
    }

    private mutating func take(
        _ bytes: Span<UInt8>, _ shape: EntryShape, _ position: Position, _ recorded: Timestamp,
        _ log: Log
    ) throws(ViewError) {
        guard query.matchesAll || query.matches(bytes, shape, scratch) else { return }
        let place = try origins.number(bytes, shape, catalog)
        let (origin, traits) = (origins.numbers[place], origins.traits[place])
        if traits.isOutdated, let raised = try raised(position, log) {
            try take(raised: raised, origin, traits, recorded)
        } else {
            map(bytes, shape, origin, traits, position, recorded)
        }
    }

    /// Maps an entry that was brought up. It stands under the origin that decides who sees it: its own.
    private mutating func take(
        raised: SeenEntry.Event, _ origin: UInt64, _ traits: SchemaTraits, _ recorded: Timestamp
    ) throws(ViewError) {
        let traits = traits.moved(to: raised.withheld.map(\.pointer))
        let entry = EntryText.write(raised)
        guard let shape = EntryShape(entry.span) else { throw Self.noEntry(raised.position) }
        if shape.isEscaped {
            guard let plain = scratch.plain(entry.span) else { throw Self.noEntry(raised.position) }
            map(plain.bytes.span, plain.shape, origin, traits, raised.position, recorded)
        } else {
            scratch.begin(entry.count)
            map(entry.span, shape, origin, traits, raised.position, recorded)
        }
    }

    private func raised(_ position: Position, _ log: Log) throws(ViewError) -> SeenEntry.Event? {
        let entry = try ViewError.wrapping { () throws(LogError) in try log.entry(at: position) }
        let (terms, upcasters) = (catalog.terms, upcasters)
        return try ViewError.wrapping { () throws(ExchangeError) in try terms.raised(entry, by: upcasters) }
    }

    private mutating func map(
        _ bytes: Span<UInt8>, _ shape: EntryShape, _ origin: UInt64, _ traits: SchemaTraits,
        _ position: Position, _ recorded: Timestamp
    ) {
        sink.begin(position, recorded, origin: origin, mayTally: traits.isSeenByAuthorities)
        let entry = ViewEntry(bytes, shape, scratch, traits, position, recorded)
        do throws(MappingFault) {
            try definition.map(entry, &sink)
            if let fault = sink.fault { throw fault }
            sink.keep()
        } catch {
            sink.drop()
            parked.append(MappedRange.Parked(position: position, reason: error.reason))
        }
    }

    private static func noEntry(_ position: Position) -> ViewError {
        ViewError(.log, "What stands at position \(position) is no entry. Run `sanhu verify`.")
    }
}
