/// Maps the rows of notifications files, and remembers the first of each reference, in whichever file it stands.
struct RASFFRows: CSVRowMapping {
    /// The most references of an import: the first row of each is remembered.
    static let maximumReferences = 1_000_000

    let header = RASFFColumn.allCases.map(\.rawValue)
    private let mapper = RASFFMapper()
    private var firsts: [String: RASFFMapper.First] = [:]

    mutating func beginBatch() {}

    mutating func beginFile() {}

    mutating func map(_ record: CSVRecord, of path: String, into items: inout [ImportItem]) throws(Refusal) {
        let row = try RASFFNotification(record)
        let first = firsts[row.reference]
        guard first != nil || firsts.count < Self.maximumReferences else {
            throw Refusal("is of more references than an import may have, \(Self.maximumReferences)", line: row.line)
        }
        for event in try mapper.events(of: row, after: first) {
            let origin = ImportOrigin(file: path, line: row.line, type: event.type.type, id: event.id)
            items.append(.draft(event.draft, origin: origin))
        }
        if first == nil { firsts[row.reference] = RASFFMapper.First(row) }
    }
}
