public import EventLog

/// From when to when something holds: from its beginning up to, and without, its end.
public struct Validity: Sendable, Hashable {
    /// Nil: since ever.
    public let from: Timestamp?
    /// Nil: without an end.
    public let to: Timestamp?

    public init(from: Timestamp? = nil, to: Timestamp? = nil) {
        self.from = from
        self.to = to
    }

    /// Whether a moment lies in it.
    public func contains(_ time: Timestamp) -> Bool {
        (from.map { time >= $0 } ?? true) && (to.map { time < $0 } ?? true)
    }

    /// Whether it is over at a moment.
    func hasEnded(at time: Timestamp) -> Bool { to.map { $0 <= time } ?? false }
}
