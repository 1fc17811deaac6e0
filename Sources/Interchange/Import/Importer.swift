/// Turns files of a foreign format into events to append, a batch at a time.
///
/// An importer is a value: it opens nothing until its batches are asked for, and asking twice reads twice. Its batches
/// are pulled, so nothing is read before the last batch has been dealt with, and memory holds one batch.
///
/// ```swift
/// var summary = ImportSummary()
/// for batch in WCOImporter(paths: ["hmrc"]).batches() {
///     try log.append(batch.drafts)
///     summary.add(batch)
///     bar.show(batch.progress.fraction)
/// }
/// ```
///
/// The ids of the events are made from what the files say, never from where they lie or when they are read: importing
/// the same input twice gives the same bytes, and the ledger appends nothing the second time.
public protocol Importer: Sendable {
    associatedtype Batches: Sequence<ImportBatch>

    /// The files and folders to read. A path that is not there is refused like a malformed file.
    var paths: [String] { get }

    /// The batches, in the order to append them. The totals in their ``ImportBatch/progress`` are counted here.
    ///
    /// - Complexity: O(*n*) in the number of files found; reading happens as the sequence is iterated.
    func batches() -> Batches
}

extension Importer {
    /// Hands every batch to a closure and counts what was done.
    ///
    /// - Throws: What the closure throws, and nothing else; the import ends there.
    public func run<Failure: Error>(
        _ sink: (ImportBatch) throws(Failure) -> Void
    ) throws(Failure) -> ImportSummary {
        var summary = ImportSummary()
        for batch in batches() {
            try sink(batch)
            summary.add(batch)
        }
        return summary
    }
}
