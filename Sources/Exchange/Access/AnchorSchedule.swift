/// When the access log is anchored: if it has grown, and not sooner than some time after the last time. A pure value, the
/// clock is handed in.
struct AnchorSchedule {
    typealias Instant = ContinuousClock.Instant

    let interval: Duration
    private var last: Instant?
    private var hasGrown = false

    init(interval: Duration) {
        self.interval = interval
    }

    /// Takes note that there are new records.
    mutating func grow() {
        hasGrown = true
    }

    /// When to anchor: in the past or the future; nil while there is nothing new.
    func due(at now: Instant) -> Instant? {
        guard hasGrown else { return nil }
        return last.map { $0 + interval } ?? now
    }

    /// Takes note that anchoring begins: what comes from now on is for the next time.
    mutating func begin(at now: Instant) {
        last = now
        hasGrown = false
    }

    /// Takes note that it failed: it is to be tried again.
    mutating func fail() {
        hasGrown = true
    }
}
