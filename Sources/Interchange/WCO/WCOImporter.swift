/// Imports customs messages in the WCO Data Model's XML: declarations (DEC) and the authority's answers (RES) as the
/// Customs Declaration Service of the United Kingdom exchanges them, and the movement messages of inventory systems.
///
/// Files are read by scenario. A folder that holds `.xml` files is a scenario with everything below it; a folder of
/// folders is looked through for scenarios; files given by name form one scenario per folder. Within a scenario the
/// local references of lodgements are resolved to the numbers the answers carry, and the events come in the order of
/// what happened. A batch is a scenario.
///
/// Each file ends as imported or as refused with a reason. External entities are never resolved, and a file with a
/// document type declaration is refused unparsed.
public struct WCOImporter: Importer {
    public let paths: [String]

    /// Makes an importer of files and folders.
    public init(paths: [String]) {
        self.paths = paths
    }

    public func batches() -> WCOBatches {
        WCOBatches(groups: FileFinder(suffix: ".xml").groups(under: paths), profile: .unitedKingdom)
    }
}
