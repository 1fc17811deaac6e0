/// Where a draft came from, and what it became: enough to say so when the ledger refuses it.
///
/// None of this stands in the event, so the same input imported from another folder gives the same bytes.
public struct ImportOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The path of the file, as it was found under the paths given.
    public let file: String

    /// The line of the row, or nil where the whole file is one message.
    public let line: Int?

    /// The scenario the file belongs to, or nil where the format knows none.
    public let scenario: String?

    /// The type of the event, for example `sanhu.declaration.lodged`.
    public let type: String

    /// The id of the event, unique with its source.
    public let id: String

    public init(file: String, line: Int? = nil, scenario: String? = nil, type: String, id: String) {
        self.file = file
        self.line = line
        self.scenario = scenario
        self.type = type
        self.id = id
    }

    public var description: String {
        guard let line else { return "\(type) from \(file)" }
        return "\(type) from \(file):\(line)"
    }
}
