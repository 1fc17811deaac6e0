internal import EventLog
internal import Exchange
internal import LMDB
internal import Transparency

/// Brings a view's files on: the same for following, catching up and rebuilding.
struct ViewFolding: Sendable {
    /// How many entries are mapped to see how much memory they take.
    private static let sample: Position = 2_048
    private static let leastEntries: Position = 1_024

    let definition: ViewDefinition
    let ledger: ExchangeLedger
    let options: ViewOptions
    let parked: ParkedStore
    /// Slows it down, if it can wait.
    let pacer: Pacer?
    private let tasks: Int
    private var entriesPerBatch: Position?
    private var known: (catalog: SchemaCatalog, turningPoint: Timestamp?, lines: [UInt8])?

    init(
        _ definition: ViewDefinition, _ ledger: ExchangeLedger, _ options: ViewOptions, _ parked: ParkedStore,
        pacer: Pacer?
    ) {
        self.definition = definition
        self.ledger = ledger
        self.options = options
        self.parked = parked
        self.pacer = pacer
        tasks = max(1, options.tasks ?? ViewOptions.processors)
    }

    /// The schemas as they stand now, and the lines by which events are brought up.
    mutating func catalog() throws(ViewError) -> (catalog: SchemaCatalog, lines: [UInt8]) {
        let ledger = ledger
        let terms = try ViewError.wrapping { () throws(ExchangeError) in try ledger.foldTerms() }
        if let known, known.catalog.terms.charterPosition == terms.charterPosition,
            known.turningPoint.map({ $0 > ledger.log.clock() }) ?? true
        {
            return (known.catalog, known.lines)
        }
        let catalog = SchemaCatalog(terms)
        let lines = terms.lines
        known = (catalog, terms.turningPoint, lines)
        return (catalog, lines)
    }

    /// A record of a view that has nothing yet.
    mutating func emptyMeta() throws(ViewError) -> ViewMeta {
        ViewMeta(title: definition.title, origin: ledger.log.verifier.name, lines: try catalog().lines)
    }

    /// Folds one batch; durable on return.
    ///
    /// - Parameter head: How far to go at the most; it is above the view's position.
    /// - Returns: How far the view has come.
    @available(*, noasync)
    mutating func fold(
        _ store: ViewStore, _ meta: ViewMeta, to head: Position
    ) throws(ViewError) -> ViewMeta {
        let (catalog, _) = try catalog()
        let log = ledger.log
        let mapping = ParallelMapping(definition, log, options.upcasters, catalog, tasks: tasks, pacer: pacer)
        let entries = try batchEntries(mapping, meta.position, head)
        let range = meta.position..<min(head, meta.position + entries)
        let mapped = try mapping.map(range)
        adapt(mapped, range.count)
        try park(mapped.flatMap(\.parked), store)
        try options.probe.folding()
        let next = try meta.moved(to: range.upperBound, of: log)
        var writer = BatchWriter(store, pacer: pacer, probe: options.probe)
        do throws(LMDBError) {
            try writer.write(mapped, next)
        } catch {
            throw ViewError(error, definition.title)
        }
        return next
    }

    /// Maps an entry again that was skipped.
    ///
    /// - Returns: Whether it could be mapped now, and is in the view.
    @available(*, noasync)
    mutating func retry(_ store: ViewStore, _ meta: ViewMeta, _ position: Position) throws(ViewError) -> Bool {
        let mapping = ParallelMapping(
            definition, ledger.log, options.upcasters, try catalog().catalog, tasks: 1, pacer: nil)
        let mapped = try mapping.map(position..<position + 1)
        let failed = mapped.flatMap(\.parked)
        guard failed.isEmpty else {
            try parked.park(failed, of: definition.title, isRetry: true)
            return false
        }
        // First the rows come in and the note goes that it was skipped, in one step; then the list is put right.
        var writer = BatchWriter(store, pacer: nil, probe: options.probe)
        do throws(LMDBError) {
            try writer.write(mapped, meta, mending: position)
        } catch {
            throw ViewError(error, definition.title)
        }
        try parked.unpark([position], of: definition.title)
        return true
    }

    /// Puts the list of parked entries right, which may have one too many after a kill, or one too few if somebody deleted it.
    @available(*, noasync)
    func reconcile(_ store: ViewStore, _ meta: ViewMeta) throws(ViewError) {
        let skipped = Set(try store.skippedPositions())
        let listed = Set(try parked.list(definition.title).map(\.position))
        try parked.unpark(listed.subtracting(skipped).filter { $0 < meta.position }.sorted(), of: definition.title)
        let lost = skipped.subtracting(listed).sorted()
        try parked.park(
            lost.map { MappedRange.Parked(position: $0, reason: "It was skipped; the reason is not known any more.") },
            of: definition.title)
    }

    private func park(_ entries: [MappedRange.Parked], _ store: ViewStore) throws(ViewError) {
        guard !entries.isEmpty else { return }
        try parked.park(entries, of: definition.title)
        let count = try store.skippedCount() + entries.count
        guard count <= options.maximumParked else {
            throw ViewError(
                .tooManyParked,
                "The view \(definition.title) cannot map \(count) entries, more than \(options.maximumParked): "
                    + "“\(entries[0].reason)” at position \(entries[0].position). Mend it, and open it again.")
        }
    }

    // MARK: Rebuilding

    /// Folds the whole log below a head into an empty view that nobody sees yet.
    ///
    /// - Parameters:
    ///   - spill: Makes the place where rows are put aside that there is no memory for.
    ///   - progress: Is told how far it has come; returns whether it is still wanted.
    /// - Throws: ``ViewError``; `.closed` if it is not. The view is to be thrown away then.
    @available(*, noasync)
    mutating func foldAll(
        _ store: ViewStore, _ meta: ViewMeta, to head: Position, spill: @escaping () throws(ViewError) -> RowSpill,
        progress: @escaping (Position) -> Bool
    ) throws(ViewError) -> ViewMeta {
        let (catalog, _) = try catalog()
        let mapping = ParallelMapping(definition, ledger.log, options.upcasters, catalog, tasks: tasks, pacer: pacer)
        // Of the memory an eighth is for what is mapped and not yet taken.
        let entries = try batchEntries(mapping, 0, head) / Position(16 * tasks)
        let chunk = max(Self.leastEntries, min(ParallelMapping.mostEntries, entries))
        let sync = EarlySync(store.environment)
        defer { try? sync.finish() }
        let batch = BatchWriter(store, pacer: pacer, probe: options.probe, sync: sync) { progress(head) }
        var writer = RebuildWriter(store, batch, memory: options.batchBytes, makeSpill: spill)
        let unwanted = ViewError(.closed, "The view was closed while it was rebuilt.")
        try mapping.map(0..<head, by: chunk) { mapped throws(ViewError) in
            guard progress(mapped.range.lowerBound) else { throw unwanted }
            try park(mapped.parked, store)
            try options.probe.folding()
            try writer.take(mapped)
        }
        let next = try meta.moved(to: head, of: ledger.log)
        guard try writer.finish(next) else { throw unwanted }
        try store.wrapping { () throws(LMDBError) in try sync.finish() }
        return next
    }

    // MARK: Memory

    private mutating func batchEntries(
        _ mapping: ParallelMapping, _ position: Position, _ head: Position
    ) throws(ViewError) -> Position {
        if let entriesPerBatch { return entriesPerBatch }
        guard head - position > Self.sample else { return Self.sample }
        let range = position..<position + Self.sample
        adapt(try mapping.map(range), range.count)
        return entriesPerBatch ?? Self.sample
    }

    /// Makes the next batch fit its memory.
    private mutating func adapt(_ mapped: [MappedRange], _ count: Int) {
        guard count >= Int(Self.leastEntries) else { return }
        let bytes = max(1, mapped.reduce(0) { $0 + $1.byteCount } / count)
        entriesPerBatch = max(
            Self.leastEntries, min(Position(options.batchEntries), Position(options.batchBytes / bytes)))
    }
}
