public import EventLog
internal import JSON

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
    /// The codes of figures that are not told to the reader, for they count what it may not see.
    public let withheld: [String]
    /// The policies that were looked at.
    public let terms: FigureTerms

    /// The table of a figure.
    public func table(_ code: String) -> FigureTable? { tables.first { $0.figure.code == code } }

    /// All tables, one a line; then, if there are any, the figures that are not told.
    public var json: [UInt8] {
        var text = tables.flatMap { $0.json + [UInt8(ascii: "\n")] }
        guard !withheld.isEmpty else { return text }
        var json = JSONWriter()
        json.object { json in
            json.member("position", Int64(clamping: origin.position))
            json.key("withheld")
            json.array { json in for code in withheld { json.string(code) } }
        }
        json.endLine()
        text += json.bytes
        return text
    }
}
