/// Which part of the log to read, and in what direction.
public struct ReadRange: Hashable, Sendable {
    /// The first position that counts.
    public var from: Position
    /// The first position after those that count; nil for the head.
    public var to: Position?
    /// Whether to go from the end of the range to its beginning.
    public var isBackwards: Bool
    /// The most entries to read.
    public var limit: Int

    public init(from: Position = 0, to: Position? = nil, isBackwards: Bool = false, limit: Int = .max) {
        self.from = from
        self.to = to
        self.isBackwards = isBackwards
        self.limit = limit
    }
}
