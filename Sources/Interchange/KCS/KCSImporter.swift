/// Imports declarations with their inspection outcomes from CSV files in the layout of the Korea Customs Service's
/// research data: 22 columns, one declaration with one item a row, dates without times.
///
/// Each row becomes `sanhu.declaration.lodged` and `sanhu.inspection.completed`, and `sanhu.violation.recorded` where
/// `Fraud` or `Critical Fraud` is not 0. Rows are read as a stream, a batch at a time. A malformed row is refused with
/// its line and the rest goes on; a file whose header is another's is refused as a whole.
public struct KCSImporter: Importer {
    public let paths: [String]

    /// The edition of the Harmonized System to check codes against, if any. A code it does not know is a warning, once
    /// per code and file.
    public let nomenclature: HSNomenclature?

    /// Makes an importer of files, and of the `.csv` files in folders.
    public init(paths: [String], nomenclature: HSNomenclature? = nil) {
        self.paths = paths
        self.nomenclature = nomenclature
    }

    public func batches() -> KCSBatches {
        KCSBatches(files: FileFinder(suffix: ".csv").files(under: paths), nomenclature: nomenclature)
    }
}
