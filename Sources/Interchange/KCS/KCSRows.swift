/// Maps the rows of declarations files.
struct KCSRows: CSVRowMapping {
    let header = KCSColumn.allCases.map(\.header)
    private let nomenclature: HSNomenclature?
    private let mapper = KCSMapper()
    /// The lines of the batch's declarations, by their ids.
    private var lines: [String: Int] = [:]
    private var unknownCodes: Set<String> = []

    init(nomenclature: HSNomenclature?) {
        self.nomenclature = nomenclature
    }

    mutating func beginBatch() { lines.removeAll(keepingCapacity: true) }

    mutating func beginFile() { unknownCodes.removeAll() }

    mutating func map(_ record: CSVRecord, of path: String, into items: inout [ImportItem]) throws(Refusal) {
        let row = try KCSRow(record)
        // A second row of the same declaration contradicts the first; the ledger would refuse the whole batch.
        if let first = lines[row[.declarationID]] {
            throw Refusal("repeats the Declaration ID of line \(first)", line: row.line)
        }
        lines[row[.declarationID]] = row.line
        for event in try mapper.events(of: row) {
            let origin = ImportOrigin(file: path, line: row.line, type: event.type.type, id: event.id)
            items.append(.draft(event.draft, origin: origin))
        }
        if let nomenclature, !nomenclature.contains(row[.hs6]), unknownCodes.insert(row[.hs6]).inserted {
            let reason = "HS6 code \(row[.hs6]) is not in the edition checked against; imported as it is"
            items.append(.warning(ImportFault(file: path, line: row.line, reason: reason)))
        }
    }
}
