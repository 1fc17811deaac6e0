/// A rate with a burst: a bucket that fills steadily and from which each request takes one.
struct TokenBucket: Sendable, Hashable {
    let perSecond: Double
    let burst: Double
    private var level: Double
    /// In seconds, by a clock that never goes back.
    private var time: Double

    init(perSecond: Int, burst: Int, at time: Double) {
        (self.perSecond, self.burst) = (Double(perSecond), Double(max(burst, 1)))
        (level, self.time) = (Double(max(burst, 1)), time)
    }

    /// Takes one.
    ///
    /// - Returns: nil, or in how many seconds there will be one.
    mutating func take(at now: Double) -> Double? {
        level = min(burst, level + max(0, now - time) * perSecond)
        time = max(time, now)
        guard level >= 1 else { return (1 - level) / max(perSecond, 0.001) }
        level -= 1
        return nil
    }
}
