public import EventLog

/// What figures came to.
public struct FigureReport: Sendable {
    /// What a result depends on, beside the definitions of the figures.
    public struct Origin: Sendable, Hashable {
        /// Of the log: entries below it count.
        public let position: Position
        /// Of the log's tree of that size, in hex.
        public let root: String
        public let selection: FigureSelection
    }

    public let origin: Origin
    /// In the order of the codes.
    public let tables: [FigureTable]
    /// The policies that were looked at.
    public let terms: FigureTerms

    /// The table of a figure.
    public func table(_ code: String) -> FigureTable? { tables.first { $0.figure.code == code } }

    /// All tables, one a line.
    public var json: [UInt8] { tables.flatMap { $0.json + [UInt8(ascii: "\n")] } }
}
