internal import EventLog
internal import Exchange
internal import Foundation
internal import Glibc
internal import Synchronization

/// Maps a stretch of the log on several threads.
struct ParallelMapping {
    /// The fewest entries that are worth a thread.
    private static let least: Position = 8_192
    /// The lowest priority there is: appends come first.
    private static let niceness: Int32 = 19

    let definition: ViewDefinition
    let log: Log
    let upcasters: Upcasters
    let tasks: Int
    let pacer: Pacer?

    /// What the range comes to, in parts in the order of positions.
    @available(*, noasync)
    func map(_ range: Range<Position>, _ catalog: SchemaCatalog) throws(ViewError) -> [MappedRange] {
        let count = range.upperBound - range.lowerBound
        let shares = Int(max(1, min(Position(pacer?.isBusy == true ? 1 : tasks), count / Self.least)))
        let parts = (0..<shares).map { share in
            let low = range.lowerBound + count * Position(share) / Position(shares)
            return low..<range.lowerBound + count * Position(share + 1) / Position(shares)
        }
        let results = Mutex([Result<MappedRange, ViewError>?](repeating: nil, count: shares))
        let group = DispatchGroup()
        @Sendable func work(_ share: Int) {
            let result = Result<MappedRange, ViewError> { () throws(ViewError) in
                try RangeMapper(definition, catalog, upcasters).map(log, parts[share], pacer: pacer)
            }
            results.withLock { $0[share] = result }
        }
        let isBusy = pacer?.isBusy ?? false
        for share in (isBusy ? 0 : 1)..<shares {
            group.enter()
            let thread = Thread {
                // A thread that has a low priority never gets another: so it is one of its own.
                if isBusy { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness) }
                work(share)
                group.leave()
            }
            thread.name = "sanhu-map"
            thread.start()
        }
        if !isBusy { work(0) }
        group.wait()
        var mapped: [MappedRange] = []
        for result in results.withLock({ $0 }) {
            if let result { mapped.append(try result.get()) }
        }
        return mapped
    }
}
