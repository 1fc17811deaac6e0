/// How long to wait before something is tried again that failed: each time twice as long, up to a minute.
struct GrowingPause: Sendable {
    private static let longest = 60.0

    private var seconds: Double

    /// - Parameter first: The first pause, in seconds.
    init(from first: Double = 0.25) {
        seconds = first
    }

    /// The next pause, in seconds.
    mutating func next() -> Double {
        defer { seconds = min(Self.longest, seconds * 2) }
        return seconds
    }
}
