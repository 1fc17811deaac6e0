/// The batches of a ``RASFFImporter``: up to ``CSVLimits/rowsPerBatch`` rows each, file after file.
public struct RASFFBatches: Sequence, IteratorProtocol {
    private var batches: CSVBatches<RASFFRows>

    init(files: [SourceFile]) {
        batches = CSVBatches(files: files, rows: RASFFRows())
    }

    /// Reads and maps the next rows.
    ///
    /// - Complexity: O(*n*) in the number of rows of a batch.
    public mutating func next() -> ImportBatch? { batches.next() }
}
