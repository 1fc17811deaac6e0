/// How often and how long after a failure a request is made again: each time after twice as long, and never all at once.
public struct RetryPolicy: Sendable, Hashable {
    /// How often at most, the first time not counted.
    public var attempts: Int
    /// The wait after the first failure.
    public var first: Duration
    /// The longest wait.
    public var longest: Duration

    public init(attempts: Int = 8, first: Duration = .milliseconds(200), longest: Duration = .seconds(15)) {
        (self.attempts, self.first, self.longest) = (attempts, first, longest)
    }

    /// Never again.
    public static let none = RetryPolicy(attempts: 0)

    /// How long to wait before a request is made again; nil if it is given up.
    ///
    /// - Parameters:
    ///   - failures: How many there were in a row.
    ///   - asked: The seconds that the server asks to wait.
    ///   - chance: From 0 to 1. The wait is between half of it and all of it.
    public func wait(after failures: Int, asked: Int? = nil, chance: Double) -> Duration? {
        guard failures > 0, failures <= attempts else { return nil }
        let doubled = first * Double(1 << min(failures - 1, 20))
        let least = asked.map { Duration.seconds(max(0, min($0, 3_600))) } ?? .zero
        return max(least, min(doubled, longest) * (0.5 + 0.5 * min(max(chance, 0), 1)))
    }
}
