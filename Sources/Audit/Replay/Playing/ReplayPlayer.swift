internal import EventLog

/// Plays events one after another: at once, as they were recorded but faster or slower, or step by step.
///
/// Clock and pauses are handed in, so that a day is played in no time where nobody watches.
public struct ReplayPlayer: Sendable {
    /// How events follow one another.
    public enum Pace: Sendable, Hashable {
        /// Without a pause.
        case atOnce
        /// So many times as fast as they were recorded, but with no pause that is longer than some seconds.
        case scaled(Double, longest: Double)
        /// Whenever somebody says so.
        case stepped
    }

    private let pace: Pace
    /// Seconds since some time.
    private let now: @Sendable () -> Double
    private let sleep: @Sendable (_ seconds: Double) async throws -> Void
    /// Waits until the next event is asked for; false to end.
    private let prompt: @Sendable () -> Bool

    public init(
        _ pace: Pace, now: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void,
        prompt: @escaping @Sendable () -> Bool = { true }
    ) {
        (self.pace, self.now, self.sleep, self.prompt) = (pace, now, sleep, prompt)
    }

    /// Reads a speed: `60x`, `0.5x`, `60`.
    ///
    /// - Returns: nil for a text that is none, or for one that is not above zero and at most a billion.
    public static func speed(_ text: String) -> Double? {
        let digits = text.hasSuffix("x") ? text.dropLast() : text[...]
        guard let speed = Double(digits), speed > 0, speed <= 1e9 else { return nil }
        return speed
    }

    /// Plays a reel.
    ///
    /// Pauses are counted from the beginning, so what takes time between them makes them shorter, not the whole longer.
    ///
    /// - Parameter show: Gets each event with its state, in its time.
    /// - Returns: How many were shown.
    /// - Throws: ``ReplayError``, and what `sleep` and `show` throw.
    @discardableResult
    public func play(_ reel: ReplayReel, _ show: (ReplayFrame) async throws -> Void) async throws -> Int {
        var reel = reel
        var shown = 0
        var last: Timestamp?
        var due = now()
        while let time = try reel.nextTime() {
            if let last {
                switch pace {
                case .atOnce: break
                case .scaled(let speed, let longest):
                    let pause = Double(time.microseconds - last.microseconds) / 1e6 / speed
                    due += min(max(pause, 0), longest)
                    let left = due - now()
                    if left > 0 { try await sleep(left) }
                case .stepped: guard prompt() else { return shown }
                }
            }
            last = time
            guard let frame = try await reel.frame() else { break }
            try await show(frame)
            shown += 1
        }
        return shown
    }
}
