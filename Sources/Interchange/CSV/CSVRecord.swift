/// A record of a CSV file.
struct CSVRecord: Hashable, Sendable {
    /// The line it begins on, counted from 1.
    let line: Int

    let fields: [String]
}
