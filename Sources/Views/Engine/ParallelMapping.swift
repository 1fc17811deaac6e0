internal import EventLog
internal import Exchange
internal import Foundation
internal import Glibc

/// Maps a stretch of the log in chunks, on several threads, and gives what they come to in the order of positions; the next
/// chunks are mapped while one is taken.
final class ParallelMapping: @unchecked Sendable {
    /// The fewest entries that are worth a thread, and the most of a chunk.
    private static let leastEntries: Position = 8_192
    static let mostEntries: Position = 32_768
    /// How many chunks, for each thread, may be mapped and not yet taken.
    private static let ahead = 2
    /// The lowest priority there is: appends come first.
    private static let niceness: Int32 = 19

    private let definition: ViewDefinition
    private let log: Log
    private let upcasters: Upcasters
    private let catalog: SchemaCatalog
    private let tasks: Int
    private let pacer: Pacer?

    private let condition = NSCondition()
    // Guarded by ``condition``.
    private var chunks: [Range<Position>] = []
    /// How many chunks were begun, and taken.
    private var begun = 0
    private var taken = 0
    private var results: [Int: Result<MappedRange, ViewError>] = [:]
    private var running = 0
    private var isOver = false
    /// Mappers that nobody is using: they keep their memory from chunk to chunk.
    private var idle: [MapperBox] = []

    /// Hands a mapper from thread to thread. Whoever has it uses it alone.
    private final class MapperBox: @unchecked Sendable {
        var mapper: RangeMapper

        init(_ mapper: consuming RangeMapper) {
            self.mapper = mapper
        }
    }

    init(
        _ definition: ViewDefinition, _ log: Log, _ upcasters: Upcasters, _ catalog: SchemaCatalog, tasks: Int,
        pacer: Pacer?
    ) {
        (self.definition, self.log, self.upcasters, self.catalog) = (definition, log, upcasters, catalog)
        (self.tasks, self.pacer) = (tasks, pacer)
    }

    /// What the range comes to, in parts in the order of positions.
    @available(*, noasync)
    func map(_ range: Range<Position>) throws(ViewError) -> [MappedRange] {
        let share = (Position(range.count) + Position(tasks) - 1) / Position(tasks)
        var mapped: [MappedRange] = []
        try map(range, by: max(Self.leastEntries, min(Self.mostEntries, share))) { mapped.append($0) }
        return mapped
    }

    /// Maps a range in chunks.
    ///
    /// - Parameters:
    ///   - entries: How many entries a chunk has.
    ///   - take: Gets them in the order of positions, on this thread. If it throws, no more are mapped.
    @available(*, noasync)
    func map(
        _ range: Range<Position>, by entries: Position, _ take: (MappedRange) throws(ViewError) -> Void
    ) throws(ViewError) {
        var starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: Position.Stride(entries)))
        starts.append(range.upperBound)
        let chunks = zip(starts, starts.dropFirst()).map { $0..<$1 }
        guard chunks.count > 1 || pacer?.isBusy == true else {
            if let chunk = chunks.first { try take(try map(chunk, newMapper())) }
            return
        }
        condition.withLock { (self.chunks, begun, taken, results, isOver) = (chunks, 0, 0, [:], false) }
        defer { end() }
        for chunk in chunks.indices { try take(try wait(for: chunk).get()) }
    }

    private func newMapper() -> MapperBox { MapperBox(RangeMapper(definition, catalog, upcasters)) }

    @available(*, noasync)
    private func map(_ chunk: Range<Position>, _ box: MapperBox) throws(ViewError) -> MappedRange {
        try box.mapper.map(log, chunk, pacer: pacer)
    }

    /// Lets no more chunks be begun, and waits for those that were.
    private func end() {
        condition.withLock {
            isOver = true
            while running > 0 { condition.wait() }
            (results, idle) = ([:], [])
        }
    }

    private func wait(for chunk: Int) -> Result<MappedRange, ViewError> {
        while true {
            launch()
            let result: Result<MappedRange, ViewError>? = condition.withLock {
                if results[chunk] == nil, running > 0 { condition.wait() }
                guard let result = results.removeValue(forKey: chunk) else { return nil }
                taken = chunk + 1
                return result
            }
            if let result {
                // While appends are under way, the next is begun when this one was taken.
                if pacer?.isBusy != true { launch() }
                return result
            }
        }
    }

    // MARK: Threads

    /// Starts as many threads as there may be, and is work for.
    private func launch() {
        let isBusy = pacer?.isBusy ?? false
        while condition.withLock({ mayBegin(isBusy) && running < (isBusy ? 1 : tasks) && started() }) {
            let thread = Thread { [self] in
                // A thread that has a low priority never gets another: so it ends when appends do.
                if isBusy { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness) }
                work(isBusy)
            }
            thread.name = "sanhu-map"
            thread.start()
        }
    }

    private func started() -> Bool {
        running += 1
        return true
    }

    /// Whether a chunk may be begun.
    private func mayBegin(_ isBusy: Bool) -> Bool {
        !isOver && begun < chunks.count && begun - taken < (isBusy ? 1 : tasks * Self.ahead)
    }

    @available(*, noasync)
    private func work(_ isBusy: Bool) {
        while let (chunk, box) = begin(isBusy) {
            let result = Result<MappedRange, ViewError> { () throws(ViewError) in try map(chunk.range, box) }
            condition.withLock {
                results[chunk.number] = result
                idle.append(box)
                condition.broadcast()
            }
        }
    }

    /// The next chunk for a thread, and what maps it; nil if it is to end.
    private func begin(_ isBusy: Bool) -> (chunk: (number: Int, range: Range<Position>), box: MapperBox)? {
        let isStillSo = (pacer?.isBusy ?? false) == isBusy
        return condition.withLock {
            guard isStillSo, mayBegin(isBusy) else {
                running -= 1
                condition.broadcast()
                return nil
            }
            defer { begun += 1 }
            return ((begun, chunks[begun]), idle.popLast() ?? newMapper())
        }
    }
}
