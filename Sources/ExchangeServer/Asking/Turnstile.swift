internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

/// Lets only so many through at once; others are told to come again, for who waits costs memory.
final class Turnstile: Sendable {
    private let places: Int
    private let taken = NIOLockedValueBox(0)

    init(places: Int) {
        self.places = places
    }

    /// - Throws: ``Problem`` with 503 if all places are taken, and what the body throws.
    func pass<Result: Sendable>(
        _ body: () async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let isIn = taken.withLockedValue { taken in
            guard taken < places else { return false }
            taken += 1
            return true
        }
        guard isIn else {
            throw Problem(
                503, "busy", "Too much is under way", "As much of this is under way as may be at once. Ask again.",
                retry: .later, retryAfter: 1)
        }
        defer { taken.withLockedValue { $0 -= 1 } }
        return try await body()
    }
}
