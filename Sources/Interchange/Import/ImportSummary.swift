/// What an import did and did not do, counted over its batches.
///
/// Every file found is either in ``filesImported`` or in ``filesRefused`` once the import has run to its end.
public struct ImportSummary: Hashable, Sendable {
    /// The most faults of a kind that are kept word for word; the rest are only counted.
    public static let faultsKept = 10_000

    public private(set) var filesFound = 0
    public private(set) var filesImported = 0
    public private(set) var filesRefused = 0

    /// Rows and messages read, mapped or not.
    public private(set) var recordsRead = 0

    /// Rows and files that gave no event.
    public private(set) var refusalCount = 0
    public private(set) var warningCount = 0

    /// How many drafts were made, by event type. What the ledger then did with them its receipts tell.
    public private(set) var draftsByType: [String: Int] = [:]

    /// The first ``faultsKept`` refusals, in order.
    public private(set) var refusals: [ImportFault] = []

    /// The first ``faultsKept`` warnings, in order.
    public private(set) var warnings: [ImportFault] = []

    public init() {}

    public var filesRead: Int { filesImported + filesRefused }

    /// How many drafts were made.
    public var draftCount: Int { draftsByType.values.reduce(0, +) }

    /// Counts a batch in.
    ///
    /// - Complexity: O(*n*) in the number of its items.
    public mutating func add(_ batch: ImportBatch) {
        filesFound = max(filesFound, batch.progress.filesTotal)
        recordsRead += batch.recordsRead
        for outcome in batch.outcomes {
            switch outcome.status {
            case .imported: filesImported += 1
            case .refused: filesRefused += 1
            }
        }
        for item in batch.items {
            switch item {
            case .draft(_, let origin):
                draftsByType[origin.type, default: 0] += 1
            case .refused(let fault):
                refusalCount += 1
                if refusals.count < Self.faultsKept { refusals.append(fault) }
            case .warning(let fault):
                warningCount += 1
                if warnings.count < Self.faultsKept { warnings.append(fault) }
            }
        }
    }
}
