/// The batches of a ``KCSImporter``: up to ``CSVLimits/rowsPerBatch`` rows each, file after file.
public struct KCSBatches: Sequence, IteratorProtocol {
    private var batches: CSVBatches<KCSRows>

    init(files: [SourceFile], nomenclature: HSNomenclature?) {
        batches = CSVBatches(files: files, rows: KCSRows(nomenclature: nomenclature))
    }

    /// Reads and maps the next rows.
    ///
    /// - Complexity: O(*n*) in the number of rows of a batch.
    public mutating func next() -> ImportBatch? { batches.next() }
}
