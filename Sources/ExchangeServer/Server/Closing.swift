internal import NIOConcurrencyHelpers

/// Tells answers without end that the server stops.
final class Closing: Sendable {
    private struct State {
        var isClosed = false
        var next = 0
        var waiting: [Int: @Sendable () -> Void] = [:]
    }

    private let state = NIOLockedValueBox(State())

    var isClosed: Bool { state.withLockedValue(\.isClosed) }

    /// Ends everything that is under way, and whatever begins.
    func close() {
        let waiting = state.withLockedValue { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for end in waiting { end() }
    }

    /// Calls something once the server stops.
    ///
    /// - Returns: What to hand in to ``remove(_:)``; nil if it stops already, and then it was called.
    func add(_ end: @escaping @Sendable () -> Void) -> Int? {
        let number = state.withLockedValue { state -> Int? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.waiting[state.next] = end
            return state.next
        }
        if number == nil { end() }
        return number
    }

    func remove(_ number: Int?) {
        guard let number else { return }
        state.withLockedValue { $0.waiting[number] = nil }
    }
}
