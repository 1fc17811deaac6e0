/// Imports notifications of the European rapid alert system for food and feed (RASFF) from CSV files: 16 columns, one
/// notification a row.
///
/// Each reference becomes `sanhu.alert.notified` by the authority of the notifying country, addressed by tags `agency:` to
/// all that `distribution`, `forAttention` and `forFollowUp` name; and `sanhu.assistance.requested` if `forFollowUp` names
/// any. A later row of the same reference, in whichever of the files, with other content is `sanhu.alert.amended`; with
/// the same content it is the same event again, which the ledger knows by its id. The file does not tell which of two rows
/// is the older: the first that is read counts as the notification.
///
/// A row that names an authority which is not known is refused: an alert must not lose an addressee. So is a row whose
/// reference has fewer than four digits behind the point, for it was a number once and lost its zeros.
public struct RASFFImporter: Importer {
    public let paths: [String]

    /// Makes an importer of files, and of the `.csv` files in folders.
    public init(paths: [String]) {
        self.paths = paths
    }

    public func batches() -> RASFFBatches {
        RASFFBatches(files: FileFinder(suffix: ".csv").files(under: paths))
    }
}
