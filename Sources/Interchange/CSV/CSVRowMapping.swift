/// What becomes of the rows of a kind of CSV file. It may remember rows, to judge later ones by them.
protocol CSVRowMapping {
    /// The names of the columns, in their order: a file with another header is refused.
    var header: [String] { get }

    /// A batch begins: what it holds is appended in one go.
    mutating func beginBatch()

    /// A file begins.
    mutating func beginFile()

    /// Maps a row: adds its drafts and what is to be remarked on it.
    ///
    /// - Throws: ``Refusal`` if nothing of the row can be imported; nothing was added then.
    mutating func map(_ record: CSVRecord, of path: String, into items: inout [ImportItem]) throws(Refusal)
}

extension CSVRowMapping {
    /// What is wrong with a header, or nil.
    func fault(inHeader fields: [String]) -> String? {
        for (place, expected) in header.enumerated() {
            guard place < fields.count else { return "the header has no column “\(expected)”" }
            guard fields[place] == expected else {
                return "column \(place + 1) is “\(fields[place])” where “\(expected)” was expected"
            }
        }
        guard fields.count == header.count else {
            return "the header has \(fields.count) columns, not \(header.count)"
        }
        return nil
    }
}
