internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

/// Holds callers to what one agency, or the public together, may take.
final class CallerLimiter: Sendable {
    private struct State {
        var buckets: [String?: TokenBucket] = [:]
        var streams: [String?: Int] = [:]
    }

    private let limits: ServerLimits
    private let start = ContinuousClock.now
    private let state = NIOLockedValueBox(State())

    init(_ limits: ServerLimits) {
        self.limits = limits
    }

    /// How many streams are open.
    var openStreams: Int { state.withLockedValue { $0.streams.values.reduce(0, +) } }

    /// Takes a request of a caller into account.
    ///
    /// - Parameter agency: nil for the public.
    func take(_ agency: String?) throws(Problem) {
        let elapsed = ContinuousClock.now - start
        let now = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        let wait = state.withLockedValue { state in
            let rate = agency == nil ? limits.publicRequestsPerSecond : limits.requestsPerSecond
            let burst = agency == nil ? limits.publicRequestsPerSecond : limits.burst
            return state.buckets[agency, default: TokenBucket(perSecond: rate, burst: burst, at: now)].take(at: now)
        }
        guard let wait else { return }
        throw Problem(
            429, "tooManyRequests", "There are too many requests",
            "\(agency.map { "\($0.prefix(64)) makes" } ?? "The public makes") more requests than it may. Wait, or hand in many "
                + "events with one request.", retry: .later, retryAfter: max(1, Int(wait.rounded(.up))))
    }

    /// Counts a stream in; ``end(_:)`` counts it out.
    func begin(_ agency: String?) throws(Problem) {
        let limit = agency == nil ? limits.publicStreams : limits.streams
        let isOne = state.withLockedValue { state in
            guard state.streams[agency, default: 0] < limit else { return false }
            state.streams[agency, default: 0] += 1
            return true
        }
        guard !isOne else { return }
        throw Problem(
            429, "tooManyStreams", "There are too many streams",
            "\(limit) streams are open already. End some; one stream can follow a query of many parts.", retry: .later,
            retryAfter: 5)
    }

    func end(_ agency: String?) { state.withLockedValue { $0.streams[agency, default: 1] -= 1 } }
}
